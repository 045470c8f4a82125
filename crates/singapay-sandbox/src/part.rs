//! One part of the sandbox: a product, or what several of them share.

use axum::Router;
use serde_json::Value;

use crate::{
    audit::Books,
    http::{operation::Operation, page::Page},
    server::App,
    state::{Due, World},
    wire_time::At,
};

/// Everything that a part adds to the whole.
pub(crate) struct Part {
    pub(crate) operations: &'static [Operation],
    /// Pages for customers.
    pub(crate) pages: &'static [Page],
    /// Routes under `/_sandbox`.
    pub(crate) admin: fn() -> Router<App>,
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

/// What is to happen, and when.
pub(crate) type Agenda = Vec<(At, Due)>;

impl Part {
    /// Operations, and nothing else.
    pub(crate) const fn new(operations: &'static [Operation]) -> Self {
        Self {
            operations,
            pages: &[],
            admin: Router::new,
            resume: |_, _| {},
            sweep: |_| Vec::new(),
            has_account: |_, _| false,
            audit: |_, _| {},
            settles: None,
        }
    }
}

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

/// How the settlement events call the payments of one product.
pub(crate) struct Settles {
    /// The statement's word for the product.
    pub(crate) kind: &'static str,
    pub(crate) settlement_type: &'static str,
    pub(crate) transaction_type: &'static str,
    /// Row of a payment, by the id under which it was collected.
    pub(crate) row_of: fn(&World, &str) -> Option<u64>,
}

/// Every operation that is served.
pub(crate) fn operations(parts: &'static [Part]) -> impl Iterator<Item = &'static Operation> {
    parts.iter().flat_map(|part| part.operations)
}
