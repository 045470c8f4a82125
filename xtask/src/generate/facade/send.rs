//! Contents of `send`: checks, the body, the call, and what follows from the shape of the answer.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

use super::{
    builder::Builder,
    checks::Nested,
    fields::{Input, Place, arguments},
    intent,
};
use crate::{
    error::Made,
    generate::{
        shape::{Shape, type_text},
        source,
    },
    metadata::{Effect, Envelope},
};

impl<'a> Builder<'_, 'a> {
    /// Checks of the builder, and the values that it hands to the raw client.
    pub(super) fn content(&self, nested: &mut Nested) -> Made<TokenStream> {
        let ident = source::type_ident(&self.name());
        let host = source::ident(self.model.client.host.name);
        let operation = source::constant(self.operation.id);
        let raw = source::ident(self.operation.id);
        let (shape, data) = self.model.data(self.operation)?;
        let envelope = self.envelope();
        let checks = self.inputs.iter().map(|input| self.check(input, nested));
        let mut checks: Vec<TokenStream> = checks.chain([self.rules()?]).collect();
        checks.retain(|check| !check.is_empty());
        let inner = self.operation.flattened.map(|(field, _)| {
            let field = source::ident(field);
            quote! { let inner = self.body.#field.as_ref(); }
        });
        let (check, inner) = match checks.is_empty() {
            true => (quote! { _ }, None),
            false => (quote! { check }, inner),
        };
        let account = self.account().filter(|input| input.place == Place::Body);
        let account = account.map(|_| {
            quote! {
                fn account(&self) -> Option<&str> {
                    self.body.account_id.as_deref()
                }
            }
        });
        let signature = self.model.signature(self.operation)?;
        let passed =
            arguments(signature).map(|(name, ty)| self.pass(&source::free(name.clone()), ty));
        let result = quote! { answer(started.#host().#raw(#(#passed),*).await) };
        let result = match self.may_lack_data(&shape) {
            // A write that succeeded stays a success when the answer has nothing to add.
            true => quote! {
                let mut answer = #result?;
                answer.data.get_or_insert_default();
                Some(answer)
            },
            false => result,
        };
        let (end, payout) = match self.is_money_out() {
            true => {
                let is_struct = |name: &str| self.model.structure(name).is_some();
                let intent = intent::intent(self.operation, &self.inputs, &is_struct)?;
                let payout = quote! {
                    impl Payout for #ident {
                        fn intent(&self) -> Intent { #inner #intent }
                    }
                };
                (quote! { payout }, Some(payout))
            }
            false => (quote! { request }, None),
        };
        Ok(quote! {
            #end!(#ident, #operation, #envelope, #data);

            impl Content for #ident {
                #account

                fn validate(&self, #check: &mut Check) {
                    #inner
                    #(#checks)*
                }

                async fn exchange(&self, started: &Started) -> Option<Self::Answer> {
                    #result
                }
            }

            #payout
        })
    }

    /// Name of the envelope's type.
    pub(super) fn envelope(&self) -> proc_macro2::Ident {
        source::variant(self.operation.metadata.envelope)
    }

    /// True if an answer without data is complete: that of a write from which nothing is needed.
    fn may_lack_data(&self, shape: &Shape) -> bool {
        let metadata = &self.operation.metadata;
        let has_default = match shape {
            Shape::Map | Shape::Json => true,
            Shape::Named(name) => self.model.structure(name).is_some_and(has_default),
            _ => false,
        };
        has_default
            && metadata.essential.is_empty()
            && metadata.envelope != Envelope::Flat
            && matches!(metadata.effect, Effect::Write | Effect::MoneyIn)
    }

    /// `by_page` and `by_item`, where the answer is a list and pages are numbered.
    pub(super) fn pages(&self) -> Made<Option<TokenStream>> {
        let numbered = self
            .of_place(Place::Query)
            .any(|input| input.name == "page" && input.shape == Shape::Integer && !input.required);
        let (shape, _) = self.model.data(self.operation)?;
        let (true, Shape::List(row)) = (numbered, shape) else {
            return Ok(None);
        };
        let ident = source::type_ident(&self.name());
        let row = row.plain(&self.model.types());
        let filters = self.of_place(Place::Query).filter(|input| !input.required);
        let filters = filters.filter(|input| input.name != "page" && input.name != "per_page");
        let filters = filters.map(|input| &input.ident);
        Ok(Some(quote! { pages!(#ident, #row, [#(#filters),*]); }))
    }

    fn check(&self, input: &Input<'a>, nested: &mut Nested) -> TokenStream {
        let (ident, name, value) = (&input.ident, &input.name, &input.value);
        if self.is_account(input) {
            return quote! { check.account(self.account()); };
        }
        if input.place == Place::Path {
            return match input.shape {
                Shape::Text if self.is_subject(input) => {
                    quote! { check.account_id(#name, &self.#ident); }
                }
                Shape::Text => quote! { check.path(#name, &self.#ident); },
                _ => quote! {},
            };
        }
        let value = match input.required {
            true => quote! { check.required(#name, #value) },
            false => value.clone(),
        };
        let named = quote! { #name };
        let statements = nested.statements(self, &input.shape, input.schema, &named);
        let is_part = self.is_asked_for_in_a_path(input);
        let segment = is_part.then(|| quote! { check.path(#name, value); });
        match (statements, segment) {
            (None, None) if input.required => quote! { #value; },
            (None, None) => quote! {},
            (statements, segment) => quote! {
                if let Some(value) = #value { #statements #segment }
            },
        }
    }

    /// An argument of the raw method.
    fn pass(&self, name: &proc_macro2::Ident, ty: &Type) -> TokenStream {
        let input = self.inputs.iter().find(|input| {
            input.ident == *name
                && matches!(input.place, Place::Account | Place::Path | Place::Query)
        });
        let text = type_text(ty);
        match input.map(|input| (input.place, &input.shape)) {
            None => quote! { &self.#name },
            Some((Place::Account, _)) => quote! { started.account_id() },
            Some((Place::Path, _)) if matches!(ty, Type::Reference(_)) => quote! { &self.#name },
            Some(_) if text.contains("str>") => quote! { self.#name.as_deref() },
            Some(_) if text.contains('&') => quote! { self.#name.as_ref() },
            Some((_, Shape::Integer | Shape::Boolean)) => quote! { self.#name },
            Some(_) => quote! { self.#name.clone() },
        }
    }

    /// True if this is the reference that the operation's inquiry puts into its path: one that cannot
    /// stand there could never be asked for.
    fn is_asked_for_in_a_path(&self, input: &Input<'a>) -> bool {
        let metadata = &self.operation.metadata;
        let reference = metadata.reference.as_ref().map(|one| &one.field);
        let is_reference = reference == Some(&input.name) && input.shape == Shape::Text;
        let part = format!("{{{}}}", input.name);
        let others = self.model.client.host.operations.iter();
        let mut inquiries = others.filter(|one| metadata.inquiry.as_deref() == Some(one.id));
        is_reference && inquiries.any(|inquiry| inquiry.path.contains(&part))
    }
}

fn has_default(item: &syn::ItemStruct) -> bool {
    item.attrs.iter().any(|attribute| {
        attribute.path().is_ident("derive") && quote! { #attribute }.to_string().contains("Default")
    })
}
