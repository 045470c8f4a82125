//! What authentication owns and generation has no use for.

use serde_json::json;
use xtask::lower::{Profile, lower};

use super::{changes, foreign};

#[test]
fn owned_headers_are_left_out_and_recorded_whatever_their_case() {
    let text = json!({"type": "string"});
    let parameters = json!([
        {"in": "header", "name": "Accept", "schema": text},
        {"in": "header", "name": "x-partner-id", "schema": text},
        {"in": "query", "name": "X-PARTNER-ID", "schema": text},
        {"in": "header", "name": "X-Request-ID", "schema": text},
    ]);
    let mut document = foreign(
        json!({"parameters": parameters, "responses": {}, "security": []}),
        json!({}),
    );
    document["servers"] = json!([]);
    let outcome = lower(document, Profile::Foreign).unwrap();
    let kept = &outcome.document["paths"]["/things/{id}"]["post"]["parameters"];
    let kept = kept.as_array().unwrap().iter();
    let kept: Vec<_> = kept.map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(kept, ["id", "X-PARTNER-ID", "X-Request-ID"]);
    let at = |rest: &str| format!("#/paths/~1things~1{{id}}/post/{rest}");
    let expected = [
        ("#/servers".to_owned(), "left out"),
        (at("security"), "left out"),
        (at("parameters/0"), "Accept"),
        (at("parameters/1"), "x-partner-id"),
    ];
    let expected = expected.map(|(at, note)| (at, note.to_owned()));
    assert_eq!(changes(&outcome, "owned-by-authentication"), expected);
}
