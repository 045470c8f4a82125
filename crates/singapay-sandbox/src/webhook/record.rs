//! The log of webhooks.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use singapay_core::Timestamp;

use super::kind::WebhookKind;
use crate::{table::Record, wire_time::At};

/// State of a delivery.
///
/// Given by [`Sandbox::deliveries`](crate::Sandbox::deliveries).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryState {
    /// Waiting for its first or next attempt.
    Waiting,
    /// Answered with a 2xx status.
    Delivered,
    /// The last allowed attempt failed.
    GivenUp,
}

/// One attempt to deliver.
///
/// Given by [`Sandbox::deliveries`](crate::Sandbox::deliveries).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DeliveryAttempt {
    /// Unix milliseconds on the sandbox's clock.
    pub at_millis: i64,
    /// Status of the answer, if there was one.
    pub status: Option<u16>,
}

/// A delivery as the log tells it. No header and no secret is in it.
///
/// Given by [`Sandbox::deliveries`](crate::Sandbox::deliveries).
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct DeliveryReport {
    /// Number in the log.
    pub id: u64,
    /// The address field that it was sent to.
    pub kind: WebhookKind,
    /// Value of `event`.
    pub event: String,
    /// State.
    pub state: DeliveryState,
    /// Attempts so far, oldest first.
    pub attempts: Vec<DeliveryAttempt>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Delivery {
    pub(crate) credential: u64,
    pub(crate) kind: WebhookKind,
    pub(crate) event: String,
    pub(crate) url: String,
    pub(crate) body: String,
    pub(crate) state: DeliveryState,
    pub(crate) attempts: Vec<DeliveryAttempt>,
    pub(crate) next_at: At,
    /// Its subject: the first attempts for one subject go out in the order of the events.
    #[serde(default)]
    pub(crate) subject: String,
    /// The dashboard's test button signs nothing and is tried once.
    pub(crate) is_test: bool,
    pub(super) signed: Option<SignedHeaders>,
    /// What each attempt was answered with, as far as this process knows.
    #[serde(skip)]
    pub(super) answers: Vec<Option<Bytes>>,
}

/// The three headers that only make sense together.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SignedHeaders {
    pub(crate) timestamp: String,
    pub(crate) token: String,
    pub(crate) signature: String,
}

impl Delivery {
    pub(super) fn new(
        credential: u64,
        kind: WebhookKind,
        url: String,
        subject: &str,
        body: &Value,
        now: At,
    ) -> Self {
        Self {
            credential,
            kind,
            event: body["event"].as_str().unwrap_or_default().to_owned(),
            url,
            body: php_json(body),
            state: DeliveryState::Waiting,
            attempts: Vec::new(),
            next_at: now,
            subject: subject.to_owned(),
            is_test: false,
            signed: None,
            answers: Vec::new(),
        }
    }

    /// The same once more, to be signed anew.
    pub(super) fn again(&self, now: At) -> Self {
        Self {
            state: DeliveryState::Waiting,
            attempts: Vec::new(),
            next_at: now,
            signed: None,
            answers: Vec::new(),
            ..self.clone()
        }
    }

    /// True until it was tried.
    pub(super) fn is_new(&self) -> bool {
        self.state == DeliveryState::Waiting && self.attempts.is_empty()
    }

    pub(crate) fn report(&self, id: u64) -> DeliveryReport {
        DeliveryReport {
            id,
            kind: self.kind,
            event: self.event.clone(),
            state: self.state,
            attempts: self.attempts.clone(),
        }
    }
}

impl DeliveryAttempt {
    /// Time at which it was made, on the sandbox's clock.
    pub fn at(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.at_millis)
    }
}

impl Record for Delivery {
    const TABLE: &'static str = "delivery";

    fn keys(&self) -> Vec<String> {
        Vec::new()
    }
}

/// PHP's default `json_encode`: slashes and everything beyond ASCII escaped.
fn php_json(value: &Value) -> String {
    let mut out = String::new();
    for c in value.to_string().chars() {
        match c {
            '/' => out.push_str("\\/"),
            c if c.is_ascii() => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_escaped_as_php_does() {
        assert_eq!(
            php_json(&serde_json::json!("a/b é😀")),
            r#""a\/b \u00e9\ud83d\ude00""#
        );
    }
}
