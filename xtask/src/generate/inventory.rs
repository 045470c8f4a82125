//! The operations and the public types as text, for snapshots: what a change adds, renames or
//! removes shows in one line.

use quote::ToTokens;
use serde_json::Value;
use syn::{Item, ItemStruct};

use crate::{
    error::Result,
    generate::{
        api::Client,
        coverage::{effect, envelope, evidence},
        enums, events, facade,
        shape::type_text,
        spec::Schemas,
        types::wire_name,
    },
};

/// One paragraph per operation.
pub(crate) fn operations(clients: &[Client<'_>]) -> Result<String> {
    let mut text = String::new();
    for call in facade::calls(clients)? {
        let metadata = &call.operation.metadata;
        text.push_str(&format!(
            "{}: {} {} {}\n  {}{}, {}, {}\n  {}\n    ({}) -> {}\n",
            call.operation.id,
            call.host,
            call.operation.method.to_ascii_uppercase(),
            call.operation.path,
            effect(metadata.effect),
            if metadata.signed { ", signed" } else { "" },
            envelope(metadata.envelope),
            evidence(metadata.evidence),
            call.call,
            call.inputs,
            call.output,
        ));
    }
    Ok(text)
}

/// One line per type, with its fields or values.
pub(crate) fn types(clients: &[Client<'_>], document: &Value) -> Result<String> {
    let mut text = String::new();
    for client in clients {
        section(
            &mut text,
            client.host.name,
            &client.types,
            &client.host.schemas,
        )?;
    }
    section(
        &mut text,
        "events",
        &events::items(document)?,
        &Schemas::of(document),
    )?;
    Ok(text)
}

fn section(text: &mut String, name: &str, items: &[Item], schemas: &Schemas<'_>) -> Result<()> {
    text.push_str(&format!("# {name}\n"));
    let mut lines: Vec<String> = items
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) => Some(structure(item)),
            _ => None,
        })
        .collect();
    for (name, schema) in schemas.enums() {
        let variants = enums::variants(name, schema)?;
        let variants: Vec<String> = variants
            .iter()
            .map(|(variant, value)| format!("{variant} {value:?}"))
            .collect();
        lines.push(format!("{name} = {}\n", variants.join(" | ")));
    }
    lines.sort();
    lines.iter().for_each(|line| text.push_str(line));
    Ok(())
}

fn structure(item: &ItemStruct) -> String {
    let open = item
        .attrs
        .iter()
        .any(|attribute| attribute.path().is_ident("non_exhaustive"));
    let gate = item
        .attrs
        .iter()
        .find(|attribute| attribute.path().is_ident("cfg"));
    let gate = gate.map(|gate| gate.meta.to_token_stream().to_string().replace(' ', ""));
    let fields: Vec<String> = item
        .fields
        .iter()
        .filter(|field| field.ident.as_ref().is_some_and(|ident| ident != "extra"))
        .map(|field| {
            let text = type_text(&field.ty)
                .replace("::singapay_core::time::", "")
                .replace("::singapay_core::", "")
                .replace("::serde_json::", "");
            format!("{}: {text}", wire_name(field))
        })
        .collect();
    format!(
        "{}{} {{ {} }}{}\n",
        item.ident,
        if open { "" } else { " (built by the facade)" },
        fields.join(", "),
        gate.map(|gate| format!(" {gate}")).unwrap_or_default(),
    )
}
