//! What only a person at a terminal gets: progress and questions. It goes to standard error, so that
//! standard output stays what was asked for.

use std::io::{IsTerminal, Write, stderr, stdin};

/// Overwrites the line of progress; empty text clears it.
pub(crate) fn progress(text: &str) {
    let mut to = stderr().lock();
    if to.is_terminal() {
        let _ = write!(to, "\r\x1b[2K{}", printable(text));
        let _ = to.flush();
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
