//! One webhook on its way, and the log of those that were sent.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use singapay_core::Timestamp;

use super::WebhookKind;
use crate::{state::World, verify, wire_time::At};

/// Ended deliveries that the log keeps; older ones are forgotten.
const KEPT: usize = 1_000;

/// Where a delivery stands.
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
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DeliveryAttempt {
    /// Unix milliseconds on the sandbox's clock.
    pub at_millis: i64,
    /// Status of the answer, if there was one.
    pub status: Option<u16>,
}

/// What the log tells about a delivery. No header and no secret is in it.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct DeliveryReport {
    /// Number in the log.
    pub id: u64,
    /// The address field that it was sent to.
    pub kind: WebhookKind,
    /// Value of `event`.
    pub event: String,
    /// Where it stands.
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
    /// What it tells of: the first attempts for one subject go out in the order of the events.
    #[serde(default)]
    pub(crate) subject: String,
    /// The dashboard's test button signs nothing and is tried once.
    pub(crate) is_test: bool,
    signed: Option<SignedHeaders>,
}

/// The three headers that only make sense together.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SignedHeaders {
    pub(crate) timestamp: String,
    pub(crate) token: String,
    pub(crate) signature: String,
}

/// All that the sender needs.
pub(crate) struct Envelope {
    pub(crate) url: String,
    pub(crate) body: String,
    pub(crate) partner_id: String,
    pub(crate) signed: Option<SignedHeaders>,
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
        }
    }

    /// The same once more, to be signed anew.
    pub(super) fn again(&self, now: At) -> Self {
        Self {
            state: DeliveryState::Waiting,
            attempts: Vec::new(),
            next_at: now,
            signed: None,
            ..self.clone()
        }
    }

    /// Whether it has not been tried at all.
    fn is_new(&self) -> bool {
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
    /// When it was made, on the sandbox's clock.
    pub fn at(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.at_millis)
    }
}

/// Whether something is told first. Only first attempts wait, and for nothing but first attempts: a
/// receiver that fails holds nobody up for longer than one answer takes.
pub(super) fn has_to_wait(world: &World, row: u64) -> bool {
    let Some(delivery) = world.deliveries.get(row).filter(|d| d.is_new()) else {
        return false;
    };
    let mut earlier = world
        .deliveries
        .iter()
        .take_while(|(other, _)| *other < row);
    !delivery.subject.is_empty()
        && earlier.any(|(_, other)| other.is_new() && other.subject == delivery.subject)
}

/// Signs a delivery for its next attempt; a retry may go out with the first attempt's signature.
pub(super) fn prepare(world: &mut World, row: u64) -> Option<Envelope> {
    let delivery = world.deliveries.get(row)?;
    let credential = world.credentials.get(delivery.credential)?;
    let partner_id = credential.partner_id.clone();
    let signed = match &delivery.signed {
        _ if delivery.is_test => None,
        Some(signed) if world.settings.quirks.retries_keep_signature => Some(signed.clone()),
        _ => {
            let secret = credential.client_secret.clone();
            let endpoint = endpoint(&delivery.url);
            let long_lists = world.settings.quirks.long_lists_become_objects;
            let hash = verify::body_hash(delivery.body.as_bytes(), long_lists);
            let timestamp = world.now.seconds().to_string();
            let token = world.random.token(40);
            let signature =
                verify::request_signature(&secret, "POST", &endpoint, &token, &hash, &timestamp);
            Some(SignedHeaders {
                timestamp,
                token,
                signature,
            })
        }
    };
    let delivery = world.deliveries.get_mut(row)?;
    delivery.signed.clone_from(&signed);
    Some(Envelope {
        url: delivery.url.clone(),
        body: delivery.body.clone(),
        partner_id,
        signed,
    })
}

/// Path and query of an address, as they are signed.
fn endpoint(url: &str) -> String {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after_scheme
        .find(['/', '?'])
        .map_or("", |at| &after_scheme[at..]);
    let path = path.split('#').next().unwrap_or("");
    if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{path}")
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

/// Keeps the log bounded; a delivery that still has attempts ahead is never dropped.
pub(super) fn forget_old(world: &mut World) {
    let surplus = world.deliveries.len().saturating_sub(KEPT);
    let ended = |d: &Delivery| d.state != DeliveryState::Waiting;
    let rows: Vec<u64> = world
        .deliveries
        .iter()
        .filter(|(_, delivery)| ended(delivery))
        .map(|(row, _)| row)
        .take(surplus)
        .collect();
    for row in rows {
        world.deliveries.remove(row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signed_endpoint_is_path_and_query() {
        assert_eq!(
            endpoint("http://127.0.0.1:9/hooks/singapay?s=1#x"),
            "/hooks/singapay?s=1"
        );
        assert_eq!(endpoint("http://127.0.0.1:9"), "/");
        assert_eq!(endpoint("http://127.0.0.1:9?s=1"), "/?s=1");
    }

    #[test]
    fn bodies_are_escaped_as_php_does() {
        assert_eq!(
            php_json(&serde_json::json!("a/b é😀")),
            r#""a\/b \u00e9\ud83d\ude00""#
        );
    }
}
