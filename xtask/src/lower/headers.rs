//! Removal of what authentication owns and generation has no use for: headers that the pipeline sets,
//! security requirements and servers.

use serde_json::Value;

use super::report::Report;
use crate::document::{Pointer, text};

const RULE: &str = "owned-by-authentication";

/// True if a parameter is a header that the pipeline sets.
pub(super) fn is_owned(parameter: &Value) -> bool {
    let name = text(parameter, "name").unwrap_or_default();
    match name.to_ascii_lowercase().as_str() {
        "authorization" | "x-partner-id" | "x-client-id" | "x-signature" | "x-timestamp"
        | "accept" | "content-type" => text(parameter, "in") == Some("header"),
        _ => false,
    }
}

/// Leaves those headers out.
pub(super) fn strip(parameters: &mut Vec<(Pointer, Value)>, report: &Report) {
    for (at, parameter) in parameters.extract_if(.., |(_, parameter)| is_owned(parameter)) {
        report.change(RULE, &at, text(&parameter, "name").unwrap_or_default());
    }
}

/// Records security and servers, which are not carried over.
pub(super) fn note_security(owner: &Value, at: &Pointer, report: &Report) {
    for key in ["security", "servers"] {
        if owner.get(key).is_some() {
            report.change(RULE, &at.child(key), "left out");
        }
    }
}
