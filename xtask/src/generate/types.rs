//! Polishes the types that typify made: closed `Debug`, tolerant answers, strict requests, gates.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use syn::{Attribute, Field, Fields, Item, ItemStruct, parse_quote, visit_mut::VisitMut};

use crate::{
    document,
    error::{Error, Made, Result},
    generate::{
        STEP, enums,
        gates::Gates,
        nested,
        shape::{self, Shape, type_text},
        source,
        spec::{self, Schemas},
    },
};

/// Direction in which a type travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// The body of a request: strict. Nothing in it is required, as a builder fills it in field by
    /// field and checks it before it is sent.
    Body,
    /// An object inside a body: strict, and users build it.
    Nested,
    /// An answer, or part of one: tolerant, keeps what it does not know.
    Answer,
}

/// Facts about a document's types that the polish needs.
pub(crate) struct Context<'a> {
    pub(crate) schemas: &'a Schemas<'a>,
    /// Names of the bodies' schemas, and whose body each is.
    pub(crate) bodies: BTreeMap<&'a str, &'a str>,
    /// Names of all schemas that requests lead to, bodies included.
    pub(crate) requests: BTreeSet<&'a str>,
    /// Names of all schemas that answers lead to.
    pub(crate) answers: BTreeSet<&'a str>,
    pub(crate) gates: Option<&'a Gates>,
    /// Path of the types module, without a leading `crate`.
    pub(crate) module: &'a str,
}

impl Context<'_> {
    fn direction(&self, name: &str) -> Made<Direction> {
        match (self.requests.contains(name), self.answers.contains(name)) {
            (true, true) => Err(format!("{name} is part of requests and of answers")),
            (true, false) if self.bodies.contains_key(name) => Ok(Direction::Body),
            (true, false) => Ok(Direction::Nested),
            (false, _) => Ok(Direction::Answer),
        }
    }

    fn gate(&self, name: &str) -> Option<Attribute> {
        self.gates.and_then(|gates| gates.of_type(name))
    }
}

/// Polished types: the structs of `items`, and the enums of the document.
pub(crate) fn polish(items: Vec<Item>, context: &Context<'_>) -> Result<Vec<Item>> {
    let structs = source::structs(&items).map(|item| item.ident.to_string());
    let structs: BTreeSet<String> = structs.collect();
    let mut polished: Vec<(String, Vec<Item>)> = Vec::new();
    let mut findings = Vec::new();
    for item in items {
        match item {
            Item::Struct(item) => {
                let name = item.ident.to_string();
                match polish_struct(item, context, &structs) {
                    Ok(items) => polished.push((name, items)),
                    Err(problems) => findings.extend(problems),
                }
            }
            Item::Enum(item) => {
                findings.push(format!("{} would be a closed enum: name it", item.ident));
            }
            Item::Mod(item) if item.ident == "defaults" => {
                findings.push("a schema has a default: it would be sent with every request".into());
            }
            // Conversions, `Default` and the error module: nothing needs them.
            _ => {}
        }
    }
    Error::collect(STEP, findings)?;
    for (name, schema) in context.schemas.enums() {
        let item = enums::item(name, schema, context.gate(name))?;
        polished.push((name.to_owned(), vec![item]));
    }
    polished.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(polished.into_iter().flat_map(|(_, items)| items).collect())
}

fn polish_struct(
    mut item: ItemStruct,
    context: &Context<'_>,
    structs: &BTreeSet<String>,
) -> std::result::Result<Vec<Item>, Vec<String>> {
    let name = item.ident.to_string();
    let Some(schema) = context.schemas.get(&name) else {
        return Err(vec![format!("{name} has no schema of its own: name it")]);
    };
    Simplify(context.module).visit_item_struct_mut(&mut item);
    let direction = context.direction(&name).map_err(|problem| vec![problem])?;
    let Fields::Named(fields) = &mut item.fields else {
        return Err(vec![format!("{name} is not an object")]);
    };
    let polished = fields.named.iter_mut();
    let polished = polished.map(|field| polish_field(field, schema, direction, structs));
    let problems = polished.filter_map(std::result::Result::err);
    let problems: Vec<_> = problems.map(|why| format!("{name}.{why}")).collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    if direction == Direction::Answer {
        let is_extra = |field: &Field| field.ident.as_ref().is_some_and(|it| it == "extra");
        let taken = fields.named.iter().any(is_extra);
        let extra = source::type_ident(if taken { "extra_" } else { "extra" });
        fields.named.push(parse_quote! {
            /// Members that this version does not know.
            #[serde(flatten)]
            pub #extra: ::serde_json::Map<String, ::serde_json::Value>
        });
    }
    let gate = context.gate(&name);
    let debug = closed_debug(&item, gate.as_ref());
    let about = match context.bodies.get(name.as_str()) {
        Some(operation) => format!("Body of `{operation}`, or the object inside it."),
        None => format!("`{name}` of the API."),
    };
    item.attrs = attributes(&about, schema, direction, gate.as_ref());
    let mut items = Vec::from([Item::Struct(item.clone())]);
    if direction == Direction::Nested {
        items.push(nested::constructors(&item, gate.as_ref()).map_err(|problem| vec![problem])?);
    }
    items.push(debug);
    Ok(items)
}

fn attributes(
    about: &str,
    schema: &Value,
    direction: Direction,
    gate: Option<&Attribute>,
) -> Vec<Attribute> {
    let description = match spec::text(schema, "description") {
        "" => about,
        description => description,
    };
    let docs = source::docs([description]);
    let (has_default, strict, open) = match direction {
        Direction::Answer => (document::items(schema, "required").is_empty(), false, true),
        Direction::Body => (true, true, false),
        Direction::Nested => (false, true, true),
    };
    let default = has_default.then(|| quote! { Default, });
    let derive = quote! { #[derive(Clone, #default ::serde::Deserialize, ::serde::Serialize)] };
    // A misspelt field of a request is an error, not a field that the gateway drops in silence.
    let strict = strict.then(|| quote! { #[serde(deny_unknown_fields)] });
    let open = open.then(|| quote! { #[non_exhaustive] });
    parse_quote! { #docs #gate #derive #strict #open }
}

fn polish_field(
    field: &mut Field,
    schema: &Value,
    direction: Direction,
    structs: &BTreeSet<String>,
) -> Made<()> {
    let name = wire_name(field);
    let property = schema["properties"].get(&name);
    let (Some(property), Some(shape)) = (property, Shape::of(&field.ty)) else {
        return Err(format!("{name}: no model for {}", type_text(&field.ty)));
    };
    // Amounts go out as numbers; where the gateway wants text, the body would be refused.
    if direction != Direction::Answer && spec::text(property, "x-singapay-wire") == "string" {
        let finding = "an amount that is sent as text has no model";
        return Err(format!("{name}: {finding}"));
    }
    let required = spec::is_required(schema, &name);
    let mut serde = Vec::<TokenStream>::new();
    if direction != Direction::Answer {
        field.ident = field.ident.take().map(source::free);
    }
    if field.ident.as_ref().is_some_and(|ident| *ident != name) {
        serde.push(quote! { rename = #name });
    }
    match direction {
        Direction::Answer => {
            if !required {
                serde.push(quote! { default });
            }
            if let Some(reader) = shape.reader(&|name| structs.contains(name)) {
                serde.push(quote! { deserialize_with = #reader });
            }
        }
        // It brings its own absence.
        _ if is_nullable(&shape) => {
            if let (Shape::Optional(_), Some(inner)) = (&shape, shape::argument(&field.ty)) {
                field.ty = inner.clone();
            }
            serde.push(quote! { default });
            serde.push(quote! { skip_serializing_if = "::singapay_core::Nullable::is_absent" });
        }
        // An empty list is a value of its own in a request: `[]` is not absence.
        _ if !required || direction == Direction::Body => {
            if !matches!(shape, Shape::Optional(_)) {
                let inner = &field.ty;
                field.ty = parse_quote! { Option<#inner> };
            }
            serde.push(quote! { skip_serializing_if = "Option::is_none" });
        }
        _ => {}
    }
    let docs = source::docs([spec::text(property, "description")]);
    let deprecated: Option<Attribute> =
        document::flag(property, "deprecated").then(|| parse_quote! { #[deprecated] });
    let serde = (!serde.is_empty()).then(|| quote! { #[serde(#(#serde),*)] });
    field.attrs = parse_quote! { #docs #deprecated #serde };
    Ok(())
}

/// The name of a field in the API.
pub(crate) fn wire_name(field: &Field) -> String {
    let ident = field.ident.as_ref();
    let mut name = ident.map(ToString::to_string).unwrap_or_default();
    let attributes = field.attrs.iter();
    for attribute in attributes.filter(|attribute| attribute.path().is_ident("serde")) {
        // Other members of the attribute are of no interest, so its errors are not either.
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename") {
                name = meta.value()?.parse::<syn::LitStr>()?.value();
            } else if meta.input.peek(syn::Token![=]) {
                meta.value()?.parse::<syn::Expr>()?;
            }
            Ok(())
        });
    }
    name
}

fn is_nullable(shape: &Shape) -> bool {
    match shape {
        Shape::Nullable(_) => true,
        Shape::Optional(inner) => matches!(**inner, Shape::Nullable(_)),
        _ => false,
    }
}

/// A `Debug` that shows the names of the fields and no value; the macro is in `macros.rs`.
fn closed_debug(item: &ItemStruct, gate: Option<&Attribute>) -> Item {
    let ident = &item.ident;
    let names = item.fields.iter().filter_map(|field| field.ident.as_ref());
    let names = names.filter(|name| *name != "extra");
    let names: String = names.map(|name| format!("{name}, ")).collect();
    let text = format!("{ident} {{ {names}.. }}");
    parse_quote! { #gate closed_debug!(#ident, #text); }
}

/// Shortens the paths that typify spells out. Holds the path of the types module, without a leading
/// `crate`; its own types lose it.
pub(crate) struct Simplify<'a>(pub(crate) &'a str);

impl VisitMut for Simplify<'_> {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        self.shorten(path);
        syn::visit_mut::visit_path_mut(self, path);
    }
}

impl Simplify<'_> {
    /// Shortens this path, not the paths among its arguments.
    pub(crate) fn shorten(&self, path: &mut syn::Path) {
        let names = path.segments.iter();
        let names: Vec<_> = names.map(|one| one.ident.to_string()).collect();
        let text = names.join("::");
        let short = match text.as_str() {
            "std::option::Option" | "std::string::String" | "std::vec::Vec" => true,
            text => text.starts_with(&format!("crate::{}::", self.0)),
        };
        if short && let Some(last) = path.segments.pop() {
            path.leading_colon = None;
            path.segments.clear();
            path.segments.push(last.into_value());
        }
    }
}
