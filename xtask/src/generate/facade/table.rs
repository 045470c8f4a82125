//! Calls of every builder with fields by their names, for the suites and for the command, and the types of all answers.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    builder::Builder,
    each,
    fields::{Input, Place},
};
use crate::{
    error::{Made, Result},
    generate::{api::Client, shape::type_text, source, types::wire_name},
};

/// Lists whose pages the facade turns by hand-written code.
const PAGED_BY_HAND: &[&str] = &["list_bill_transactions"];

/// One function per operation, and the table of them.
pub(crate) fn calls(clients: &[Client<'_>]) -> Result<TokenStream> {
    let made = each(clients, suite)?;
    let rows = made.iter().map(|(id, _)| {
        let function = source::ident(id);
        quote! { (#id, #function) }
    });
    let functions = made.iter().map(|(_, function)| function);
    let ids = made.iter().map(|(id, _)| source::ident(id));
    Ok(quote! {
        //! Every operation, called through the facade with the fields that a test gives.
        #![allow(deprecated, unused_imports, unused_mut, clippy::all)]

        use singapay::types;

        use crate::driver::{Call, Clients, Given, Sending};

        /// All operations, sorted by id.
        pub const CALLS: &[(&str, Call)] = &[#(#rows),*];

        /// Gives the ids of all operations to a macro.
        #[macro_export]
        macro_rules! each_operation {
            ($given:ident) => { $given! { #(#ids)* } };
        }

        #(#functions)*
    })
}

fn suite<'a>(builder: &Builder<'_, 'a>) -> Made<(&'a str, TokenStream)> {
    let id = builder.operation.id;
    let function = source::ident(id);
    let (money_out, client) = (quote! { clients.money_out }, quote! { clients.client });
    let body = call(builder, &money_out, &client);
    let function = quote! {
        fn #function(clients: &Clients, mut given: Given) -> Sending {
            #body
            given.end(call.send())
        }
    };
    Ok((id, function))
}

/// The type of every operation's answer, as rows of a table.
pub(crate) fn answers(clients: &[Client<'_>]) -> Result<Vec<TokenStream>> {
    each(clients, |builder| {
        let (_, data) = builder.model.data(builder.operation)?;
        let (id, envelope) = (builder.operation.id, builder.envelope());
        Ok(quote! { (#id, round_trip::<envelope::#envelope<#data>>) })
    })
}

/// The table of the command: how each operation is called, and what there is to say about its fields.
pub(crate) fn commands(clients: &[Client<'_>]) -> Result<TokenStream> {
    let (rows, functions): (Vec<_>, Vec<_>) = each(clients, command)?.into_iter().unzip();
    let hidden = hidden(clients);
    Ok(quote! {
        //! Every operation, called through the facade with the fields that a person gives.
        #![allow(deprecated, unused_mut, clippy::all)]

        use singapay::{MoneyOut, Singapay, types};

        use crate::commands::call::{driver::{Given, Started}, table::{Call, Field, Start}};

        /// All operations, sorted by id.
        pub(crate) const CALLS: &[Call] = &[#(#rows),*];

        /// Names of members that may hold a secret or personal data, sorted.
        pub(crate) const HIDDEN: &[&str] = &[#(#hidden),*];

        #(#functions)*
    })
}

fn command(builder: &Builder<'_, '_>) -> Made<(TokenStream, TokenStream)> {
    let operation = builder.operation;
    let (id, function) = (operation.id, source::ident(operation.id));
    let (product, verb) = (&operation.metadata.product, &operation.metadata.verb);
    let summary = operation.summary;
    let rules = builder.body_rules()?;
    let fields = builder.inputs.iter().map(|input| {
        let (name, required) = (&input.name, input.required && !builder.is_account(input));
        let about = builder.about(input, &rules);
        quote! { Field { name: #name, is_required: #required, about: #about } }
    });
    let (start, source) = match builder.is_money_out() {
        true => (quote! { Start::PaysOut(#function) }, quote! { MoneyOut }),
        false => (quote! { Start::Plain(#function) }, quote! { Singapay }),
    };
    let body = call(builder, &quote! { client }, &quote! { client });
    let is_list = builder.pages()?.is_some() || PAGED_BY_HAND.contains(&id);
    let end = match is_list {
        true => quote! { given.list(call.check(), call.clone().by_page(), call.send()) },
        false => quote! { given.end(call.check(), call.send()) },
    };
    let row = quote! {
        Call {
            id: #id, product: #product, verb: #verb, summary: #summary, is_list: #is_list,
            fields: &[#(#fields),*], start: #start,
        }
    };
    let function = quote! {
        fn #function(client: &#source, mut given: Given) -> Started {
            #body
            #end
        }
    };
    Ok((row, function))
}

/// Names of all members whose type does not print.
fn hidden(clients: &[Client<'_>]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let all = clients.iter();
    for item in all.flat_map(|client| source::structs(&client.types)) {
        let closed = item.fields.iter().filter(|field| {
            let text = type_text(&field.ty);
            text.contains("Sensitive") || text.contains("Secret")
        });
        names.extend(closed.map(wire_name));
    }
    names
}

/// The builder in `call`, with every field that is given.
fn call(builder: &Builder<'_, '_>, money_out: &TokenStream, client: &TokenStream) -> TokenStream {
    let arguments = builder.of_place(Place::Path).map(|input| {
        let (name, ty) = (&input.name, input.shape.plain(&quote! { types:: }));
        quote! { given.need::<#ty>(#name) }
    });
    let verb = source::ident(builder.verb());
    let handle = match builder.is_money_out() {
        true => money_out.clone(),
        false => {
            let product = source::ident(&builder.operation.metadata.product);
            quote! { #client.#product() }
        }
    };
    let start = quote! { #handle.#verb(#(#arguments),*) };
    let setters: Vec<TokenStream> = builder.set().map(setter).collect();
    match setters.is_empty() {
        true => quote! { let call = #start; },
        false => quote! { let mut call = #start; #(#setters)* },
    }
}

fn setter(input: &Input<'_>) -> TokenStream {
    let (name, ident) = (&input.name, &input.ident);
    let ty = input.shape.plain(&quote! { types:: });
    match input.nullable {
        false => quote! {
            if let Some(value) = given.take::<#ty>(#name) { call = call.#ident(value); }
        },
        true => {
            let clear = source::ident(&format!("clear_{ident}"));
            quote! {
                match given.take::<Option<#ty>>(#name) {
                    Some(Some(value)) => call = call.#ident(value),
                    Some(None) => call = call.#clear(),
                    None => {}
                }
            }
        }
    }
}
