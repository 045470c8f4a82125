//! Known exceptions, with the reason for each.

use std::collections::BTreeSet;

/// Kind of payload, part of its title, place (a trailing `*` stands for anything), reason.
type Reason = (&'static str, &'static str, &'static str, &'static str);

const VECTOR: &str = "added to a signature vector to have empty lists in it; no event has it";

const REASONS: &[Reason] = &[
    (
        "response",
        "create_cardless_withdrawal (sample of cardless withdrawals, obsolete",
        "",
        "an answer of an older API: without a status it must not pass as an answer of this one",
    ),
    (
        "response",
        "verify_ewallet_account (sample of identity checks (older generation, flat))",
        "*",
        "an answer of an older API, without the envelope that every answer has now",
    ),
    (
        "success",
        "create_cardless_withdrawal (sample of cardless withdrawals, obsolete",
        "",
        "an answer of an older API; the current operation does not speak this envelope",
    ),
    (
        "success",
        "verify_ewallet_account (sample of identity checks (older generation, flat))",
        "",
        "an answer of an older API, without the envelope that every answer has now",
    ),
    (
        "webhook",
        "dashboard-test",
        "",
        "a text for humans, which has no fields",
    ),
    (
        "webhook",
        "disbursement-2025",
        "/data/fee/name",
        "only the shape of 2025 names the fee; it is kept among the other members of the amount",
    ),
    ("webhook", "disbursement-minimal", "/data/meta", VECTOR),
    ("webhook", "va-transaction-minimal", "/data/items", VECTOR),
    ("webhook", "va-transaction-minimal", "/data/meta", VECTOR),
];

/// Collects findings; each needs a reason, and each reason a finding.
pub(crate) struct Exceptions {
    kind: &'static str,
    used: BTreeSet<usize>,
    explained: BTreeSet<String>,
    unexplained: Vec<String>,
}

impl Exceptions {
    pub(crate) fn of(kind: &'static str) -> Self {
        Self {
            kind,
            used: BTreeSet::new(),
            explained: BTreeSet::new(),
            unexplained: Vec::new(),
        }
    }

    pub(crate) fn found(&mut self, title: &str, place: &str, what: &str) {
        let line = format!("{title} {place}: {what}");
        let reason = REASONS.iter().position(|(kind, part, pattern, _)| {
            *kind == self.kind && title.contains(part) && fits(pattern, place)
        });
        match reason {
            Some(index) => {
                self.used.insert(index);
                self.explained
                    .insert(format!("{line}\n    {}", REASONS[index].3));
            }
            None => self.unexplained.push(line),
        }
    }

    /// The explained findings, one after the other.
    pub(crate) fn end(self) -> String {
        let unexplained = self.unexplained;
        assert!(
            unexplained.is_empty(),
            "no reason for\n{}",
            unexplained.join("\n")
        );
        let unused = REASONS
            .iter()
            .enumerate()
            .filter(|(index, reason)| reason.0 == self.kind && !self.used.contains(index));
        let unused: Vec<_> = unused.map(|(_, reason)| format!("{reason:?}")).collect();
        assert!(unused.is_empty(), "nothing needs\n{}", unused.join("\n"));
        self.explained.into_iter().collect::<Vec<_>>().join("\n")
    }
}

fn fits(pattern: &str, place: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => place.starts_with(start),
        None => place == pattern,
    }
}
