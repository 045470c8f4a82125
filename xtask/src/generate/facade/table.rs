//! Calls of every builder with the fields that a test gives, and the types of all answers.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    builder::{Builder, Made},
    fields::{Input, Model},
};
use crate::{
    error::{Error, Result},
    generate::{STEP, api::Client, source},
};

/// One function per operation, and the table of them.
pub(crate) fn calls(clients: &[Client<'_>]) -> Result<TokenStream> {
    let mut made = each(clients, |builder| Ok((builder.operation.id, call(builder))))?;
    made.sort_by_key(|(id, _)| *id);
    let rows = made.iter().map(|(id, _)| {
        let function = source::ident(id);
        quote! { (#id, #function) }
    });
    let functions = made.iter().map(|(_, function)| function);
    Ok(quote! {
        //! Every operation, called through the facade with the fields that a test gives.
        #![allow(deprecated, unused_imports, unused_mut, clippy::all)]

        use singapay::types;

        use crate::driver::{Call, Clients, Given, Sending};

        /// All operations, sorted by id.
        pub const CALLS: &[(&str, Call)] = &[#(#rows),*];

        #(#functions)*
    })
}

/// The type of every operation's answer, as rows of a table.
pub(crate) fn answers(clients: &[Client<'_>]) -> Result<Vec<TokenStream>> {
    let mut made = each(clients, |builder| {
        let (_, data) = builder.model.data(builder.operation)?;
        let envelope = builder.envelope();
        let id = builder.operation.id;
        Ok((
            id,
            quote! { (#id, round_trip::<envelope::#envelope<#data>>) },
        ))
    })?;
    made.sort_by_key(|(id, _)| *id);
    Ok(made.into_iter().map(|(_, row)| row).collect())
}

fn each<'a, T>(
    clients: &'a [Client<'a>],
    make: impl Fn(&Builder<'_, 'a>) -> Made<T>,
) -> Result<Vec<T>> {
    let mut made = Vec::new();
    let mut findings = Vec::new();
    for client in clients {
        let model = Model::of(client);
        for operation in &client.host.operations {
            match Builder::of(&model, operation).and_then(|builder| make(&builder)) {
                Ok(one) => made.push(one),
                Err(problem) => findings.push(format!("{}: {problem}", operation.id)),
            }
        }
    }
    Error::collect(STEP, findings)?;
    Ok(made)
}

fn call(builder: &Builder<'_, '_>) -> TokenStream {
    let operation = builder.operation;
    let function = source::ident(operation.id);
    let arguments = builder.positional().map(|input| {
        let (name, ty) = (&input.name, input.shape.plain(&quote! { types:: }));
        quote! { given.need::<#ty>(#name) }
    });
    let start = match builder.is_money_out() {
        true => quote! { clients.money_out.#function(#(#arguments),*) },
        false => {
            let product = source::ident(&operation.metadata.product);
            let verb = source::ident(&operation.metadata.verb);
            quote! { clients.client.#product().#verb(#(#arguments),*) }
        }
    };
    let setters: Vec<TokenStream> = builder.set().map(setter).collect();
    let call = match setters.is_empty() {
        true => quote! { let call = #start; },
        false => quote! { let mut call = #start; #(#setters)* },
    };
    quote! {
        fn #function(clients: &Clients, mut given: Given) -> Sending {
            #call
            given.end(call.send())
        }
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
