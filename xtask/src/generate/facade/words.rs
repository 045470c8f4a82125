//! Metadata of operations, in sentences.

use crate::{
    generate::spec::Operation,
    metadata::{Effect, Evidence, Reference, Replay},
};

/// Effect of the operation, and of a repetition.
pub(crate) fn effect(operation: &Operation<'_>) -> String {
    let metadata = &operation.metadata;
    let mut text = match metadata.effect {
        Effect::Read => return "Reads only; repeated by itself when the connection fails.".into(),
        Effect::Write => "Changes state, moves no money.",
        Effect::MoneyIn => "Collects money.",
        Effect::MoneyOut => "Pays money out.",
    }
    .to_owned();
    if let Some(Reference { field, replay }) = &metadata.reference {
        let what = match replay {
            Replay::ReturnsOriginal if metadata.effect == Effect::MoneyOut => {
                "is documented to give the original back; that was never seen, so nothing is \
                 repeated by itself"
            }
            Replay::ReturnsOriginal => "gives the original back, so a repetition is safe",
            Replay::RefusedAsDuplicate => {
                "is refused as a duplicate; the original may have succeeded"
            }
            Replay::CreatesAnother => "creates another one",
            Replay::Unknown => "has an unknown effect",
        };
        text += &format!(" A second request with the same `{field}` {what}.");
    }
    if let Some(inquiry) = &metadata.inquiry {
        text += &format!(" What became of it is answered by `{inquiry}`.");
    }
    text
}

/// Evidence for the operation.
pub(crate) fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Live => "Evidence: seen to succeed against the gateway's sandbox.",
        Evidence::LiveGroup => {
            "Evidence: its product was exercised against the gateway's sandbox, this operation not \
             by itself."
        }
        Evidence::LiveRefusal => "Evidence: only refusals have been seen.",
        Evidence::Documented => "Evidence: documented, not seen.",
        Evidence::PeerOnly => "Evidence: known from other clients only.",
    }
}

/// Where the book shows a product, and what runs.
pub(crate) fn shown(product: &str) -> String {
    let (page, example) = match product {
        "payment_links" | "payment_link_histories" => ("payments.md#payment-link", "payment_links"),
        "virtual_accounts" | "va_transactions" => {
            ("payments.md#virtual-account", "virtual_accounts")
        }
        "qris" => ("payments.md#qris", "qris_and_ewallets"),
        "ewallets" => ("payments.md#wallet", "qris_and_ewallets"),
        "cards" => ("payments.md#card", "cards"),
        "plans" => ("subscriptions.md", "subscriptions"),
        "direct_debits" => ("direct-debit.md", "direct_debit"),
        "disbursements" => ("payouts.md", "payouts"),
        "ewallet_topups" | "qris_payouts" | "cardless_withdrawals" => {
            ("payouts.md#other-payouts", "topups_and_withdrawals")
        }
        "account_transfers" => ("payouts.md#other-payouts", "accounts"),
        "bills" => ("bills.md", "bills"),
        "identity" => ("identity.md", "identity"),
        "accounts" | "balances" | "statements" => ("merchants.md", "accounts"),
        _ => return "In the book: `docs/book/src/operations.md`.".into(),
    };
    format!(
        "In the book: `docs/book/src/{page}`; to run: `cargo run -p singapay --example {example}`."
    )
}
