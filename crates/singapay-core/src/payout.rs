//! State of a payout, as answers and webhooks report it.
//!
//! In the book: `docs/book/src/payouts.md#without-a-store`.

crate::open_enum! {
    /// State of a payout. [`is_final`](Self::is_final) says which end it.
    pub enum TransactionStatusCode {
        /// `00`: success. The money has moved.
        Success = "00",
        /// `01`: initiated. Accepted; nothing has been paid yet.
        Initiated = "01",
        /// `02`: paying. The bank or wallet is asked just now.
        Paying = "02",
        /// `03`: pending. Waiting for the bank or wallet.
        Pending = "03",
        /// `04`: refunded. The money has come back.
        Refunded = "04",
        /// `05`: canceled. Ended before it was paid.
        Canceled = "05",
        /// `06`: failed. The answer has `failed_code` and `failed_reason`.
        Failed = "06",
        /// `07`: not found. The bank or wallet does not know the payout.
        NotFound = "07",
    }
}

impl TransactionStatusCode {
    /// True if the payout has ended: all but initiated, paying and pending. Only
    /// [`Success`](Self::Success) means paid. A value that this version does not know ends nothing.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Success | Self::Refunded | Self::Canceled | Self::Failed | Self::NotFound => true,
            Self::Initiated | Self::Paying | Self::Pending | Self::Other(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_ends_are_final() {
        let ends = |code: &str| TransactionStatusCode::other(code).is_final();
        for code in ["00", "04", "05", "06", "07"] {
            assert!(ends(code), "{code}");
        }
        for code in ["01", "02", "03", "08", "", "0"] {
            assert!(!ends(code), "{code}");
        }
    }
}
