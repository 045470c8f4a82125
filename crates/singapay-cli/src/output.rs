//! How a command ends: text or JSON, and an exit status.

use std::{
    io::{Write, stderr, stdout},
    process::ExitCode,
};

use serde_json::{Value, json};

use crate::exit;

/// End of a command.
#[derive(Debug)]
pub(crate) struct Output {
    status: u8,
    text: String,
    value: Value,
}

impl Output {
    /// Text that is the result itself.
    pub(crate) fn text(text: String) -> Self {
        let value = json!({"text": text});
        Self::both(text, value)
    }

    /// A value that people read as JSON, too.
    pub(crate) fn value(value: Value) -> Self {
        Self::both(format!("{value:#}\n"), value)
    }

    /// A result for people and for programs.
    pub(crate) fn both(text: String, value: Value) -> Self {
        Self {
            status: 0,
            text,
            value,
        }
    }

    /// The same with another status.
    pub(crate) fn with_status(mut self, status: u8) -> Self {
        self.status = status;
        self
    }

    /// Something that cannot be used; nothing was sent.
    pub(crate) fn unusable(text: String) -> Self {
        Self::failure(exit::UNUSABLE, text, json!({"outcome": "not_sent"}))
    }

    /// A failure, with facts beside its text.
    pub(crate) fn failure(status: u8, text: String, mut facts: Value) -> Self {
        facts["error"] = text.clone().into();
        Self {
            status,
            text,
            value: facts,
        }
    }

    /// Prints it: results to standard output, failures to standard error, JSON always to standard output.
    pub(crate) fn print(self, json: bool) -> ExitCode {
        let is_failure = self.value.get("error").is_some();
        // Nobody is left to tell, as when the reader of a pipe is gone.
        let _ = match (json, is_failure) {
            (true, _) => writeln!(stdout().lock(), "{}", self.value),
            (false, true) => writeln!(stderr().lock(), "singapay: {}", self.text),
            (false, false) => write!(stdout().lock(), "{}", self.text),
        };
        ExitCode::from(self.status)
    }
}
