use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, from_str, json};

use crate::{AnyTime, Currency, Money, Rupiah, Sensitive};

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Inner {
    #[serde(default, deserialize_with = "super::option_text")]
    name: Option<String>,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

/// Without a flattened member, serde would also read this one from a list.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Plain {
    #[serde(default, deserialize_with = "super::option_text")]
    name: Option<String>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Optional {
    #[serde(default, deserialize_with = "super::option_text")]
    text: Option<String>,
    #[serde(default, deserialize_with = "super::option_text_list")]
    texts: Option<Vec<String>>,
    #[serde(default, deserialize_with = "super::option_integer")]
    integer: Option<i64>,
    #[serde(default, deserialize_with = "super::option_integer")]
    small: Option<u8>,
    #[serde(default, deserialize_with = "super::option_boolean")]
    boolean: Option<bool>,
    #[serde(default, deserialize_with = "super::option_object")]
    object: Option<Inner>,
    #[serde(default, deserialize_with = "super::option_object")]
    plain: Option<Plain>,
    #[serde(default, deserialize_with = "super::option_object")]
    map: Option<Map<String, Value>>,
    #[serde(default, deserialize_with = "super::option_list")]
    list: Option<Vec<Inner>>,
    #[serde(default, deserialize_with = "super::option_list")]
    currencies: Option<Vec<Currency>>,
    #[serde(default, deserialize_with = "super::option")]
    rupiah: Option<Rupiah>,
    #[serde(default, deserialize_with = "super::option")]
    money: Option<Money>,
    #[serde(default, deserialize_with = "super::option")]
    time: Option<AnyTime>,
    #[serde(default, deserialize_with = "super::option")]
    currency: Option<Currency>,
    #[serde(default, deserialize_with = "super::option")]
    sensitive: Option<Sensitive>,
    #[serde(default, deserialize_with = "super::option_value")]
    value: Option<Value>,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

const FIELDS: [&str; 16] = [
    "text",
    "texts",
    "integer",
    "small",
    "boolean",
    "object",
    "plain",
    "map",
    "list",
    "currencies",
    "rupiah",
    "money",
    "time",
    "currency",
    "sensitive",
    "value",
];

fn read(json: &str) -> Optional {
    from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

fn inner(name: &str) -> Inner {
    Inner {
        name: Some(name.to_owned()),
        extra: Map::new(),
    }
}

#[test]
fn no_shape_of_any_field_makes_the_answer_unreadable() {
    for field in FIELDS {
        for value in [
            "null",
            "[]",
            "{}",
            r#""""#,
            r#""text""#,
            r#""1""#,
            "0",
            "1",
            "-1",
            "1.5",
            "1e300",
            "123456789012345678901234567890",
            "true",
            "false",
            "[[]]",
            r#"{"a":{}}"#,
            r#"{"value":{}}"#,
            r#"{"0":"a","b":1}"#,
            r#"{"name":[1]}"#,
            "[{}]",
        ] {
            let json = format!(r#"{{"before":1,"{field}":{value},"after":"kept"}}"#);
            assert_eq!(read(&json).extra["after"], "kept", "{json}");
            let buffered: Optional = serde_json::from_value(from_str(&json).unwrap()).unwrap();
            assert_eq!(buffered.extra["after"], "kept", "{json}");
        }
    }
}

#[test]
fn absence_and_null_are_none() {
    let absent = read("{}");
    let nulls = FIELDS.map(|field| format!(r#""{field}":null"#)).join(",");
    assert_eq!(read(&format!("{{{nulls}}}")), absent);
    assert!(absent.text.is_none() && absent.list.is_none() && absent.value.is_none());
}

#[test]
fn text_comes_from_scalars() {
    let text = |json: &str| read(&format!(r#"{{"text":{json}}}"#)).text;
    assert_eq!(text(r#""a""#).as_deref(), Some("a"));
    assert_eq!(text(r#""""#).as_deref(), Some(""));
    assert_eq!(text("42").as_deref(), Some("42"));
    assert_eq!(text("10.00").as_deref(), Some("10"));
    assert_eq!(text("10.5").as_deref(), Some("10.5"));
    assert_eq!(
        text("18446744073709551615").as_deref(),
        Some("18446744073709551615")
    );
    assert_eq!(text("true").as_deref(), Some("true"));
    assert_eq!(text("{}"), None);
}

/// A wrong transaction id would be worse than none.
#[test]
fn digits_are_kept_or_refused_but_never_changed() {
    const DIGITS: &str = "3312220251212090924607740351234";
    let text = read(&format!(r#"{{"text":{DIGITS}}}"#)).text;
    assert!(text.is_none_or(|text| text == DIGITS));
}

#[test]
fn integers_come_from_text_and_whole_floats() {
    let integer = |json: &str| read(&format!(r#"{{"integer":{json}}}"#)).integer;
    assert_eq!(integer("10"), Some(10));
    assert_eq!(integer("10.0"), Some(10));
    assert_eq!(integer("1e3"), Some(1000));
    assert_eq!(integer(r#""10""#), Some(10));
    assert_eq!(integer(r#""10.00""#), Some(10));
    assert_eq!(integer("10.5"), None);
    assert_eq!(integer("18446744073709551615"), None);
    assert_eq!(read(r#"{"small":256}"#).small, None);
    assert_eq!(read(r#"{"small":"255"}"#).small, Some(255));
    assert_eq!(read(r#"{"small":-1}"#).small, None);
}

#[test]
fn booleans_come_from_numbers_and_text() {
    let boolean = |json: &str| read(&format!(r#"{{"boolean":{json}}}"#)).boolean;
    for json in ["true", "1", r#""true""#, r#""1""#, r#""True""#, "1.0"] {
        assert_eq!(boolean(json), Some(true), "{json}");
    }
    for json in ["false", "0", r#""false""#, r#""0""#] {
        assert_eq!(boolean(json), Some(false), "{json}");
    }
    for json in ["2", r#""yes""#, r#""""#, "[]", "null"] {
        assert_eq!(boolean(json), None, "{json}");
    }
}

#[test]
fn an_empty_list_is_no_object() {
    let answer = read(r#"{"object":[],"plain":[],"map":[]}"#);
    assert_eq!(
        (answer.object, answer.plain, answer.map),
        (None, None, None)
    );
    let answer = read(r#"{"object":["a"],"plain":["a"],"map":[1]}"#);
    assert_eq!(
        (answer.object, answer.plain, answer.map),
        (None, None, None)
    );
    let answer = read(r#"{"object":1.5,"plain":1e300,"map":18446744073709551616}"#);
    assert_eq!(
        (answer.object, answer.plain, answer.map),
        (None, None, None)
    );
    let answer = read(r#"{"object":{},"plain":{},"map":{}}"#);
    assert_eq!(answer.object, Some(Inner::default()));
    assert_eq!(answer.plain, Some(Plain::default()));
    assert_eq!(answer.map, Some(Map::new()));
}

#[test]
fn lists_come_from_what_php_makes_of_them() {
    let list = |json: &str| read(&format!(r#"{{"list":{json}}}"#)).list;
    assert_eq!(list("[]"), Some(vec![]));
    assert_eq!(list("{}"), Some(vec![]));
    assert_eq!(
        list(r#"[{"name":"a"},{"name":"b"}]"#),
        Some(vec![inner("a"), inner("b")])
    );
    let filtered = r#"{"1":{"name":"a"},"7":{"name":"b"}}"#;
    assert_eq!(list(filtered), Some(vec![inner("a"), inner("b")]));
    let mut single = inner("a");
    single.extra.insert("more".to_owned(), json!(1));
    assert_eq!(list(r#"{"name":"a","more":1}"#), Some(vec![single]));
    assert_eq!(list(r#""""#), None);
    assert_eq!(list("false"), None);
    let currencies = |json: &str| read(&format!(r#"{{"currencies":{json}}}"#)).currencies;
    assert_eq!(currencies(r#""IDR""#), Some(vec![Currency::Idr]));
    assert_eq!(
        currencies(r#"["IDR",7]"#),
        Some(vec![Currency::Idr, Currency::other("7")])
    );
}

#[test]
fn text_lists_come_from_one_text_too() {
    let texts = |json: &str| read(&format!(r#"{{"texts":{json}}}"#)).texts;
    assert_eq!(
        texts(r#"["a",1]"#),
        Some(vec!["a".to_owned(), "1".to_owned()])
    );
    assert_eq!(texts(r#""a""#), Some(vec!["a".to_owned()]));
    assert_eq!(texts(r#"{"0":"a"}"#), Some(vec!["a".to_owned()]));
    assert_eq!(texts("{}"), Some(vec![]));
    assert_eq!(texts(r#"{"a":"b"}"#), None);
    assert_eq!(texts(r#"[{}]"#), None);
}

#[derive(Debug, Deserialize)]
struct Required {
    #[serde(deserialize_with = "super::text")]
    text: String,
    #[serde(deserialize_with = "super::integer")]
    integer: u16,
    #[serde(deserialize_with = "super::boolean")]
    boolean: bool,
    #[serde(deserialize_with = "super::object")]
    object: Inner,
    #[serde(deserialize_with = "super::list")]
    list: Vec<Inner>,
    #[serde(deserialize_with = "super::text_list")]
    texts: Vec<String>,
    #[serde(deserialize_with = "super::value")]
    value: Value,
}

fn required(field: &str, value: Value) -> Result<Required, serde_json::Error> {
    let mut all = json!({
        "text": 1, "integer": "2", "boolean": 1, "object": {"name": 3}, "list": [{"name": "a"}],
        "texts": "a", "value": {"any": []},
    });
    all[field] = value;
    serde_json::from_value(all)
}

#[test]
fn required_fields_are_tolerant_too() {
    let read = required("value", Value::Null).unwrap();
    assert_eq!(
        (read.text.as_str(), read.integer, read.boolean),
        ("1", 2, true)
    );
    assert_eq!((read.object, read.list), (inner("3"), vec![inner("a")]));
    assert_eq!(
        (read.texts, read.value),
        (vec!["a".to_owned()], Value::Null)
    );
    for empty in [json!([]), json!({}), Value::Null, json!("")] {
        assert_eq!(
            required("object", empty.clone()).unwrap().object,
            Inner::default()
        );
        assert_eq!(required("list", empty.clone()).unwrap().list, vec![]);
        assert_eq!(
            required("texts", empty).unwrap().texts,
            Vec::<String>::new()
        );
    }
}

#[test]
fn required_fields_fail_without_repeating_the_value() {
    for (field, value) in [
        ("text", json!(["canary"])),
        ("text", Value::Null),
        ("integer", json!("canary")),
        ("integer", json!(70_000)),
        ("boolean", json!("canary")),
        ("texts", json!({"canary": "canary"})),
    ] {
        let error = required(field, value).unwrap_err().to_string();
        assert!(
            error.contains("expected") && !error.contains("canary"),
            "{error}"
        );
    }
}

#[test]
fn one_bad_element_is_not_dropped_in_silence() {
    assert_eq!(read(r#"{"list":[{"name":"a"},7]}"#).list, None);
    assert!(required("list", json!([{"name": "a"}, 7])).is_err());
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z0-9.]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[0-9]|name|value|[a-z]", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn optional_fields_never_fail(field in prop::sample::select(&FIELDS[..]), value in json_value()) {
        let text = format!(r#"{{"{field}":{value},"after":1}}"#);
        let from_text = from_str::<Optional>(&text);
        prop_assert!(from_text.is_ok(), "{text}: {from_text:?}");
        prop_assert_eq!(&from_text.unwrap().extra["after"], &json!(1));
    }
}
