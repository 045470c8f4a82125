//! What the adapters of web frameworks share: a body read within bounds, and what is answered.
//!
//! An adapter says what came ([`Arrival`]), reads the body through it, hands headers and bytes on, and
//! answers with an [`Answer`]. It brings the timer, because nothing here knows a runtime.

mod arrival;
mod body;
mod settings;

pub use arrival::{Answer, Arrival};
pub use body::BodyError;
pub use settings::AdapterSettings;
