//! Place at which an answer could not be read.

use std::fmt;

use serde::de::DeserializeOwned;

use crate::error::is_printable_field;

/// The place at which an answer could not be read. serde's own text may quote values, so only the
/// path, the position and the category are kept.
#[derive(Debug)]
pub(crate) struct DecodeError {
    category: &'static str,
    place: Option<Place>,
}

#[derive(Debug)]
struct Place {
    path: Option<String>,
    line: usize,
    column: usize,
}

impl DecodeError {
    /// Reads `body` once more, this time to find the place.
    pub(crate) fn find<T: DeserializeOwned>(body: &[u8]) -> Self {
        match serde_json::from_slice::<T>(body) {
            Ok(_) => Self {
                category: "the data is missing",
                place: None,
            },
            Err(error) => Self::of(&error, body),
        }
    }

    fn of(error: &serde_json::Error, body: &[u8]) -> Self {
        let category = match error.classify() {
            serde_json::error::Category::Io => "unreadable body",
            serde_json::error::Category::Syntax => "not JSON",
            serde_json::error::Category::Data => "an essential field is missing or malformed",
            serde_json::error::Category::Eof => "the body ends early",
        };
        let path = path(read_until(body, error.line(), error.column()));
        let place = Place {
            path: path.filter(|path| is_printable_field(path)),
            line: error.line(),
            column: error.column(),
        };
        Self {
            category,
            place: Some(place),
        }
    }
}

/// Bytes that had been read at a position of serde_json.
fn read_until(body: &[u8], line: usize, column: usize) -> &[u8] {
    let lines = body.split_inclusive(|byte| *byte == b'\n');
    let before: usize = lines.take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    &body[..body.len().min(before + column)]
}

/// Where one stands in an object or a list.
enum Step<'a> {
    Member(Option<&'a [u8]>),
    Entry(usize),
}

/// The path to the end of the start of a document, such as `data[1].status`; `None` at its root.
///
/// Readers that record their path would be a second copy of the code that reads each type.
fn path(read: &[u8]) -> Option<String> {
    let mut steps = Vec::new();
    let mut rest = read;
    while let [byte, after @ ..] = rest {
        rest = after;
        match (byte, steps.last_mut()) {
            (b'{', _) => steps.push(Step::Member(None)),
            (b'[', _) => steps.push(Step::Entry(0)),
            (b'}' | b']', _) => drop(steps.pop()),
            (b',', Some(Step::Entry(index))) => *index += 1,
            (b',', Some(Step::Member(name))) => *name = None,
            (b'"', step) => {
                let text = text(after);
                rest = after.get(text.len() + 1..).unwrap_or_default();
                if let Some(Step::Member(name @ None)) = step {
                    *name = Some(text);
                }
            }
            _ => {}
        }
    }
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Entry(index) => path.push_str(&format!("[{index}]")),
            Step::Member(Some(name)) => {
                let dot = if path.is_empty() { "" } else { "." };
                path.push_str(dot);
                path.push_str(std::str::from_utf8(name).ok()?);
            }
            Step::Member(None) => {}
        }
    }
    Some(path).filter(|path| !path.is_empty())
}

/// A text up to its closing quotation mark, as it is written.
fn text(after: &[u8]) -> &[u8] {
    let mut is_escaped = false;
    let end = after.iter().position(|byte| {
        let ends = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        ends
    });
    &after[..end.unwrap_or(after.len())]
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.category)?;
        let Some(Place { path, line, column }) = &self.place else {
            return Ok(());
        };
        if let Some(path) = path {
            write!(f, " in {path}")?;
        }
        write!(f, " at line {line}, column {column}")
    }
}

impl std::error::Error for DecodeError {}

#[cfg(test)]
mod tests {
    use singapay_api::payment::types::{Account, QrisTransaction};
    use singapay_core::envelope::V1;

    use super::*;

    fn find<T: DeserializeOwned>(body: &str) -> String {
        DecodeError::find::<T>(body.as_bytes()).to_string()
    }

    #[test]
    fn a_path_leads_to_what_was_read_last() {
        for (read, there) in [
            ("", None),
            ("{", None),
            (r#"{"data""#, Some("data")),
            (
                r#"{"a": "}]", "data": [{"id": 1}, {"id"#,
                Some("data[1].id"),
            ),
            (r#"{"data": [{"id": "\"[", "x": 3}"#, Some("data[0]")),
            (r#"{"data": [[], [1, 2"#, Some("data[1][1]")),
            (r#"{"data": {"a": 1}"#, Some("data")),
            (r#"{"data": {"a": 1},"#, None),
            (r#"{"data": {"a": 1}}"#, None),
            ("]}[", Some("[0]")),
        ] {
            assert_eq!(path(read.as_bytes()).as_deref(), there, "{read}");
        }
        assert_eq!(path(b"{\"\xff"), None, "not UTF-8");
        assert_eq!(read_until(b"[1,\n2,\n34]", 3, 1), b"[1,\n2,\n3");
        assert_eq!(read_until(b"[1", 9, 9), b"[1");
    }

    #[test]
    fn the_place_is_named_and_no_value() {
        let text = find::<V1<Vec<Account>>>(
            r#"{"success":true,"data":[{"id":"1","status":"active"},{"status":"canary"}]}"#,
        );
        assert!(
            text.starts_with("an essential field is missing or malformed in data[1] at line 1"),
            "{text}"
        );
        assert!(!text.contains("canary"), "{text}");
        assert_eq!(
            find::<V1<QrisTransaction>>(r#"{"data":null}"#),
            "the data is missing"
        );
        assert!(
            find::<V1<QrisTransaction>>(r#"{"data":{"id":1"#).starts_with("the body ends early")
        );
        assert!(find::<V1<QrisTransaction>>("<html>").starts_with("not JSON"));
    }
}
