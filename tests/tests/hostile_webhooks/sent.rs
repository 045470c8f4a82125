//! A request as it arrives: piece by piece.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Stream, stream};

/// Size of the pieces of large bodies.
pub(crate) const PIECE: usize = 4096;

/// A request that somebody sends.
pub(crate) struct Sent {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Body,
}

impl Sent {
    pub(crate) fn with(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers
            .push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(own, _)| own != name);
        self
    }

    /// Its value of the header, once more.
    pub(crate) fn doubled(self, name: &str) -> Self {
        let value = self.headers.iter().find(|(own, _)| own == name);
        let value = value.unwrap().1.clone();
        self.with(name, value)
    }

    pub(crate) fn by(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    pub(crate) fn arriving_at(mut self, path: &str) -> Self {
        path.clone_into(&mut self.path);
        self
    }

    pub(crate) fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }
}

/// What happens next to a body.
pub(crate) enum Piece {
    Bytes(Bytes),
    Pause(Duration),
    Silence,
    Break,
}

/// A body in pieces.
pub(crate) struct Body {
    pieces: Box<dyn Iterator<Item = Piece> + Send>,
    taken: Taken,
}

/// Bytes that a server took of a body.
#[derive(Clone, Default)]
pub(crate) struct Taken(Arc<AtomicUsize>);

impl Taken {
    pub(crate) fn bytes(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Body {
    pub(crate) fn of(pieces: impl IntoIterator<Item = Piece, IntoIter: Send + 'static>) -> Self {
        Self {
            pieces: Box::new(pieces.into_iter()),
            taken: Taken::default(),
        }
    }

    pub(crate) fn whole(bytes: impl Into<Bytes>) -> Self {
        Self::of([Piece::Bytes(bytes.into())])
    }

    /// For ever.
    pub(crate) fn endless() -> Self {
        let piece = Bytes::from(vec![b' '; PIECE]);
        Self::of(std::iter::repeat_with(move || Piece::Bytes(piece.clone())))
    }

    /// A byte, and a pause, for ever.
    pub(crate) fn dripping(pause: Duration) -> Self {
        let byte = || Piece::Bytes(Bytes::from_static(b" "));
        Self::of(std::iter::repeat(()).flat_map(move |()| [byte(), Piece::Pause(pause)]))
    }

    pub(crate) fn taken(&self) -> Taken {
        self.taken.clone()
    }

    pub(crate) fn into_stream(self) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        stream::unfold(self, |mut body| async {
            loop {
                match body.pieces.next()? {
                    Piece::Bytes(bytes) => {
                        body.taken.0.fetch_add(bytes.len(), Ordering::Relaxed);
                        return Some((Ok(bytes), body));
                    }
                    Piece::Pause(time) => tokio::time::sleep(time).await,
                    Piece::Silence => std::future::pending().await,
                    Piece::Break => {
                        return Some((Err(io::ErrorKind::ConnectionReset.into()), body));
                    }
                }
            }
        })
    }
}
