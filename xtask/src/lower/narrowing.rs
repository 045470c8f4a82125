//! Keywords of foreign documents that a client can do without: they narrow what a schema allows, or
//! describe requests that somebody else sends. Each is left out with an entry in the report; in our
//! own documents they are errors, because there every limit counts.

use serde_json::Value;

use super::{
    report::Report,
    structure::{self, Node},
};

/// List of schemas of the first items.
const TUPLE: &str = "prefixItems";
/// Keywords that say something about values of one type only.
const OF_TYPE: [(&str, &str); 3] = [
    ("properties", "object"),
    ("additionalProperties", "object"),
    ("items", "array"),
];

/// The note about a member that is left out; none about one that stays.
fn left_out(node: Node, key: &str) -> Option<&'static str> {
    match (node, key) {
        (Node::Operation | Node::Components, "callbacks") | (Node::MediaType, "encoding") => {
            Some("")
        }
        // Keywords of JSON Schema that narrow, or that name and arrange schemas.
        (
            Node::Schema,
            "$anchor" | "$comment" | "$dynamicAnchor" | "$id" | "$recursiveAnchor" | "$schema"
            | "$vocabulary" | "additionalItems" | "contains" | "contentEncoding"
            | "contentMediaType" | "contentSchema" | "dependencies" | "dependentRequired"
            | "dependentSchemas" | "discriminator" | "else" | "id" | "if" | "maxContains"
            | "minContains" | "not" | "patternProperties" | "propertyNames" | "then"
            | "unevaluatedItems",
        ) => Some(""),
        (Node::Schema, "unevaluatedProperties") => Some(""),
        // Without it the schema allows anything.
        (Node::Schema, "$dynamicRef" | "$recursiveRef") => Some("anything instead"),
        // With it, `items` describes the rest of a list only.
        (Node::Schema, TUPLE) => Some("a list of anything instead"),
        // A keyword that nobody knows may tell something, but allows nothing more.
        (Node::Schema | Node::Parameter | Node::Header, key) if !structure::is_known(node, key) => {
            Some("no known keyword")
        }
        _ => None,
    }
}

/// Leaves those keywords out.
pub(super) fn leave_out(document: &mut Value, report: &Report) {
    structure::visit_mut(document, &mut |value, node, at| {
        let Some(object) = value.as_object_mut() else {
            return;
        };
        // Under `properties` the same words are names; the visitor does not come there.
        for key in object.keys().cloned().collect::<Vec<_>>() {
            if let Some(note) = left_out(node, &key) {
                object.remove(&key);
                report.change("left-out", &at.child(&key), note);
                if key == TUPLE {
                    object.remove("items");
                }
            }
        }
        if node != Node::Schema {
            return;
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
