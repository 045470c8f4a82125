//! Payment links and the attempts to pay them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{status::computed, table::Record, wire_time::At};

/// Codes a link may offer, with name and group (the sandbox's list of August 2026).
pub(crate) const METHODS: [(&str, &str, &str); 20] = [
    ("NICEPAY_CARD", "Credit Card", "card"),
    ("EWALLET_DANA", "DANA", "ewallet"),
    ("EWALLET_GOPAY", "GoPay", "ewallet"),
    ("EWALLET_OVO", "OVO", "ewallet"),
    ("EWALLET_SHOPEEPAY", "ShopeePay", "ewallet"),
    ("ALFAMART", "Alfamart (Linkqu)", "offline_store"),
    ("INDOMARET", "Indomaret (Linkqu)", "offline_store"),
    ("QRIS", "QRIS", "qris"),
    ("VA_BCA", "VA BCA", "va"),
    ("VA_BNC", "VA BNC", "va"),
    ("VA_BNI", "VA BNI", "va"),
    ("VA_BRI", "VA BRI", "va"),
    ("VA_BSI", "VA BSI", "va"),
    ("VA_CIMB", "VA CIMB", "va"),
    ("VA_DANAMON", "VA Danamon", "va"),
    ("VA_MANDIRI", "VA Mandiri", "va"),
    ("VA_MAYBANK", "VA Maybank", "va"),
    ("VA_MUAMALAT", "VA Muamalat", "va"),
    ("VA_OCBC", "VA OCBC", "va"),
    ("VA_PERMATA", "VA Permata", "va"),
];

/// Alfamart comes back in its vendor's spelling (seen live); how Indomaret does is unknown.
pub(crate) fn echoed(code: &str) -> &str {
    if code == "ALFAMART" {
        "RETAIL_ALFAMART_LINKQU"
    } else {
        code
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Item {
    pub(crate) name: String,
    pub(crate) quantity: i64,
    /// May be negative: a discount.
    pub(crate) unit_price: i64,
}

impl Item {
    pub(crate) fn subtotal(&self) -> i64 {
        self.quantity.saturating_mul(self.unit_price)
    }
}

/// A payment link; both API versions read and write the same record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PaymentLink {
    pub(crate) account: u64,
    pub(crate) reff_no: String,
    pub(crate) title: String,
    pub(crate) description: Option<String>,
    /// `api v1` or `api v2`.
    pub(crate) source: String,
    /// Stored status: expiry alone never changes it (seen live).
    pub(crate) status: String,
    pub(crate) required_customer_detail: bool,
    pub(crate) required_customer_number: Option<bool>,
    pub(crate) required_customer_email: Option<bool>,
    /// 0 = no limit.
    pub(crate) max_usage: i64,
    pub(crate) current_usage: i64,
    pub(crate) expired_at: Option<At>,
    /// That it is past its end was announced.
    #[serde(default)]
    pub(crate) end_was_told: bool,
    pub(crate) total_amount: i64,
    pub(crate) items: Vec<Item>,
    pub(crate) whitelist: Vec<String>,
    /// Version 2 calls it `success_redirect_url`.
    pub(crate) redirect_url: Option<String>,
    pub(crate) expired_redirect_url: Option<String>,
    /// Details given by the merchant.
    pub(crate) customer: Customer,
    pub(crate) optional_metadata: Map<String, Value>,
    pub(crate) payment_date: Option<At>,
    pub(crate) created_at: At,
    pub(crate) updated_at: At,
}

impl PaymentLink {
    pub(crate) fn is_expired(&self, now: At) -> bool {
        self.expired_at.is_some_and(|at| at <= now)
    }

    pub(crate) fn status_computed(&self, now: At) -> &str {
        computed(&self.status, self.is_expired(now))
    }
}

impl Record for PaymentLink {
    const TABLE: &'static str = "payment_link";

    fn keys(&self) -> Vec<String> {
        vec![self.reff_no.clone()]
    }
}

/// A customer, as typed into the hosted page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Customer {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) phone: String,
}
