//! The builder of one operation.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

use super::{
    checks::{self, Access, Nested},
    fields::{Input, Model, Place, arguments},
    intent,
};
use crate::{
    generate::{shape::Shape, source, spec::Operation, types::closed_debug_of},
    metadata::{Account, Effect},
};

type Made<T> = std::result::Result<T, String>;

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

    fn positional(&self) -> impl Iterator<Item = &Input<'a>> {
        self.inputs
            .iter()
            .filter(|input| input.place == Place::Path)
    }

    fn set(&self) -> impl Iterator<Item = &Input<'a>> {
        self.inputs
            .iter()
            .filter(|input| input.place != Place::Path)
    }

    fn of_place(&self, place: Place) -> impl Iterator<Item = &Input<'a>> {
        self.inputs.iter().filter(move |input| input.place == place)
    }

    /// The input that holds the account's id.
    fn account(&self) -> Option<&Input<'a>> {
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
        let setters = self.set().map(|input| self.setter(input));
        let send = self.send(nested)?;
        let names: Vec<String> = self
            .inputs
            .iter()
            .map(|input| input.ident.to_string())
            .collect();
        let debug = closed_debug_of(&ident, &names, None);
        let doc = format!(" Request of `{}`, made by its handle.", self.operation.id);
        Ok(quote! {
            #[doc = #doc]
            #[derive(Clone)]
            #[must_use = "a request goes out when `send` is awaited"]
            pub struct #ident { call: Call, #(#fields),* }

            impl #ident {
                fn new(call: Call, #(#parameters),*) -> Self {
                    Self { call, #(#values),* }
                }

                #(#setters)*

                #send
            }

            call_options!(#ident);
            #debug
        })
    }

    fn setter(&self, input: &Input<'a>) -> TokenStream {
        let types = self.model.types();
        let (name, argument) = (&input.ident, input.shape.argument(&types));
        let value = input.shape.convert(&quote! { #name });
        let need = if input.required {
            "Required."
        } else {
            "Optional."
        };
        let limits = checks::sentence(input.schema);
        let rules = format!("{need} {limits}");
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

    fn send(&self, nested: &mut Nested) -> Made<TokenStream> {
        let host = source::ident(self.model.client.host.name);
        let operation = source::type_ident(&source::screaming(self.operation.id));
        let raw = source::ident(self.operation.id);
        let (_, data) = self.model.data(self.operation)?;
        let names: Vec<_> = self.inputs.iter().map(|input| &input.ident).collect();
        let checks = self.inputs.iter().map(|input| self.check(input, nested));
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
        let (answer, start, finish) = match self.is_money_out() {
            true => {
                let intent = intent::intent(self.operation, &self.inputs, self.account());
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
                let result = started.#host().#raw(#(#passed),*).await;
                started.#finish(result)
            }
        })
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
        let limits = statements.map(|statements| match input.nullable {
            true => quote! { if let Some(value) = #ident.value() { #statements } },
            false => quote! { if let Some(value) = &#ident { #statements } },
        });
        quote! { #required #limits }
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
            let text = crate::generate::shape::type_text(ty);
            match (text.contains("str>"), text.contains('&')) {
                (true, _) => quote! { #name.as_deref() },
                (false, true) => quote! { #name.as_ref() },
                (false, false) => quote! { #name },
            }
        }
        _ => quote! { #name },
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
