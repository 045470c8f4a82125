//! Settings of a sandbox: fees, delays, strictness, measured quirks.

use std::{net::IpAddr, time::Duration};

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

/// Fees, in whole rupiah unless named otherwise. Those that were not seen live are plausible.
///
/// In the book: `docs/book/src/testing.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Fees {
    /// Bank transfer, on top of the amount (1,000 seen live).
    pub disbursement: i64,
    /// E-wallet top-up, on top of the amount.
    pub ewallet_topup: i64,
    /// QRIS payment credit, on top of the amount.
    pub qris_payout: i64,
    /// Cardless withdrawal, the gateway's margin.
    pub cardless_margin: i64,
    /// Cardless withdrawal, the vendor's part.
    pub cardless_vendor: i64,
    /// Payment link, taken from the collected amount (1,800 vendor and 1,200 margin seen live).
    pub payment_link: i64,
    /// Card payment, taken from the collected amount.
    pub card: i64,
    /// Direct debit, taken from the collected amount.
    pub direct_debit: i64,
    /// Payment to a virtual account, taken from the collected amount (2,500 seen live).
    pub virtual_account: i64,
    /// QR code, taken from the collected amount; in hundredths of a percent of it.
    pub qris_basis_points: i64,
    /// One identity check, taken from the balance for them.
    pub identity_check: i64,
    /// Payment from a wallet, taken from the collected amount; in hundredths of a percent of it.
    pub ewallet_basis_points: i64,
}

impl Fees {
    /// The gateway's own part of a fee; the rest is the vendor's. Two fifths, as in the one fee that
    /// was seen live (1,200 of 3,000) and in the documented settlement (2,000 of 5,000).
    pub(crate) fn margin(fee: i64) -> i64 {
        fee * 2 / 5
    }
}

impl Default for Fees {
    fn default() -> Self {
        Self {
            disbursement: 1_000,
            ewallet_topup: 1_000,
            qris_payout: 500,
            cardless_margin: 1_500,
            cardless_vendor: 6_500,
            payment_link: 3_000,
            card: 3_000,
            direct_debit: 2_500,
            virtual_account: 2_500,
            qris_basis_points: 150,
            identity_check: 1_000,
            ewallet_basis_points: 150,
        }
    }
}

/// Durations on the sandbox's clock.
///
/// In the book: `docs/book/src/testing.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Delays {
    /// Money out, from acceptance to its final state.
    #[serde(deserialize_with = "seconds")]
    pub payout: Duration,
    /// The payouts that fail slowly (7 to 10 minutes seen live).
    #[serde(deserialize_with = "seconds")]
    pub slow_payout: Duration,
    /// Collected money, from pending to available.
    #[serde(deserialize_with = "seconds")]
    pub settlement: Duration,
    /// Lifetime of a v1.1 token (60 h documented).
    #[serde(deserialize_with = "seconds")]
    pub token_v1_1: Duration,
    /// Lifetime of a v1.0 token.
    #[serde(deserialize_with = "seconds")]
    pub token_v1_0: Duration,
    /// Between two attempts to deliver a webhook (one minute documented).
    #[serde(deserialize_with = "seconds")]
    pub webhook_retry: Duration,
    /// Lifetime of one attempt to pay a payment link.
    #[serde(deserialize_with = "seconds")]
    pub link_attempt: Duration,
    /// Lifetime of a transfer to a virtual account that the customer began and did not finish.
    #[serde(deserialize_with = "seconds")]
    pub va_attempt: Duration,
    /// Lifetime of a wallet payment whose request names no end (30 min documented).
    #[serde(deserialize_with = "seconds")]
    pub ewallet_checkout: Duration,
    /// From an attempt's expiry to the sweep that reports it (54 s to 3.5 min seen live).
    #[serde(deserialize_with = "seconds")]
    pub expiry_sweep: Duration,
    /// Lifetime of the one-time code of a cardless withdrawal.
    #[serde(deserialize_with = "seconds")]
    pub cardless_code: Duration,
    /// Time that a customer has to bind a card (10 to 15 minutes documented).
    #[serde(deserialize_with = "seconds")]
    pub binding_page: Duration,
    /// Until a card payment without a page has succeeded (seconds seen live).
    #[serde(deserialize_with = "seconds")]
    pub card: Duration,
    /// Until the bank confirms a direct-debit charge or the end of a binding.
    #[serde(deserialize_with = "seconds")]
    pub direct_debit: Duration,
    /// Lifetime of the one-time code of a direct-debit charge.
    #[serde(deserialize_with = "seconds")]
    pub debit_code: Duration,
    /// Time for which a biller inquiry can be paid.
    #[serde(deserialize_with = "seconds")]
    pub bill_inquiry: Duration,
    /// From a pending bill payment to its end.
    #[serde(deserialize_with = "seconds")]
    pub bill: Duration,
}

impl Default for Delays {
    fn default() -> Self {
        Self {
            payout: Duration::from_secs(2),
            slow_payout: Duration::from_secs(8 * 60),
            settlement: Duration::from_secs(3600),
            token_v1_1: Duration::from_secs(216_000),
            token_v1_0: Duration::from_secs(3600),
            webhook_retry: Duration::from_secs(60),
            link_attempt: Duration::from_secs(24 * 3600),
            va_attempt: Duration::from_secs(24 * 3600),
            ewallet_checkout: Duration::from_secs(30 * 60),
            expiry_sweep: Duration::from_secs(60),
            cardless_code: Duration::from_secs(30 * 60),
            binding_page: Duration::from_secs(15 * 60),
            card: Duration::from_secs(2),
            direct_debit: Duration::from_secs(2),
            debit_code: Duration::from_secs(5 * 60),
            bill_inquiry: Duration::from_secs(3600),
            bill: Duration::from_secs(10),
        }
    }
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_secs)
}

/// Spellings of list metadata; every one of them is documented somewhere, so a client must read
/// them all.
///
/// In the book: `docs/book/src/testing.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PageStyle {
    /// `pagination` with `perPage`, `currentPage`, `totalPages`.
    #[default]
    Camel,
    /// `pagination` with `per_page`, `current_page`, `total_pages`.
    Snake,
    /// `meta.pagination`, in snake case.
    MetaPagination,
    /// `meta`, an empty PHP array.
    EmptyMeta,
    /// No metadata at all.
    Absent,
}

/// Behaviour measured on the real sandbox that may be in the way. The defaults let everything work.
///
/// In the book: `docs/book/src/testing.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Quirks {
    /// QRIS payment credit always answers SP019: the product is not provisioned in the real
    /// sandbox (seen live).
    pub qris_not_provisioned: bool,
    /// E-wallet inquiry and top-up answer SP010 for the documented wallet 085733347341.
    pub documented_wallet_unreachable: bool,
    /// Cardless create answers a bare HTTP 500 to every valid request.
    pub cardless_create_fails: bool,
    /// Version 2 of check-beneficiary answers SP014 to everything.
    pub check_beneficiary_v2_not_found: bool,
    /// The payout's outcome follows the first four digits of the bank account number; numbers
    /// outside the table stay pending for ever. Off: every payout succeeds.
    pub outcome_by_account_prefix: bool,
    /// Field errors of version 2 are plain strings instead of lists of strings.
    pub v2_errors_as_text: bool,
    /// The code-less 403 instead of SP403 for an account that needs its own credential.
    pub access_denied_without_code: bool,
    /// Webhook retries keep the first attempt's time and signature (it arrived 305 s late once).
    pub retries_keep_signature: bool,
    /// A webhook answered 401 is sent nine more times (seen live) instead of five (documented).
    pub nine_retries_after_401: bool,
    /// A wrong signature on a bank or account transfer is SP016 (missing headers: SP018) instead of
    /// `4019900`: the code table says the one, the pages on signatures the other, nobody has seen it.
    pub disputed_signatures_are_sp016: bool,
    /// Products that expire are told of by no webhook (seen live) instead of one (documented).
    pub products_expire_silently: bool,
    /// Lists of eleven or more become objects before they are hashed, as literal PHP does.
    pub long_lists_become_objects: bool,
    /// Card payments per day and account before SP001 "daily transaction limit".
    pub card_daily_limit: Option<u32>,
    /// E-wallet and QRIS times are Unix milliseconds, as in disbursement, instead of ISO 8601.
    pub payout_times_in_millis: bool,
    /// A paid wallet payment stays open, and without a webhook, until its status is inquired.
    pub ewallets_wait_for_inquiry: bool,
    /// Empty objects are written as `[]`, as PHP does with an empty array.
    pub empty_maps_are_lists: bool,
    /// A beneficiary that the bank does not know is an SP000 answer with status `invalid` instead
    /// of SP014; both are described for version 2 of check-beneficiary.
    pub invalid_beneficiary_is_an_answer: bool,
    /// Place and spelling of the page metadata of lists.
    pub pages: PageStyle,
}

impl Quirks {
    /// An object, or what PHP makes of an empty one when told to.
    pub(crate) fn map(&self, map: Map<String, Value>) -> Value {
        if map.is_empty() && self.empty_maps_are_lists {
            return json!([]);
        }
        Value::Object(map)
    }
}

impl Default for Quirks {
    fn default() -> Self {
        Self {
            qris_not_provisioned: false,
            documented_wallet_unreachable: false,
            cardless_create_fails: false,
            check_beneficiary_v2_not_found: false,
            outcome_by_account_prefix: true,
            v2_errors_as_text: false,
            access_denied_without_code: false,
            retries_keep_signature: true,
            nine_retries_after_401: true,
            disputed_signatures_are_sp016: false,
            products_expire_silently: false,
            long_lists_become_objects: false,
            card_daily_limit: None,
            payout_times_in_millis: false,
            ewallets_wait_for_inquiry: false,
            empty_maps_are_lists: false,
            invalid_beneficiary_is_an_answer: false,
            pages: PageStyle::Camel,
        }
    }
}

/// Everything that can be set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    pub(crate) fees: Fees,
    pub(crate) delays: Delays,
    pub(crate) quirks: Quirks,
    /// Addresses that may call; anyone when empty.
    pub(crate) allowed_ips: Vec<IpAddr>,
    /// E-mail addresses of the merchant's registered members.
    pub(crate) members: Vec<String>,
    /// Address of this sandbox, without a trailing slash.
    pub(crate) base_url: String,
}
