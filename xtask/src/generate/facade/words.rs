//! Metadata of operations, in sentences.

use crate::{
    generate::spec::Operation,
    metadata::{Effect, Evidence, Reference, Replay},
};

/// Product, page of the book and example of each line.
const PAGES: &str = include_str!("../../../templates/pages.txt");

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
    let mut rows = PAGES.lines();
    let row = rows.find_map(|row| row.strip_prefix(product)?.strip_prefix(' '));
    match row.and_then(|row| row.split_once(' ')) {
        Some((page, example)) => format!(
            "In the book: `docs/book/src/{page}`; to run: `cargo run -p singapay --example {example}`."
        ),
        _ => "In the book: `docs/book/src/operations.md`.".into(),
    }
}
