//! The world as rows: what changed, and how it comes back.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Due, Random, World};
use crate::{
    table::{Change, Record, Table},
    webhook::record::DeliveryState,
};

/// The source of identifiers and how far the clock was moved, which are in no other table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Meta {
    random: Random,
    ahead_millis: u64,
}

impl Record for Meta {
    const TABLE: &'static str = "meta";

    fn keys(&self) -> Vec<String> {
        Vec::new()
    }
}

impl World {
    /// Hands over every record that changed since the last call.
    pub(super) fn take_changes(&mut self) -> Vec<Change> {
        let mut changes = self.take_changed_records();
        if !changes.is_empty() {
            self.meta.take_changes(&mut changes);
        }
        changes
    }

    pub(super) fn note_clock(&mut self, ahead: Duration) {
        let ahead_millis = u64::try_from(ahead.as_millis()).unwrap_or(u64::MAX);
        let meta = Meta {
            random: self.random.clone(),
            ahead_millis,
        };
        if self.meta.get(1) != Some(&meta) {
            self.meta.replace(1, meta);
        }
    }

    /// Puts a stored record back. `Err` when it is of no known table or form.
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code))] // only a kept state is restored
    pub(crate) fn restore(&mut self, name: &str, row: u64, json: &str) -> Result<(), String> {
        if self.restore_record(name, row, json)? || self.meta.restore(name, row, json)? {
            Ok(())
        } else {
            Err(format!("unknown table {name}"))
        }
    }

    /// Plans again what is still ahead, and tells how far the clock was moved.
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code))] // only a kept state is restored
    pub(crate) fn resume(&mut self) -> Duration {
        let mut agenda = Vec::new();
        for hooks in &self.hooks {
            (hooks.resume)(self, &mut agenda);
        }
        for (row, delivery) in self.deliveries.iter() {
            if delivery.state == DeliveryState::Waiting {
                agenda.push((delivery.next_at, Due::Delivery(row)));
            }
        }
        for (at, due) in agenda {
            self.schedule(at, due);
        }
        let Some(meta) = self.meta.get(1) else {
            return Duration::ZERO;
        };
        self.random = meta.random.clone();
        Duration::from_millis(meta.ahead_millis)
    }
}

impl<T: Record> Table<T> {
    /// Takes the row if it belongs here.
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code))] // only a kept state is restored
    pub(super) fn restore(&mut self, name: &str, row: u64, json: &str) -> Result<bool, String> {
        if name != T::TABLE {
            return Ok(false);
        }
        let record = serde_json::from_str(json)
            .map_err(|error| format!("{name} row {row} cannot be read: {error}"))?;
        self.put(row, record);
        Ok(true)
    }
}
