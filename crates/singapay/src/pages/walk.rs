//! Position of a reader in a list, and the check that the list advances.

use serde::Serialize;
use singapay_core::{Operation, envelope::Page};

use super::absence::fingerprint;
use crate::{error::Error, response::Response};

/// State of a list that is being read.
///
/// Lists say in many ways where they end, or not at all.
#[derive(Debug)]
pub(crate) struct Walk {
    next: Option<i64>,
    from_the_start: bool,
    /// True if only a total, or an empty page, ends it.
    to_the_end: bool,
    seen: u64,
    previous: Option<Vec<u64>>,
    operation: Option<&'static Operation>,
}

/// Pages that follow, by a page's metadata.
#[derive(Debug, PartialEq, Eq)]
enum Rest {
    Nothing,
    More,
    Unknown,
}

impl Walk {
    pub(crate) fn new(page: i64) -> Self {
        Self {
            next: Some(page),
            from_the_start: page <= 1,
            to_the_end: false,
            seen: 0,
            previous: None,
            operation: None,
        }
    }

    /// Number of the page to fetch; `None` after the end.
    pub(crate) fn next(&self) -> Option<i64> {
        self.next
    }

    /// Nothing follows any more.
    pub(crate) fn end(&mut self) {
        self.next = None;
    }

    /// Goes on past every end that is told otherwise than by a total. `false` where it is too late: the
    /// first page is behind it.
    pub(super) fn go_to_the_end(&mut self) -> bool {
        self.to_the_end = self.next.is_some_and(|page| page <= 1);
        self.to_the_end
    }

    /// Whose list it is; known from the first page on.
    pub(super) fn operation(&self) -> Option<&'static Operation> {
        self.operation
    }

    /// Takes note of the page that was asked for.
    ///
    /// # Errors
    ///
    /// The list does not advance; the walk has ended.
    pub(crate) fn take<R: Serialize>(&mut self, page: &Response<Vec<R>>) -> Result<(), Error> {
        self.operation = Some(page.operation());
        let metadata = page.page().filter(|metadata| !metadata.is_empty());
        let result = self.step(metadata, page.data().len(), || {
            page.data().iter().map(fingerprint).collect()
        });
        result.map_err(|problem| {
            self.end();
            Error::paging(page.operation(), problem)
        })
    }

    pub(super) fn step(
        &mut self,
        metadata: Option<&Page>,
        rows: usize,
        fingerprints: impl FnOnce() -> Vec<u64>,
    ) -> Result<(), &'static str> {
        let Some(asked) = self.next.take() else {
            return Ok(());
        };
        let number = u64::try_from(asked).unwrap_or(0);
        if let Some(current) = metadata.and_then(|metadata| metadata.current_page)
            && current != number
        {
            return Err("another page came than the one that was asked for");
        }
        self.seen = self.seen.saturating_add(rows as u64);
        let rest = metadata.map_or(Rest::Unknown, |metadata| self.rest(metadata, number));
        match rest {
            Rest::Nothing => return Ok(()),
            Rest::More if rows == 0 => return Err("a page before the announced last one is empty"),
            Rest::Unknown if rows == 0 => return Ok(()),
            Rest::More => {}
            Rest::Unknown => {
                let rows = fingerprints();
                if self.previous.as_ref() == Some(&rows) {
                    return Err("the same page came again");
                }
                self.previous = Some(rows);
            }
        }
        self.next = Some(asked.saturating_add(1));
        Ok(())
    }

    fn rest(&self, metadata: &Page, number: u64) -> Rest {
        let ends = |last: bool| if last { Rest::Nothing } else { Rest::More };
        if let Some(pages) = metadata.total_pages.filter(|_| !self.to_the_end) {
            return ends(number >= pages);
        }
        match (metadata.total, metadata.per_page) {
            (Some(total), Some(size)) if size > 0 => {
                return ends(number.saturating_mul(size) >= total);
            }
            (Some(total), _) if self.from_the_start => return ends(self.seen >= total),
            _ => {}
        }
        match (&metadata.next, &metadata.previous) {
            // A link alone does not bound the list, so repetitions are looked for.
            (Some(_), _) => Rest::Unknown,
            (None, Some(_)) if !self.to_the_end => Rest::Nothing,
            (None, _) => Rest::Unknown,
        }
    }
}
