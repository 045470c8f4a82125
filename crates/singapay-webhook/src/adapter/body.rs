use std::{
    future::{Future, poll_fn},
    mem,
    pin::pin,
    task::Poll,
};

use bytes::Bytes;
use futures_util::Stream;
use http::StatusCode;

/// Reasons for which a body was not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BodyError {
    /// It is, or says that it is, larger than the limit. No more than the limit was kept of it.
    #[error("the body is larger than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// It did not end in time.
    #[error("the body did not end in time")]
    TooSlow,
    /// The connection ended before the body did.
    #[error("the body broke off")]
    Broken,
}

impl BodyError {
    /// The status to answer with: 413, 408 or 400.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Broken => StatusCode::BAD_REQUEST,
        }
    }
}

/// Reads a body of at most `limit` bytes, before `too_late` is ready.
pub(super) async fn read<E>(
    body: impl Stream<Item = Result<Bytes, E>>,
    limit: usize,
    too_late: impl Future<Output = ()>,
) -> Result<Bytes, BodyError> {
    let (mut body, mut too_late) = (pin!(body), pin!(too_late));
    let mut buffer = Vec::new();
    poll_fn(|context| {
        // Asked at every piece: pieces that are always there must not put off the end.
        while too_late.as_mut().poll(context).is_pending() {
            match body.as_mut().poll_next(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(Ok(Bytes::from(mem::take(&mut buffer)))),
                Poll::Ready(Some(Err(_))) => return Poll::Ready(Err(BodyError::Broken)),
                Poll::Ready(Some(Ok(piece))) if piece.len() > limit - buffer.len() => {
                    return Poll::Ready(Err(BodyError::TooLarge { limit }));
                }
                Poll::Ready(Some(Ok(piece))) => append(&mut buffer, &piece, limit),
            }
        }
        Poll::Ready(Err(BodyError::TooSlow))
    })
    .await
}

/// Grows by doubling, and never past the limit.
fn append(buffer: &mut Vec<u8>, piece: &[u8], limit: usize) {
    let wanted = buffer.len() + piece.len();
    if wanted > buffer.capacity() {
        let target = wanted.max(buffer.capacity().saturating_mul(2).min(limit));
        buffer.reserve_exact(target - buffer.len());
    }
    buffer.extend_from_slice(piece);
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, pin::Pin, task::Context};

    use super::*;

    /// Pieces of ten bytes; afterwards it ends, or waits for ever.
    struct Pieces {
        left: usize,
        ends: bool,
    }

    impl Stream for Pieces {
        type Item = Result<Bytes, Infallible>;

        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            match self.left.checked_sub(1) {
                Some(left) => {
                    self.left = left;
                    Poll::Ready(Some(Ok(Bytes::from_static(b"0123456789"))))
                }
                None if self.ends => Poll::Ready(None),
                None => Poll::Pending,
            }
        }
    }

    fn read_now(pieces: &mut Pieces, limit: usize, late: bool) -> Option<Result<Bytes, BodyError>> {
        let mut rings = late;
        // Late once everything that was there has been read.
        let timer = poll_fn(move |_| match mem::replace(&mut rings, late) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        });
        let mut context = Context::from_waker(std::task::Waker::noop());
        match pin!(read(Pin::new(pieces), limit, timer)).poll(&mut context) {
            Poll::Ready(result) => Some(result),
            Poll::Pending => None,
        }
    }

    #[test]
    fn no_more_than_the_limit_is_read_or_kept() {
        let mut pieces = Pieces {
            left: 1000,
            ends: true,
        };
        let read = read_now(&mut pieces, 25, false).unwrap();
        assert_eq!(read, Err(BodyError::TooLarge { limit: 25 }));
        assert_eq!(pieces.left, 997, "the third piece is one too many");

        let mut pieces = Pieces {
            left: 3,
            ends: true,
        };
        let read = read_now(&mut pieces, 30, false).unwrap().unwrap();
        assert_eq!(read.len(), 30);

        let mut buffer = Vec::new();
        for _ in 0..3 {
            append(&mut buffer, b"0123456789", 30);
            assert!(buffer.capacity() <= 30, "{}", buffer.capacity());
        }
    }

    #[test]
    fn a_body_that_does_not_end_ends_by_the_timer() {
        let mut pieces = Pieces {
            left: 2,
            ends: false,
        };
        assert_eq!(read_now(&mut pieces, 100, false), None);
        let late = read_now(&mut pieces, 100, true);
        assert_eq!(late, Some(Err(BodyError::TooSlow)));
        let mut endless = Pieces {
            left: usize::MAX,
            ends: true,
        };
        let late = read_now(&mut endless, usize::MAX, true);
        assert_eq!(late, Some(Err(BodyError::TooSlow)));
    }
}
