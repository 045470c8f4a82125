//! The builder of one operation.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    checks::{self, Nested},
    fields::{ACCOUNT, Input, Model, Place},
    rules::sentences,
    words,
};
use crate::{
    document::request,
    error::Made,
    generate::{
        setter::setter,
        source,
        spec::{self, Operation},
    },
    metadata::{Account, Effect},
    rules::Rule,
};

/// One operation, ready to be written.
pub(super) struct Builder<'m, 'a> {
    pub(super) model: &'m Model<'a>,
    pub(super) operation: &'a Operation<'a>,
    pub(super) inputs: Vec<Input<'a>>,
}

impl<'m, 'a> Builder<'m, 'a> {
    pub(super) fn of(model: &'m Model<'a>, operation: &'a Operation<'a>) -> Made<Self> {
        let builder = Self {
            model,
            operation,
            inputs: model.inputs(operation)?,
        };
        let has_account = operation.metadata.account != Account::None;
        let is_found = |input: &Input<'_>| builder.is_account(input) || builder.is_subject(input);
        match has_account && !builder.inputs.iter().any(is_found) {
            true => Err(format!("there is no {ACCOUNT} where the metadata says")),
            false => Ok(builder),
        }
    }

    pub(super) fn name(&self) -> String {
        source::pascal(self.operation.id)
    }

    pub(super) fn is_money_out(&self) -> bool {
        self.operation.metadata.effect == Effect::MoneyOut
    }

    /// The method that makes it.
    pub(super) fn verb(&self) -> &str {
        match self.is_money_out() {
            true => self.operation.id,
            false => &self.operation.metadata.verb,
        }
    }

    pub(super) fn set(&self) -> impl Iterator<Item = &Input<'a>> {
        self.inputs.iter().filter(|one| one.place != Place::Path)
    }

    pub(super) fn of_place(&self, place: Place) -> impl Iterator<Item = &Input<'a>> {
        self.inputs.iter().filter(move |input| input.place == place)
    }

    /// The input that holds the account of the call. The accounts' own ids are called otherwise.
    pub(super) fn account(&self) -> Option<&Input<'a>> {
        self.inputs.iter().find(|input| self.is_account(input))
    }

    pub(super) fn is_account(&self, input: &Input<'_>) -> bool {
        match self.operation.metadata.account {
            Account::Path => input.place == Place::Account,
            Account::Body => input.place == Place::Body && input.name == ACCOUNT,
            Account::None => false,
        }
    }

    /// The id of the account that the operation itself is of.
    pub(super) fn is_subject(&self, input: &Input<'_>) -> bool {
        self.operation.metadata.account == Account::Path
            && self.account().is_none()
            && input.place == Place::Path
    }

    /// The call in one line, for tables: `client.qris().get(account_id, id)`.
    pub(super) fn call(&self) -> String {
        let arguments = self.of_place(Place::Path);
        let arguments: Vec<_> = arguments.map(|input| input.ident.to_string()).collect();
        let handle = match self.is_money_out() {
            true => "money_out".to_owned(),
            false => format!("client.{}()", self.operation.metadata.product),
        };
        let verb = self.verb();
        format!("{handle}.{verb}({})", arguments.join(", "))
    }

    /// The method on the handle that makes the builder.
    pub(super) fn method(&self) -> Made<TokenStream> {
        let types = self.model.types();
        let name = source::type_ident(&self.name());
        let verb = source::ident(self.verb());
        let arguments = self.of_place(Place::Path).map(|input| {
            let (ident, ty) = (&input.ident, input.shape.argument(&types));
            quote! { #ident: #ty }
        });
        let (client, mut call) = match self.is_money_out() {
            true => (quote! { self.client() }, quote! { Call::new(self) }),
            false => (quote! { self.client }, quote! { Call::new(&self.client) }),
        };
        if let Some(Place::Account) = self.account().map(|input| input.place) {
            call = quote! { #call.about(#client.own_account()) };
        }
        // Before the call, which may take one of them along.
        let converted = self.of_place(Place::Path).map(|input| {
            let ident = &input.ident;
            let value = input.shape.convert(&quote! { #ident });
            (*ident != value.to_string()).then(|| {
                let ty = input.shape.plain(&types);
                quote! { let #ident: #ty = #value; }
            })
        });
        if let Some(subject) = self.inputs.iter().find(|input| self.is_subject(input)) {
            let ident = &subject.ident;
            call = quote! { #call.about(#ident.clone()) };
        }
        let fields = self.fields().map(|input| {
            let ident = &input.ident;
            match input.place {
                Place::Path => quote! { #ident },
                _ => quote! { #ident: None },
            }
        });
        let body = self.empty_body(&client)?;
        let docs = self.docs();
        let legacy = quote! { #[deprecated = "the gateway marks this operation as legacy"] };
        let deprecated = self.operation.deprecated.then_some(legacy);
        let alias = aliases(&verb, &[self.operation.id, self.operation.path]);
        Ok(quote! {
            #docs
            #alias
            #deprecated
            pub fn #verb(&self, #(#arguments),*) -> #name {
                #(#converted)*
                #name { call: #call, #(#fields,)* #body }
            }
        })
    }

    /// The inputs that are fields of the builder itself.
    fn fields(&self) -> impl Iterator<Item = &Input<'a>> {
        let own = |input: &&Input<'_>| matches!(input.place, Place::Path | Place::Query);
        self.inputs.iter().filter(own)
    }

    /// The body of a builder that was just made: what needs no asking.
    fn empty_body(&self, client: &TokenStream) -> Made<TokenStream> {
        let Some(name) = self.operation.body else {
            return Ok(quote! {});
        };
        let types = self.model.types();
        let filled = |name: &str, members: &[TokenStream]| {
            let name = source::type_ident(name);
            match members.is_empty() {
                true => quote! { Default::default() },
                false => quote! { #types #name { #(#members,)* ..Default::default() } },
            }
        };
        let mut members = self.model.constants(name)?;
        if let Some(Place::Body) = self.account().map(|input| input.place) {
            members.push(quote! { account_id: #client.own_account() });
        }
        if let Some((field, inner)) = self.operation.flattened {
            let field = source::ident(field);
            let constants = self.model.constants(inner)?;
            let schema = self.model.client.host.schemas.get(name);
            let is_required =
                schema.is_some_and(|schema| spec::is_required(schema, &field.to_string()));
            // No filter at all is an absent object, not an empty one.
            if is_required || !constants.is_empty() {
                let value = filled(inner, &constants);
                members.push(quote! { #field: Some(#value) });
            }
        }
        let body = filled(name, &members);
        Ok(quote! { body: #body })
    }

    /// The builder itself.
    pub(super) fn item(&self, nested: &mut Nested) -> Made<TokenStream> {
        let types = self.model.types();
        let ident = source::type_ident(&self.name());
        let source = self.is_money_out().then(|| quote! { <MoneyOut> });
        let fields = self.fields().map(|input| {
            let (name, plain) = (&input.ident, input.shape.plain(&types));
            match input.place {
                Place::Path => quote! { #name: #plain },
                _ => quote! { #name: Option<#plain> },
            }
        });
        let body = self.operation.body.map(|name| {
            let name = source::type_ident(name);
            quote! { body: #types #name }
        });
        let rules = self.body_rules()?;
        let setters: Vec<_> = self.set().map(|input| self.setter(input, &rules)).collect();
        let setters = (!setters.is_empty()).then(|| quote! { impl #ident { #(#setters)* } });
        let content = self.content(nested)?;
        let pages = self.pages()?;
        let handle = match self.is_money_out() {
            true => "MoneyOut".to_owned(),
            false => source::pascal(&self.operation.metadata.product),
        };
        let (id, verb) = (self.operation.id, self.verb());
        let doc = format!(" Request of `{id}`, made by [`{handle}::{verb}`].");
        Ok(quote! {
            #[doc = #doc]
            #[derive(Clone)]
            #[must_use = "a request goes out when `send` is awaited"]
            pub struct #ident { pub(crate) call: Call #source, #(#fields,)* #body }

            #setters
            #content
            #pages
        })
    }

    /// Whether a value is needed, its limits and what others ask of it, in sentences.
    fn conditions(&self, input: &Input<'a>, rules: &[Rule]) -> String {
        let is_account = self.is_account(input);
        let need = match input.required {
            true if is_account => "The client's own account unless set.",
            true => "Required.",
            false => "Optional.",
        };
        let limits = match is_account {
            true => String::new(),
            false => checks::sentence(input.schema),
        };
        format!("{need} {limits} {}", sentences(rules, &input.name))
    }

    /// All that there is to say about an input, in one line.
    pub(super) fn about(&self, input: &Input<'a>, rules: &[Rule]) -> String {
        let text = format!("{} {}", input.description, self.conditions(input, rules));
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn setter(&self, input: &Input<'a>, rules: &[Rule]) -> TokenStream {
        let types = self.model.types();
        let (name, argument) = (&input.ident, input.shape.argument(&types));
        let value = input.shape.convert(&quote! { #name });
        let rules = self.conditions(input, rules);
        let named = format!("`{}` of the API.", input.name);
        let about = match input.description {
            "" => named.as_str(),
            description => description,
        };
        let docs = source::docs([about, &rules]);
        let place = match (input.place, self.operation.flattened) {
            (Place::Account, _) => quote! { self.call.options.account },
            (Place::Body, _) => quote! { self.body.#name },
            (Place::Flattened, Some((field, _))) => {
                let field = source::ident(field);
                quote! { self.body.#field.get_or_insert_default().#name }
            }
            _ => quote! { self.#name },
        };
        let alias = aliases(name, &[&input.name]);
        let about = (quote! { #docs #alias }, quote! {});
        let cleared = input.nullable.then_some(input.name.as_str());
        setter(&about, name, &argument, (&place, &value), cleared)
    }

    fn docs(&self) -> TokenStream {
        let (operation, metadata) = (self.operation, &self.operation.metadata);
        let request = request(operation.method, operation.path);
        let signed = if metadata.signed { ", signed" } else { "" };
        let route = format!("`{request}`{signed}.");
        let effect = words::effect(operation);
        let evidence = words::evidence(metadata.evidence);
        let (summary, description) = (operation.summary, operation.description);
        let description = Some(description).filter(|it| *it != summary);
        let description = description.unwrap_or_default();
        source::docs([summary, description, &route, &effect, evidence])
    }
}

/// The API's own words for an item, for the search of its documentation.
fn aliases(name: &proc_macro2::Ident, words: &[&str]) -> Option<TokenStream> {
    let words = words.iter().filter(|word| *name != **word);
    let words: Vec<&&str> = words.collect();
    (!words.is_empty()).then(|| quote! { #[doc(alias(#(#words),*))] })
}
