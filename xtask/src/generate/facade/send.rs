//! What `send` does: checks, the body, the call, and what follows from the shape of the answer.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

use super::{
    BLOCKING, PAGES,
    builder::{Builder, Made},
    checks::{Access, Nested},
    fields::{Input, Place, arguments},
    intent,
};
use crate::{
    generate::{
        shape::{Shape, type_text},
        source,
    },
    metadata::{Effect, Envelope},
};

impl<'a> Builder<'_, 'a> {
    pub(super) fn send(&self, nested: &mut Nested) -> Made<TokenStream> {
        let host = source::ident(self.model.client.host.name);
        let operation = source::type_ident(&source::screaming(self.operation.id));
        let raw = source::ident(self.operation.id);
        let (shape, data) = self.model.data(self.operation)?;
        let names: Vec<_> = self.inputs.iter().map(|input| &input.ident).collect();
        let checks = self.inputs.iter().map(|input| self.check(input, nested));
        let checks = checks.chain([self.rules()?]);
        let checks: Vec<TokenStream> = checks.filter(|check| !check.is_empty()).collect();
        let checks = (!checks.is_empty()).then(|| {
            quote! {
                let mut problems = Check::new(operation);
                let check = &mut problems;
                #(#checks)*
                problems.finish()?;
            }
        });
        let required: Vec<_> = self
            .set()
            .filter(|input| input.required)
            .map(|input| &input.ident)
            .collect();
        let unwrapped = match required.as_slice() {
            [] => quote! {},
            [one] => quote! {
                let Some(#one) = #one else { return Err(Check::incomplete(operation)) };
            },
            many => quote! {
                let (#(Some(#many)),*) = (#(#many),*) else {
                    return Err(Check::incomplete(operation));
                };
            },
        };
        let account = match self.account() {
            None => quote! { None },
            Some(input) => {
                let name = &input.ident;
                match input.place == Place::Path || input.required {
                    true => quote! { Some(#name.as_str()) },
                    false => quote! { #name.as_deref() },
                }
            }
        };
        let body = self.body()?;
        let signature = self.model.signature(self.operation)?;
        let passed = arguments(signature).map(|(name, ty)| pass(name, ty));
        let passed: Vec<TokenStream> = passed.collect();
        let blocking = BLOCKING.then(|| self.send_blocking()).transpose()?;
        let result = quote! { started.#host().#raw(#(#passed),*).await };
        let result = match self.may_lack_data(&shape) {
            // A write that succeeded stays a success when the answer has nothing to add.
            true => quote! {
                let mut result = #result;
                if let Ok(answer) = &mut result {
                    answer.data.get_or_insert_default();
                }
            },
            false => quote! { let result = #result; },
        };
        let (answer, start, finish) = match self.is_money_out() {
            true => {
                let intent = intent::intent(self.operation, &self.inputs, self.account())?;
                let start = quote! {
                    let intent = #intent;
                    let started = call.start_money_out(operation, intent).await?;
                };
                (
                    quote! { Outcome<#data> },
                    start,
                    quote! { finish_money_out },
                )
            }
            false => {
                let start = quote! { let started = call.start(operation, #account); };
                (quote! { Response<#data> }, start, quote! { finish })
            }
        };
        let doc = match self.is_money_out() {
            true => source::docs([
                "Checks the request, and sends it once.",
                "# Errors",
                "Nothing was sent: offending fields (all of them at once), the handle's policy, \
                 settings, or no connection. Whatever happened after sending is an `Outcome`.",
            ]),
            false => source::docs([
                "Checks the request, and sends it.",
                "# Errors",
                "Offending fields, all of them at once, before anything is sent; otherwise see \
                 `Error::kind` and `Error::delivery`.",
            ]),
        };
        Ok(quote! {
            #doc
            pub async fn send(self) -> Result<#answer, Error> {
                let operation = &operations::#operation;
                let Self { call, #(#names),* } = self;
                #checks
                #unwrapped
                #start
                #body
                #result
                started.#finish(result)
            }
            #blocking
        })
    }

    fn send_blocking(&self) -> Made<TokenStream> {
        let (_, data) = self.model.data(self.operation)?;
        let answer = match self.is_money_out() {
            true => quote! { Outcome<#data> },
            false => quote! { Response<#data> },
        };
        Ok(quote! {
            /// The same as `send`, for code without an async runtime.
            ///
            /// # Errors
            ///
            /// As `send`.
            #[cfg(feature = "blocking")]
            pub fn send_blocking(self) -> Result<#answer, Error> {
                crate::blocking::wait(self.send())
            }
        })
    }

    /// Whether an answer without data is complete: that of a write from which nothing is needed.
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
        let (true, true, Shape::List(row)) = (PAGES, numbered, shape) else {
            return Ok(None);
        };
        let ident = source::type_ident(&self.name());
        let row = row.plain(&self.model.types());
        let choices = self
            .of_place(Place::Query)
            .filter(|input| input.name != "page" && input.name != "per_page" && !input.required)
            .map(|input| &input.ident)
            .map(|ident| quote! { self.#ident.is_none() });
        let is_newest_first = choices
            .reduce(|all, choice| quote! { #all && #choice })
            .unwrap_or(quote! { true });
        Ok(Some(quote! {
            impl crate::pages::Paged for #ident {
                type Row = #row;

                fn page_number(&self) -> i64 {
                    self.page.unwrap_or(1)
                }

                fn is_newest_first(&self) -> bool {
                    #is_newest_first
                }

                fn at_page(self, page: i64) -> Self {
                    self.page(page)
                }

                async fn fetch(self) -> Result<Response<Vec<Self::Row>>, Error> {
                    self.send().await
                }
            }

            impl #ident {
                /// All pages from the chosen one on, fetched as they are asked for.
                pub fn by_page(self) -> crate::pages::Pages<Self> {
                    crate::pages::Pages::new(self)
                }

                /// All rows from the chosen page on, fetched page by page.
                pub fn by_item(self) -> crate::pages::Items<Self> {
                    crate::pages::Items::new(self)
                }
            }
        }))
    }

    fn check(&self, input: &Input<'a>, nested: &mut Nested) -> TokenStream {
        let (ident, name) = (&input.ident, &input.name);
        let is_account = self
            .account()
            .is_some_and(|account| account.ident == input.ident);
        if input.place == Place::Path {
            return match input.shape {
                Shape::Text if is_account => quote! { check.account_id(#name, &#ident); },
                Shape::Text => quote! { check.path(#name, &#ident); },
                _ => quote! {},
            };
        }
        let required = input
            .required
            .then(|| quote! { let #ident = check.required(#name, #ident); });
        let statements = match is_account {
            true => Some(quote! { check.account_id(#name, value); }),
            false => nested.statements(
                self.model,
                self.operation,
                &input.shape,
                input.schema,
                &quote! { #name },
                &Access::reference("value"),
            ),
        };
        let segment = self
            .is_asked_for_in_a_path(input)
            .then(|| quote! { check.path(#name, value); });
        let statements = match (statements, segment) {
            (None, None) => None,
            (statements, segment) => Some(quote! { #statements #segment }),
        };
        let limits = statements.map(|statements| match input.nullable {
            true => quote! { if let Some(value) = #ident.value() { #statements } },
            false => quote! { if let Some(value) = &#ident { #statements } },
        });
        quote! { #required #limits }
    }

    /// Whether this is the reference that the operation's inquiry puts into its path: one that cannot
    /// stand there could never be asked for.
    fn is_asked_for_in_a_path(&self, input: &Input<'a>) -> bool {
        let metadata = &self.operation.metadata;
        let mut operations = self.model.client.host.operations.iter();
        let is_reference = |field: &str| field == input.name && matches!(input.shape, Shape::Text);
        metadata
            .reference
            .as_ref()
            .is_some_and(|reference| is_reference(&reference.field))
            && operations.any(|other| {
                metadata.inquiry.as_deref() == Some(other.id)
                    && other.path.contains(&format!("{{{}}}", input.name))
            })
    }

    /// Builds the body.
    fn body(&self) -> Made<TokenStream> {
        let Some(name) = self.operation.body else {
            return Ok(quote! {});
        };
        let (types, ident) = (self.model.types(), source::type_ident(name));
        let mut members = self.literal(name, Place::Body)?;
        let mut present = quote! {};
        if let Some((field, inner)) = self.operation.flattened {
            let inner_ident = source::type_ident(inner);
            let inner_members = self.literal(inner, Place::Flattened)?;
            let field = source::ident(field);
            let value = quote! { #types #inner_ident { #(#inner_members),* } };
            members.push(match self.flattened_is_required(name, &field) {
                true => quote! { #field: #value },
                // No filter at all is an absent object, not an empty one.
                false => {
                    let names = self.of_place(Place::Flattened).map(|input| &input.ident);
                    present = quote! { let present = #(#names.is_some())||*; };
                    quote! { #field: present.then_some(#value) }
                }
            });
        }
        Ok(quote! {
            #present
            let body = #types #ident { #(#members),* };
        })
    }

    fn flattened_is_required(&self, body: &str, field: &proc_macro2::Ident) -> bool {
        self.model
            .structure(body)
            .and_then(|item| {
                item.fields
                    .iter()
                    .find(|it| it.ident.as_ref() == Some(field))
            })
            .and_then(|field| Shape::of(&field.ty))
            .is_some_and(|shape| shape.required().1)
    }

    fn literal(&self, name: &str, place: Place) -> Made<Vec<TokenStream>> {
        let mut members: Vec<TokenStream> = self
            .of_place(place)
            .map(|input| {
                let ident = &input.ident;
                quote! { #ident }
            })
            .collect();
        for (ident, value) in self.model.constants(name)? {
            members.push(quote! { #ident: #value });
        }
        Ok(members)
    }
}

fn has_default(item: &syn::ItemStruct) -> bool {
    item.attrs.iter().any(|attribute| {
        attribute.path().is_ident("derive") && quote! { #attribute }.to_string().contains("Default")
    })
}

/// An owned local as an argument of the raw method.
fn pass(name: &proc_macro2::Ident, ty: &Type) -> TokenStream {
    match ty {
        Type::Reference(_) => quote! { &#name },
        Type::Path(path)
            if path
                .path
                .segments
                .last()
                .is_some_and(|segment| segment.ident == "Option") =>
        {
            let text = type_text(ty);
            match (text.contains("str>"), text.contains('&')) {
                (true, _) => quote! { #name.as_deref() },
                (false, true) => quote! { #name.as_ref() },
                (false, false) => quote! { #name },
            }
        }
        _ => quote! { #name },
    }
}
