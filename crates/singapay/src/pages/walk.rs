//! Where in a list a reader stands, and whether the list advances.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;
use singapay_core::{Operation, envelope::Page};

use crate::{error::Error, response::Response};

/// What is known while a list is read.
///
/// Lists say in many ways where they end, or not at all (fact sheet 03, section 1.3).
#[derive(Debug)]
pub(crate) struct Walk {
    next: Option<i64>,
    from_the_start: bool,
    seen: u64,
    totals: Option<(u64, u64)>,
    previous: Option<u64>,
    operation: Option<&'static Operation>,
}

/// What a page's metadata says about the pages after it.
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
            seen: 0,
            totals: None,
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
        // What was not read to its end proves nothing.
        self.from_the_start = false;
    }

    /// Takes note of the page that was asked for.
    ///
    /// # Errors
    ///
    /// The list does not advance; the walk has ended.
    pub(crate) fn take<R>(&mut self, page: &Response<Vec<R>>) -> Result<(), Error> {
        self.operation = Some(page.operation());
        let metadata = page.page().filter(|metadata| !metadata.is_empty());
        let result = self.step(metadata, page.data().len(), || fingerprint(page.raw()));
        result.map_err(|problem| {
            self.end();
            Error::paging(page.operation(), problem)
        })
    }

    pub(super) fn step(
        &mut self,
        metadata: Option<&Page>,
        rows: usize,
        fingerprint: impl FnOnce() -> u64,
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
        if let Some(total) = metadata.and_then(|metadata| metadata.total) {
            let first = self.totals.map_or(total, |(first, _)| first);
            self.totals = Some((first, total));
        }
        let rest = metadata.map_or(Rest::Unknown, |metadata| self.rest(metadata, number));
        match rest {
            Rest::Nothing => return Ok(()),
            Rest::More if rows == 0 => return Err("a page before the announced last one is empty"),
            Rest::Unknown if rows == 0 => return Ok(()),
            Rest::More => {}
            Rest::Unknown => {
                let fingerprint = fingerprint();
                if self.previous.replace(fingerprint) == Some(fingerprint) {
                    return Err("the same page came again");
                }
            }
        }
        self.next = Some(asked.saturating_add(1));
        Ok(())
    }

    fn rest(&self, metadata: &Page, number: u64) -> Rest {
        let ends = |last: bool| if last { Rest::Nothing } else { Rest::More };
        if let Some(pages) = metadata.total_pages {
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
            (None, Some(_)) => Rest::Nothing,
            (None, None) => Rest::Unknown,
        }
    }

    /// Whether the list was read as a whole.
    ///
    /// # Errors
    ///
    /// It was not, or nobody can say.
    pub(crate) fn prove_complete(&self) -> Result<(), Error> {
        let problem = if !self.from_the_start {
            "absence is not proven: the list was not read from its first page on"
        } else if self
            .totals
            .is_some_and(|(first, last)| last < first || self.seen < last)
        {
            "absence is not proven: rows vanished while the list was read"
        } else {
            return Ok(());
        };
        Err(Error::unproven(self.operation, problem))
    }
}

/// Tells rows from other rows; only where no number tells pages apart.
fn fingerprint(body: &[u8]) -> u64 {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let data = body.get("data").map(Value::to_string);
    let mut hasher = DefaultHasher::new();
    data.hash(&mut hasher);
    hasher.finish()
}
