//! Makes the documented answers of the double that users' tests talk to.

use std::collections::BTreeMap;

use quote::quote;
use serde_json::Value;

use crate::{
    error::Result,
    generate::{api::Client, source},
    output::Output,
};

/// Folder of the generated files of `singapay::testing`.
const FOLDER: &str = "crates/singapay/src/testing/generated";

/// The files of answers; none if no document shows any.
pub(crate) fn output(
    samples: &BTreeMap<String, Value>,
    clients: &[Client<'_>],
) -> Result<Vec<Output>> {
    if samples.is_empty() {
        return Ok(Vec::new());
    }
    let operations = clients.iter().flat_map(|client| &client.host.operations);
    let mut operations: Vec<_> = operations.collect();
    operations.sort_by_key(|operation| operation.id);
    let (mut functions, mut all) = (Vec::new(), Vec::new());
    for operation in operations {
        let id = operation.id;
        let sample = samples.get(id).map_or("{}".to_owned(), Value::to_string);
        let name = source::ident(id);
        let row = source::constant(id);
        let docs = format!(" Answer of `{id}`, as documented.");
        functions.push(quote! {
            #[doc = #docs]
            pub fn #name() -> Reply {
                Reply::documented(&operations::#row, #sample)
            }
        });
        all.push(name);
    }
    let file = quote! {
        //! Answers of every operation, as the documents show them. In the book: `docs/book/src/testing.md`.

        use singapay_api::operations;

        use crate::testing::Reply;

        #(#functions)*

        /// All of them.
        pub const ALL: &[fn() -> Reply] = &[#(#all),*];
    };
    let modules = quote! {
        pub mod answers;
    };
    Ok(vec![
        source::rust(format!("{FOLDER}/answers.rs"), file)?,
        source::rust(format!("{FOLDER}/mod.rs"), modules)?,
    ])
}
