//! Bodies of answers, as documented: what a double of the gateway answers.

use serde_json::{Map, Value, json};

use crate::document::{members, text};

/// Deepest object that is made up.
const DEEPEST: usize = 6;

/// A body of each operation's success; one that follows from its schema where the documents show none.
pub(crate) fn of(document: &Value) -> impl Iterator<Item = (String, Value)> {
    crate::pipeline::operations(document).filter_map(|(_, _, operation)| {
        let id = text(operation, "operationId")?;
        let mut answers = members(operation, "responses");
        let (_, answer) = answers.find(|(status, _)| status.starts_with('2'))?;
        let (_, content) = members(answer, "content").next()?;
        let examples = || members(content, "examples").next()?.1.get("value");
        let example = content.get("example").or_else(examples).cloned();
        let body = example.or_else(|| Some(made_up("", content.get("schema")?, 0)))?;
        Some((id.to_owned(), body))
    })
}

/// A value of a schema.
fn made_up(name: &str, schema: &Value, depth: usize) -> Value {
    let first = |key: &str| schema.get(key)?.as_array()?.first();
    let parts = schema.get("allOf").and_then(Value::as_array);
    let chosen = || first("oneOf").or_else(|| first("anyOf"));
    if let Some(value) = schema.get("example").or_else(|| first("enum")) {
        return value.clone();
    }
    if let Some(choice) = chosen().filter(|_| depth < DEEPEST) {
        return made_up(name, choice, depth + 1);
    }
    let mut all = Map::new();
    for schema in parts.into_iter().flatten().chain([schema]) {
        let properties = members(schema, "properties").filter(|_| depth < DEEPEST);
        all.extend(
            properties.map(|(name, schema)| (name.clone(), made_up(name, schema, depth + 1))),
        );
    }
    match text(schema, "type") {
        _ if !all.is_empty() => all.into(),
        Some("object") => json!({}),
        Some("array") => match schema.get("items") {
            Some(items) if depth < DEEPEST => json!([made_up(name, items, depth + 1)]),
            _ => json!([]),
        },
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        Some("string") => json!(name.replace('_', " ")),
        _ => Value::Null,
    }
}
