//! Keeping the state: every change goes to the journal before its answer leaves.

#[cfg(feature = "sqlite")]
mod sqlite;

use tokio::sync::{mpsc, watch};

use crate::table::Change;
#[cfg(feature = "sqlite")]
pub(crate) use sqlite::open;

/// The changes of one operation, with a number that only grows.
#[cfg_attr(not(feature = "sqlite"), allow(dead_code))] // only a kept state is restored
pub(crate) struct Batch {
    pub(crate) number: u64,
    pub(crate) changes: Vec<Change>,
}

/// The writing end. Batches are handed over under the world's lock, so that they are stored in the
/// order in which they happened.
pub(crate) struct Journal {
    batches: mpsc::UnboundedSender<Batch>,
    stored: watch::Receiver<u64>,
    number: u64,
}

impl Journal {
    #[cfg(feature = "sqlite")]
    pub(crate) fn new(batches: mpsc::UnboundedSender<Batch>, stored: watch::Receiver<u64>) -> Self {
        Self {
            batches,
            stored,
            number: 0,
        }
    }

    /// Hands over changes, if there are any.
    pub(crate) fn append(&mut self, changes: Vec<Change>) {
        if !changes.is_empty() {
            self.number += 1;
            // A writer that is gone shows when its answer is awaited.
            let _ = self.batches.send(Batch {
                number: self.number,
                changes,
            });
        }
    }

    /// For waiting until everything handed over so far is stored.
    pub(crate) fn barrier(&self) -> Barrier {
        Barrier {
            stored: self.stored.clone(),
            number: self.number,
        }
    }
}

/// A point in the journal.
pub(crate) struct Barrier {
    stored: watch::Receiver<u64>,
    number: u64,
}

impl Barrier {
    /// Waits until everything up to this point is stored; `false` when the writer has failed.
    pub(crate) async fn reached(mut self) -> bool {
        self.stored
            .wait_for(|stored| *stored >= self.number)
            .await
            .is_ok()
    }
}
