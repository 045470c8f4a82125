//! Webhooks: what is announced, how it is signed, and how often it is tried.

mod body;
mod delivery;
mod direct_debit;
mod money_in;
mod plan;
mod retry;
mod sender;
mod settlement;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::state::{Due, Payout, Record, Swept, World};

pub(crate) use delivery::Delivery;
pub use delivery::{DeliveryAttempt, DeliveryReport, DeliveryState};
pub(crate) use direct_debit::{DebitEvent, announce_binding, announce_debit};
pub(crate) use plan::{PlanEvent, announce_plan};
pub(crate) use sender::Sender;
pub(crate) use settlement::SettlementEvent;

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
fn announce(
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

/// Money out is signed by the merchant's Default credential, whoever made the call (seen live).
pub(crate) fn announce_payout(world: &mut World, payout: &Payout) {
    let body = body::payout(world, payout);
    let default = world.default_credential();
    let subject = &payout.transaction_id;
    announce(world, default, WebhookKind::Disbursement, subject, &body);
}

pub(crate) fn announce_link_payment(world: &mut World, attempt: u64) {
    if let Some(body) = body::link_payment(world, attempt) {
        tell_of_attempt(world, attempt, WebhookKind::Transaction, &body);
    }
}

pub(crate) fn announce_link_inquiry(world: &mut World, attempt: u64) {
    if let Some(body) = body::link_inquiry(world, attempt) {
        tell_of_attempt(world, attempt, WebhookKind::PaymentLinkInquiry, &body);
    }
}

/// The channel that the customer picked arrives before the payment, always (seen live).
fn tell_of_attempt(world: &mut World, attempt: u64, kind: WebhookKind, body: &Value) {
    let Some(attempt) = world.attempts.get(attempt) else {
        return;
    };
    let (owner, subject) = (
        world.credential_of(attempt.account),
        attempt.reff_no.clone(),
    );
    announce(world, owner, kind, &subject, body);
}

/// A transfer to a virtual account; only one that was paid is announced.
pub(crate) fn announce_va_payment(world: &mut World, transaction: u64) {
    let Some(body) = money_in::va_payment(world, transaction) else {
        return;
    };
    let account = world.va_transactions.get(transaction).map(|t| t.account);
    announce_money_in(world, account, &body);
}

pub(crate) fn announce_qris_payment(world: &mut World, code: u64) {
    let Some(body) = money_in::qris_payment(world, code) else {
        return;
    };
    let account = world.qris_codes.get(code).map(|c| c.account);
    announce_money_in(world, account, &body);
}

pub(crate) fn announce_ewallet_payment(world: &mut World, payment: u64) {
    let Some(body) = money_in::ewallet_payment(world, payment) else {
        return;
    };
    let account = world.ewallet_payments.get(payment).map(|p| p.account);
    announce_money_in(world, account, &body);
}

/// Signed by the credential that owns the account (seen live).
fn announce_money_in(world: &mut World, account: Option<u64>, body: &Value) {
    let owner = account.and_then(|account| world.credential_of(account));
    announce(world, owner, WebhookKind::Transaction, "", body);
}

/// The sweep is signed by the Default credential (seen live).
pub(crate) fn announce_expiry(world: &mut World, swept: &Swept) {
    let body = body::expiry(world, swept);
    let default = world.default_credential();
    announce(
        world,
        default,
        WebhookKind::TransactionExpiration,
        "",
        &body,
    );
}

/// Documented, and never seen: links and virtual accounts left past their end stayed silent.
pub(crate) fn announce_product_expiry(world: &mut World, swept: &Swept) {
    if world.settings.quirks.products_expire_silently {
        return;
    }
    let body = body::product_expiry(world, swept);
    let default = world.default_credential();
    announce(world, default, WebhookKind::ProductExpiration, "", &body);
}

/// Which credential is told is unknown; here as for the payments that it settles.
pub(crate) fn announce_settlement(world: &mut World, row: u64, event: SettlementEvent) {
    let Some((account, body)) = settlement::body(world, row, event) else {
        return;
    };
    let owner = world.credential_of(account);
    let subject = format!("settlement {row}");
    announce(world, owner, WebhookKind::Settlement, &subject, &body);
}

impl Record for Delivery {
    const TABLE: &'static str = "delivery";

    fn keys(&self) -> Vec<String> {
        Vec::new()
    }
}
