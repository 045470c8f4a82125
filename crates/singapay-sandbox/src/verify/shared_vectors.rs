//! The vectors that the client's tests use too; the only thing shared with it.

use serde_json::Value;

use super::*;
use crate::wire_time::At;

fn vectors(name: &str) -> Value {
    let path = format!(
        "{}/../../spec/vectors/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn text<'a>(vector: &'a Value, field: &str) -> &'a str {
    vector[field]
        .as_str()
        .unwrap_or_else(|| panic!("{field} of {}", vector["name"]))
}

#[test]
fn what_the_client_may_sign_has_the_same_hash_here() {
    let all = vectors("canonical-outbound");
    let mut checked = 0;
    for vector in all
        .as_array()
        .unwrap()
        .iter()
        .filter(|v| v["sha256"].is_string())
    {
        let input = text(vector, "input").as_bytes();
        assert_eq!(
            body_hash(input, false),
            text(vector, "sha256"),
            "{}",
            vector["name"]
        );
        assert_eq!(
            body_hash(input, true),
            text(vector, "sha256"),
            "{}",
            vector["name"]
        );
        checked += 1;
    }
    assert!(checked > 15, "{checked}");
}

/// Computed with PHP itself.
#[test]
fn bodies_are_normalised_as_php_does() {
    let all = vectors("canonical-inbound");
    let mut checked = 0;
    // Written differently here, and never sent: objects that look like long lists (the order of
    // keys is not kept), the integer -0, and a float halfway between two shortest texts.
    let others = [
        "object keyed 0 to 10, in order",
        "duplicate that keeps a list in order",
        "zeros",
        "two texts equally close",
    ];
    for vector in all.as_array().unwrap() {
        if others.contains(&text(vector, "name")) {
            continue;
        }
        // What is nested deeper than any body here, or infinite on the way, is not read at all.
        let Some(Ok(value)) = vector["input"].as_str().map(serde_json::from_str::<Value>) else {
            continue;
        };
        for (form, long) in [("php_lists_kept", false), ("php_literal", true)] {
            if let Some(expected) = vector[form].as_str() {
                assert_eq!(
                    canonical(&value, long),
                    expected,
                    "{} {form}",
                    vector["name"]
                );
                checked += 1;
            }
        }
    }
    assert!(checked > 40, "{checked}");
}

#[test]
fn schemes_a_and_c_agree() {
    let schemes = vectors("schemes");
    for vector in schemes["scheme_a"].as_array().unwrap() {
        let at = At(vector["unix_seconds"].as_i64().unwrap() * 1000);
        let made = token_signature(text(vector, "client_id"), text(vector, "client_secret"), at);
        assert_eq!(made, text(vector, "signature"), "{}", vector["name"]);
    }
    for vector in schemes["scheme_c"].as_array().unwrap() {
        let hash = body_hash(text(vector, "body").as_bytes(), false);
        assert_eq!(hash, text(vector, "body_sha256"), "{}", vector["name"]);
        let made = request_signature(
            text(vector, "client_secret"),
            text(vector, "method"),
            text(vector, "path"),
            text(vector, "token"),
            &hash,
            text(vector, "timestamp"),
        );
        assert_eq!(made, text(vector, "signature"), "{}", vector["name"]);
    }
}
