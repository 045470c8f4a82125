//! A keyed, ordered table of records that remembers which of them changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Serialize, de::DeserializeOwned};

/// A record kept in a [`Table`].
pub(crate) trait Record: Serialize + DeserializeOwned {
    /// Name of the table.
    const TABLE: &'static str;

    /// Every text by which the record is looked up; a later record takes over a key it shares.
    fn keys(&self) -> Vec<String>;
}

/// One changed row, ready to be stored; `json` is `None` when the row is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) table: &'static str,
    pub(crate) row: u64,
    pub(crate) json: Option<String>,
}

/// Records in order of creation.
#[derive(Debug)]
pub(crate) struct Table<T> {
    rows: BTreeMap<u64, T>,
    keys: HashMap<String, u64>,
    next: u64,
    dirty: BTreeSet<u64>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self::starting_at(1)
    }
}

impl<T> Table<T> {
    /// An empty table whose first row gets this number.
    pub(crate) fn starting_at(next: u64) -> Self {
        Self {
            rows: BTreeMap::new(),
            keys: HashMap::new(),
            next,
            dirty: BTreeSet::new(),
        }
    }

    pub(crate) fn get(&self, row: u64) -> Option<&T> {
        self.rows.get(&row)
    }

    pub(crate) fn row_of(&self, key: &str) -> Option<u64> {
        self.keys.get(key).copied()
    }

    pub(crate) fn find(&self, key: &str) -> Option<&T> {
        self.rows.get(self.keys.get(key)?)
    }

    /// For changing a record; its keys must stay as they are.
    pub(crate) fn get_mut(&mut self, row: u64) -> Option<&mut T> {
        let record = self.rows.get_mut(&row)?;
        self.dirty.insert(row);
        Some(record)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, &T)> {
        self.rows.iter().map(|(row, record)| (*row, record))
    }

    /// Newest first, from before a row.
    pub(crate) fn iter_before(&self, row: u64) -> impl Iterator<Item = (u64, &T)> {
        let rows = self.rows.range(..row).rev();
        rows.map(|(row, record)| (*row, record))
    }

    /// From a row on.
    pub(crate) fn iter_from(&self, row: u64) -> impl Iterator<Item = (u64, &T)> {
        self.rows.range(row..).map(|(row, record)| (*row, record))
    }

    pub(crate) fn values(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.rows.values()
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }
}

impl<T: Record> Table<T> {
    pub(crate) fn insert(&mut self, record: T) -> u64 {
        let row = self.next;
        self.put(row, record);
        self.dirty.insert(row);
        row
    }

    /// Puts a record into a given row.
    pub(crate) fn replace(&mut self, row: u64, record: T) {
        self.put(row, record);
        self.dirty.insert(row);
    }

    /// Puts a stored record back without marking it as changed.
    pub(crate) fn put(&mut self, row: u64, record: T) {
        for key in record.keys() {
            self.keys.insert(key, row);
        }
        self.next = self.next.max(row + 1);
        self.rows.insert(row, record);
    }

    pub(crate) fn remove(&mut self, row: u64) -> Option<T> {
        let record = self.rows.remove(&row)?;
        for key in record.keys() {
            if self.keys.get(&key) == Some(&row) {
                self.keys.remove(&key);
            }
        }
        self.dirty.insert(row);
        Some(record)
    }

    /// Hands over what changed since the last call.
    pub(crate) fn take_changes(&mut self, into: &mut Vec<Change>) {
        for row in std::mem::take(&mut self.dirty) {
            let json = self
                .rows
                .get(&row)
                .and_then(|record| serde_json::to_string(record).ok());
            into.push(Change {
                table: T::TABLE,
                row,
                json,
            });
        }
    }

    /// Forgets what changed, for a state that is not kept.
    pub(crate) fn forget_changes(&mut self) {
        self.dirty.clear();
    }
}
