//! Keywords of foreign documents that a client can do without.

use serde_json::json;
use xtask::lower::{Profile, lower};

use super::{changes, foreign};

#[test]
fn what_narrows_is_left_out_and_recorded() {
    let schema = json!({
        "type": "object", "not": {}, "discriminator": {"propertyName": "a"},
        "properties": {
            "not": {"type": "string"},
            "pair": {"type": "array", "prefixItems": [{}], "items": {"type": "string"}},
            "self": {"$recursiveRef": "#", "min_items": 2}}});
    let answer = json!({"content": {"application/json": {"schema":
        {"$ref": "#/components/schemas/A"}}}});
    let document = foreign(
        json!({"callbacks": {}, "responses": {"200": answer}}),
        json!({"A": schema}),
    );
    let outcome = lower(document, Profile::Foreign).unwrap();
    let fields = &outcome.document["components"]["schemas"]["A"]["properties"];
    assert_eq!(fields["not"]["type"], "string");
    assert_eq!(fields["pair"]["items"], json!({}));
    assert_eq!(fields["self"].get("$recursiveRef"), None);
    let mut places: Vec<_> = changes(&outcome, "left-out")
        .into_iter()
        .map(|(at, _)| at)
        .collect();
    places.sort();
    let expected = [
        "#/components/schemas/A/discriminator",
        "#/components/schemas/A/not",
        "#/components/schemas/A/properties/pair/prefixItems",
        "#/components/schemas/A/properties/self/$recursiveRef",
        "#/components/schemas/A/properties/self/min_items",
        "#/paths/~1things~1{id}/post/callbacks",
    ];
    assert_eq!(places, expected);
}
