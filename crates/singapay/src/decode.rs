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
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
            Ok(_) => Self {
                category: "the data is missing",
                place: None,
            },
            Err(error) => {
                let path = Some(error.path().to_string())
                    .filter(|path| path != "." && is_printable_field(path));
                Self::of(error.inner(), path)
            }
        }
    }

    fn of(error: &serde_json::Error, path: Option<String>) -> Self {
        let category = match error.classify() {
            serde_json::error::Category::Io => "unreadable body",
            serde_json::error::Category::Syntax => "not JSON",
            serde_json::error::Category::Data => "an essential field is missing or malformed",
            serde_json::error::Category::Eof => "the body ends early",
        };
        let place = Place {
            path,
            line: error.line(),
            column: error.column(),
        };
        Self {
            category,
            place: Some(place),
        }
    }
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
    fn the_place_is_named_and_no_value() {
        let text = find::<V1<Vec<Account>>>(
            r#"{"success":true,"data":[{"id":"1","status":"active"},{"status":"canary"}]}"#,
        );
        assert!(
            text.starts_with("an essential field is missing or malformed in data"),
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
