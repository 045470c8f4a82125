//! Makes `crates/singapay-sandbox/src/generated/`: what the documents say of operations for which the
//! sandbox has no behaviour.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value};

use super::{STEP, source};
use crate::{
    document::{flag, items, members, text},
    error::{Error, Result},
    lower::Unmodelled,
    metadata::{Envelope, Metadata},
    output::Output,
    samples,
};

/// The table.
pub(crate) fn output(unmodelled: &[Unmodelled]) -> Result<Output> {
    let rows = unmodelled.iter().map(row).collect::<Result<Vec<_>>>()?;
    let tokens = quote! {
        //! Operations of the documents that no product has a behaviour for.

        use crate::http::documented::Documented;

        pub(crate) const DOCUMENTED: &[Documented] = &[#(#rows),*];
    };
    source::rust("crates/singapay-sandbox/src/generated/mod.rs", tokens)
}

fn row(one: &Unmodelled) -> Result<TokenStream> {
    let (path, operation) = (&one.path, &one.operation);
    let metadata = Metadata::of(operation).and_then(|metadata| metadata.ok());
    let metadata = metadata.ok_or_else(|| Error::new(STEP, format_args!("{path}: no metadata")))?;
    let id = text(operation, "operationId").unwrap_or_default();
    let method = one.method.to_ascii_uppercase();
    let envelope = source::word(metadata.envelope);
    let signed = metadata.signed;
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    let body = match body {
        Value::Null => Value::Null,
        body => plain(body),
    };
    let body = body.to_string();
    let query = items(operation, "parameters").iter();
    let query = query.filter(|one| text(one, "in") == Some("query") && flag(one, "required"));
    let query = query.filter_map(|one| text(one, "name"));
    let data = samples::of_operation(operation, true).unwrap_or_default();
    let data = match metadata.envelope {
        Envelope::Flat => data.to_string(),
        _ => data["data"].to_string(),
    };
    let echo = metadata.payout.iter().flat_map(|payout| {
        let echo = &payout.echo;
        let amounts = echo.amounts.iter();
        let amounts = amounts.map(|told| (payout.amount.as_ref(), Some(told)));
        let bank = (payout.bank.as_ref(), echo.bank.as_ref());
        let beneficiary = (Some(&payout.beneficiary), echo.beneficiary.as_ref());
        let same = echo.same.iter();
        let same = same.map(|(asked, told)| (Some(asked), Some(told)));
        amounts.chain([bank, beneficiary]).chain(same)
    });
    let echo = echo.filter_map(|(asked, told)| {
        let (asked, told) = asked.zip(told)?;
        Some(quote! { (#asked, #told) })
    });
    Ok(quote! {
        Documented {
            id: #id,
            method: #method,
            path: #path,
            envelope: #envelope,
            signed: #signed,
            body: #body,
            query: &[#(#query),*],
            data: #data,
            echo: &[#(#echo),*],
        }
    })
}

/// A schema without what says nothing about a value.
fn plain(schema: &Value) -> Value {
    let mut kept = Map::new();
    for (key, value) in schema.as_object().into_iter().flatten() {
        match key.as_str() {
            "items" => drop(kept.insert(key.clone(), plain(value))),
            "properties" => {
                let inner = members(schema, key).map(|(name, one)| (name.clone(), plain(one)));
                kept.insert(key.clone(), Value::Object(inner.collect()));
            }
            // What requests are held to.
            "enum" | "maxItems" | "maxLength" | "maximum" | "minItems" | "minLength"
            | "minimum" | "pattern" | "required" | "type" => {
                drop(kept.insert(key.clone(), value.clone()))
            }
            _ => {}
        }
    }
    kept.into()
}
