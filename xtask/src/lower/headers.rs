//! Removal of what authentication owns and generation has no use for: headers that the pipeline sets,
//! security requirements and servers.

use serde_json::Value;

use super::report::Report;
use crate::document::{Object, Pointer, text};

const RULE: &str = "owned-by-authentication";
const OWNED: [&str; 7] = [
    "Authorization",
    "X-PARTNER-ID",
    "X-CLIENT-ID",
    "X-Signature",
    "X-Timestamp",
    "Accept",
    "Content-Type",
];

/// True if a parameter is a header that the pipeline sets.
pub(super) fn is_owned(parameter: &Value) -> bool {
    text(parameter, "in") == Some("header")
        && text(parameter, "name")
            .is_some_and(|name| OWNED.iter().any(|owned| owned.eq_ignore_ascii_case(name)))
}

/// Leaves those headers out.
pub(super) fn strip(parameters: &mut Vec<(Pointer, Value)>, report: &Report) {
    for (at, parameter) in parameters.extract_if(.., |(_, parameter)| is_owned(parameter)) {
        report.change(RULE, &at, text(&parameter, "name").unwrap_or_default());
    }
}

/// Records security and servers, which are not carried over.
pub(super) fn note_security(object: &Object, at: &Pointer, report: &Report) {
    for key in ["security", "servers"] {
        if object.contains_key(key) {
            report.change(RULE, &at.child(key), "left out");
        }
    }
}
