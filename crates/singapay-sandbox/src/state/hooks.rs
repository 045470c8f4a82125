//! The hooks through which a part of the sandbox takes part in what is done to the whole state.

use std::collections::HashMap;

use serde_json::Value;

use super::{Due, World};
use crate::wire_time::At;

/// Everything that the state does part by part.
pub(crate) struct Hooks {
    /// Plans again what is still ahead, after a restart.
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code))] // only a kept state is restored
    pub(crate) resume: fn(&World, &mut Agenda),
    /// Ends what is past its time.
    pub(crate) sweep: fn(&mut World) -> Vec<Swept>,
    /// Tells that records of this part belong to an account.
    pub(crate) has_account: fn(&World, u64) -> bool,
    /// Adds what this part knows to the books, from its own records.
    pub(crate) audit: fn(&World, &mut Books),
    /// The payments whose settlement is announced.
    pub(crate) settles: Option<Settles>,
}

impl Hooks {
    /// A part that takes no part.
    pub(crate) const NONE: Self = Self {
        resume: |_, _| {},
        sweep: |_| Vec::new(),
        has_account: |_, _| false,
        audit: |_, _| {},
        settles: None,
    };
}

/// Things that are to happen, with their times.
pub(crate) type Agenda = Vec<(At, Due)>;

/// Rows that one sweep ended, as a section of its event lists them. An empty section is told too.
pub(crate) struct Swept {
    pub(crate) event: SweepEvent,
    pub(crate) section: &'static str,
    pub(crate) rows: Vec<Value>,
}

/// The events of a sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SweepEvent {
    /// Attempts that nobody paid.
    Transactions,
    /// Links, virtual accounts and codes past their end.
    Products,
}

/// Words of the settlement events for the payments of one product.
pub(crate) struct Settles {
    /// The statement's word for the product.
    pub(crate) kind: &'static str,
    pub(crate) settlement_type: &'static str,
    pub(crate) transaction_type: &'static str,
    /// Row of a payment, by the id under which it was collected.
    pub(crate) row_of: fn(&World, &str) -> Option<u64>,
}

/// Rupiah by account.
pub(crate) type Sums = HashMap<u64, i64>;

/// Sums that the parts add up from their own records.
#[derive(Default)]
pub(crate) struct Books {
    /// Payments of customers, under the id of their collection.
    pub(crate) paid: Vec<(String, i64)>,
    /// Money locked in each account.
    pub(crate) held: Sums,
    pub(crate) paid_out: i64,
    pub(crate) billed: i64,
    pub(crate) checked: i64,
    pub(crate) violations: Vec<String>,
}
