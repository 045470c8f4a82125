//! The client of a lowered foreign document: what the generator makes, with open enums. There is
//! no metadata, so there is no facade, no operation table and no product.

use std::path::Path;

use serde_json::{Value, json};
use syn::{Expr, Item, ItemMod, parse_quote, visit_mut::VisitMut};

use crate::{
    document::{Pointer, text},
    error::{Error, Result},
    generate::{STEP, answers, client, enums, raw_bodies, source, spec::Schemas},
    lower::MARK,
    pipeline,
};

/// Path of the types, as seen from the generated code.
const TYPES: &str = "crate::client::types";
/// The same for the types of webhooks.
const EVENTS: &str = "crate::client::events";

/// The source of the client.
///
/// A construct that the generator does not take is an error that names the operation.
pub fn foreign(document: &Value, events: Option<&Value>) -> Result<String> {
    let schemas = Schemas::of(document);
    let mut file = match client::raw(document, &schemas, TYPES) {
        Ok(file) => file,
        Err(error) => return Err(blamed(document, error)),
    };
    raw_bodies::set(&mut file, document);
    answers::set(&mut file, document);
    add_enums(&mut file, &schemas);
    if let Some(events) = events {
        file.items.push(module_of(events)?);
    }
    Verbs.visit_file_mut(&mut file);
    Ok(unmarked(
        &source::formatted(Path::new("client.rs"), &file).text,
    ))
}

/// The text with names on the wire as they are; see `lower::field_names`.
fn unmarked(text: &str) -> String {
    let text = text.replace(MARK, "");
    let mark = MARK.escape_default().to_string();
    let mut parts = text.split(mark.as_str());
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.trim_start_matches(|letter: char| letter.is_ascii_digit())
    })
}

/// Methods that the HTTP client has no function for.
struct Verbs;

impl VisitMut for Verbs {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        syn::visit_mut::visit_expr_mut(self, expression);
        let Expr::MethodCall(call) = expression else {
            return;
        };
        let client = matches!(&*call.receiver, Expr::Field(field)
            if matches!(&field.member, syn::Member::Named(name) if name == "client"));
        let verb = match call.method.to_string().as_str() {
            "options" if client => source::type_ident("OPTIONS"),
            "trace" if client => source::type_ident("TRACE"),
            _ => return,
        };
        let (receiver, arguments) = (&call.receiver, &call.args);
        *expression = parse_quote! { #receiver.request(::reqwest::Method::#verb, #arguments) };
    }
}

/// The types of the webhooks, as a module of their own: their names are another space.
fn module_of(events: &Value) -> Result<Item> {
    let schemas = Schemas::of(events);
    let at = Pointer::root().child("webhooks");
    let mut file = client::raw(events, &schemas, EVENTS).map_err(|error| {
        let findings: Vec<_> = error
            .findings()
            .iter()
            .map(|finding| format!("{at}: {finding}"))
            .collect();
        Error::collect(STEP, findings).err().unwrap_or(error)
    })?;
    add_enums(&mut file, &schemas);
    let types = file.items.into_iter().find_map(types);
    let mut module = types.ok_or_else(|| Error::at(STEP, &at, "no types were made"))?;
    module.ident = source::type_ident("events");
    module.attrs = parse_quote! { #[doc = " What the webhooks send."] };
    Ok(Item::Mod(module))
}

fn types(item: Item) -> Option<ItemMod> {
    match item {
        Item::Mod(module) if module.ident == "types" => Some(module),
        _ => None,
    }
}

fn add_enums(file: &mut syn::File, schemas: &Schemas<'_>) {
    let enums = schemas
        .enums()
        .map(|(name, schema)| enums::foreign_item(name, schema));
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && module.ident == "types"
            && let Some((_, types)) = &mut module.content
        {
            types.extend(enums);
            return;
        }
    }
}

/// The same error with the operations that cause it, each generated alone.
fn blamed(document: &Value, error: Error) -> Error {
    let mut findings = Vec::new();
    for (path, method, operation) in pipeline::operations(document) {
        if let Err(error) = alone(document, path, method, operation) {
            let at = Pointer::root().path(&["paths", path, method]);
            let id = text(operation, "operationId").unwrap_or_default();
            findings.extend(
                error
                    .findings()
                    .iter()
                    .map(|finding| format!("{at}: operation `{id}`: {finding}")),
            );
        }
    }
    Error::collect(STEP, findings).err().unwrap_or(error)
}

fn alone(document: &Value, path: &str, method: &str, operation: &Value) -> Result<()> {
    let schemas = Schemas::of(document);
    let needed: serde_json::Map<_, _> = schemas
        .reachable(operation)
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), schemas.get(name)?.clone())))
        .collect();
    let document = json!({
        "openapi": document["openapi"],
        "info": document["info"],
        "paths": {path: {method: operation}},
        "components": {"schemas": needed},
    });
    client::raw(&document, &Schemas::of(&document), TYPES).map(drop)
}
