//! Payments that customers make from a wallet.

use serde::{Deserialize, Serialize};

use crate::{customer::PaymentOutcome, status::computed, table::Record, wire_time::At};

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

/// The four that were seen live.
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
    /// The customer's answer in the wallet, which the gateway may not have asked for yet.
    pub(crate) at_vendor: Option<PaymentOutcome>,
    pub(crate) customer_name: Option<String>,
    pub(crate) customer_email: Option<String>,
    pub(crate) customer_phone: Option<String>,
    pub(crate) redirect_url: Option<String>,
    pub(crate) expired_at: At,
    pub(crate) paid_at: Option<At>,
    /// Number of times that the gateway heard from the wallet.
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
