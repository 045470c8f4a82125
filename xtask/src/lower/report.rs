//! The lowering report: every change, with its place and its rule.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashSet},
};

use serde_json::{Value, json};

use super::Profile;
use crate::document::Pointer;

/// One change that lowering made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The rule that made it.
    pub rule: &'static str,
    /// Place of the change.
    pub at: Pointer,
    /// Description of the change, in a few words.
    pub note: String,
}

/// Changes that lowering made in one document, and findings about what it could not lower.
#[derive(Debug, Default)]
pub struct Report {
    /// Rules that decide what is a finding.
    pub(super) profile: Profile,
    changes: RefCell<Vec<Change>>,
    findings: RefCell<Vec<String>>,
}

impl Report {
    /// Nothing yet, of a document of this profile.
    pub(super) fn of(profile: Profile) -> Self {
        Self {
            profile,
            ..Self::default()
        }
    }

    /// Records a change.
    pub fn change(&self, rule: &'static str, at: &Pointer, note: impl Into<String>) {
        self.changes.borrow_mut().push(Change {
            rule,
            at: at.clone(),
            note: note.into(),
        });
    }

    /// Records something that cannot be lowered; lowering fails at its end.
    pub fn problem(&self, at: &Pointer, finding: impl std::fmt::Display) {
        self.findings.borrow_mut().push(format!("{at}: {finding}"));
    }

    /// Records something that foreign documents may say and ours may not: it is left out.
    pub fn leave_out(&self, at: &Pointer, what: &str) {
        match self.profile {
            Profile::Gateway => self.problem(at, what),
            Profile::Foreign => self.change("left-out", at, what),
        }
    }

    /// All changes in the order in which they were made.
    pub fn changes(&self) -> Vec<Change> {
        self.changes.borrow().clone()
    }

    /// Takes what could not be lowered; what is both sent and received is lowered twice, and told once.
    pub fn take_findings(&self) -> Vec<String> {
        let mut findings = std::mem::take(&mut *self.findings.borrow_mut());
        let mut told = HashSet::new();
        findings.retain(|finding| told.insert(finding.clone()));
        findings
    }

    /// Counts per rule, and below each rule the changes, grouped by operation.
    pub fn to_json(&self) -> Value {
        let mut rules: BTreeMap<&str, BTreeMap<String, Vec<String>>> = BTreeMap::new();
        for change in self.changes.borrow().iter() {
            let (group, rest) = split_operation(change.at.as_str());
            let line = match (rest, change.note.as_str()) {
                ("", note) => note.to_owned(),
                (rest, "") => rest.to_owned(),
                (rest, note) => format!("{rest}: {note}"),
            };
            let groups = rules.entry(change.rule).or_default();
            groups.entry(group.to_owned()).or_default().push(line);
        }
        let rules = rules.into_iter().map(|(rule, mut groups)| {
            groups.values_mut().for_each(|lines| lines.sort());
            let count: usize = groups.values().map(Vec::len).sum();
            (rule.to_owned(), json!({"count": count, "changes": groups}))
        });
        Value::Object(rules.collect())
    }
}

/// Splits a pointer after `/paths/{path}/{method}` or `/webhooks/{name}/{method}`.
fn split_operation(pointer: &str) -> (&str, &str) {
    if !pointer.starts_with("/paths/") && !pointer.starts_with("/webhooks/") {
        return ("", pointer);
    }
    match pointer.match_indices('/').nth(3) {
        Some((end, _)) => pointer.split_at(end),
        None => (pointer, ""),
    }
}
