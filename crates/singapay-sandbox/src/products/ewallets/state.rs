//! Payments that customers make from a wallet.

use serde::{Deserialize, Serialize};

use super::webhook;
use crate::{
    audit::Books,
    state::{Cause, CustomerError, PaymentOutcome, Record, World, computed},
    wire_time::At,
};

/// A wallet that customers pay from.
pub(crate) struct Wallet {
    pub(crate) code: &'static str,
    /// Sends the customer to a page; otherwise to a push message on the phone.
    pub(crate) has_page: bool,
    /// Begin of the link into the wallet's app.
    pub(crate) app: Option<&'static str>,
    /// `payment_channel` once paid. DANA's ends in an underscore (seen live).
    pub(crate) channel: &'static str,
}

const fn wallet(
    code: &'static str,
    has_page: bool,
    app: Option<&'static str>,
    channel: &'static str,
) -> Wallet {
    Wallet {
        code,
        has_page,
        app,
        channel,
    }
}

/// Fact sheet 03, section 5.0.1, seen live.
pub(crate) const WALLETS: [Wallet; 4] = [
    wallet("EWALLET_DANA", true, None, "BALANCE_"),
    wallet("EWALLET_OVO", false, None, "OVO"),
    wallet(
        "EWALLET_GOPAY",
        true,
        Some("gojek://gopay/merchanttransfer?tref="),
        "GOPAY",
    ),
    wallet(
        "EWALLET_SHOPEEPAY",
        true,
        Some("shopeepayid://checkout/"),
        "SHOPEEPAY",
    ),
];

/// One payment from a wallet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct EwalletPayment {
    pub(crate) account: u64,
    pub(crate) reff_no: String,
    pub(crate) merchant_reff_no: Option<String>,
    pub(crate) vendor: String,
    pub(crate) vendor_reference_no: String,
    pub(crate) amount: i64,
    pub(crate) fee: i64,
    /// `open`, `success`, `failed` or `expired`. Stays open until the gateway hears otherwise.
    pub(crate) status: String,
    /// What the wallet knows and the gateway has not asked for.
    pub(crate) at_vendor: Option<PaymentOutcome>,
    pub(crate) customer_name: Option<String>,
    pub(crate) customer_email: Option<String>,
    pub(crate) customer_phone: Option<String>,
    pub(crate) redirect_url: Option<String>,
    pub(crate) expired_at: At,
    pub(crate) paid_at: Option<At>,
    /// How often the gateway heard from the wallet.
    pub(crate) events: u64,
    pub(crate) created_at: At,
    pub(crate) updated_at: At,
}

impl EwalletPayment {
    pub(crate) fn is_expired(&self, now: At) -> bool {
        self.expired_at <= now
    }

    pub(crate) fn status_computed(&self, now: At) -> &str {
        computed(&self.status, self.is_expired(now))
    }

    pub(crate) fn wallet(&self) -> &'static Wallet {
        let found = WALLETS.iter().find(|wallet| wallet.code == self.vendor);
        found.unwrap_or(&WALLETS[0])
    }
}

impl Record for EwalletPayment {
    const TABLE: &'static str = "ewallet_payment";

    fn keys(&self) -> Vec<String> {
        vec![self.reff_no.clone()]
    }
}

impl World {
    /// A payment by its number or reference.
    pub(crate) fn ewallet_row(&self, payment: &str) -> Option<u64> {
        let by_number = payment.parse().ok();
        by_number
            .filter(|row| self.ewallet_payments.get(*row).is_some())
            .or_else(|| self.ewallet_payments.row_of(payment))
    }

    /// The customer answers in the wallet. The gateway hears of success at once; of a failure only
    /// when it asks (seen live).
    pub(crate) fn pay_ewallet(
        &mut self,
        row: u64,
        outcome: PaymentOutcome,
    ) -> Result<(), CustomerError> {
        let now = self.now;
        let payment = self
            .ewallet_payments
            .get_mut(row)
            .ok_or_else(|| CustomerError::Unknown(row.to_string()))?;
        match payment.status_computed(now) {
            "open" => {}
            other => return Err(CustomerError::CannotBePaid(other.to_owned())),
        }
        if let Some(decided) = payment.at_vendor {
            let word = match decided {
                PaymentOutcome::Paid => "paid",
                PaymentOutcome::Failed | PaymentOutcome::Expired => "failed",
            };
            return Err(CustomerError::AlreadyDecided(word.to_owned()));
        }
        if outcome == PaymentOutcome::Expired {
            return Ok(());
        }
        payment.at_vendor = Some(outcome);
        if outcome == PaymentOutcome::Paid && !self.settings.quirks.ewallets_wait_for_inquiry {
            self.ask_wallet(row);
        }
        Ok(())
    }

    /// What the gateway learns when it asks the wallet about an open payment.
    pub(crate) fn ask_wallet(&mut self, row: u64) {
        let now = self.now;
        let Some(payment) = self.ewallet_payments.get(row) else {
            return;
        };
        if payment.status != "open" {
            return;
        }
        let status = match payment.at_vendor {
            Some(PaymentOutcome::Paid) => "success",
            Some(_) => "failed",
            None if !payment.is_expired(now) => return,
            // A push that nobody confirmed fails (seen live).
            None if !payment.wallet().has_page => "failed",
            None => "expired",
        };
        let heard = u64::from(payment.at_vendor.is_some());
        let Some(payment) = self.ewallet_payments.get_mut(row) else {
            return;
        };
        payment.status = status.to_owned();
        payment.events += heard;
        payment.updated_at = now;
        if status != "success" {
            return;
        }
        payment.paid_at = Some(now);
        let payment = payment.clone();
        let cause = Cause {
            transaction_id: &payment.reff_no,
            merchant_reff_no: payment.merchant_reff_no.as_deref(),
            kind: "ewallet",
        };
        self.collect(payment.account, payment.amount, payment.fee, cause);
        webhook::announce_ewallet_payment(self, row);
    }
}

pub(super) fn audit(world: &World, books: &mut Books) {
    let payments = world.ewallet_payments.values();
    for payment in payments.filter(|payment| payment.status == "success") {
        books.paid.push((payment.reff_no.clone(), payment.amount));
    }
}
