//! Calls from code without an async runtime. They run on a thread of their own, which is started by
//! the first of them and serves all clients of the process.

use std::{
    any::Any,
    future::Future,
    io,
    panic::{AssertUnwindSafe, resume_unwind},
    sync::{OnceLock, mpsc},
    thread,
};

use futures_util::FutureExt;
use tokio::runtime::{Builder, Handle};

use crate::{
    error::{Error, ErrorKind},
    pages::{Items, Paged, Pages},
    response::Response,
};

static RUNTIME: OnceLock<Result<Handle, String>> = OnceLock::new();

/// Runs anything of this crate that has no `send_blocking`, such as `find_by_reference`, to its end,
/// and holds up this thread meanwhile.
///
/// In the book: `docs/book/src/start.md#without-an-async-runtime`.
///
/// # Errors
///
/// Those of the call.
pub fn block_on<T: Send + 'static>(
    call: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    wait(call)
}

/// Runs a call to its end.
pub(crate) fn wait<T: Send + 'static>(
    call: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    let runtime = RUNTIME.get_or_init(|| start().map_err(|error| error.to_string()));
    let runtime = runtime.as_ref().map_err(|problem| {
        let summary = format!("the thread of blocking calls did not start: {problem}");
        Error::local(ErrorKind::Config, summary)
    })?;
    if Handle::try_current().is_ok_and(|here| here.id() == runtime.id()) {
        let summary = "a blocking call on the thread of blocking calls would wait for itself";
        return Err(Error::local(ErrorKind::Config, summary));
    }
    let (sender, receiver) = mpsc::sync_channel(1);
    runtime.spawn(async move {
        // The receiver waits for as long as there is a sender.
        let _ = sender.send(AssertUnwindSafe(call).catch_unwind().await);
    });
    match receiver.recv() {
        Ok(Ok(result)) => result,
        Ok(Err(panic)) => resume_unwind(panic),
        Err(gone) => resume_unwind(Box::new(gone) as Box<dyn Any + Send>),
    }
}

fn start() -> io::Result<Handle> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    thread::Builder::new()
        .name("singapay-blocking".to_owned())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))?;
    Ok(handle)
}

/// An iterator over pages or rows, for code without an async runtime.
///
/// Made by `blocking()` of [`Pages`] and [`Items`]. Each step holds up the calling thread.
///
/// In the book: `docs/book/src/start.md#without-an-async-runtime`.
#[derive(Debug)]
#[must_use = "iterators are lazy"]
pub struct Blocking<S>(Option<S>);

impl<B: Paged> Pages<B> {
    /// The same for code without an async runtime.
    pub fn blocking(self) -> Blocking<Self> {
        Blocking(Some(self))
    }
}

impl<B: Paged> Items<B> {
    /// The same for code without an async runtime.
    pub fn blocking(self) -> Blocking<Self> {
        Blocking(Some(self))
    }
}

impl<B: Paged + Sync> Iterator for Blocking<Pages<B>> {
    type Item = Result<Response<Vec<B::Row>>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        step(&mut self.0, |mut pages| async move {
            (pages.next().await, pages)
        })
    }
}

impl<B: Paged + Sync> Iterator for Blocking<Items<B>> {
    type Item = Result<B::Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        step(&mut self.0, |mut items| async move {
            (items.next().await, items)
        })
    }
}

/// Takes one step on the other thread and brings the stream back.
fn step<S, T, F>(stream: &mut Option<S>, next: impl FnOnce(S) -> F) -> Option<Result<T, Error>>
where
    S: Send + 'static,
    T: Send + 'static,
    F: Future<Output = (Option<Result<T, Error>>, S)> + Send + 'static,
{
    let next = next(stream.take()?);
    match wait(next.map(Ok)) {
        Ok((item, rest)) => {
            *stream = Some(rest);
            item
        }
        Err(error) => Some(Err(error)),
    }
}
