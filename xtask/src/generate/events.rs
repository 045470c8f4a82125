//! Makes the types of webhook bodies and the kinds of events: `crates/singapay-webhook/src/generated/`.

use std::collections::{BTreeMap, BTreeSet};

use quote::quote;
use serde_json::Value;
use syn::Item;

use crate::{
    error::Result,
    generate::{
        client, kinds, source,
        spec::Schemas,
        types::{self, Context},
    },
    output::Output,
};

/// Folder of the webhook crate's generated files.
const FOLDER: &str = "crates/singapay-webhook/src/generated";

/// Path of the module that holds the types.
const MODULE: &str = "generated::events";

/// The polished event types; none if the documents describe no webhooks.
pub(crate) fn items(document: &Value) -> Result<Vec<Item>> {
    if document.is_null() {
        return Ok(Vec::new());
    }
    let schemas = Schemas::of(document);
    let mut raw = client::raw(document, &schemas, &format!("crate::{MODULE}"))?;
    let context = Context {
        schemas: &schemas,
        bodies: BTreeMap::new(),
        requests: BTreeSet::new(),
        answers: schemas.iter().map(|(name, _)| name).collect(),
        gates: None,
        module: MODULE,
    };
    types::polish(std::mem::take(source::types(&mut raw)?), &context)
}

/// All files of the event types.
pub(crate) fn outputs(document: &Value) -> Result<Vec<Output>> {
    let items = items(document)?;
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let events = quote! {
        //! Bodies of webhooks. In the book: `docs/book/src/webhooks.md#events-of-other-kinds`.
        #![allow(missing_docs)]

        use singapay_core::tolerant;

        #(#items)*
    };
    let modules = quote! {
        #[macro_use]
        mod macros;

        pub mod events;
        pub(crate) mod kinds;
    };
    Ok(vec![
        source::rust(format!("{FOLDER}/events.rs"), events)?,
        kinds::output(FOLDER, document)?,
        source::rust(format!("{FOLDER}/mod.rs"), modules)?,
        source::macros(FOLDER),
    ])
}
