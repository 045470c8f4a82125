//! One webhook on its way: its turn, its signature, and its place in the log.

use super::record::{Delivery, DeliveryState, SignedHeaders};
use crate::{state::World, verify};

/// Ended deliveries that the log keeps; older ones are forgotten.
const KEPT: usize = 1_000;

/// All that the sender needs.
pub(crate) struct Envelope {
    pub(crate) url: String,
    pub(crate) body: String,
    pub(crate) partner_id: String,
    pub(crate) signed: Option<SignedHeaders>,
}

/// True while something else is told first. Only first attempts wait, and for nothing but first
/// attempts: a receiver that fails holds nobody up for longer than one answer takes.
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
pub(super) fn endpoint(url: &str) -> String {
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
}
