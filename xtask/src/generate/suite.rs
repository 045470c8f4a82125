//! Makes tables for the suites that hold over the whole API, `tests/src/generated/`, and for the command.
//!
//! A suite reads the lowered documents itself and works on JSON; what it needs generated code for
//! is to name every type, and to call every setter of every builder.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemStruct;

use crate::{
    error::Result,
    generate::{api::Client, events, facade, source},
    lower::Lowered,
    output::Output,
};

/// Folder of the suites' generated files.
const FOLDER: &str = "tests/src/generated";

/// Folder of the command's generated files.
const COMMAND: &str = "crates/singapay-cli/src/generated";

/// The tables.
pub(crate) fn outputs(lowered: &Lowered, clients: &[Client<'_>]) -> Result<Vec<Output>> {
    let calls = facade::table::calls(clients)?;
    let modules = quote! {
        pub mod calls;
        pub mod types;
    };
    let files = [
        (COMMAND, "mod", quote! { pub(crate) mod calls; }),
        (COMMAND, "calls", facade::table::commands(clients)?),
        (FOLDER, "mod", modules),
        (FOLDER, "calls", calls),
        (FOLDER, "types", types(lowered, clients)?),
    ];
    let file = |(folder, name, tokens)| source::rust(format!("{folder}/{name}.rs"), tokens);
    files.into_iter().map(file).collect()
}

/// Every type that travels as JSON, by host and name of its schema.
fn types(lowered: &Lowered, clients: &[Client<'_>]) -> Result<TokenStream> {
    let mut requests = Vec::new();
    let mut answers = Vec::new();
    for client in clients {
        let host = client.host.name;
        let module = source::ident(host);
        let asked = client.host.request_schemas();
        for ItemStruct { ident, .. } in source::structs(&client.types) {
            let name = ident.to_string();
            let rows = match asked.contains(name.as_str()) {
                true => &mut requests,
                false => &mut answers,
            };
            rows.push(quote! { (#host, #name, round_trip::<#module::types::#ident>) });
        }
    }
    let events = events::items(&lowered.events)?;
    answers.extend(source::structs(&events).map(|ItemStruct { ident, .. }| {
        let name = ident.to_string();
        quote! { ("events", #name, round_trip::<events::#ident>) }
    }));
    let envelopes = facade::table::answers(clients)?;
    Ok(quote! {
        //! Every type that travels as JSON.
        #![allow(clippy::all)]

        use singapay_api::{biller, identity, payment};
        use singapay_core::envelope;
        use singapay_webhook::events;

        use crate::json::{Row, RoundTrip, round_trip};

        /// Bodies of requests and the objects in them: host, schema, reader.
        pub const REQUESTS: &[Row] = &[#(#requests),*];

        /// Objects of answers and of webhook bodies: host, schema, reader.
        pub const ANSWERS: &[Row] = &[#(#answers),*];

        /// Whole answers: operation, reader.
        pub const ENVELOPES: &[(&str, RoundTrip)] = &[#(#envelopes),*];
    })
}
