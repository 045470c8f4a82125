//! Everything of one delivery, for whoever looks into it.

use serde_json::{Map, Value, json};

use super::delivery::endpoint;
use crate::{mask, state::World};

/// A receiver's answer, which may be a page about its mistake.
fn told(answer: &[u8]) -> Option<String> {
    let text = || String::from_utf8_lossy(answer).into_owned();
    (!answer.is_empty()).then(|| mask::json(answer).unwrap_or_else(text))
}

/// The delivery with its body as it was sent, the headers of its last attempt, and what each attempt was answered
/// with. `None` when the log does not hold it.
pub(crate) fn detail(world: &World, row: u64) -> Option<Value> {
    let delivery = world.deliveries.get(row)?;
    let mut headers = Map::new();
    if let Some(credential) = world.credentials.get(delivery.credential) {
        headers.insert("X-PARTNER-ID".to_owned(), json!(credential.partner_id));
    }
    if let Some(signed) = &delivery.signed {
        for (name, value) in [
            ("X-Timestamp", signed.timestamp.clone()),
            ("X-Signature", signed.signature.clone()),
            // Made up for this delivery, and opens nothing.
            ("Authorization", format!("Bearer {}", signed.token)),
        ] {
            headers.insert(name.to_owned(), json!(value));
        }
    }
    let answers: Vec<Option<String>> = (0..delivery.attempts.len())
        .map(|at| told(delivery.answers.get(at)?.as_ref()?))
        .collect();
    let mut detail = json!(delivery.report(row));
    detail["url"] = json!(delivery.url);
    detail["endpoint"] = json!(endpoint(&delivery.url));
    detail["headers"] = json!(headers);
    detail["body"] = json!(delivery.body);
    detail["answers"] = json!(answers);
    Some(detail)
}
