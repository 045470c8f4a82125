//! Outcomes of transfers, chosen by the first four digits of the account
//! number (14 transfers, seen live, and not what the dashboard says).

use std::time::Duration;

use crate::{banks::Bank, payouts::PayoutOutcome, settings::Settings};

pub(super) fn decide(
    bank: &Bank,
    account_number: &str,
    settings: &Settings,
) -> (PayoutOutcome, Duration) {
    let (soon, late) = (settings.delays.payout, settings.delays.slow_payout);
    if !settings.quirks.outcome_by_account_prefix {
        return (PayoutOutcome::Success, soon);
    }
    let failed = |reason: &str| PayoutOutcome::Failed {
        reason: reason.to_owned(),
    };
    let fits = bank
        .digits
        .is_none_or(|digits| digits == account_number.len());
    match account_number.get(..4).filter(|_| fits) {
        Some("1000" | "1002" | "1006" | "1007" | "1008" | "4000") => (PayoutOutcome::Success, soon),
        Some("1001") => (
            failed("Account validation failed: ACCOUNT-Bad Request"),
            soon,
        ),
        Some("1003") => (
            failed("Account validation failed: ACCOUNT-Insufficient Funds"),
            soon,
        ),
        // Names another bank than the one that was paid to, as the gateway does.
        Some("1004") => (
            failed("[Bank: PERMATA] Account validation failed: ACCOUNT-INTERNAL_SERVER_ERROR"),
            late,
        ),
        Some("1005") => (
            failed("Invalid beneficiary account: ACCOUNT-Invalid Account"),
            late,
        ),
        _ => (PayoutOutcome::Never, soon),
    }
}
