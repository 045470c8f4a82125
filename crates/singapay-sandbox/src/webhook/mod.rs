//! Webhooks: what is announced, how it is signed, and how often it is tried.

mod body;
mod delivery;
mod retry;
mod sender;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(crate) use body::{event_id, v1};
pub(crate) use delivery::Delivery;
pub use delivery::{DeliveryAttempt, DeliveryReport, DeliveryState};
pub(crate) use sender::Sender;

use crate::state::{Due, Record, World};

/// The notification address fields of the dashboard (fact sheet 05, A.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WebhookKind {
    /// Money in: virtual account, QRIS, payment link, e-wallet.
    Transaction,
    /// Money out: disbursement, e-wallet top-up, QRIS issuer.
    Disbursement,
    /// A customer picked a method on a payment link.
    PaymentLinkInquiry,
    /// Unpaid attempts that expired.
    TransactionExpiration,
    /// Payment links, virtual accounts and QR codes past their end.
    ProductExpiration,
    /// Collected money that became available, and what was taken back of it.
    Settlement,
    /// Direct debit: bindings and charges.
    DirectDebit,
    /// Subscriptions: charges, and plans that ended.
    SubscriptionCycle,
}

impl WebhookKind {
    /// All kinds that the sandbox sends.
    pub const ALL: &[Self] = &[
        Self::Transaction,
        Self::Disbursement,
        Self::PaymentLinkInquiry,
        Self::TransactionExpiration,
        Self::ProductExpiration,
        Self::Settlement,
        Self::DirectDebit,
        Self::SubscriptionCycle,
    ];

    /// Name of the field in the dashboard.
    pub fn field(self) -> &'static str {
        match self {
            Self::Transaction => "transaction_notif_url",
            Self::Disbursement => "disbursement_notif_url",
            Self::PaymentLinkInquiry => "payment_link_inquiry_notif_url",
            Self::TransactionExpiration => "transaction_expiration_notif_url",
            Self::ProductExpiration => "product_expiration_notif_url",
            Self::Settlement => "settlement_notif_url",
            Self::DirectDebit => "direct_debit_notif_url",
            Self::SubscriptionCycle => "subscription_cycle_notif_url",
        }
    }

    /// The kind with this dashboard field name, with or without `_notif_url`.
    pub fn from_field(field: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| {
            kind.field() == field || kind.field().strip_suffix("_notif_url") == Some(field)
        })
    }
}

/// Queues a delivery if the credential has an address for it; an empty field means none is sent.
pub(crate) fn announce(
    world: &mut World,
    credential: Option<u64>,
    kind: WebhookKind,
    subject: &str,
    body: &Value,
) {
    let Some(row) = credential else { return };
    let Some(url) = world
        .credentials
        .get(row)
        .and_then(|c| c.webhooks.get(&kind))
        .cloned()
    else {
        return;
    };
    let delivery = Delivery::new(row, kind, url, subject, body, world.now);
    queue(world, delivery);
}

fn queue(world: &mut World, delivery: Delivery) {
    let row = world.deliveries.insert(delivery);
    world.schedule(world.now, Due::Delivery(row));
    delivery::forget_old(world);
}

/// What the dashboard's test button sends: no event, a string for data, no signature (seen live).
pub(crate) fn press_test_button(world: &mut World, kind: WebhookKind) -> bool {
    let Some(row) = world.default_credential() else {
        return false;
    };
    let Some(url) = world
        .credentials
        .get(row)
        .and_then(|c| c.webhooks.get(&kind))
        .cloned()
    else {
        return false;
    };
    let body = json!({"status": 200, "success": true, "data": "VA Payment Notification testing"});
    let mut delivery = Delivery::new(row, kind, url, "", &body, world.now);
    delivery.is_test = true;
    queue(world, delivery);
    true
}

/// Queues a delivery of the log once more.
pub(crate) fn replay(world: &mut World, row: u64) -> bool {
    let Some(delivery) = world
        .deliveries
        .get(row)
        .map(|delivery| delivery.again(world.now))
    else {
        return false;
    };
    queue(world, delivery);
    true
}

/// Signed by the credential that owns the account (seen live).
pub(crate) fn announce_money_in(world: &mut World, account: Option<u64>, body: &Value) {
    let owner = account.and_then(|account| world.credential_of(account));
    announce(world, owner, WebhookKind::Transaction, "", body);
}

impl Record for Delivery {
    const TABLE: &'static str = "delivery";

    fn keys(&self) -> Vec<String> {
        Vec::new()
    }
}
