//! References from a schema to a type of `singapay-core`.

use serde_json::{Value, json};

use super::Side;

/// The extension that the generator reads.
pub(super) const EXTENSION: &str = "x-rust-type";
/// The crate that holds the types.
const CRATE: &str = "singapay-core";

/// A schema that stands for `singapay_core::<path>`.
pub(super) fn core(path: &str) -> Value {
    core_of(path, &[])
}

/// A schema that stands for `singapay_core::<path><parameters>`.
pub(super) fn core_of(path: &str, parameters: &[Value]) -> Value {
    let mut reference =
        json!({"crate": CRATE, "version": "*", "path": format!("singapay_core::{path}")});
    if !parameters.is_empty() {
        reference["parameters"] = parameters.into();
    }
    json!({ EXTENSION: reference })
}

/// An amount with its currency: in whole rupiah where it is sent, exact where it is received.
pub(super) fn money(side: Side) -> Value {
    match side {
        Side::Request => core("Money"),
        Side::Response => core_of("Money", &[core("Amount")]),
    }
}
