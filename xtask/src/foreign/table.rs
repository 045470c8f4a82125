//! The table of outcomes.

use super::{Outcome, Row};

/// Reasons that are printed of each document.
const REASONS: usize = 6;

/// The table, the reasons below it, and the sum.
pub(super) fn text(rows: &[Row]) -> String {
    let mut text =
        String::from("| Document | KB | OpenAPI | Operations | Outcome |\n|---|---|---|---|---|\n");
    for row in rows {
        let (name, openapi, operations) = (&row.name, &row.openapi, row.operations);
        let (size, word) = (row.size.div_ceil(1000), word(row));
        text += &format!("| {name} | {size} | {openapi} | {operations} | {word} |\n");
    }
    for row in rows {
        match &row.outcome {
            Outcome::Generated { .. } if row.changes.is_empty() => {}
            Outcome::Generated { .. } => {
                let changes = row.changes.iter();
                let changes = changes.map(|(rule, count)| format!("{rule} {count}"));
                let changes = changes.collect::<Vec<_>>().join(", ");
                text += &format!("\n{}: {changes}\n", row.name);
            }
            Outcome::Refused(findings) => {
                text += &format!("\n{} is refused:\n", row.name);
                for finding in findings.iter().take(REASONS) {
                    text += &format!("  - {finding}\n");
                }
                if findings.len() > REASONS {
                    text += &format!("  and {} more\n", findings.len() - REASONS);
                }
            }
            Outcome::Uncompilable(errors) => {
                text += &format!("\n{} does not compile:\n{errors}\n", row.name);
            }
        }
    }
    let generated = rows.iter().filter(|row| row.is_generated()).count();
    text += &format!("\n{generated} of {} generated\n", rows.len());
    text
}

fn word(row: &Row) -> String {
    match &row.outcome {
        Outcome::Generated { lines, checked } => {
            let word = if *checked { "compiles" } else { "generated" };
            format!("{word}, {lines} lines")
        }
        Outcome::Refused(findings) if row.is_in_order() => {
            format!("refused, {} places", findings.len())
        }
        Outcome::Refused(_) => "refused without a place".to_owned(),
        Outcome::Uncompilable(_) => "does not compile".to_owned(),
    }
}
