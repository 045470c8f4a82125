//! Plans, and how they are charged.

mod cycle;
mod plan;

pub(super) use cycle::resume;
use plan::{CycleBill, Prorated};
pub(crate) use plan::{Plan, PlanStatus, RetryPolicy, Schedule};
