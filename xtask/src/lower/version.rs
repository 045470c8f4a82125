//! OpenAPI 3.1 to 3.0.3.

use serde_json::{Value, json};

use super::{
    report::Report,
    structure::{self, Node},
};
use crate::document::{Object, Pointer, text};

const RULE: &str = "openapi-3.0.3";

/// Records a version that is not read.
pub(super) fn check(document: &Value, report: &Report) {
    let version = text(document, "openapi").unwrap_or_default();
    if version.starts_with("3.1.") || version.starts_with("3.0.") {
        return;
    }
    let finding = match text(document, "swagger") {
        Some(version) => format!("this is Swagger {version}: convert it to OpenAPI 3 first"),
        None => format!("version `{version}` is neither 3.0.x nor 3.1.x"),
    };
    report.problem(&Pointer::root().child("openapi"), finding);
}

/// Rewrites a 3.1 document as 3.0.3, but for `webhooks`, which stay; 3.0 documents only get the
/// version number.
pub(super) fn lower(document: &mut Value, report: &Report) {
    let version = text(document, "openapi").unwrap_or_default().to_owned();
    if version != "3.0.3" {
        let at = Pointer::root().child("openapi");
        report.change(RULE, &at, format!("{version} -> 3.0.3"));
    }
    structure::visit_mut(document, &mut |value, node, at| match node {
        Node::Document => root(value, report),
        Node::Schema => schema(value, at, report),
        _ => {}
    });
}

fn root(document: &mut Value, report: &Report) {
    document["openapi"] = json!("3.0.3");
    for (owner, key) in [
        ("", "jsonSchemaDialect"),
        ("/info/license", "identifier"),
        ("/info", "summary"),
    ] {
        let owner_of = document.pointer_mut(owner).and_then(Value::as_object_mut);
        if owner_of.is_some_and(|object| object.remove(key).is_some()) {
            report.change(RULE, &Pointer::parse(owner).child(key), "left out");
        }
    }
}

fn schema(value: &mut Value, at: &Pointer, report: &Report) {
    if let Value::Bool(allowed) = *value {
        // `additionalProperties: false` is 3.0 as well; elsewhere `false` has no counterpart.
        if allowed {
            *value = json!({});
        } else if !at.as_str().ends_with("/additionalProperties") {
            report.problem(at, "the schema `false` is not supported");
        }
        return;
    }
    let Some(schema) = value.as_object_mut() else {
        return;
    };
    reference_siblings(schema, at, report);
    types(schema, at, report);
    constant(schema, at, report);
    null_among(schema, at, report);
    exclusive_bounds(schema, at, report);
    examples(schema, at, report);
    for key in ["$comment", "xml", "externalDocs"] {
        if schema.remove(key).is_some() {
            report.change("annotation", &at.child(key), "left out");
        }
    }
}

fn reference_siblings(schema: &mut Object, at: &Pointer, report: &Report) {
    if schema.len() > 1
        && let Some(reference) = schema.remove("$ref")
    {
        let all = schema.entry("allOf").or_insert_with(|| json!([]));
        if let Some(all) = all.as_array_mut() {
            all.insert(0, json!({ "$ref": reference }));
        }
        report.change(RULE, &at.child("$ref"), "siblings: allOf");
    }
}

fn types(schema: &mut Object, at: &Pointer, report: &Report) {
    let kinds = match schema.get("type") {
        Some(Value::String(kind)) if kind == "null" => vec![json!("null")],
        Some(Value::Array(kinds)) => kinds.clone(),
        _ => return,
    };
    schema.remove("type");
    let written: Vec<_> = kinds.iter().filter_map(Value::as_str).collect();
    let written = written.join(", ");
    let others: Vec<_> = kinds.into_iter().filter(|kind| kind != "null").collect();
    if others.len() < written.split(", ").count() {
        schema.insert("nullable".to_owned(), json!(true));
    }
    match others.as_slice() {
        [] => {}
        [one] => {
            schema.insert("type".to_owned(), one.clone());
        }
        // The alternatives say it themselves, one by one.
        _ if alternatives_say_their_type(schema) => {}
        many => {
            if schema.contains_key("oneOf") {
                report.problem(at, "a list of types beside oneOf is not supported");
            }
            let alternatives = many.iter().map(|kind| alternative(schema, kind)).collect();
            for key in MOVED {
                schema.remove(*key);
            }
            schema.insert("oneOf".to_owned(), Value::Array(alternatives));
        }
    }
    report.change(RULE, &at.child("type"), format!("[{written}]"));
}

fn alternatives_say_their_type(schema: &Object) -> bool {
    let says = |one: &Value| one.get("type").or_else(|| one.get("$ref")).is_some();
    let lists = ["oneOf", "anyOf"].map(|key| schema.get(key).and_then(Value::as_array));
    let mut lists = lists.into_iter().flatten();
    lists.any(|some| !some.is_empty() && some.iter().all(says))
}

/// Keywords that go with one of several types.
const MOVED: &[&str] = &["items", "properties", "required", "additionalProperties"];

fn alternative(schema: &Object, kind: &Value) -> Value {
    let keys: &[&str] = match kind.as_str() {
        Some("array") => &["items"],
        Some("object") => &["properties", "required", "additionalProperties"],
        _ => &[],
    };
    let mut alternative = schema.clone();
    alternative.retain(|key, _| keys.contains(&key.as_str()));
    alternative.insert("type".to_owned(), kind.clone());
    alternative.into()
}

fn constant(schema: &mut Object, at: &Pointer, report: &Report) {
    if let Some(constant) = schema.remove("const") {
        report.change(RULE, &at.child("const"), format!("enum of {constant}"));
        if !schema.contains_key("type") && constant.is_string() {
            schema.insert("type".to_owned(), json!("string"));
        }
        schema.insert("enum".to_owned(), json!([constant]));
    }
}

/// A null among the values or the alternatives says that null may stand for the whole.
fn null_among(schema: &mut Object, at: &Pointer, report: &Report) {
    for key in ["enum", "oneOf", "anyOf"] {
        let Some(some) = schema.get_mut(key).and_then(Value::as_array_mut) else {
            continue;
        };
        let before = some.len();
        some.retain(|one| match key {
            "enum" => !one.is_null(),
            _ => text(one, "type") != Some("null"),
        });
        if some.len() == before {
            continue;
        }
        if key == "enum" && some.is_empty() {
            schema.remove(key);
        }
        schema.insert("nullable".to_owned(), json!(true));
        report.change(RULE, &at.child(key), "null -> nullable");
    }
}

fn exclusive_bounds(schema: &mut Object, at: &Pointer, report: &Report) {
    for (exclusive, bound) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        let Some(number @ Value::Number(_)) = schema.get(exclusive).cloned() else {
            continue;
        };
        // Where both stand the stricter one counts.
        let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
        let (outer, inner) = match bound {
            "minimum" => (limit(bound), limit(exclusive)),
            _ => (limit(exclusive), limit(bound)),
        };
        if outer.zip(inner).is_some_and(|(outer, inner)| outer > inner) {
            schema.remove(exclusive);
            report.change(RULE, &at.child(exclusive), format!("{bound} is stricter"));
            continue;
        }
        let note = format!("{bound} {number}, exclusive");
        report.change(RULE, &at.child(exclusive), note);
        schema.insert(bound.to_owned(), number);
        schema.insert(exclusive.to_owned(), json!(true));
    }
}

fn examples(schema: &mut Object, at: &Pointer, report: &Report) {
    let Some(examples) = schema.remove("examples") else {
        return;
    };
    if let Some(first) = examples.as_array().and_then(|all| all.first()) {
        schema.entry("example").or_insert_with(|| first.clone());
    }
    report.change(RULE, &at.child("examples"), "example");
}
