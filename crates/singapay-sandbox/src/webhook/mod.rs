//! Webhooks: what is announced, how it is signed, and how often it is tried.

mod address;
mod body;
mod chaos;
mod delivery;
mod detail;
pub(crate) mod kind;
pub(crate) mod record;
mod retry;
mod sender;

use serde_json::{Value, json};

pub(crate) use address::check_url;
pub(crate) use body::{event_id, v1};
pub use chaos::Chaos;
pub(crate) use chaos::Reign;
pub(crate) use detail::detail;
pub use kind::WebhookKind;
pub use record::{DeliveryAttempt, DeliveryReport, DeliveryState};
pub(crate) use sender::Sender;

use crate::state::{Due, World};
use record::Delivery;

/// Queues a delivery if the credential has an address for it; an empty field means none is sent.
pub(crate) fn announce(
    world: &mut World,
    credential: Option<u64>,
    kind: WebhookKind,
    subject: &str,
    body: &Value,
) {
    let Some(row) = credential else { return };
    let Some(url) = address(world, row, kind) else {
        return;
    };
    let delivery = Delivery::new(row, kind, url, subject, body, world.now);
    for delivery in chaos::spread(world, delivery) {
        queue(world, delivery);
    }
}

/// The credential's address for this kind.
fn address(world: &World, credential: u64, kind: WebhookKind) -> Option<String> {
    let credential = world.credentials.get(credential)?;
    credential.webhooks.get(&kind).cloned()
}

fn queue(world: &mut World, delivery: Delivery) {
    let at = delivery.next_at;
    let row = world.deliveries.insert(delivery);
    world.schedule(at, Due::Delivery(row));
    delivery::forget_old(world);
}

/// Does as the dashboard's test button: no event, a string for data, no signature (seen live).
pub(crate) fn press_test_button(world: &mut World, kind: WebhookKind) -> bool {
    let Some(row) = world.default_credential() else {
        return false;
    };
    let Some(url) = address(world, row, kind) else {
        return false;
    };
    let body = json!({"status": 200, "success": true, "data": "VA Payment Notification testing"});
    let mut delivery = Delivery::new(row, kind, url, "", &body, world.now);
    delivery.is_test = true;
    queue(world, delivery);
    true
}

/// Queues a delivery of the log once more, to the address that its kind has now; to its old one where there is none.
pub(crate) fn replay(world: &mut World, row: u64) -> bool {
    let Some(delivery) = world.deliveries.get(row) else {
        return false;
    };
    let mut again = delivery.again(world.now);
    if let Some(url) = address(world, again.credential, again.kind) {
        again.url = url;
    }
    queue(world, again);
    true
}

/// Signed by the credential that owns the account (seen live).
pub(crate) fn announce_money_in(world: &mut World, account: Option<u64>, body: &Value) {
    let owner = account.and_then(|account| world.credential_of(account));
    announce(world, owner, WebhookKind::Transaction, "", body);
}
