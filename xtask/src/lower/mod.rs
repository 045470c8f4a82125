//! Lowers an overlaid document to the OpenAPI 3.0.3 subset that the generator takes.

use serde_json::Value;

/// Everything that generation reads.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lowered {
    /// One lowered document per host, in the order payment, biller, identity.
    pub hosts: Vec<LoweredHost>,
    /// A 3.0.3 document with components only: one schema per webhook event, and what they name.
    pub events: Value,
}

/// The lowered document of one host.
#[derive(Debug, Clone, PartialEq)]
pub struct LoweredHost {
    /// `payment`, `biller` or `identity`.
    pub name: String,
    /// OpenAPI 3.0.3; operations keep their `x-singapay` metadata.
    pub document: Value,
}
