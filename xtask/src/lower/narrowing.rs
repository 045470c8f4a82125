//! Keywords of foreign documents that a client can do without: they narrow what a schema allows, or
//! describe requests that somebody else sends. Each is left out with an entry in the report; in our
//! own documents they are errors, because there every limit counts.

use serde_json::Value;

use super::{
    report::Report,
    structure::{self, Node},
};

/// Keywords of JSON Schema that narrow, or that name and arrange schemas.
const SCHEMA: [&str; 27] = [
    "$anchor",
    "$dynamicAnchor",
    "$id",
    "$recursiveAnchor",
    "$schema",
    "$vocabulary",
    "additionalItems",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "discriminator",
    "else",
    "id",
    "if",
    "maxContains",
    "minContains",
    "not",
    "patternProperties",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "$comment",
];
/// Keywords whose absence lets the schema allow anything.
const REPLACED: [&str; 2] = ["$dynamicRef", "$recursiveRef"];
/// With it, `items` describes the rest of a list only.
const TUPLE: &str = "prefixItems";
/// Keywords that say something about values of one type only.
const OF_TYPE: [(&str, &str); 3] = [
    ("properties", "object"),
    ("additionalProperties", "object"),
    ("items", "array"),
];

/// Leaves those keywords out.
pub(super) fn leave_out(document: &mut Value, report: &Report) {
    structure::visit_mut(document, &mut |value, node, at| {
        let keywords: &[&str] = match node {
            Node::Schema => &SCHEMA,
            Node::Operation | Node::Components => &["callbacks"],
            Node::MediaType => &["encoding"],
            _ => return,
        };
        let Some(object) = value.as_object_mut() else {
            return;
        };
        for key in keywords {
            // Under `properties` the same words are names; the visitor does not come there.
            if object.remove(*key).is_some() {
                report.change("left-out", &at.child(key), "");
            }
        }
        if node != Node::Schema {
            return;
        }
        // A keyword that JSON Schema does not know may tell something, but allows nothing more.
        let unknown: Vec<String> = object
            .keys()
            .filter(|key| {
                !REPLACED.contains(&key.as_str())
                    && *key != TUPLE
                    && !structure::is_known(Node::Schema, key)
            })
            .cloned()
            .collect();
        for key in unknown {
            object.remove(&key);
            report.change("left-out", &at.child(&key), "no known keyword");
        }
        for key in REPLACED {
            if object.remove(key).is_some() {
                report.change("left-out", &at.child(key), "anything instead");
            }
        }
        if object.remove(TUPLE).is_some() {
            object.remove("items");
            report.change("left-out", &at.child(TUPLE), "a list of anything instead");
        }
        let Some(Value::String(own)) = object.get("type").cloned() else {
            return;
        };
        for (key, kind) in OF_TYPE {
            if own != kind && object.remove(key).is_some() {
                report.change("left-out", &at.child(key), format!("beside `type: {own}`"));
            }
        }
    });
}
