//! Proof that a row which a walk over pages did not meet is not there.
//!
//! Rows come and go between two reads. A row is missed when it slips to a page that was read already,
//! which takes rows before it that vanish. Proven absent is only a row that cannot have slipped:
//!
//! - **One page** that holds all announced rows was read at one moment.
//! - **Newest first, nothing filtered**: rows come in at the front alone, so a row's place falls by no more
//!   than the total does. Where every page tells a total that never falls, and all pages have the size that
//!   they tell, no row slips past.
//! - **Else** the list is read twice. Rows that came before a row and vanished were seen the first time
//!   and are missing the second, or came in between and pushed others to where they were seen twice. The
//!   same pages twice, with no row twice, leave room for neither.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use serde::Serialize;
use singapay_core::envelope::Page;

/// Observations of a walk from the first page to the last.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    pages: Vec<Sighting>,
}

#[derive(Debug)]
struct Sighting {
    total: Option<u64>,
    size: Option<u64>,
    rows: Vec<u64>,
}

/// Proof that one walk gives.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A row that was not met was not there.
    Proven,
    /// Nothing yet; nothing speaks against it either.
    LookAgain,
    /// It may have been there.
    Void(&'static str),
}

const CHANGED: &str = "absence is not proven: the list changed while it was read";

impl Evidence {
    /// Takes note of a page.
    pub(super) fn note<R: Serialize>(&mut self, metadata: Option<&Page>, rows: &[R]) {
        self.pages.push(Sighting {
            total: metadata.and_then(|metadata| metadata.total),
            size: metadata.and_then(|metadata| metadata.per_page),
            rows: rows.iter().map(fingerprint).collect(),
        });
    }

    /// Proof that the walk gives; `newest_first` where the order is the gateway's own and nothing is filtered.
    pub(super) fn verdict(&self, newest_first: bool) -> Verdict {
        let totals: Vec<u64> = self.pages.iter().filter_map(|page| page.total).collect();
        if totals.is_sorted() && totals.last().is_none_or(|total| *total == self.seen()) {
            match self.is_one_moment() || newest_first && self.is_gapless() {
                true => Verdict::Proven,
                false => Verdict::LookAgain,
            }
        } else {
            Verdict::Void("absence is not proven: rows vanished while the list was read")
        }
    }

    /// Confirms that a second walk saw the same.
    ///
    /// # Errors
    ///
    /// It did not: the row that was not met may have been there.
    pub(super) fn confirm(&self, again: &Self) -> Result<(), &'static str> {
        let seen = self.seen();
        let told = self.pages.iter().chain(&again.pages);
        let mut totals = told.filter_map(|page| page.total);
        let mut known = HashSet::new();
        let same = self.rows().eq(again.rows())
            && self.rows().flatten().all(|row| known.insert(row))
            && totals.all(|total| total == seen);
        same.then_some(()).ok_or(CHANGED)
    }

    fn seen(&self) -> u64 {
        self.rows().map(|rows| rows.len() as u64).sum()
    }

    /// Rows by page, without the empty one at the end.
    fn rows(&self) -> impl Iterator<Item = &Vec<u64>> {
        let pages = self.pages.iter().map(|page| &page.rows);
        pages.filter(|rows| !rows.is_empty())
    }

    /// One page that is all of the list, by its total or because it is empty.
    fn is_one_moment(&self) -> bool {
        match self.pages.as_slice() {
            [page] => page.total.is_some() || page.rows.is_empty(),
            _ => false,
        }
    }

    /// True if the pages follow one another without a gap: totals and one size on each, all but the last full.
    fn is_gapless(&self) -> bool {
        let Some(([.., last], size)) = self.pages.first().map(|page| (&*self.pages, page.size))
        else {
            return false;
        };
        let full = self.pages.len() - 1;
        let all_told = self.pages.iter().all(|page| page.total.is_some());
        let one_size = size.is_some() && self.pages.iter().all(|page| page.size == size);
        let is_full = |page: &Sighting| Some(page.rows.len() as u64) == size;
        all_told && one_size && self.pages[..full].iter().all(is_full) && !last.rows.is_empty()
    }
}

/// Tells a row from other rows.
pub(super) fn fingerprint<R: Serialize>(row: &R) -> u64 {
    let mut hasher = DefaultHasher::new();
    // It was read from JSON, so it can be written as such.
    serde_json::to_vec(row)
        .unwrap_or_default()
        .hash(&mut hasher);
    hasher.finish()
}
