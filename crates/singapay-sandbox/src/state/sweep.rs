//! The periodic sweep of unpaid attempts past their time. Wallets are not part of it (seen live).

use super::{Due, World};
use crate::{webhook, wire_time::At};

/// Rows that one sweep found, by product. A QR code is attempt and product in one.
#[derive(Debug, Default)]
pub(crate) struct Swept {
    pub(crate) attempts: Vec<u64>,
    pub(crate) va_transactions: Vec<u64>,
    pub(crate) qris_codes: Vec<u64>,
    pub(crate) links: Vec<u64>,
    pub(crate) virtual_accounts: Vec<u64>,
}

impl World {
    /// A sweep comes by some time after this.
    pub(crate) fn sweep_after(&mut self, end: Option<At>) {
        if let Some(end) = end {
            self.schedule(end.plus(self.settings.delays.expiry_sweep), Due::Sweep);
        }
    }

    /// Ends what is past its time, and tells it in one webhook.
    pub(super) fn sweep(&mut self) {
        let now = self.now;
        let attempts = self.attempts.iter();
        let va_transactions = self.va_transactions.iter();
        let qris_codes = self.qris_codes.iter();
        let links = self.links.iter();
        let virtual_accounts = self.virtual_accounts.iter();
        let swept = Swept {
            attempts: attempts
                .filter(|(_, a)| a.status == "pending" && a.expired_at <= now)
                .map(|(row, _)| row)
                .collect(),
            va_transactions: va_transactions
                .filter(|(_, t)| t.waits() && t.expires_at <= now)
                .map(|(row, _)| row)
                .collect(),
            qris_codes: qris_codes
                .filter(|(_, code)| code.status == "open" && code.is_expired(now))
                .map(|(row, _)| row)
                .collect(),
            links: links
                .filter(|(_, link)| link.status_computed(now) == "expired" && !link.end_was_told)
                .map(|(row, _)| row)
                .collect(),
            virtual_accounts: virtual_accounts
                .filter(|(_, va)| va.is_past_its_end(now) && !va.end_was_told)
                .map(|(row, _)| row)
                .collect(),
        };
        for row in &swept.attempts {
            if let Some(attempt) = self.attempts.get_mut(*row) {
                attempt.status = "expired".to_owned();
                attempt.updated_at = now;
            }
        }
        for row in &swept.va_transactions {
            self.end_va(*row, "expired");
        }
        for row in &swept.qris_codes {
            if let Some(code) = self.qris_codes.get_mut(*row) {
                code.status = "expired".to_owned();
                code.updated_at = now;
            }
        }
        // The product itself never changes (seen live), only that it was told of.
        for row in &swept.links {
            if let Some(link) = self.links.get_mut(*row) {
                link.end_was_told = true;
            }
        }
        for row in &swept.virtual_accounts {
            if let Some(va) = self.virtual_accounts.get_mut(*row) {
                va.end_was_told = true;
            }
        }
        let any = |products: [&Vec<u64>; 3]| products.iter().any(|rows| !rows.is_empty());
        if any([&swept.attempts, &swept.va_transactions, &swept.qris_codes]) {
            webhook::announce_expiry(self, &swept);
        }
        if any([&swept.links, &swept.virtual_accounts, &swept.qris_codes]) {
            webhook::announce_product_expiry(self, &swept);
        }
    }
}

/// Status as a reader sees it: what is open past its expiry has expired, whatever is stored.
pub(super) fn computed(stored: &str, expired: bool) -> &str {
    if stored == "open" && expired {
        "expired"
    } else {
        stored
    }
}
