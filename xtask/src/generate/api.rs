//! Makes `crates/singapay-api/src/generated/`: one module per host, and the operation table.

use quote::quote;

use crate::{
    error::Result,
    generate::{
        client,
        gates::Gates,
        methods, operations, source,
        spec::Host,
        types::{self, Context},
    },
    output::Output,
};

/// Folder of the raw client's generated files.
const FOLDER: &str = "crates/singapay-api/src/generated";

/// The polished client of one host; builders and mocks are made from it.
pub(crate) struct Client<'a> {
    pub(crate) host: &'a Host<'a>,
    pub(crate) gates: Gates,
    pub(crate) items: Vec<syn::Item>,
    pub(crate) types: Vec<syn::Item>,
}

impl<'a> Client<'a> {
    /// Generates and polishes.
    pub(crate) fn of(host: &'a Host<'a>) -> Result<Self> {
        let gates = Gates::of(host);
        let module = format!("{}::types", host.name);
        let raw = client::raw(host.document, &host.schemas, &format!("crate::{module}"))?;
        let (items, raw_types) = methods::polish(raw, host)?;
        let context = Context {
            schemas: &host.schemas,
            bodies: host.bodies().collect(),
            requests: host.request_schemas(),
            answers: host.response_schemas(),
            gates: Some(&gates),
            module: &module,
        };
        let types = types::polish(raw_types, &context)?;
        Ok(Self {
            host,
            gates,
            items,
            types,
        })
    }

    fn output(&self) -> Result<Output> {
        let (items, types) = (&self.items, &self.types);
        let about = format!(" Raw client of the {} host.", self.host.name);
        let tokens = quote! {
            #![doc = #about]
            #![allow(clippy::all, dead_code, deprecated, missing_docs, unused_imports)]

            use progenitor_client::{
                ClientHooks, ClientInfo, Error, OperationInfo, ResponseValue, encode_path,
            };

            /// Types of requests and answers.
            pub mod types {
                use singapay_core::tolerant;

                #(#types)*
            }

            #(#items)*
        };
        source::rust(format!("{FOLDER}/{}.rs", self.host.name), tokens)
    }
}

/// All files of the raw client.
pub(crate) fn outputs(clients: &[Client<'_>]) -> Result<Vec<Output>> {
    let outputs = clients.iter().map(Client::output);
    let mut outputs = outputs.collect::<Result<Vec<_>>>()?;
    outputs.push(source::macros(FOLDER));
    outputs.push(operations::output(FOLDER, clients)?);
    let modules = clients.iter().map(|client| source::ident(client.host.name));
    let tokens = quote! {
        #[macro_use]
        mod macros;

        #(pub mod #modules;)*
        pub mod operations;
    };
    outputs.push(source::rust(format!("{FOLDER}/mod.rs"), tokens)?);
    Ok(outputs)
}
