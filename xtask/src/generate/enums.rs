//! Open enums from the named enum schemas.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::Ident;
use quote::quote;
use serde_json::Value;
use syn::{Attribute, Item, parse_quote};

use crate::{
    document::items,
    error::{Error, Result},
    generate::{STEP, source, spec},
    lower::free,
};

/// Member of an enum schema that says what its values mean.
const MEANINGS: &str = "x-singapay-enum-descriptions";

/// Enums that answers and webhooks share. `singapay-core` defines them, so that both have one type.
const SHARED: [&str; 1] = ["TransactionStatusCode"];

/// The definition of one enum, or where it is defined.
pub(crate) fn item(name: &str, schema: &Value, gate: Option<Attribute>) -> Result<Item> {
    if SHARED.contains(&name) {
        let ident = source::type_ident(name);
        let known = include_str!("../../../crates/singapay-core/src/payout.rs");
        let is_known = |value: &Value| value.is_null() || known.contains(&format!("= {value},"));
        let values = items(schema, spec::ENUM).iter();
        let unknown = values.filter(|value| !is_known(value));
        let finding = |value| format!("`{name}` of singapay-core has no value {value}");
        Error::collect(STEP, unknown.map(finding).collect())?;
        return Ok(parse_quote! { #gate pub use ::singapay_core::#ident; });
    }
    Ok(definition(name, schema, gate, variants(name, schema)?))
}

/// The same of a foreign document: values that would share a name are numbered.
pub(crate) fn foreign_item(name: &str, schema: &Value) -> Item {
    let mut taken = BTreeSet::new();
    let variants = items(schema, spec::ENUM).iter().filter_map(Value::as_str);
    let variants = variants.map(|value| {
        // Digits of some scripts count as letters and yet start or continue no identifier.
        let plain = source::pascal(value);
        let plain = plain.replace(|letter: char| !letter.is_ascii_alphanumeric(), "");
        let stem = match plain.as_str() {
            "" => "Value".to_owned(),
            "Other" | "Self" => format!("{plain}Value"),
            _ => source::pascal(&plain),
        };
        let variant = free(&stem, "N", |name| taken.insert(name.to_owned()));
        (source::type_ident(&variant), value)
    });
    definition(name, schema, None, variants.collect())
}

fn definition(
    name: &str,
    schema: &Value,
    gate: Option<Attribute>,
    variants: Vec<(Ident, &str)>,
) -> Item {
    let ident = source::type_ident(name);
    let named = format!("`{name}`");
    let docs = source::docs([match spec::text(schema, "description") {
        "" => named.as_str(),
        description => description,
    }]);
    let variants = variants.into_iter().map(|(variant, value)| {
        let meaning = match meaning(schema, value) {
            Some(meaning) => format!("`{value}`: {meaning}"),
            None => format!("`{value}`"),
        };
        let docs = source::docs([meaning.as_str()]);
        quote! { #docs #variant = #value }
    });
    let marker = source::type_ident(source::OPEN_ENUM);
    parse_quote! {
        #gate
        mod #marker {
            #docs
            pub enum #ident { #(#variants),* }
        }
    }
}

/// Meaning of a value: from the enum's own list, or from a description such as
/// "`00` success, `01` initiated".
fn meaning<'a>(schema: &'a Value, value: &str) -> Option<&'a str> {
    let listed = schema[MEANINGS].get(value).and_then(Value::as_str);
    listed.or_else(|| described(schema, value))
}

/// Meaning of a value in the description of its enum.
fn described<'a>(schema: &'a Value, value: &str) -> Option<&'a str> {
    // Next to a word, prose says anything.
    if value.starts_with(|first: char| first.is_alphabetic()) {
        return None;
    }
    let quoted = format!("`{value}` ");
    let (_, rest) = spec::text(schema, "description").split_once(&quoted)?;
    let meaning = rest.split([',', '.', ';', ':', '(', '`']).next()?.trim();
    (!meaning.is_empty()).then_some(meaning)
}

/// Variant names and the texts on the wire.
pub(crate) fn variants<'a>(name: &str, schema: &'a Value) -> Result<Vec<(Ident, &'a str)>> {
    let mut seen = BTreeMap::new();
    let mut variants = Vec::new();
    let mut findings = Vec::new();
    for value in items(schema, spec::ENUM) {
        let Some(text) = value.as_str() else {
            if !value.is_null() {
                findings.push(format!("{name}: {value} is not text"));
            }
            continue;
        };
        // Values that are no words are called by what their enum's description says of them.
        let variant = match source::pascal(described(schema, text).unwrap_or(text)) {
            taken if ["Other", "Self"].contains(&taken.as_str()) => format!("{taken}Value"),
            variant if variant.is_empty() => "Empty".to_owned(),
            variant => variant,
        };
        if let Some(twin) = seen.insert(variant.clone(), text) {
            let finding = format!("{twin:?} and {text:?} would both be {variant}");
            findings.push(format!("{name}: {finding}"));
        }
        variants.push((source::type_ident(&variant), text));
    }
    Error::collect(STEP, findings)?;
    Ok(variants)
}
