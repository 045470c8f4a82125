//! Open enums from the named enum schemas.

use std::collections::BTreeMap;

use proc_macro2::Ident;
use quote::quote;
use serde_json::Value;
use syn::{Attribute, Item, parse_quote};

use crate::{
    error::{Error, Result},
    generate::{STEP, source, spec},
};

/// Member of an enum schema that says what its values mean.
const MEANINGS: &str = "x-singapay-enum-descriptions";

/// The definition of one enum.
pub(crate) fn item(name: &str, schema: &Value, gate: Option<Attribute>) -> Result<Item> {
    let ident = source::type_ident(name);
    let named = format!("`{name}`");
    let docs = source::docs([match spec::text(schema, "description") {
        "" => named.as_str(),
        description => description,
    }]);
    let variants = variants(name, schema)?.into_iter().map(|(variant, value)| {
        let meaning = schema
            .get(MEANINGS)
            .and_then(|meanings| meanings.get(value))
            .and_then(Value::as_str)
            .map_or_else(
                || format!("`{value}`"),
                |meaning| format!("`{value}`: {meaning}"),
            );
        let docs = source::docs([meaning.as_str()]);
        quote! { #docs #variant = #value }
    });
    let marker = source::type_ident(source::OPEN_ENUM);
    Ok(parse_quote! {
        #gate
        mod #marker {
            #docs
            pub enum #ident { #(#variants),* }
        }
    })
}

/// Variant names and the texts on the wire.
pub(crate) fn variants<'a>(name: &str, schema: &'a Value) -> Result<Vec<(Ident, &'a str)>> {
    let values = schema.get(spec::ENUM).and_then(Value::as_array);
    let mut seen = BTreeMap::new();
    let mut variants = Vec::new();
    let mut findings = Vec::new();
    for value in values.into_iter().flatten() {
        let Some(text) = value.as_str() else {
            if !value.is_null() {
                findings.push(format!("{name}: {value} is not text"));
            }
            continue;
        };
        let variant = match source::pascal(text) {
            other if other == "Other" => "OtherValue".to_owned(),
            variant if variant.is_empty() => "Empty".to_owned(),
            variant => variant,
        };
        if let Some(twin) = seen.insert(variant.clone(), text) {
            findings.push(format!(
                "{name}: {twin:?} and {text:?} would both be {variant}"
            ));
        }
        variants.push((source::type_ident(&variant), text));
    }
    Error::collect(STEP, findings)?;
    Ok(variants)
}
