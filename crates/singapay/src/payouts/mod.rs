//! Payouts that outlive the program: stored before they are sent, and brought to their end step by step.

mod capture;
mod error;
mod flow;
mod limits;
mod machine;
mod memory;
mod observe;
mod quote;
mod record;
mod send;
mod state;
mod store;
mod submit;

pub use capture::PayoutRequest;
pub use error::PayoutError;
pub use flow::{PayoutStep, Payouts};
pub use limits::PayoutLimits;
pub use memory::MemoryPayoutStore;
pub use quote::PayoutQuote;
pub use record::{
    Approval, Missed, PayoutFacts, PayoutProgress, PayoutRecord, PersonReason, Share,
};
pub use state::{PayoutState, UnknownState};
pub use store::{Inserted, PayoutEvent, PayoutStore, Reserve, StoreError, Updated};
pub use submit::Submit;
