//! `x-singapay-rules`.

use serde_json::{Value, json};
use xtask::lower::Side;

use super::{body, field};

fn request(rules: Value) -> Value {
    json!({"type": "object", "required": ["kind"], "x-singapay-rules": rules, "properties": {
        "kind": {"type": "string", "enum": ["a", "b"]},
        "flag": {"type": "boolean"},
        "total": {"type": "number"},
        "data": {"type": "object", "properties": {"months": {"type": "integer"}}},
        "items": {"type": "array", "items": {"type": "object", "required": ["price"],
            "properties": {"price": {"type": "number"}, "name": {"type": "string"},
                "count": {"type": "integer"}}}}}})
}

/// Problems with these rules; what else is wrong with the body does not matter here.
fn problems(rules: Value) -> Vec<String> {
    let lowered = body(Side::Request, request(rules), &[], json!({}));
    let problems = lowered.problems.iter();
    problems
        .filter_map(|problem| {
            problem
                .strip_prefix("#/x-singapay-rules: ")
                .map(str::to_owned)
        })
        .collect()
}

#[track_caller]
fn refuse(rule: Value, expected: &[&str]) {
    assert_eq!(problems(json!([rule])), expected);
}

#[test]
fn each_kind_of_rule_is_read() {
    let when = json!({"field": "kind", "is": ["a"], "default": "b"});
    let rules = json!([
        {"rule": "required-if", "fields": ["data.months"], "when": when},
        {"rule": "forbidden-if", "fields": ["total"], "when": {"field": "flag", "is-not": []}},
        {"rule": "together", "fields": ["flag", "total"]},
        {"rule": "at-least-one", "fields": ["flag", "total"]},
        {"rule": "at-most-one", "fields": ["flag", "total"]},
        {"rule": "one-of", "field": "data.months", "values": ["1", "3"], "when": when},
        {"rule": "one-of", "field": "kind", "values": ["a"]},
        {"rule": "not-below", "field": "total", "other": "data.months"},
        {"rule": "sum", "field": "total", "list": "items", "factors": ["price"]}]);
    assert_eq!(problems(rules.clone()), [""; 0]);
    let lowered = body(Side::Request, request(rules.clone()), &[], json!({}));
    assert_eq!(lowered.components["Parent"]["x-singapay-rules"], rules);
}

#[test]
fn what_is_unknown_is_refused() {
    let unknown = |rule| problems(json!([rule])).remove(0);
    let rule = json!({"rule": "required", "fields": ["kind"]});
    assert!(unknown(rule).starts_with("unknown variant `required`"));
    let rule = json!({"rule": "together", "fields": ["kind", "flag"], "note": ""});
    assert!(unknown(rule).starts_with("unknown field `note`"));
    let rule = json!({"rule": "required-if", "fields": ["kind"],
        "when": {"field": "flag", "equals": ["true"]}});
    assert!(unknown(rule).starts_with("unknown field `equals`"));
    assert!(unknown(json!("together")).starts_with("invalid type"));
}

#[test]
fn fields_and_values_exist() {
    let rule = json!({"rule": "together", "fields": ["kind", "date.months", "data.month"]});
    refuse(
        rule,
        &[
            "rule 1: no field `date.months`",
            "rule 1: no field `data.month`",
        ],
    );
    refuse(
        json!({"rule": "required-if", "fields": ["total"], "when": {"field": "kind", "is": ["c"]}}),
        &["rule 1: `kind` has no value `c`"],
    );
    refuse(
        json!({"rule": "required-if", "fields": ["total"],
            "when": {"field": "flag", "is": ["yes"], "default": "no"}}),
        &[
            "rule 1: `flag` has no value `yes`",
            "rule 1: `flag` has no value `no`",
        ],
    );
    refuse(
        json!({"rule": "required-if", "fields": ["total"], "when": {"field": "kinds", "is": ["a"]}}),
        &["rule 1: no field `kinds`"],
    );
    refuse(
        json!({"rule": "sum", "field": "sum", "list": "items", "factors": ["price"]}),
        &["rule 1: no field `sum`"],
    );
}

#[test]
fn a_rule_says_something() {
    refuse(
        json!({"rule": "at-most-one", "fields": ["kind"]}),
        &["rule 1: names fewer than two fields"],
    );
    refuse(
        json!({"rule": "forbidden-if", "fields": [], "when": {"field": "flag", "is-not": []}}),
        &["rule 1: names no field"],
    );
    refuse(
        json!({"rule": "one-of", "field": "kind", "values": []}),
        &["rule 1: allows no value"],
    );
    for when in [
        json!({"field": "kind"}),
        json!({"field": "kind", "is": [], "is-not": []}),
    ] {
        refuse(
            json!({"rule": "required-if", "fields": ["total"], "when": when}),
            &["rule 1: a condition has one of `is` and `is-not`"],
        );
    }
    for factors in [json!([]), json!(["name"]), json!(["price", "count"])] {
        let rule = json!({"rule": "sum", "field": "total", "list": "items", "factors": factors});
        assert_eq!(problems(json!([rule])).len(), 1, "{factors}");
    }
    let twice = json!({"rule": "together", "fields": ["kind", "flag"]});
    let found = problems(json!([twice, twice]));
    assert_eq!(found, ["rule 2: stands there twice"]);
}

#[test]
fn a_required_text_is_not_empty_where_the_document_says_so() {
    let schema = json!({"type": "object", "required": ["a", "b", "c", "d", "n"], "properties": {
        "a": {"type": "string"}, "b": {"type": "string", "enum": ["x", "y"]},
        "c": {"type": "string", "minLength": 3}, "d": {"type": "string", "format": "password"},
        "n": {"type": "integer"}, "o": {"type": "string"}}});
    let least = |document: Value| {
        let lowered = body(Side::Request, schema.clone(), &[], document);
        assert_eq!(lowered.problems, [""; 0]);
        let properties = &lowered.components["Parent"]["properties"];
        ["a", "b", "c", "d", "n", "o"]
            .map(|name| properties[name]["x-singapay-limits"]["minLength"].as_u64())
    };
    let said = json!({"x-singapay-rules": [{"rule": "non-empty"}]});
    let expected = [Some(1), Some(1), Some(3), Some(1), None, None];
    assert_eq!(least(said), expected);
    assert_eq!(least(json!({})), [None, None, Some(3), None, None, None]);
    let other = json!({"x-singapay-rules": [{"rule": "together"}]});
    let found = body(Side::Request, schema.clone(), &[], other).problems;
    assert!(
        found.contains(
            &"#/x-singapay-rules: the only rule of all requests is `non-empty`".to_owned()
        )
    );
}

#[test]
fn rules_stand_on_request_bodies() {
    let rules = json!([{"rule": "together", "fields": ["flag", "total"]}]);
    let only = "only a request body has rules";
    let received = body(Side::Response, request(rules.clone()), &[], json!({}));
    assert!(
        received
            .problems
            .contains(&format!("#/x-singapay-rules: {only}"))
    );
    let inner = field(Side::Request, "inner", request(rules));
    assert!(
        inner
            .problems
            .contains(&format!("#/here/x-singapay-rules: {only}"))
    );
}
