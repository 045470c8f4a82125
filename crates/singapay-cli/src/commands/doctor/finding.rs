//! What the doctor says: line by line, for people and for programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::terminal::printable;

/// State of what was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Good,
    Bad,
    /// Not looked at, and why.
    Skipped,
}

/// One thing that was looked at.
#[derive(Debug)]
struct Finding {
    check: String,
    state: State,
    what: String,
    remedy: Option<String>,
}

/// All of them, in the order of looking.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    pub(crate) fn good(&mut self, check: impl Into<String>, what: impl Into<String>) {
        self.add(check.into(), State::Good, what.into(), None);
    }

    pub(crate) fn bad(
        &mut self,
        check: impl Into<String>,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.add(check.into(), State::Bad, what.into(), Some(remedy.into()));
    }

    pub(crate) fn skipped(&mut self, check: impl Into<String>, why: impl Into<String>) {
        self.add(check.into(), State::Skipped, why.into(), None);
    }

    fn add(&mut self, check: String, state: State, what: String, remedy: Option<String>) {
        self.0.push(Finding {
            check,
            state,
            what,
            remedy,
        });
    }

    pub(crate) fn are_good(&self) -> bool {
        self.0.iter().all(|finding| finding.state != State::Bad)
    }

    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for finding in &self.0 {
            let mark = match finding.state {
                State::Good => "ok  ",
                State::Bad => "NOT ",
                State::Skipped => "-   ",
            };
            let (check, what) = (&finding.check, printable(&finding.what));
            let _ = writeln!(text, "{mark} {check:<24} {what}");
            if let Some(remedy) = &finding.remedy {
                let _ = writeln!(text, "     {:<24} do: {}", "", printable(remedy));
            }
        }
        text
    }

    pub(crate) fn json(&self) -> Value {
        let findings = self.0.iter().map(|finding| {
            json!({
                "check": finding.check,
                "state": match finding.state {
                    State::Good => "ok",
                    State::Bad => "not_ok",
                    State::Skipped => "skipped",
                },
                "what": finding.what,
                "remedy": finding.remedy,
            })
        });
        json!({"ok": self.are_good(), "findings": findings.collect::<Vec<_>>()})
    }
}
