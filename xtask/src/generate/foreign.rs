//! The client of a lowered foreign document: what the generator makes, with open enums. There is
//! no metadata, so there is no facade, no operation table and no product.

use std::path::Path;

use serde_json::{Value, json};
use syn::{Expr, Item, parse_quote, visit_mut::VisitMut};

use crate::{
    document::{self, Object, Pointer, text},
    error::{Error, Result},
    generate::{STEP, answers, client, enums, raw_bodies, source, spec::Schemas},
    lower::MARK,
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
    let raw = client::raw(document, &schemas, TYPES);
    let mut file = raw.map_err(|error| blamed(document, error))?;
    raw_bodies::set(&mut file, document);
    answers::set(&mut file, document);
    add_enums(&mut file, &schemas)?;
    if let Some(events) = events {
        file.items.push(module_of(events)?);
    }
    Verbs.visit_file_mut(&mut file);
    let client = source::formatted(Path::new("client.rs"), &file);
    Ok(unmarked(&client.text))
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
    let named = |error: Error| error.after(&format!("{at}: "));
    let mut file = client::raw(events, &schemas, EVENTS).map_err(named)?;
    let types = add_enums(&mut file, &schemas).map_err(named)?;
    Ok(parse_quote! {
        /// What the webhooks send.
        pub mod events { #(#types)* }
    })
}

/// The types of a client, with the enums.
fn add_enums<'f>(file: &'f mut syn::File, schemas: &Schemas<'_>) -> Result<&'f [Item]> {
    let types = source::types(file)?;
    let enums = schemas.enums();
    types.extend(enums.map(|(name, schema)| enums::foreign_item(name, schema)));
    Ok(types)
}

/// The same error with the operations that cause it, each generated alone.
fn blamed(document: &Value, error: Error) -> Error {
    let mut findings = Vec::new();
    for (path, method, operation) in document::operations(document) {
        if let Err(error) = alone(document, path, method, operation) {
            let at = Pointer::root().path(&["paths", path, method]);
            let id = text(operation, "operationId").unwrap_or_default();
            let named = error.after(&format!("{at}: operation `{id}`: "));
            findings.extend_from_slice(named.findings());
        }
    }
    Error::collect(STEP, findings).err().unwrap_or(error)
}

fn alone(document: &Value, path: &str, method: &str, operation: &Value) -> Result<()> {
    let schemas = Schemas::of(document);
    let names = schemas.reachable(operation).into_iter();
    let needed = names.filter_map(|name| Some((name.to_owned(), schemas.get(name)?.clone())));
    let needed: Object = needed.collect();
    let document = json!({
        "openapi": document["openapi"],
        "info": document["info"],
        "paths": {path: {method: operation}},
        "components": {"schemas": needed},
    });
    client::raw(&document, &Schemas::of(&document), TYPES).map(drop)
}
