//! What only a person at a terminal gets: progress and questions. It goes to standard error, so that
//! standard output stays what was asked for.

use std::io::{IsTerminal, Write, stderr, stdin, stdout};

/// Overwrites the line of progress; empty text clears it.
pub(crate) fn progress(text: &str) {
    let mut to = stderr().lock();
    if to.is_terminal() {
        let _ = write!(to, "\r\x1b[2K{}", printable(text));
        let _ = to.flush();
    }
}

/// Colours, for terminals alone, and not where the environment has NO_COLOR.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint(bool);

impl Paint {
    pub(crate) fn of_stdout() -> Self {
        let is_unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self(stdout().is_terminal() && !is_unwanted)
    }

    pub(crate) fn good(self, text: &str) -> String {
        self.with("32", text)
    }

    pub(crate) fn bad(self, text: &str) -> String {
        self.with("31", text)
    }

    pub(crate) fn odd(self, text: &str) -> String {
        self.with("33", text)
    }

    fn with(self, colour: &str, text: &str) -> String {
        match self.0 {
            true => format!("\x1b[{colour}m{text}\x1b[0m"),
            false => text.to_owned(),
        }
    }
}

/// Asks, and takes nothing but `yes` for it.
pub(crate) fn confirm(question: &str) -> bool {
    let _ = write!(stderr().lock(), "{question} Type yes to go on: ");
    let _ = stderr().lock().flush();
    let mut answer = String::new();
    stdin().read_line(&mut answer).is_ok() && answer.trim() == "yes"
}

/// Text of others, without what moves a cursor or turns the direction of writing around.
pub(crate) fn printable(text: &str) -> String {
    let is_hostile = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars()
        .map(|c| if is_hostile(c) { '\u{fffd}' } else { c })
        .collect()
}
