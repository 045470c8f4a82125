//! Bodies of answers, as documented: what a double of the gateway answers.

use serde_json::{Map, Value, json};

use crate::document::{members, operations, successes, text};

/// Deepest object that is made up.
const DEEPEST: usize = 6;

/// A body of each operation's success; one that follows from its schema where the documents show none.
pub(crate) fn of(document: &Value) -> impl Iterator<Item = (String, Value)> {
    operations(document).filter_map(|(_, _, operation)| {
        let id = text(operation, "operationId")?;
        Some((id.to_owned(), of_operation(operation, false)?))
    })
}

/// A body of one operation's success; `whole` if values stand also where null may.
pub(crate) fn of_operation(operation: &Value, whole: bool) -> Option<Value> {
    let (_, answer) = successes(operation).next()?;
    let (_, content) = members(answer, "content").next()?;
    let examples = || members(content, "examples").next()?.1.get("value");
    let example = content.get("example").or_else(examples).cloned();
    example.or_else(|| Some(made_up("", content.get("schema")?, whole, 0)))
}

/// A value of a schema.
fn made_up(name: &str, schema: &Value, whole: bool, depth: usize) -> Value {
    let inner = |name: &str, schema| made_up(name, schema, whole, depth + 1);
    let first = |key: &str| schema.get(key)?.as_array()?.first();
    let parts = schema.get("allOf").and_then(Value::as_array);
    let chosen = || first("oneOf").or_else(|| first("anyOf"));
    if let Some(value) = schema.get("example").or_else(|| first("enum")) {
        return value.clone();
    }
    if let Some(choice) = chosen().filter(|_| depth < DEEPEST) {
        return inner(name, choice);
    }
    let mut all = Map::new();
    for schema in parts.into_iter().flatten().chain([schema]) {
        let properties = members(schema, "properties").filter(|_| depth < DEEPEST);
        all.extend(properties.map(|(name, schema)| (name.clone(), inner(name, schema))));
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) if whole => kinds.first().and_then(Value::as_str),
        kind => kind.as_str(),
    };
    match kind {
        _ if !all.is_empty() => all.into(),
        Some("object") => json!({}),
        Some("array") => match schema.get("items") {
            Some(items) if depth < DEEPEST => json!([inner(name, items)]),
            _ => json!([]),
        },
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        Some("string") => json!(name.replace('_', " ")),
        _ => Value::Null,
    }
}
