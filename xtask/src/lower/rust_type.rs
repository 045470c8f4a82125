//! References from a schema to a type of `singapay-core`.

use serde_json::{Value, json};

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
