//! Payment links and the attempts to pay them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Cause, CustomerError, Record, World, sweep::computed};
use crate::{webhook, wire_time, wire_time::At};

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

/// One attempt to pay a link ("history").
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct LinkAttempt {
    pub(crate) link: u64,
    pub(crate) account: u64,
    pub(crate) reff_no: String,
    pub(crate) method: String,
    pub(crate) method_value: String,
    /// A JSON text, for retail outlets.
    pub(crate) additional: Option<String>,
    pub(crate) amount: i64,
    pub(crate) status: String,
    pub(crate) payment_date: Option<At>,
    pub(crate) balance_after: Option<i64>,
    pub(crate) customer: Customer,
    pub(crate) expired_at: At,
    pub(crate) created_at: At,
    pub(crate) updated_at: At,
}

/// What the customer typed into the hosted page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Customer {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) phone: String,
}

impl Record for LinkAttempt {
    const TABLE: &'static str = "payment_link_history";

    fn keys(&self) -> Vec<String> {
        vec![self.reff_no.clone()]
    }
}

impl World {
    /// Every check has been made.
    pub(crate) fn open_link(&mut self, link: PaymentLink) -> u64 {
        self.sweep_after(link.expired_at);
        self.links.insert(link)
    }

    /// Where the customer pays a link.
    pub(crate) fn payment_url(&self, reff_no: &str) -> String {
        let encoded: String = form_urlencoded::byte_serialize(reff_no.as_bytes()).collect();
        format!("{}/b2b/{encoded}", self.settings.base_url)
    }

    /// The customer picks a method on the hosted page.
    pub(crate) fn start_attempt(
        &mut self,
        link_row: u64,
        method: Option<&str>,
        customer: Customer,
    ) -> Result<u64, CustomerError> {
        let now = self.now;
        let link = self
            .links
            .get(link_row)
            .ok_or_else(|| CustomerError::Unknown(link_row.to_string()))?
            .clone();
        match link.status_computed(now) {
            "open" => {}
            other => return Err(CustomerError::NotOpen(other.to_owned())),
        }
        let asked = match method {
            Some(method) => method,
            None => link.whitelist.first().map_or("QRIS", String::as_str),
        };
        // In either spelling, because an answer tells the echoed one.
        let method = link
            .whitelist
            .iter()
            .map(String::as_str)
            .find(|code| *code == asked || echoed(code) == asked)
            .ok_or_else(|| CustomerError::MethodNotOffered(asked.to_owned()))?;
        let time = wire_time::compact_time(now);
        let reff_no = format!("{link_row:03}{time}{}", self.random.digits(9));
        let method_value = match method {
            // The reference once more, and payment codes of an outlet's own (seen live).
            "NICEPAY_CARD" => reff_no.clone(),
            "ALFAMART" => format!("2117{}", self.random.digits(11)),
            "INDOMARET" => format!("1117{}", self.random.digits(11)),
            _ => self.random.digits(16),
        };
        let outlet = METHODS
            .iter()
            .any(|(code, _, g)| *code == method && *g == "offline_store");
        let additional = outlet.then(|| {
            let partner_reff = format!("{time}{link_row:06}");
            json!({"retail_code": method, "partner_reff": partner_reff}).to_string()
        });
        let customer = if customer == Customer::default() {
            link.customer
        } else {
            customer
        };
        let expired_at = now.plus(self.settings.delays.link_attempt);
        let row = self.attempts.insert(LinkAttempt {
            link: link_row,
            account: link.account,
            reff_no,
            method: method.to_owned(),
            method_value,
            additional,
            amount: link.total_amount,
            status: "pending".to_owned(),
            payment_date: None,
            balance_after: None,
            customer,
            expired_at,
            created_at: now,
            updated_at: now,
        });
        self.sweep_after(Some(expired_at));
        webhook::announce_link_inquiry(self, row);
        Ok(row)
    }

    /// The customer pays the attempt.
    pub(crate) fn pay_attempt(&mut self, row: u64) -> Result<(), CustomerError> {
        let now = self.now;
        let unknown = || CustomerError::Unknown(row.to_string());
        let attempt = self.attempts.get(row).ok_or_else(unknown)?.clone();
        if attempt.status != "pending" {
            return Err(CustomerError::AlreadyDecided(attempt.status));
        }
        let link = self.links.get(attempt.link).ok_or_else(unknown)?;
        if link.status_computed(now) != "open" {
            return Err(CustomerError::NotOpen(link.status_computed(now).to_owned()));
        }
        let merchant_reff_no = link.reff_no.clone();
        let fee = self.settings.fees.payment_link;
        self.collect(
            attempt.account,
            attempt.amount,
            fee,
            Cause {
                transaction_id: &attempt.reff_no,
                merchant_reff_no: Some(&merchant_reff_no),
                kind: "payment-link",
            },
        );
        let balance = self
            .accounts
            .get(attempt.account)
            .map(super::Account::balance);
        if let Some(attempt) = self.attempts.get_mut(row) {
            attempt.status = "paid".to_owned();
            attempt.payment_date = Some(now);
            attempt.updated_at = now;
            attempt.balance_after = balance;
        }
        if let Some(link) = self.links.get_mut(attempt.link) {
            link.current_usage += 1;
            link.payment_date = Some(now);
            link.updated_at = now;
            if link.max_usage > 0 && link.current_usage >= link.max_usage {
                link.status = "closed".to_owned();
            }
        }
        webhook::announce_link_payment(self, row);
        Ok(())
    }
}
