//! What the adapters of web frameworks share: a body read within bounds, and what is answered.
//!
//! An adapter says what came ([`Arrival`]), reads the body through it, hands headers and bytes on, and
//! answers with an [`Answer`]. Nothing here knows a runtime, but for what the feature `tokio` adds.
//!
//! One that uses it: `crates/singapay-axum/src/extract.rs`.

mod arrival;
mod body;
#[cfg(feature = "tokio")]
mod on_tokio;
mod settings;

pub use arrival::{Answer, Arrival};
pub use body::BodyError;
#[cfg(feature = "tokio")]
pub use on_tokio::Served;
pub use settings::AdapterSettings;

use crate::{Gate, Ledger};

/// Path of the route to a gate: the registered one, without its query.
pub fn route<L: Ledger>(gate: &Gate<L>) -> &str {
    let registered = gate.receiver().verifier().path();
    registered.split(['?', '#']).next().unwrap_or(registered)
}
