//! Code, message and field errors of a refusal, whatever shape it has.

use std::fmt;

use http::StatusCode;
use serde_json::{Map, Value};

use crate::{
    codes::{Reason, meaning, pad},
    operation::{Envelope, Host},
    reading::Reading,
    tolerant,
};

/// Bounds of what is collected, so that a hostile body costs no more than its length.
const MAX_FIELDS: usize = 256;
const MAX_DEPTH: usize = 8;
const MAX_NAME_BYTES: usize = 256;

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
    /// `success`, of v1 answers; `true` contradicts whatever made this a refusal.
    pub success: Option<bool>,
    /// The gateway's code: `SP018`, `4019900`, `04`, `CLIENT_ERROR`, `422`. Biller codes are padded.
    pub code: Option<String>,
    /// The gateway's text, sometimes meant for the payer; may name accounts or addresses.
    pub message: Option<String>,
    /// Errors by request field; at most 256.
    pub fields: Vec<FieldError>,
}

/// An error that the gateway finds in one request field.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The field, dotted where it is nested.
    pub field: String,
    /// The texts; at least one.
    pub messages: Vec<String>,
}

impl FieldError {
    /// One text about one field, for example found by a check on this side.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            messages: vec![message.into()],
        }
    }
}

impl Refusal {
    /// Reads an answer's status and body.
    pub fn parse(status: StatusCode, body: &[u8]) -> Self {
        match serde_json::from_slice(body) {
            Ok(Value::Object(body)) => Self::of(status, Some(&body)),
            _ => Self::of(status, None),
        }
    }

    /// The same of a body that was parsed already; `None` if it is no JSON object.
    pub(crate) fn of(status: StatusCode, body: Option<&Map<String, Value>>) -> Self {
        let mut refusal = Self {
            status,
            envelope: None,
            success: None,
            code: None,
            message: None,
            fields: Vec::new(),
        };
        if let Some(body) = body {
            refusal.read(body);
        }
        refusal
    }

    /// The gateway's code, unless it only repeats an HTTP status, as the v1 envelope does.
    pub fn business_code(&self) -> Option<&str> {
        self.code
            .as_deref()
            .filter(|code| !self.repeats_status(code))
    }

    /// True if a code of this answer says no more than an HTTP status does.
    pub(crate) fn repeats_status(&self, code: &str) -> bool {
        code == self.status.as_str()
            || self.envelope == Some(Envelope::V1)
                && code.len() == 3
                && code.bytes().all(|byte| byte.is_ascii_digit())
    }

    fn read(&mut self, body: &Map<String, Value>) {
        let reading = Reading::of(body);
        let envelope = reading.envelope();
        self.envelope = Some(envelope);
        self.success = reading.success;
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
                self.collect("", errors, MAX_DEPTH);
            }
        }
        // The biller's field map is `data` itself, with dotted names.
        let invalid = |code| meaning(Host::Biller, code) == Some(Reason::Validation);
        if envelope == Envelope::Biller
            && (self.status == StatusCode::UNPROCESSABLE_ENTITY
                || self.code.as_deref().is_some_and(invalid))
            && self.fields.is_empty()
            && let Some(data) = data
        {
            self.collect_members("", data, MAX_DEPTH);
        }
    }

    /// Collects `{field: text}`, `{field: [texts]}`, nested fields, and `[{field, message}]`.
    fn collect(&mut self, field: &str, value: &Value, depth: usize) {
        if depth == 0 || self.fields.len() >= MAX_FIELDS {
            return;
        }
        match value {
            Value::Object(members) => self.collect_members(field, members, depth),
            Value::Array(items) => {
                for item in items {
                    match (item, field) {
                        (Value::Object(item), "") if item.contains_key("message") => {
                            let name = text(item, "field").unwrap_or_default();
                            self.add(&name, text(item, "message"));
                        }
                        _ => self.collect(field, item, depth - 1),
                    }
                }
            }
            scalar => self.add(field, tolerant::text_of(scalar.clone())),
        }
    }

    fn collect_members(&mut self, field: &str, members: &Map<String, Value>, depth: usize) {
        for (name, value) in members {
            if field.is_empty() {
                self.collect(cut(name), value, depth - 1);
            } else {
                self.collect(cut(&format!("{field}.{}", cut(name))), value, depth - 1);
            }
        }
    }

    fn add(&mut self, field: &str, message: Option<String>) {
        let Some(message) = message.filter(|message| !message.is_empty()) else {
            return;
        };
        if let Some(last) = self.fields.last_mut()
            && last.field == field
        {
            last.messages.push(message);
        } else if self.fields.len() < MAX_FIELDS {
            let field = cut(field).to_owned();
            self.fields.push(FieldError {
                field,
                messages: vec![message],
            });
        }
    }
}

/// The name, or as much of it as is kept.
fn cut(name: &str) -> &str {
    let mut end = name.len().min(MAX_NAME_BYTES);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
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

#[cfg(test)]
mod tests;
