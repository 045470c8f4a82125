//! Values that may come where a kind of value is announced.

use serde_json::{Value, json};
use singapay_tests::spec::{Document, Kind};

/// Values that mean something, and how each is written again.
pub(crate) fn readable(document: &Document, schema: &Value) -> Vec<(Value, Value)> {
    let money = |value: &str| json!({"value": value, "currency": "IDR"});
    match document.kind(schema) {
        Kind::Text | Kind::Sensitive => vec![
            (json!("x"), json!("x")),
            (json!(12), json!("12")),
            (json!(-1), json!("-1")),
            (json!(12.0), json!("12")),
            (json!(1.5), json!("1.5")),
            (json!(true), json!("true")),
            (
                json!("1122025102717153412345678901234"),
                json!("1122025102717153412345678901234"),
            ),
            (json!("\u{e9}\n\u{2028}"), json!("\u{e9}\n\u{2028}")),
        ],
        Kind::Integer => vec![
            (json!(0), json!(0)),
            (json!("12"), json!(12)),
            (json!("12.00"), json!(12)),
            (json!(12.0), json!(12)),
            (json!(i64::MAX), json!(i64::MAX)),
        ],
        Kind::Boolean => vec![
            (json!(false), json!(false)),
            (json!(1), json!(true)),
            (json!(0), json!(false)),
            (json!("1"), json!(true)),
            (json!("false"), json!(false)),
            (json!("True"), json!(true)),
        ],
        Kind::Rupiah => vec![
            (json!(0), json!(0)),
            (json!(-500), json!(-500)),
            (json!("15000"), json!(15_000)),
            (json!("15000.00"), json!(15_000)),
            (json!(15_000.0), json!(15_000)),
            (money("15000.00"), json!(15_000)),
            (json!({"currency": "IDR", "value": "15000"}), json!(15_000)),
            (json!({"value": 15_000, "name": "fee"}), json!(15_000)),
        ],
        Kind::Amount => vec![
            (json!(0), json!("0.00")),
            (json!(15_000), json!("15000.00")),
            (json!("-15000.5"), json!("-15000.50")),
            (json!("15000.25"), json!("15000.25")),
            (json!(15_000.25), json!("15000.25")),
            (money("15000.25"), json!("15000.25")),
            (json!({"value": 15_000}), json!("15000.00")),
        ],
        Kind::Money | Kind::ExactMoney => {
            let mut exact = vec![
                (money("15000.25"), money("15000.25")),
                (json!({"value": 15_000.25}), money("15000.25")),
                (json!("0.5"), money("0.50")),
            ];
            if document.kind(schema) == Kind::Money {
                exact.clear();
            }
            let whole = [
                (money("15000.00"), money("15000.00")),
                (
                    json!({"value": 15_000, "currency": "IDR"}),
                    money("15000.00"),
                ),
                (json!({"value": "15000"}), money("15000.00")),
                (
                    json!({"value": 15_000.0, "currency": null}),
                    money("15000.00"),
                ),
                (json!(15_000), money("15000.00")),
                (json!("15000.00"), money("15000.00")),
                (
                    json!({"value": "15000.00", "currency": "XYZ", "rate": 1}),
                    json!({"value": "15000.00", "currency": "XYZ", "rate": 1}),
                ),
            ];
            [exact.as_slice(), &whole].concat()
        }
        // A time is kept as it came, whichever format was announced.
        Kind::Time(_) => [
            json!(1_787_281_200),
            json!(1_787_281_200_000_i64),
            json!("1787281200000"),
            json!("2026-08-21T10:00:00+07:00"),
            json!("2026-08-21T03:00:00.000000Z"),
            json!("2026-08-21 10:00:00"),
            json!("21 Aug 2026 10:00:00"),
            json!("yesterday"),
        ]
        .map(|time| (time.clone(), time))
        .to_vec(),
        Kind::Enum(known) => {
            let mut values: Vec<_> = known
                .iter()
                .map(|value| (json!(value), json!(value)))
                .collect();
            values.push((json!("A_VALUE_OF_TOMORROW"), json!("A_VALUE_OF_TOMORROW")));
            values.push((json!(7), json!("7")));
            values
        }
        Kind::Object(name) => {
            let mut object = document.object(name);
            object.insert("a member of tomorrow".to_owned(), json!([1]));
            vec![(object.clone().into(), object.into())]
        }
        Kind::List(items) => {
            let item = document.sample("item", items, 1);
            let (two, one) = (json!([item, item]), json!([item]));
            let mut lists = vec![
                (two.clone(), two.clone()),
                // PHP writes a filtered list with its old indexes.
                (json!({"0": item, "2": item}), two),
            ];
            if item != json!({}) && !matches!(document.kind(items), Kind::Map | Kind::Any) {
                lists.push((item, one));
            }
            if !matches!(document.kind(items), Kind::List(_) | Kind::Any | Kind::Map) {
                let spellings = readable(document, items).into_iter();
                lists
                    .extend(spellings.map(|(given, expected)| (json!([given]), json!([expected]))));
            }
            lists
        }
        Kind::Map => {
            let map = json!({"a": {"b": [1, null, 1.5]}});
            vec![(map.clone(), map)]
        }
        Kind::Any => [
            json!("x"),
            json!(1.5),
            json!({"a": []}),
            json!([[]]),
            json!(false),
        ]
        .map(|any| (any.clone(), any))
        .to_vec(),
    }
}

/// Values that mean nothing where this kind is announced.
pub(crate) fn unreadable(document: &Document, schema: &Value) -> Vec<Value> {
    let object = json!({"a": "b"});
    match document.kind(schema) {
        Kind::Text | Kind::Sensitive => vec![json!([]), json!({}), object, json!([["x"]])],
        Kind::Integer => vec![
            json!(""),
            json!("x"),
            json!(1.5),
            json!([]),
            json!({}),
            object,
        ],
        Kind::Boolean => vec![
            json!(""),
            json!("x"),
            json!(2),
            json!([]),
            json!({}),
            object,
        ],
        Kind::Rupiah => {
            let fraction = [
                json!(""),
                json!("x"),
                json!("0.5"),
                json!(1.5),
                json!("1e3"),
            ];
            [
                fraction.as_slice(),
                &[json!("15.000"), json!([]), json!({}), object],
                &[json!({"value": 1, "currency": "XYZ"})],
            ]
            .concat()
        }
        Kind::Amount | Kind::Money | Kind::ExactMoney => vec![
            json!(""),
            json!("x"),
            json!("15.000"),
            json!("0.005"),
            json!(0.005),
            json!([]),
            json!({}),
            json!({"value": null, "currency": "IDR"}),
            json!({"value": "15.000", "currency": "IDR"}),
            object,
        ],
        Kind::Time(_) | Kind::Enum(_) => vec![json!([]), json!({}), object],
        Kind::Object(_) => vec![
            json!([]),
            json!(""),
            json!("x"),
            json!(7),
            json!(true),
            json!([1]),
        ],
        Kind::List(_) => vec![json!({}), json!("")],
        Kind::Map => vec![json!([]), json!(""), json!("x"), json!(7)],
        Kind::Any => Vec::new(),
    }
}

/// True if an essential field can hold this all the same: PHP's empty list, map, or object without
/// essential members, and anything where anything is allowed.
pub(crate) fn essential_may_be(document: &Document, schema: &Value, value: &Value) -> bool {
    let nothing = [json!(null), json!([]), json!({}), json!("")].contains(value);
    match document.kind(schema) {
        Kind::List(_) | Kind::Map => nothing,
        Kind::Object(name) => nothing && !document.schema(name)["required"].is_array(),
        Kind::Any => true,
        _ => false,
    }
}
