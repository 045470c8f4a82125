//! What a question to the admin side may hold.

use serde::Deserialize;

/// Rows that are told unless asked otherwise, and the most that are told at once.
const ROWS: usize = 100;
const MOST: usize = 1_000;

/// `?limit=`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limit {
    limit: Option<usize>,
}

impl Limit {
    pub(super) fn rows(&self) -> usize {
        rows(self.limit)
    }
}

pub(super) fn rows(asked: Option<usize>) -> usize {
    asked.unwrap_or(ROWS).min(MOST)
}
