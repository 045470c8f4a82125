//! The builder of one operation.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    checks::{self, Nested},
    fields::{Input, Model, Place},
    rules::sentences,
};
use crate::{
    generate::{source, spec::Operation, types::closed_debug_of},
    metadata::{Account, Effect},
    rules::Rule,
};

pub(super) type Made<T> = std::result::Result<T, String>;

/// One operation, ready to be written.
pub(super) struct Builder<'m, 'a> {
    pub(super) model: &'m Model<'a>,
    pub(super) operation: &'m Operation<'a>,
    pub(super) inputs: Vec<Input<'a>>,
}

impl<'m, 'a> Builder<'m, 'a> {
    pub(super) fn of(model: &'m Model<'a>, operation: &'m Operation<'a>) -> Made<Self> {
        Ok(Self {
            model,
            operation,
            inputs: model.inputs(operation)?,
        })
    }

    pub(super) fn name(&self) -> String {
        source::pascal(self.operation.id)
    }

    pub(super) fn is_money_out(&self) -> bool {
        self.operation.metadata.effect == Effect::MoneyOut
    }

    pub(super) fn positional(&self) -> impl Iterator<Item = &Input<'a>> {
        self.inputs
            .iter()
            .filter(|input| input.place == Place::Path)
    }

    pub(super) fn set(&self) -> impl Iterator<Item = &Input<'a>> {
        self.inputs
            .iter()
            .filter(|input| input.place != Place::Path)
    }

    pub(super) fn of_place(&self, place: Place) -> impl Iterator<Item = &Input<'a>> {
        self.inputs.iter().filter(move |input| input.place == place)
    }

    /// The input that holds the account's id.
    pub(super) fn account(&self) -> Option<&Input<'a>> {
        let place = match self.operation.metadata.account {
            Account::Path => Place::Path,
            Account::Body => Place::Body,
            Account::None => return None,
        };
        let mut candidates = self.of_place(place);
        let named = self
            .of_place(place)
            .find(|input| input.name == "account_id");
        named.or_else(|| candidates.next())
    }

    /// The call in one line, for tables: `client.qris().get(account_id, id)`.
    pub(super) fn call(&self) -> String {
        let arguments: Vec<String> = self
            .positional()
            .map(|input| input.ident.to_string())
            .collect();
        let (handle, verb) = match self.is_money_out() {
            true => ("money_out", self.operation.id),
            false => {
                let metadata = &self.operation.metadata;
                (metadata.product.as_str(), metadata.verb.as_str())
            }
        };
        let handle = if self.is_money_out() {
            handle.to_owned()
        } else {
            format!("client.{handle}()")
        };
        format!("{handle}.{verb}({})", arguments.join(", "))
    }

    /// What the builder asks for, and what it gives, in one line each.
    pub(super) fn summary(&self) -> Made<(String, String)> {
        let inputs: Vec<String> = self
            .set()
            .map(|input| {
                let mark = if input.required { "!" } else { "" };
                format!(
                    "{}{mark}: {}",
                    input.name,
                    dense(&input.shape.plain(&quote! {}))
                )
            })
            .collect();
        let (shape, _) = self.model.data(self.operation)?;
        let data = dense(&shape.plain(&quote! {}));
        let wrapper = if self.is_money_out() {
            "Outcome"
        } else {
            "Response"
        };
        Ok((inputs.join(", "), format!("{wrapper}<{data}>")))
    }

    /// The method on the handle that makes the builder.
    pub(super) fn method(&self) -> TokenStream {
        let types = self.model.types();
        let name = source::type_ident(&self.name());
        let verb = match self.is_money_out() {
            true => source::ident(self.operation.id),
            false => source::ident(&self.operation.metadata.verb),
        };
        let arguments = self.positional().map(|input| {
            let (ident, ty) = (&input.ident, input.shape.argument(&types));
            quote! { #ident: #ty }
        });
        let values = self.positional().map(|input| {
            let ident = &input.ident;
            input.shape.convert(&quote! { #ident })
        });
        let call = match self.is_money_out() {
            true => quote! { Call::money_out(self) },
            false => quote! { Call::new(&self.client) },
        };
        let docs = self.docs();
        let deprecated = self
            .operation
            .deprecated
            .then(|| quote! { #[deprecated = "the gateway marks this operation as legacy"] });

        quote! {
            #docs
            #deprecated
            pub fn #verb(&self, #(#arguments),*) -> #name {
                #name::new(#call, #(#values),*)
            }
        }
    }

    /// The builder itself.
    pub(super) fn item(&self, nested: &mut Nested) -> Made<TokenStream> {
        let types = self.model.types();
        let ident = source::type_ident(&self.name());
        let fields = self.inputs.iter().map(|input| {
            let (name, plain) = (&input.ident, input.shape.plain(&types));
            match (input.place, input.nullable) {
                (Place::Path, _) => quote! { #name: #plain },
                (_, true) => quote! { #name: Nullable<#plain> },
                (_, false) => quote! { #name: Option<#plain> },
            }
        });
        let parameters = self.positional().map(|input| {
            let (name, plain) = (&input.ident, input.shape.plain(&types));
            quote! { #name: #plain }
        });
        let values = self.inputs.iter().map(|input| {
            let name = &input.ident;
            match (input.place, input.nullable) {
                (Place::Path, _) => quote! { #name },
                (_, true) => quote! { #name: Nullable::Absent },
                (_, false) => quote! { #name: None },
            }
        });
        let rules = self.body_rules()?;
        let setters = self.set().map(|input| self.setter(input, &rules));
        let send = self.send(nested)?;
        let names: Vec<String> = self
            .inputs
            .iter()
            .map(|input| input.ident.to_string())
            .collect();
        let debug = closed_debug_of(&ident, &names, None);
        let pages = self.pages()?;
        let doc = format!(" Request of `{}`, made by its handle.", self.operation.id);
        Ok(quote! {
            #[doc = #doc]
            #[derive(Clone)]
            #[must_use = "a request goes out when `send` is awaited"]
            pub struct #ident { pub(crate) call: Call, #(#fields),* }

            impl #ident {
                fn new(call: Call, #(#parameters),*) -> Self {
                    Self { call, #(#values),* }
                }

                #(#setters)*

                #send
            }

            #pages

            call_options!(#ident);
            #debug
        })
    }

    fn setter(&self, input: &Input<'a>, rules: &[Rule]) -> TokenStream {
        let types = self.model.types();
        let (name, argument) = (&input.ident, input.shape.argument(&types));
        let value = input.shape.convert(&quote! { #name });
        let need = if input.required {
            "Required."
        } else {
            "Optional."
        };
        let limits = checks::sentence(input.schema);
        let rules = format!("{need} {limits} {}", sentences(rules, &input.name));
        let docs = match input.description {
            "" => {
                let named = format!("`{}` of the API.", input.name);
                source::docs([named.as_str(), rules.as_str()])
            }
            description => source::docs([description, rules.as_str()]),
        };
        let wrapped = match input.nullable {
            true => quote! { Nullable::Value(#value) },
            false => quote! { Some(#value) },
        };
        let clear = input.nullable.then(|| {
            let clear = source::ident(&format!("clear_{name}"));
            let doc = format!(" Sends `{}` as null, which clears it.", input.name);
            quote! {
                #[doc = #doc]
                pub fn #clear(mut self) -> Self {
                    self.#name = Nullable::Null;
                    self
                }
            }
        });
        quote! {
            #docs
            pub fn #name(mut self, #name: #argument) -> Self {
                self.#name = #wrapped;
                self
            }
            #clear
        }
    }

    fn docs(&self) -> TokenStream {
        let operation = self.operation;
        let route = format!(
            "`{} {}`{}.",
            operation.method.to_ascii_uppercase(),
            operation.path,
            if operation.metadata.signed {
                ", signed"
            } else {
                ""
            }
        );
        let effect = super::words::effect(operation);
        let evidence = super::words::evidence(operation.metadata.evidence);
        let description = match operation.description == operation.summary {
            true => "",
            false => operation.description,
        };

        source::docs([
            operation.summary,
            description,
            route.as_str(),
            effect.as_str(),
            evidence,
        ])
    }
}

/// Tokens of a type as people write it, without the paths of core.
fn dense(tokens: &TokenStream) -> String {
    let text = tokens.to_string().replace(' ', "");
    [
        "::singapay_core::time::",
        "::singapay_core::",
        "serde_json::",
    ]
    .iter()
    .fold(text, |text, path| text.replace(path, ""))
    .replace(',', ", ")
}
