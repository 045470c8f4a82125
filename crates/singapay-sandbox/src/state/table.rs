//! A keyed, ordered table of records in order of creation.

use std::collections::{BTreeMap, HashMap};

/// A record kept in a [`Table`].
pub(crate) trait Record {
    /// Every text by which the record is looked up; a later record takes over a key it shares.
    fn keys(&self) -> Vec<String>;
}

/// Records in order of creation.
#[derive(Debug)]
pub(crate) struct Table<T> {
    rows: BTreeMap<u64, T>,
    keys: HashMap<String, u64>,
    next: u64,
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
        self.rows.get_mut(&row)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, &T)> {
        self.rows.iter().map(|(row, record)| (*row, record))
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
        for key in record.keys() {
            self.keys.insert(key, row);
        }
        self.next += 1;
        self.rows.insert(row, record);
        row
    }

    pub(crate) fn remove(&mut self, row: u64) -> Option<T> {
        let record = self.rows.remove(&row)?;
        for key in record.keys() {
            if self.keys.get(&key) == Some(&row) {
                self.keys.remove(&key);
            }
        }
        Some(record)
    }
}
