//! From a raw request to an effect that exists once.

mod attempt;
mod delivery;
mod error;
mod flow;
mod ledger;
mod memory;
mod receipt;
mod record;
mod retry;
mod sweep;

pub use delivery::{Delivery, Handled, HandlerResult, Origin};
pub use error::{GateError, LedgerError, PruneError};
pub use flow::Gate;
pub use ledger::{Claimed, Horizon, Lease, Ledger, Release, Replayed};
pub use memory::{MemoryLedger, NoTransaction};
pub use receipt::Receipt;
pub use record::{AttemptEnd, DeliveryState, KeptDelivery, LedgerEntry, LedgerStep};
pub use retry::RetryRule;
pub use sweep::Swept;
