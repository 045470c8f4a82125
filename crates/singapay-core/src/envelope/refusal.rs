//! What a refusal says, whatever shape it has.

use std::fmt;

use http::StatusCode;
use serde_json::{Map, Value};

use super::{Peek, peek, peek::pad};
use crate::{operation::Envelope, tolerant};

/// Code, message and field errors of an answer that is no success.
///
/// Reading one never fails: HTML, an empty body and a truncated one give a refusal that knows only
/// its status. Debug shows no text of the gateway.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// HTTP status.
    pub status: StatusCode,
    /// Envelope that the body has; `None` if the body is no JSON object.
    pub envelope: Option<Envelope>,
    /// The gateway's code: `SP018`, `4019900`, `04`, `CLIENT_ERROR`, `422`. Biller codes are padded.
    pub code: Option<String>,
    /// The gateway's text, sometimes meant for the payer; may name accounts or addresses.
    pub message: Option<String>,
    /// Errors by request field.
    pub fields: Vec<FieldError>,
}

/// What the gateway holds against one request field.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The field, dotted where it is nested.
    pub field: String,
    /// The texts; at least one.
    pub messages: Vec<String>,
}

impl Refusal {
    /// Reads an answer's status and body.
    pub fn parse(status: StatusCode, body: &[u8]) -> Self {
        let mut refusal = Self {
            status,
            envelope: None,
            code: None,
            message: None,
            fields: Vec::new(),
        };
        let Ok(Value::Object(body_map)) = serde_json::from_slice(body) else {
            return refusal;
        };
        let envelope = peek(body).as_ref().map_or(Envelope::Flat, Peek::envelope);
        refusal.envelope = Some(envelope);
        refusal.read(envelope, &body_map);
        refusal
    }

    fn read(&mut self, envelope: Envelope, body: &Map<String, Value>) {
        let error = body.get("error");
        let error_map = error.and_then(Value::as_object);
        let data = body.get("data").and_then(Value::as_object);

        self.code = text(body, "response_code")
            .or_else(|| text(error_map?, "code"))
            .or_else(|| text(body, "code"))
            .map(|code| {
                if envelope == Envelope::Biller {
                    pad(&code)
                } else {
                    code
                }
            });
        self.message = text(body, "response_message")
            .or_else(|| text(body, "response_text"))
            .or_else(|| text(error_map?, "message"))
            .or_else(|| text(body, "message"))
            .or_else(|| error.and_then(Value::as_str).map(str::to_owned))
            .or_else(|| text(data?, "message"));

        for place in [error_map, data, Some(body)] {
            if let Some(errors) = place.and_then(|place| place.get("errors")) {
                self.collect("", errors);
            }
        }
        let rejected =
            self.status == StatusCode::UNPROCESSABLE_ENTITY || self.code.as_deref() == Some("04");
        if envelope == Envelope::Biller
            && rejected
            && self.fields.is_empty()
            && let Some(data) = body.get("data")
        {
            self.collect("", data);
        }
    }

    /// Collects `field: text`, `field: [texts]`, nested fields, and `[{field, message}]`.
    fn collect(&mut self, field: &str, value: &Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    if field.is_empty() {
                        self.collect(name, value);
                    } else {
                        self.collect(&format!("{field}.{name}"), value);
                    }
                }
            }
            Value::Array(items) => {
                for item in items {
                    match item.as_object() {
                        Some(item) if field.is_empty() => {
                            let name = text(item, "field").unwrap_or_default();
                            if let Some(message) = text(item, "message") {
                                self.add(&name, message);
                            }
                        }
                        _ => self.collect(field, item),
                    }
                }
            }
            Value::String(message) if message.is_empty() => {}
            scalar => {
                if let Some(message) = tolerant::text_of(scalar.clone()) {
                    self.add(field, message);
                }
            }
        }
    }

    fn add(&mut self, field: &str, message: String) {
        match self.fields.last_mut() {
            Some(last) if last.field == field => last.messages.push(message),
            _ => self.fields.push(FieldError {
                field: field.to_owned(),
                messages: vec![message],
            }),
        }
    }
}

fn text(map: &Map<String, Value>, name: &str) -> Option<String> {
    map.get(name)
        .cloned()
        .and_then(tolerant::text_of)
        .filter(|text| !text.is_empty())
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusal")
            .field("status", &self.status.as_u16())
            .field("envelope", &self.envelope)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldError").finish_non_exhaustive()
    }
}
