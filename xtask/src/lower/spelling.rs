//! What 3.0 and 3.1 say otherwise, in the words of 3.1, so that documents can be compared.

use serde_json::{Value, json};

use super::structure::{self, Node};
use crate::document::Object;

/// Says in one way that null is allowed, and that a value is the only one.
pub(crate) fn say_alike(document: &mut Value) {
    structure::visit_mut(document, &mut |value, node, _| {
        if let (Node::Schema, Some(schema)) = (node, value.as_object_mut()) {
            alike(schema);
        }
    });
}

fn alike(schema: &mut Object) {
    let null = json!({"type": "null"});
    for key in ["anyOf", "oneOf"] {
        let some = schema.get(key).and_then(Value::as_array);
        let some = some.filter(|some| some.len() == 2 && some.contains(&null));
        let other = some.and_then(|some| some.iter().find(|one| **one != null)?.as_object());
        // Both have to hold: what they say otherwise stays as it is.
        let agrees = |(name, value): (&String, &Value)| {
            name == key || other.is_some_and(|one| one.get(name).is_none_or(|it| it == value))
        };
        if let Some(one) = other.filter(|_| schema.iter().all(agrees)).cloned() {
            let own = std::mem::replace(schema, one);
            schema.extend(own.into_iter().filter(|(name, _)| name != key));
            schema.insert("nullable".to_owned(), json!(true));
        }
    }
    if let Some(only) = schema.remove("const") {
        schema.insert("enum".to_owned(), json!([only]));
    }
    let kind = schema.get("type").filter(|kind| kind.is_string()).cloned();
    if let Some(kind) = kind.filter(|_| schema.get("nullable") == Some(&json!(true))) {
        schema.insert("type".to_owned(), json!([kind, "null"]));
        schema.remove("nullable");
    }
}
