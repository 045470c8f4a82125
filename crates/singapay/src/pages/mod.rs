//! Lists, page by page or row by row.

mod absence;
#[cfg(feature = "bills")]
mod bills;
mod find;
#[cfg(test)]
mod tests;
mod walk;

use std::{
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use serde::Serialize;
use singapay_core::BoxFuture;

use crate::{error::Error, response::Response};
use absence::{Evidence, Verdict};
use walk::Walk;

/// A request whose answer is one page of a list. Implemented by the builders of lists.
///
/// Everything the builder was given is kept from page to page: filters, order, page size and the
/// options of the call.
///
/// [`Items`] shows its use.
pub trait Paged: Clone + Send + 'static {
    /// One row of the list.
    type Row: Serialize + Send + 'static;

    /// Number of the page that the builder asks for; 1 unless the caller set another.
    fn page_number(&self) -> i64;

    /// True if the whole list is asked for in the gateway's own order, which is newest first: no filter
    /// and no order was set.
    fn is_newest_first(&self) -> bool;

    /// The same request for another page.
    #[must_use]
    fn at_page(self, page: i64) -> Self;

    /// Fetches the page.
    fn fetch(self) -> impl Future<Output = Result<Response<Vec<Self::Row>>, Error>> + Send;
}

type Fetched<R> = Result<Response<Vec<R>>, Error>;
type Fetching<R> = BoxFuture<'static, Fetched<R>>;

/// The pages of a list, fetched one after the other as they are asked for.
///
/// Made by `by_page()` of a list's builder. A [`Stream`], with [`next`](Self::next) for code without
/// stream adapters. It ends after the last page, or after the first error. A list that does not
/// advance ends with [`ErrorKind::Paging`](crate::ErrorKind::Paging), not with a loop: a page that
/// answers for another one, the same page again, or an empty page before the announced end.
///
/// [`Items`] shows its use.
#[must_use = "pages are fetched as they are asked for"]
pub struct Pages<B: Paged> {
    builder: B,
    walk: Walk,
    fetching: Option<Fetching<B::Row>>,
}

impl<B: Paged> Pages<B> {
    pub(crate) fn new(builder: B) -> Self {
        Self {
            walk: Walk::new(builder.page_number()),
            builder,
            fetching: None,
        }
    }

    /// The next page; `None` after the last one.
    ///
    /// Dropping the future loses nothing: the page is still the next one.
    pub async fn next(&mut self) -> Option<Result<Response<Vec<B::Row>>, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Fetched<B::Row>>> {
        let Some(page) = self.walk.next() else {
            return Poll::Ready(None);
        };
        let fetching = self
            .fetching
            .get_or_insert_with(|| Box::pin(self.builder.clone().at_page(page).fetch()));
        let result = ready!(fetching.as_mut().poll(context));
        self.fetching = None;
        Poll::Ready(Some(match result {
            Ok(response) => match self.walk.take(&response) {
                Ok(()) => Ok(response),
                Err(error) => Err(error),
            },
            Err(error) => {
                self.walk.end();
                Err(error)
            }
        }))
    }
}

impl<B: Paged> Unpin for Pages<B> {}

impl<B: Paged> Stream for Pages<B> {
    type Item = Result<Response<Vec<B::Row>>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(context)
    }
}

impl<B: Paged> fmt::Debug for Pages<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("next", &self.walk.next())
            .finish_non_exhaustive()
    }
}

/// The rows of a list, fetched page by page.
///
/// ```no_run
/// # async fn demo(singapay: singapay::Singapay) -> Result<(), singapay::Error> {
/// let mut links = singapay.payment_links().list().by_item();
/// while let Some(link) = links.next().await {
///     println!("{}", link?.payment_url);
/// }
/// # Ok(()) }
/// ```
///
/// Made by `by_item()` of a list's builder. A [`Stream`], with [`next`](Self::next) for code without
/// stream adapters. Ends like [`Pages`]. Rows that are created while the list is read may show up
/// twice, because they move others to the next page.
#[must_use = "rows are fetched as they are asked for"]
pub struct Items<B: Paged> {
    pages: Pages<B>,
    rows: std::vec::IntoIter<B::Row>,
    /// Kept by a search.
    evidence: Option<Evidence>,
}

impl<B: Paged> Items<B> {
    pub(crate) fn new(builder: B) -> Self {
        Self {
            pages: Pages::new(builder),
            rows: Vec::new().into_iter(),
            evidence: None,
        }
    }

    /// The next row; `None` after the last one.
    ///
    /// Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<B::Row, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// The first row that fits.
    ///
    /// `Ok(None)` is proof: a row that was there for as long as the search took would have been met, as
    /// far as the filters of the builder and the gateway's memory reach (twelve months for most lists).
    /// The list is read a second time where the gateway does not tell enough for that, or another order or a
    /// filter was asked for; proof is then that nothing had changed.
    ///
    /// # Errors
    ///
    /// Those of the list, and [`ErrorKind::Paging`](crate::ErrorKind::Paging) when nothing was found
    /// and absence is not proven: the search began after page 1, or the list changed meanwhile so that a
    /// row may have been missed. Search again.
    pub async fn find(
        mut self,
        mut fits: impl FnMut(&B::Row) -> bool + Send,
    ) -> Result<Option<B::Row>, Error> {
        let builder = self.pages.builder.clone();
        let is_whole = self.pages.walk.go_to_the_end();
        let (found, evidence) = self.look(&mut fits).await?;
        if found.is_some() {
            return Ok(found);
        }
        let operation = self.pages.walk.operation();
        let unproven = |problem| Err(Error::unproven(operation, problem));
        if !is_whole {
            return unproven("absence is not proven: the list was not read from its first page on");
        }
        match evidence.verdict(builder.is_newest_first()) {
            Verdict::Proven => return Ok(None),
            Verdict::LookAgain => {}
            Verdict::Void(problem) => return unproven(problem),
        }
        let mut again = Self::new(builder);
        again.pages.walk.go_to_the_end();
        let (found, second) = again.look(&mut fits).await?;
        match found.is_none().then(|| evidence.confirm(&second)) {
            Some(Err(problem)) => unproven(problem),
            _ => Ok(found),
        }
    }

    /// Reads on until a row fits, and keeps what the pages said.
    async fn look(
        &mut self,
        fits: &mut (impl FnMut(&B::Row) -> bool + Send),
    ) -> Result<(Option<B::Row>, Evidence), Error> {
        self.evidence = Some(Evidence::default());
        let mut found = None;
        while found.is_none()
            && let Some(row) = self.next().await
        {
            found = Some(row?).filter(&mut *fits);
        }
        Ok((found, self.evidence.take().unwrap_or_default()))
    }

    /// All rows. Mind the size of the list.
    ///
    /// # Errors
    ///
    /// The first error of the list; what was read before it is lost.
    pub async fn collect(mut self) -> Result<Vec<B::Row>, Error> {
        let mut rows = Vec::new();
        while let Some(row) = self.next().await {
            rows.push(row?);
        }
        Ok(rows)
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<B::Row, Error>>> {
        loop {
            if let Some(row) = self.rows.next() {
                return Poll::Ready(Some(Ok(row)));
            }
            match ready!(self.pages.poll(context)) {
                Some(Ok(page)) => {
                    if let Some(evidence) = &mut self.evidence {
                        evidence.note(page.page(), page.data());
                    }
                    self.rows = page.into_data().into_iter();
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<B: Paged> Unpin for Items<B> {}

impl<B: Paged> Stream for Items<B> {
    type Item = Result<B::Row, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(context)
    }
}

impl<B: Paged> fmt::Debug for Items<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}
