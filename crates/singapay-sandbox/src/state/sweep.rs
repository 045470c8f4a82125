//! The periodic sweep of unpaid attempts past their time. Wallets are not part of it (seen live).

use super::World;
use crate::webhook;

/// Rows that one sweep found, by product.
#[derive(Debug, Default)]
pub(crate) struct Swept {
    pub(crate) attempts: Vec<u64>,
    pub(crate) va_transactions: Vec<u64>,
    pub(crate) qris_codes: Vec<u64>,
}

impl World {
    /// Ends what is past its time, and tells it in one webhook.
    pub(super) fn sweep(&mut self) {
        let now = self.now;
        let attempts = self.attempts.iter();
        let va_transactions = self.va_transactions.iter();
        let qris_codes = self.qris_codes.iter();
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
        let products = [&swept.attempts, &swept.va_transactions, &swept.qris_codes];
        if products.into_iter().any(|rows| !rows.is_empty()) {
            webhook::announce_expiry(self, &swept);
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
