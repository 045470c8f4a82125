//! Values that a schema does not allow, one for each limit.

use serde_json::{Value, json};

use super::{Document, Input, Kind};

/// A value of an input that breaks one limit.
#[derive(Debug, Clone)]
pub struct Violation {
    /// The field that has to be named.
    pub field: String,
    /// The limit, such as `maxLength 40`.
    pub limit: String,
    /// The value of the whole input.
    pub value: Value,
}

/// One violation for each limit of an input, also of the objects and lists inside it.
pub fn violations(document: &Document, input: &Input<'_>, index: usize) -> Vec<Violation> {
    let good = input.sample(document, index);
    breaking(document, &input.name, input.schema, &good)
}

fn breaking(document: &Document, at: &str, schema: &Value, good: &Value) -> Vec<Violation> {
    let kind = document.kind(schema);
    let mut found = Vec::new();
    if let Some(limits) = schema.get("x-singapay-limits").and_then(Value::as_object) {
        for (limit, bound) in limits {
            found.push(Violation {
                field: at.to_owned(),
                limit: format!("{limit} {bound}"),
                value: broken(&kind, limit, bound, good),
            });
        }
    }
    match kind {
        Kind::List(items) => {
            let inner = breaking(document, &format!("{at}[0]"), items, &good[0]);
            found.extend(inner.into_iter().map(|violation| {
                let mut value = good.clone();
                value[0] = violation.value;
                Violation { value, ..violation }
            }));
        }
        Kind::Object(name) => {
            let schema = document.schema(name);
            for (member, property) in schema["properties"].as_object().unwrap() {
                let inner = breaking(document, &format!("{at}.{member}"), property, &good[member]);
                found.extend(inner.into_iter().map(|violation| {
                    let mut value = good.clone();
                    value[member] = violation.value;
                    Violation { value, ..violation }
                }));
            }
        }
        _ => {}
    }
    found
}

fn broken(kind: &Kind<'_>, limit: &str, bound: &Value, good: &Value) -> Value {
    let number = || {
        let number = bound.as_f64().unwrap();
        format!("{number:.0}").parse::<i64>().unwrap()
    };
    let count = || usize::try_from(number()).unwrap();
    let amount = |amount: i64| match kind {
        Kind::Money => json!({"value": format!("{amount}.00"), "currency": "IDR"}),
        _ => amount.into(),
    };
    match limit {
        "maxLength" => {
            let first = good
                .as_str()
                .and_then(|text| text.chars().next())
                .unwrap_or('x');
            first.to_string().repeat(count() + 1).into()
        }
        "minLength" => {
            let good = good.as_str().unwrap();
            good.chars().take(count() - 1).collect::<String>().into()
        }
        // A number of another length, where the text is the text of a number.
        "pattern" if matches!(kind, Kind::Time(_)) => 123_456_789_012_i64.into(),
        "pattern" => " \u{a7}".into(),
        "format" => "nobody".into(),
        "minimum" => amount(number() - 1),
        "maximum" => {
            let step = number().max(1);
            // A round step, so that the amount stays a multiple of what it may have to be.
            amount(number() + if step % 1000 == 0 { 1000 * step } else { 1 })
        }
        "multipleOf" => amount(good.as_i64().unwrap() + 1),
        "minItems" => (1..count()).map(|_| good[0].clone()).collect(),
        "maxItems" => (0..=count()).map(|_| good[0].clone()).collect(),
        other => panic!("{other} is no limit"),
    }
}
