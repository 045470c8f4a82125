use std::fmt;

use bytes::Bytes;
use serde_json::Value;
use singapay_core::AnswerBound;

use crate::{
    error::{EventError, Reason},
    kind::EventKind,
    payload::Payload,
    recognize,
};

/// A report of the gateway: the body of one webhook delivery.
#[derive(Clone)]
pub struct Event {
    pub(crate) kind: EventKind,
    pub(crate) payload: Payload,
    pub(crate) json: Value,
    body: Bytes,
}

impl Event {
    /// Reads the body of a delivery. Verify its signature first: this proves nothing.
    ///
    /// A member that is given twice counts by its last value, as in the gateway's own language.
    ///
    /// # Errors
    ///
    /// The body is not JSON, is nested more than 127 levels deep, is not an object, has more than a
    /// mebibyte, or would take several when it is parsed. The error
    /// keeps the body. Unknown events and missing members are no errors, see [`Payload`].
    pub fn read(body: &[u8]) -> Result<Self, EventError> {
        Self::from_bytes(Bytes::copy_from_slice(body))
    }

    /// As [`read`](Self::read), without a copy of the body.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn from_bytes(body: Bytes) -> Result<Self, EventError> {
        if !AnswerBound::DELIVERY.admits(&body) {
            return Err(EventError::new(Reason::TooLarge, body));
        }
        let json = match serde_json::from_slice::<Value>(&body) {
            Ok(json) if json.is_object() => json,
            Ok(_) => return Err(EventError::new(Reason::NotAnObject, body)),
            Err(error) => return Err(EventError::new(error, body)),
        };
        let kind = recognize::kind_of(&json);
        let payload = Payload::of(kind, &json);
        Ok(Self {
            kind,
            payload,
            json,
            body,
        })
    }

    /// The same, of a body that was written in another way.
    pub(crate) fn with_body(self, body: Bytes) -> Self {
        Self { body, ..self }
    }

    /// Kind of the event, also if its payload cannot be read.
    pub fn kind(&self) -> EventKind {
        self.kind
    }

    /// The name as received, such as `settlement.refunded`; the canonical name of its kind if the
    /// body has none.
    ///
    /// The text of an unknown event is whatever the sender put there.
    pub fn name(&self) -> &str {
        recognize::received_name(&self.json).unwrap_or(self.kind.as_str())
    }

    /// The whole body, typed: root members and `data`.
    pub fn payload(&self) -> &Payload {
        &self.payload
    }

    /// The whole body, typed: root members and `data`.
    pub fn into_payload(self) -> Payload {
        self.payload
    }

    /// The body as JSON, with every member that no type names.
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// The body as it came.
    pub fn body(&self) -> &Bytes {
        &self.body
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("kind", &self.kind)
            .field("payload", &self.payload)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
