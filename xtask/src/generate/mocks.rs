//! Makes typed httpmock helpers for the suites: `tests/src/generated/`.
//!
//! progenitor writes them from the same documents, so a mock pins method, path and body of an
//! operation without repeating them.

use quote::quote;

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
        let items = client::parse(tokens)?.items;
        let about = format!(" Typed mocks of the {name} host.");
        let tokens = quote! {
            #![doc = #about]
            #![allow(clippy::all, clippy::unwrap_used, dead_code, missing_docs, unused_imports)]

            #(#items)*
        };
        outputs.push(source::rust(format!("{FOLDER}/{name}.rs"), tokens)?);
    }
    let modules = hosts.iter().map(|host| source::ident(host.name));
    let tokens = quote! { #(pub mod #modules;)* };
    outputs.push(source::rust(format!("{FOLDER}/mod.rs"), tokens)?);
    Ok(outputs)
}
