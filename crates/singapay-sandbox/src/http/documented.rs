//! Operations that the documents have and no product has a behaviour for: a request is held to the
//! document and answered by its example, and nothing happens.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value, json};

use super::{
    call::Call,
    envelope::Envelope,
    operation::{Answer, Operation, Proof, Run, SignatureFailure},
    refusal::{FieldErrors, Refusal},
};
use crate::generated::DOCUMENTED;

/// What the document says of one operation.
pub(crate) struct Documented {
    pub(crate) id: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    /// `v1`, `v2`, `biller`, `identity` or `flat`.
    pub(crate) envelope: &'static str,
    pub(crate) signed: bool,
    /// JSON Schema of the body; null if there is none.
    pub(crate) body: &'static str,
    /// Queries that are required.
    pub(crate) query: &'static [&'static str],
    /// Example of the data of the answer, as JSON.
    pub(crate) data: &'static str,
    /// Fields of the request, and the members of the data that repeat them.
    pub(crate) echo: &'static [(&'static str, &'static str)],
}

/// The operations that are in the documents alone.
pub(crate) fn operations() -> impl Iterator<Item = &'static Operation> {
    static OPERATIONS: LazyLock<Vec<Operation>> =
        LazyLock::new(|| DOCUMENTED.iter().map(Documented::operation).collect());
    OPERATIONS.iter()
}

impl Documented {
    fn operation(&'static self) -> Operation {
        Operation {
            id: self.id,
            method: self.method,
            path: self.path,
            envelope: match self.envelope {
                "v1" => Envelope::V1,
                "biller" => Envelope::Biller("Success"),
                "identity" => Envelope::Identity,
                "flat" => Envelope::Flat,
                _ => Envelope::V2("Successful"),
            },
            proof: match self.signed {
                true => Proof::Signed(SignatureFailure::Disputed),
                false => Proof::Bearer,
            },
            run: Run::Documented(self),
        }
    }

    /// The example, with what it repeats of the request.
    pub(crate) fn answer(&self, call: &Call) -> Result<Answer, Refusal> {
        let schema: Value = serde_json::from_str(self.body).unwrap_or_default();
        let mut errors = FieldErrors::new();
        for name in self.query.iter().filter(|name| call.query(name).is_none()) {
            errors.push((
                (*name).to_owned(),
                format!("The {} field is required.", label(name)),
            ));
        }
        if !schema.is_null() {
            check(&schema, &Value::Object(call.body.clone()), "", &mut errors);
        }
        if !errors.is_empty() {
            return Err(Refusal::Fields(errors));
        }
        let mut data: Value = serde_json::from_str(self.data).unwrap_or_default();
        repeat(&mut data, &call.body);
        for (asked, told) in self.echo {
            let place = |name: &str| format!("/{}", name.replace('.', "/"));
            let body = Value::Object(call.body.clone());
            if let (Some(asked), Some(told)) =
                (body.pointer(&place(asked)), data.pointer_mut(&place(told)))
            {
                put(told, asked);
            }
        }
        Ok(data.into())
    }
}

/// Puts in members that the request has, too.
fn repeat(data: &mut Value, asked: &Map<String, Value>) {
    for (name, value) in data.as_object_mut().into_iter().flatten() {
        if let Some(asked) = asked.get(name) {
            put(value, asked);
        }
    }
}

/// Puts a value where the example has one, in the form of the example.
fn put(told: &mut Value, asked: &Value) {
    let amount = asked.get("value").unwrap_or(asked);
    let text = amount
        .as_str()
        .map_or_else(|| amount.to_string(), ToOwned::to_owned);
    match told {
        Value::Object(money) if money.contains_key("value") => {
            money.insert("value".to_owned(), json!(text));
        }
        Value::String(told) if !asked.is_object() => *told = text,
        told => *told = asked.clone(),
    }
}

fn label(name: &str) -> String {
    name.replace('_', " ")
}

/// Holds a value to a schema, in the words of the gateway's framework.
fn check(schema: &Value, value: &Value, at: &str, errors: &mut FieldErrors) {
    let kinds: Vec<&str> = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => kind.as_str().into_iter().collect(),
    };
    let is = |kind: &&str| match *kind {
        "string" => value.is_string(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        kind => kind != "null" || value.is_null(),
    };
    let mut fail =
        |what: String| errors.push((at.to_owned(), format!("The {} field {what}.", label(at))));
    if !kinds.is_empty() && !kinds.iter().any(is) {
        let wanted = match kinds[0] {
            "integer" => "an integer",
            "number" => "a number",
            "boolean" => "true or false",
            "array" | "object" => "an array",
            _ => "a string",
        };
        return fail(format!("must be {wanted}"));
    }
    if schema["enum"]
        .as_array()
        .is_some_and(|known| !known.contains(value))
    {
        fail("is invalid".to_owned());
    }
    let size = match value {
        Value::String(text) => Some((text.chars().count() as f64, "Length", " characters")),
        Value::Array(items) => Some((items.len() as f64, "Items", " items")),
        number => number.as_f64().map(|number| (number, "imum", "")),
    };
    if let Some((size, word, unit)) = size {
        if let Some(least) = schema[format!("min{word}")]
            .as_f64()
            .filter(|least| size < *least)
        {
            fail(format!("must be at least {least}{unit}"));
        }
        if let Some(most) = schema[format!("max{word}")]
            .as_f64()
            .filter(|most| size > *most)
        {
            fail(format!("must not be greater than {most}{unit}"));
        }
    }
    if let (Some(pattern), Some(text)) = (schema["pattern"].as_str(), value.as_str())
        && Regex::new(pattern).is_ok_and(|pattern| !pattern.is_match(text))
    {
        fail("format is invalid".to_owned());
    }
    let inner = |name: &str| {
        if at.is_empty() {
            name.to_owned()
        } else {
            format!("{at}.{name}")
        }
    };
    for name in schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if value
            .get(name)
            .is_none_or(|value| value.is_null() || value == "")
        {
            errors.push((
                inner(name),
                format!("The {} field is required.", label(&inner(name))),
            ));
        }
    }
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(value) = value
            .get(name)
            .filter(|value| !value.is_null() && **value != "")
        {
            check(schema, value, &inner(name), errors);
        }
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        check(&schema["items"], item, &inner(&index.to_string()), errors);
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    static INSTANT: Documented = Documented {
        id: "pay_instant",
        method: "POST",
        path: "/api/v2.0/disbursement/instant",
        envelope: "v2",
        signed: true,
        body: r#"{"type": "object", "required": ["reference_number", "amount"], "properties": {
            "reference_number": {"type": "string", "maxLength": 8},
            "amount": {"type": "integer", "minimum": 10000},
            "bank_code": {"type": "string", "pattern": "^[0-9]{3}$"},
            "speed": {"type": "string", "enum": ["fast"]},
            "tags": {"type": "array", "maxItems": 1, "items": {"type": "string"}}}}"#,
        query: &["page"],
        data: r#"{"transaction_id": "T1", "reference_number": "R-0", "bank": {"code": "002"},
            "net_amount": {"currency": "IDR", "value": "1.00"}}"#,
        echo: &[("amount", "net_amount"), ("bank_code", "bank.code")],
    };

    fn call(body: Value, query: &str) -> Call {
        Call {
            params: Vec::new(),
            query: vec![("page".to_owned(), query.to_owned())],
            headers: http::HeaderMap::new(),
            endpoint: String::new(),
            raw: bytes::Bytes::new(),
            body: body.as_object().unwrap().clone(),
            caller: IpAddr::V4(Ipv4Addr::LOCALHOST),
            credential: 0,
        }
    }

    #[test]
    fn an_operation_without_behaviour_answers_its_example_and_repeats_what_was_asked() {
        let body = json!({"reference_number": "R-1", "amount": 25000, "bank_code": "014"});
        let answer = INSTANT.answer(&call(body, "1"));
        let Ok(answer) = answer else {
            panic!("refused")
        };
        let expected = json!({"transaction_id": "T1", "reference_number": "R-1",
            "bank": {"code": "014"}, "net_amount": {"currency": "IDR", "value": "25000"}});
        assert_eq!(answer.data, expected);
        let operation = INSTANT.operation();
        assert_eq!(operation.proof, Proof::Signed(SignatureFailure::Disputed));
        assert!(operation.is_documented_only());
    }

    #[test]
    fn a_request_is_held_to_the_document() {
        let body = json!({"reference_number": "R-1234567", "amount": 5, "bank_code": "BCA",
            "speed": "slow", "tags": ["a", 2]});
        let refusal = INSTANT.answer(&call(body, "1")).err();
        let words = |refusal: Option<Refusal>| {
            let Some(Refusal::Fields(mut errors)) = refusal else {
                panic!("{refusal:?}")
            };
            errors.sort();
            errors.into_iter().map(|(_, what)| what).collect::<Vec<_>>()
        };
        assert_eq!(
            words(refusal),
            [
                "The amount field must be at least 10000.",
                "The bank code field format is invalid.",
                "The reference number field must not be greater than 8 characters.",
                "The speed field is invalid.",
                "The tags field must not be greater than 1 items.",
                "The tags.1 field must be a string.",
            ]
        );
        let refusal = INSTANT.answer(&call(json!({"amount": "1"}), "")).err();
        assert_eq!(
            words(refusal),
            [
                "The amount field must be an integer.",
                "The page field is required.",
                "The reference number field is required.",
            ]
        );
    }
}
