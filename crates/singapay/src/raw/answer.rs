//! Answer to a raw request.

use std::ops::Deref;

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use singapay_core::{
    envelope::{self, Enveloped, Page, V1},
    operation::{Effect, Envelope},
};

use crate::response::Exchange;

/// JSON that no type describes: the `data` of an answer, or all of an answer without an envelope.
///
/// Derefs to [`serde_json::Value`]. `Debug` shows nothing of it: it may hold personal data.
///
/// In use: `crates/singapay/tests/raw.rs`.
#[derive(Clone, PartialEq)]
pub struct RawData(Value);

impl RawData {
    pub(crate) fn new(value: Value) -> Self {
        Self(value)
    }

    /// The value itself.
    pub fn into_value(self) -> Value {
        self.0
    }
}

impl Deref for RawData {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0
    }
}

closed_debug!(RawData);

/// An answer of any shape.
pub(crate) struct Loose {
    data: Option<Value>,
    page: Option<Page>,
}

impl Enveloped for Loose {
    type Data = Value;

    fn into_data(self) -> Option<Value> {
        self.data
    }

    fn page(&self) -> Option<&Page> {
        self.page.as_ref()
    }
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let V1 { data, .. } = V1::<Value>::deserialize(deserializer)?;
        Ok(Self { data, page: None })
    }
}

/// Reads a success. A payout with no or empty data, or without an envelope that says it succeeded, is
/// none.
pub(crate) fn read(exchange: &Exchange) -> Option<Loose> {
    let (operation, body) = (exchange.operation, &exchange.answer.body);
    let pays_out = operation.effect == Effect::MoneyOut;
    if body.is_empty() {
        let data = (!pays_out).then_some(Value::Null);
        return Some(Loose { data, page: None });
    }
    let shape = match operation.envelope {
        Envelope::Any => envelope::detect(body)?,
        shape => shape,
    };
    if shape == Envelope::Flat {
        let whole = serde_json::from_slice(body).ok()?;
        let data = (!pays_out || operation.envelope == Envelope::Flat).then_some(whole);
        return Some(Loose { data, page: None });
    }
    let answer: V1<Value> = serde_json::from_slice(body).ok()?;
    let page = answer.page().cloned();
    let data = answer
        .data
        .filter(|data| !(data.is_null() || pays_out && is_empty(data)));
    let data = data.or_else(|| (!pays_out).then_some(Value::Null));
    Some(Loose { data, page })
}

/// True for the values that PHP writes where there is nothing at all.
fn is_empty(data: &Value) -> bool {
    match data {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}
