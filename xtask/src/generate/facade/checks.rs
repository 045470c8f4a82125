//! Local checks from the limits of the API description.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::builder::Builder;
use crate::{
    document,
    generate::{gates, shape::Shape, source, spec, types::wire_name},
};

/// Member of a schema that holds the limits that lowering moved out of the way.
const LIMITS: &str = "x-singapay-limits";

/// Checks of the objects inside bodies, one function a type.
#[derive(Default)]
pub(super) struct Nested {
    /// Function name and code, by host and type name.
    functions: BTreeMap<(String, String), (Ident, TokenStream)>,
    /// All patterns, for the test that they compile.
    patterns: BTreeSet<String>,
    /// Objects inside bodies that the statements being made stand in.
    depth: usize,
}

impl Nested {
    /// Statements that check what the variable `value` refers to, which the API calls `name` (an expression).
    pub(super) fn statements(
        &mut self,
        builder: &Builder<'_, '_>,
        shape: &Shape,
        schema: &Value,
        name: &TokenStream,
    ) -> Option<TokenStream> {
        let limits = schema.get(LIMITS);
        match shape {
            Shape::Text => self.text(limits?, name, &quote! { value }),
            Shape::Core(path) if path.ends_with("Sensitive") => {
                self.text(limits?, name, &quote! { value.expose() })
            }
            // A time keeps the text or number that goes out; a limit is about that.
            Shape::Core(path) if path.contains("::time::") => {
                let limits =
                    limits.and_then(|limits| self.text(limits, name, &quote! { &value.raw() }));
                Some(quote! { check.time(#name, value.instant()); #limits })
            }
            Shape::Named(_) if spec::is_enum_of(schema, &builder.model.client.host.schemas) => {
                self.text(limits?, name, &quote! { value.as_str() })
            }
            Shape::Integer => {
                let limits = number(limits?)?;
                Some(quote! { check.number(#name, *value, #limits); })
            }
            Shape::Core(path) if path.ends_with("Rupiah") => {
                let limits = self.amount(limits)?;
                Some(quote! { check.number(#name, value.value(), #limits); })
            }
            Shape::Core(path) if path.ends_with("Money") => {
                let limits = self.amount(limits)?;
                Some(quote! { check.number(#name, value.value.value(), #limits); })
            }
            Shape::List(item) => self.list(builder, item, schema, name),
            Shape::Named(type_name) => {
                let function = self.function(builder, type_name)?;
                Some(quote! { checks::#function(check, #name, value); })
            }
            _ => None,
        }
    }

    fn list(
        &mut self,
        builder: &Builder<'_, '_>,
        item: &Shape,
        schema: &Value,
        name: &TokenStream,
    ) -> Option<TokenStream> {
        let length = schema.get(LIMITS).and_then(|limits| {
            let (min, max) = (bound(limits, "minItems"), bound(limits, "maxItems"));
            (min.is_some() || max.is_some()).then(|| {
                let (min, max) = (option(min), option(max));
                quote! { check.list(#name, value.len(), &list(#min, #max)); }
            })
        });
        let items = schema.get("items").and_then(|items| {
            let at = indexed(name);
            let inner = self.statements(builder, item, items, &at)?;
            Some(quote! {
                for (index, value) in value.iter().enumerate() { #inner }
            })
        });
        (length.is_some() || items.is_some()).then(|| quote! { #length #items })
    }

    /// The function that checks a generated type; none if there is nothing to check.
    fn function(&mut self, builder: &Builder<'_, '_>, type_name: &str) -> Option<Ident> {
        let model = builder.model;
        let key = (model.client.host.name.to_owned(), type_name.to_owned());
        if let Some((function, _)) = self.functions.get(&key) {
            return Some(function.clone());
        }
        let structure = model.structure(type_name)?;
        let schema = model.client.host.schemas.get(type_name)?;
        let statements = structure.fields.iter().filter_map(|field| {
            let (ident, shape) = (field.ident.as_ref()?, Shape::of(&field.ty)?);
            let wire = wire_name(field);
            let property = schema["properties"].get(&wire)?;
            let name = format!("{{at}}.{wire}");
            let name = quote! { &format!(#name) };
            self.depth += 1;
            let code = self.statements(builder, shape.required().0, property, &name);
            self.depth -= 1;
            let code = code?;
            Some(match shape {
                Shape::Nullable(_) => {
                    quote! { if let Some(value) = value.#ident.value() { #code } }
                }
                Shape::Optional(_) => quote! { if let Some(value) = &value.#ident { #code } },
                _ => quote! { { let value = &value.#ident; #code } },
            })
        });
        let statements: Vec<_> = statements.collect();
        if statements.is_empty() {
            return None;
        }
        let function = source::ident(type_name);
        let types = model.types();
        let ty = source::type_ident(type_name);
        let product = &builder.operation.metadata.product;
        let gate = model.client.gates.of_type(type_name);
        let gate = gate.unwrap_or_else(|| gates::of_product(product));
        let code = quote! {
            #gate
            pub(super) fn #function(check: &mut Check, at: &str, value: &#types #ty) {
                #(#statements)*
            }
        };
        self.functions.insert(key, (function.clone(), code));
        Some(function)
    }

    /// The limits of an amount. Where the document names no least one, that of a request is not
    /// negative; a line of its items is where it is a discount.
    fn amount(&self, limits: Option<&Value>) -> Option<TokenStream> {
        if self.depth > 0 {
            return number(limits?);
        }
        let [min, max, step] = limits.map(bounds).unwrap_or_default();
        Some(numbers([min.or(Some(0)), max, step]))
    }

    /// Statements that check a text.
    fn text(
        &mut self,
        limits: &Value,
        name: &TokenStream,
        value: &TokenStream,
    ) -> Option<TokenStream> {
        let (min, max) = (bound(limits, "minLength"), bound(limits, "maxLength"));
        let pattern = document::text(limits, "pattern");
        self.patterns.extend(pattern.map(ToOwned::to_owned));
        let limited = (min.is_some() || max.is_some() || pattern.is_some()).then(|| {
            let (min, max, pattern) = (option(min), option(max), source::option(pattern));
            quote! { check.text(#name, #value, &text(#min, #max, #pattern)); }
        });
        let format = match document::text(limits, "format") {
            Some("email") => quote! { Email },
            Some("uri") => quote! { Url },
            _ => return limited,
        };
        Some(quote! { #limited check.format(#name, #value, Format::#format); })
    }

    /// The functions, as the content of a module.
    pub(super) fn module(&self) -> TokenStream {
        let functions = self.functions.values().map(|(_, code)| code);
        let patterns = &self.patterns;
        quote! {
            //! Checks of the objects inside request bodies.
            #![allow(dead_code, unused_imports)]

            use singapay_api::{biller, identity, payment};

            use super::checks;
            use crate::validation::{Check, Format, list, number, text};

            /// Every pattern that generated code checks, for the test that they compile.
            #[cfg(test)]
            pub(crate) const PATTERNS: &[&str] = &[#(#patterns),*];

            #(#functions)*
        }
    }
}

/// The name of a list's element: an expression like `&format!("items[{index}]")`.
fn indexed(name: &TokenStream) -> TokenStream {
    let text = name.to_string();
    // A literal, or `& format!(literal)` inside another object.
    match text.find('"').zip(text.rfind('"')) {
        Some((start, end)) => {
            let text = format!("{}[{{index}}]", &text[start + 1..end]);
            quote! { &format!(#text) }
        }
        None => name.clone(),
    }
}

/// The limits of a field in words, for its documentation.
pub(super) fn sentence(schema: &Value) -> String {
    let Some(limits) = schema.get(LIMITS) else {
        return String::new();
    };
    let mut parts = Vec::new();
    let range = |min: Option<u64>, max: Option<u64>, unit: &str| match (min, max) {
        (Some(min), Some(max)) if min == max => Some(format!("Exactly {min} {unit}")),
        (Some(min), Some(max)) => Some(format!("{min} to {max} {unit}")),
        // A required text is not empty anyway.
        (Some(1), None) if unit == "characters" => None,
        (Some(min), None) => Some(format!("At least {min} {unit}")),
        (None, Some(max)) => Some(format!("At most {max} {unit}")),
        (None, None) => None,
    };
    for (min, max, unit) in [
        ("minLength", "maxLength", "characters"),
        ("minItems", "maxItems", "entries"),
    ] {
        parts.extend(range(bound(limits, min), bound(limits, max), unit));
    }
    match (whole(limits, "minimum"), whole(limits, "maximum")) {
        (Some(min), Some(max)) => parts.push(format!("From {min} to {max}")),
        (Some(min), None) => parts.push(format!("At least {min}")),
        (None, Some(max)) => parts.push(format!("At most {max}")),
        (None, None) => {}
    }
    parts.extend(whole(limits, "multipleOf").map(|step| format!("A multiple of {step}")));
    let pattern = document::text(limits, "pattern");
    parts.extend(pattern.map(|pattern| format!("Matches `{pattern}`")));
    match document::text(limits, "format") {
        Some("email") => parts.push("An e-mail address".to_owned()),
        Some("uri") => parts.push("An absolute URL".to_owned()),
        _ => {}
    }
    let sentences = parts.iter().map(|part| format!("{part}."));
    sentences.collect::<Vec<_>>().join(" ")
}

fn number(limits: &Value) -> Option<TokenStream> {
    let bounds = bounds(limits);
    bounds.iter().any(Option::is_some).then(|| numbers(bounds))
}

/// Least, greatest and step of a number.
fn bounds(limits: &Value) -> [Option<i64>; 3] {
    ["minimum", "maximum", "multipleOf"].map(|name| whole(limits, name))
}

fn numbers(bounds: [Option<i64>; 3]) -> TokenStream {
    let [min, max, step] = bounds.map(|value| source::option(value.map(Literal::i64_unsuffixed)));
    quote! { &number(#min, #max, #step) }
}

/// A bound on whole numbers, also where the document writes it as `1000.0`.
fn whole(limits: &Value, name: &str) -> Option<i64> {
    let number = limits.get(name)?;
    let rounded = || document::whole(number.as_f64()?);
    number.as_i64().or_else(rounded)
}

fn bound(limits: &Value, name: &str) -> Option<u64> {
    limits.get(name).and_then(Value::as_u64)
}

fn option(value: Option<u64>) -> TokenStream {
    source::option(value.map(Literal::u64_unsuffixed))
}
