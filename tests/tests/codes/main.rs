//! The table of codes: held against what the sandbox did, and the one place where codes stand.

#![allow(clippy::unwrap_used)]

mod literals;
mod runs;
mod staged;

use singapay_core::{
    Judgement, Reason,
    codes::{CODES, Code, Only, Proof},
    operation::Host,
};

use runs::Run;

/// The table's claim about a run, if the sandbox did otherwise.
fn complaint(table: &[Code], run: &Run) -> Option<String> {
    let judgement = Judgement::by(table, run.operation, &run.request, &run.answer, false);
    let (proof, reason) = match judgement.failure() {
        None => (Proof::Accepted, None),
        Some(failure) => (failure.proof, failure.reason),
    };
    let is_wrong = match proof {
        Proof::Accepted => !run.happened,
        Proof::Refused => run.happened || run.known,
        Proof::Duplicate => !run.known,
        Proof::Nothing => run.told,
    };
    (is_wrong || reason != run.reason).then(|| format!("{run:?}: {proof:?}, {reason:?}"))
}

fn complaints(table: &[Code], runs: &[Run]) -> Vec<String> {
    let all = runs.iter();
    all.filter_map(|run| complaint(table, run)).collect()
}

/// Everything that could be wrong with a row.
fn wrong(row: &Code) -> Vec<Option<Code>> {
    let with = |change: &dyn Fn(&mut Code)| {
        let mut row = *row;
        change(&mut row);
        Some(row)
    };
    let others = [
        Proof::Accepted,
        Proof::Refused,
        Proof::Duplicate,
        Proof::Nothing,
    ];
    let mut wrong: Vec<_> = others
        .into_iter()
        .filter(|proof| *proof != row.proof)
        .map(|proof| {
            with(&|wrong| {
                // A success has no meaning, and everything else has one.
                wrong.reason = match proof {
                    Proof::Accepted => None,
                    _ => row.reason.or(Some(Reason::OutcomeUnknown)),
                };
                wrong.proof = proof;
            })
        })
        .collect();
    if row.reason.is_some() {
        wrong.push(with(&|wrong| {
            wrong.reason = Some(match row.reason {
                Some(Reason::Unauthorized) => Reason::SignatureRefused,
                _ => Reason::Unauthorized,
            });
        }));
    }
    if !matches!(row.only, Only::All) {
        wrong.push(with(&|wrong| wrong.only = Only::All));
    }
    wrong.push(with(&|wrong| {
        wrong.host = match row.host {
            Host::Payment => Host::Biller,
            Host::Biller | Host::Identity => Host::Payment,
        };
    }));
    wrong.push(None);
    wrong
}

#[tokio::test]
async fn a_wrong_line_in_the_table_is_seen() {
    let runs = runs::all().await;
    assert_eq!(complaints(CODES, &runs), [] as [String; 0]);
    let mut unseen = Vec::new();
    for (at, row) in CODES.iter().enumerate() {
        for planted in wrong(row) {
            let mut table = CODES.to_vec();
            match planted {
                Some(planted) => table[at] = planted,
                None => drop(table.remove(at)),
            }
            if complaints(&table, &runs).is_empty() {
                unseen.push(format!("{planted:?} in place of {row:?}"));
            }
        }
    }
    let advice = "stage the code in staged.rs, apart from the table";
    assert_eq!(unseen, [] as [String; 0], "{advice}");
}
