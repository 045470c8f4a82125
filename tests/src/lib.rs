//! Suites that cross crates live in `tests/` of this package; here is what they share.
#![allow(clippy::unwrap_used)]

/// Keeps the example of the README true: it runs as it stands there.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

pub mod canary;
pub mod driver;
#[allow(missing_docs)]
#[rustfmt::skip]
pub mod generated;
pub mod json;
pub mod log;
pub mod payouts;
pub mod recorder;
pub mod rig;
pub mod spec;
pub use singapay_test_gateways::wire;
