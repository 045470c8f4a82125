//! Finds what a type does not name, and what it does not write again.

use serde_json::{Map, Value};
use singapay_tests::spec::{Document, Kind};

/// Members of a value that its schema does not name: they are kept, but not typed.
pub(crate) fn unknown(document: &Document, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    match (document.kind(schema), value) {
        (Kind::Object(name), Value::Object(members)) => {
            let properties = document.schema(name)["properties"].as_object().unwrap();
            let found = members.iter().flat_map(|(member, value)| {
                let at = format!("{at}/{member}");
                match properties.get(member) {
                    Some(property) => unknown(document, property, value, &at),
                    None => vec![at],
                }
            });
            found.collect()
        }
        (Kind::List(items), Value::Array(values)) => {
            let values = values.iter().enumerate();
            let found = values.flat_map(|(index, value)| {
                unknown(document, items, value, &format!("{at}/{index}"))
            });
            found.collect()
        }
        (Kind::Money | Kind::ExactMoney, Value::Object(members)) => {
            let known = |name: &&String| ["value", "currency"].contains(&name.as_str());
            let names = members.keys().filter(|name| !known(name));
            names.map(|name| format!("{at}/{name}")).collect()
        }
        _ => Vec::new(),
    }
}

/// Members beside the data that the envelope does not name.
pub(crate) fn unknown_in_envelope(envelope: &str, body: &Value) -> Vec<String> {
    let known: &[&str] = match envelope {
        "v1" => &["status", "success", "message", "data", "pagination", "meta"],
        "v2" => &["response_code", "response_message", "data"],
        "biller" => &["command", "response_code", "response_text", "data"],
        "identity" => &["code", "message", "data", "request_id", "pricing"],
        _ => return Vec::new(),
    };
    let names = body.as_object().unwrap().keys();
    let names = names.filter(|name| !known.contains(&name.as_str()));
    names.map(|name| format!("/{name}")).collect()
}

/// Places of a value that are written otherwise than they came, and how.
///
/// Not a loss: another spelling of the same number (`"15000.00"` and `15000`, `"1"` and `1`), an
/// amount in an object that came without, and null, `""`, `[]` or `{}` for one another.
pub(crate) fn lost(came: &Value, written: &Value, at: &str) -> Vec<(String, String)> {
    match (came, written) {
        (came, written) if same(came, written) => Vec::new(),
        (Value::Object(came), Value::Object(written)) => {
            let found = came.iter().flat_map(|(name, value)| {
                let again = written.get(name).unwrap_or(&Value::Null);
                lost(value, again, &format!("{at}/{name}"))
            });
            found.collect()
        }
        (Value::Array(came), Value::Array(written)) if came.len() == written.len() => {
            let pairs = came.iter().zip(written).enumerate();
            let found = pairs
                .flat_map(|(index, (came, written))| lost(came, written, &format!("{at}/{index}")));
            found.collect()
        }
        _ => vec![(at.to_owned(), format!("{came} is written as {written}"))],
    }
}

fn same(came: &Value, written: &Value) -> bool {
    if came == written || (is_nothing(came) && is_nothing(written)) {
        return true;
    }
    match (number(came), number(written)) {
        (Some(came), Some(written)) => came == written,
        (Some(came), None) => {
            let amount = written.as_object().filter(|amount| is_money(amount));
            amount.and_then(|amount| number(&amount["value"])) == Some(came)
        }
        _ => false,
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

fn is_money(members: &Map<String, Value>) -> bool {
    members.len() == 2 && members.contains_key("value") && members.contains_key("currency")
}

/// A number, or text that is one, without the zeros after the point.
fn number(value: &Value) -> Option<String> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    if text.is_empty()
        || !text
            .bytes()
            .all(|it| it.is_ascii_digit() || b"-.".contains(&it))
    {
        return None;
    }
    Some(match text.split_once('.') {
        Some((_, fraction)) if fraction.len() != 3 => {
            let exact = text.trim_end_matches('0').trim_end_matches('.');
            exact.to_owned()
        }
        _ => text,
    })
}

#[test]
fn a_loss_is_seen() {
    use serde_json::json;
    let losses = |came: Value, written: Value| lost(&came, &written, "").len();
    assert_eq!(losses(json!({"a": 1}), json!({})), 1);
    assert_eq!(losses(json!({"a": "1234.56"}), json!({"a": null})), 1);
    assert_eq!(losses(json!({"a": [1, 2]}), json!({"a": [1]})), 1);
    assert_eq!(losses(json!({"a": 15_000}), json!({"a": "15.000"})), 1);
    assert_eq!(losses(json!({"a": true}), json!({"a": 1})), 1);
    assert_eq!(losses(json!({"a": "1.50"}), json!({"a": "1.05"})), 1);
    assert_eq!(losses(json!({"a": "15000.00"}), json!({"a": 15_000})), 0);
    assert_eq!(losses(json!({"a": 1.5}), json!({"a": "1.50"})), 0);
    let money = json!({"value": "15000.00", "currency": "IDR"});
    assert_eq!(losses(json!({"a": 15_000}), json!({"a": money})), 0);
    assert_eq!(losses(json!({"a": [], "b": ""}), json!({"a": {}})), 0);
}
