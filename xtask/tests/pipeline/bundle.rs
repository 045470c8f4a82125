//! References that are replaced by what they refer to.

use serde_json::json;
use xtask::bundle::inline;

#[test]
fn references_are_replaced_at_every_depth() {
    let document = json!({
        "paths": {"/a": {"$ref": "#/components/pathItems/A"}},
        "components": {
            "pathItems": {"A": {"schema": {"$ref": "#/components/schemas/B"}}},
            "schemas": {
                "B": {"items": {"$ref": "#/components/schemas/C"}},
                "C": {"type": "string"},
            },
        },
    });
    let expected = json!({"paths": {"/a": {"schema": {"items": {"type": "string"}}}}});
    assert_eq!(inline(&document).unwrap(), expected);
}

#[test]
fn siblings_annotate_or_agree() {
    let document = json!({
        "a": {"$ref": "#/components/x", "description": "here", "type": "string"},
        "components": {"x": {"type": "string", "description": "there"}},
    });
    assert_eq!(
        inline(&document).unwrap(),
        json!({"a": {"type": "string", "description": "here"}})
    );
    let document = json!({
        "a": {"$ref": "#/components/x", "type": "integer"},
        "components": {"x": {"type": "string"}},
    });
    assert_eq!(
        inline(&document).unwrap_err().to_string(),
        "bundle: #/a: `type` beside $ref contradicts its target"
    );
}

#[test]
fn a_cycle_is_named_with_its_members() {
    let document = json!({
        "a": {"$ref": "#/components/x"},
        "components": {
            "x": {"y": {"$ref": "#/components/y"}},
            "y": {"x": {"$ref": "#/components/x"}},
        },
    });
    assert_eq!(
        inline(&document).unwrap_err().to_string(),
        "bundle: #/components/y/x: #/components/x -> #/components/y -> #/components/x \
         is a cycle, it cannot be inlined"
    );
}

#[test]
fn dangling_and_foreign_references_are_errors() {
    let dangling = inline(&json!({"a": {"$ref": "#/components/x"}})).unwrap_err();
    assert!(dangling.to_string().contains("refers to nothing"));
    let remote = inline(&json!({"a": {"$ref": "other.json#/x"}})).unwrap_err();
    assert!(remote.to_string().contains("is not in this document"));
}

#[test]
fn an_unused_cycle_does_no_harm() {
    let document = json!({"a": 1, "components": {"x": {"$ref": "#/components/x"}}});
    assert_eq!(inline(&document).unwrap(), json!({"a": 1}));
}

#[test]
fn references_that_stand_for_too_much_are_refused() {
    let mut document = json!({"paths": {"/a": {"$ref": "#/components/schemas/S9"}}});
    document["components"]["schemas"]["S0"] = json!({"type": "string"});
    for level in 1..10 {
        let below = json!({"$ref": format!("#/components/schemas/S{}", level - 1)});
        document["components"]["schemas"][format!("S{level}")] = json!({"oneOf": vec![below; 10]});
    }
    let refused = inline(&document).unwrap_err().to_string();
    assert!(
        refused.contains("references stand for more than"),
        "{refused}"
    );
}

#[test]
fn a_character_set_is_no_part_of_a_media_type() {
    let content = json!({"application/json; charset=utf-8": {}, "text/csv; header=present": {}});
    let inlined = inline(&json!({"paths": {"/a": {"content": content}}})).unwrap();
    let expected = json!({"application/json": {}, "text/csv; header=present": {}});
    assert_eq!(inlined["paths"]["/a"]["content"], expected);
}
