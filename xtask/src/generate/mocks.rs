//! Makes typed httpmock helpers for the suites: `tests/src/generated/`.
//!
//! progenitor writes them from the same documents, so a mock pins method, path and body of an
//! operation without repeating them.

use quote::quote;
use syn::{parse_quote, visit_mut::VisitMut};

use crate::{
    error::{Error, Result},
    generate::{STEP, client, source, spec::Host},
    output::Output,
};

/// Folder of the suites' generated files.
const FOLDER: &str = "tests/src/generated";

/// One file per host.
pub(crate) fn outputs(hosts: &[Host<'_>]) -> Result<Vec<Output>> {
    let mut outputs = Vec::new();
    for host in hosts {
        let name = host.name;
        let library = format!("singapay_api::{name}");
        let (mut generator, spec) =
            client::generator(host.document, &host.schemas, &format!("{library}::types"))?;
        let tokens = generator
            .httpmock(&spec, &library)
            .map_err(|error| Error::new(STEP, format_args!("mocks of {name}: {error}")))?;
        let mut file = client::parse(tokens)?;
        QueryTexts.visit_file_mut(&mut file);
        let items = file.items;
        let about = format!(" Typed mocks of the {name} host.");
        let tokens = quote! {
            #![doc = #about]
            #![allow(clippy::all, clippy::unwrap_used, dead_code, missing_docs, unused_imports)]

            #(#items)*
        };
        outputs.push(source::rust(format!("{FOLDER}/{name}.rs"), tokens)?);
    }
    let modules = hosts.iter().map(|host| source::ident(host.name));
    let tokens = quote! {
        pub mod calls;
        pub mod types;
        #(pub mod #modules;)*

        /// A query parameter's value as the client writes it.
        fn query_text(value: &impl serde::Serialize) -> String {
            match serde_json::to_value(value) {
                Ok(serde_json::Value::String(text)) => text,
                Ok(value) => value.to_string(),
                Err(error) => panic!("no query text: {error}"),
            }
        }
    };
    outputs.push(source::rust(format!("{FOLDER}/mod.rs"), tokens)?);
    Ok(outputs)
}

/// Not every type of a query parameter can be displayed, but each can be serialised.
struct QueryTexts;

impl VisitMut for QueryTexts {
    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        if call.method == "query_param"
            && let Some(value) = call.args.iter_mut().nth(1)
        {
            *value = parse_quote! { super::super::query_text(&value) };
        }
        syn::visit_mut::visit_expr_method_call_mut(self, call);
    }
}
