//! One line, without bodies, headers or secrets.

use std::{error::Error as StdError, fmt};

use super::{Error, Reason};

/// The gateway could echo anything as a code. Printed is only what has the form of one: `SP018`,
/// `CLIENT_ERROR`, the biller's `04`, the status repeated, a status and service as in `4019900`.
pub(crate) fn is_printable_code(code: &str, status: u16) -> bool {
    let bytes = code.as_bytes();
    let number = bytes.strip_prefix(b"SP").unwrap_or(bytes);
    if number.iter().all(u8::is_ascii_digit) {
        match (number.len() == bytes.len(), number) {
            (false, number) => number.len() == 3,
            (true, [_, _] | [b'4' | b'5', _, _, _, _, _, _]) => true,
            (true, _) => code == status.to_string(),
        }
    } else {
        bytes.len() <= 40
            && bytes
                .iter()
                .all(|byte| byte.is_ascii_uppercase() || *byte == b'_')
    }
}

/// The same for the name of a request field: words and short indexes, such as `items.0.unit_price`.
pub(crate) fn is_printable_field(name: &str) -> bool {
    let is_word = |part: &str| {
        part.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    let is_index = |part: &str| part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    name.len() <= 80
        && name
            .split(['.', '[', ']'])
            .all(|part| is_word(part) || is_index(part))
}

impl Error {
    /// The gateway's own code, if it has the form of one.
    pub(crate) fn printable_code(&self) -> Option<&str> {
        let status = self.status()?;
        self.code().filter(|code| is_printable_code(code, status))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation() {
            write!(f, "{operation}: ")?;
        }
        let kind = self.0.kind.text();
        match &self.0.summary {
            Some(summary) if summary.starts_with(kind) => f.write_str(summary)?,
            Some(summary) => write!(f, "{kind}: {summary}")?,
            None => f.write_str(kind)?,
        }
        match (self.0.reason, self.ip_address()) {
            (Some(Reason::IpNotRegistered), Some(address)) => {
                write!(f, ": the calling IP address {address} is not registered")?;
            }
            (Some(reason), _) => write!(f, ": {}", reason.text())?,
            (None, _) => {}
        }
        if let Some(status) = self.status() {
            write!(f, " (HTTP {status}")?;
            if let Some(code) = self.printable_code() {
                write!(f, ", code {code}")?;
            }
            f.write_str(")")?;
        }
        if !self.0.shown.is_empty() {
            write!(f, "; fields: {}", self.0.shown.join(", "))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("message", &format_args!("{self}"))
            .field("kind", &self.0.kind)
            .field("stage", &self.0.stage)
            .field("delivery", &self.0.delivery)
            .field("operation", &self.operation())
            .field("status", &self.status())
            .field("code", &self.printable_code())
            .field("reason", &self.0.reason)
            .field("attempts", &self.0.attempts)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.source {
            Some(source) => Some(&**source),
            None => None,
        }
    }
}
