//! Waiting until a payment has ended.

mod ended;
mod read;
pub(crate) mod rules;

use std::{fmt, future::IntoFuture, time::Duration};

use singapay_core::{BoxFuture, Timestamp};

use crate::{
    client::Singapay,
    error::{Error, ErrorKind},
};

pub use ended::{Ended, Ending, WaitError};
pub use read::PaymentRead;
#[allow(unused_imports, reason = "for charges, which not every build has")]
pub(crate) use read::Read;
use rules::Rule;

/// An answer that tells if a payment has ended: those of status reads, and a
/// [`Charge`](crate::Charge).
///
/// | Read | Paid | Expired | Failed | Canceled | Refunded | Evidence |
/// |---|---|---|---|---|---|---|
/// | payment link | `payment_date` is there and readable | `expired` and never used | – | `closed` and never used | – | the date of the last successful payment; a link stays `open` until it is used up (documented) |
/// | virtual account | `current_usage` from 1 | `expired` and never used | – | `inactive` and never used | – | no computed status here (seen live); the counter is documented, and was not watched |
/// | QRIS | `paid`, `settled` | `expired` | – | – | – | documented |
/// | e-wallet | `success` | `expired` | `failed` | `canceled` | – | this inquiry alone tells of a failure, no webhook does (seen live) |
/// | card | `success` | – | `failed` | `cancelled` | `refunded` | documented; `success` seen live |
/// | direct debit | `SUCCESS` | `EXPIRED` | `FAILED` | – | – | documented |
/// | payout: bank transfer v2, top-up, QRIS | `00` | – | `06`, `07` | `05` | `04` | documented; `00` and `06` seen live |
/// | cardless withdrawal | `success` | `expired` | `failed` | `canceled` | `refunded` | documented |
/// | bank transfer v1, account transfer, bill | `success` | – | `failed` | – | `refunded` (bills) | documented |
///
/// - The computed status counts where the answer has one, else the stored one, which stays open past its
///   end (seen live of links and virtual accounts). `is_expired` is as good as
///   `expired`.
/// - What is still open a minute after its own `expired_at` has expired too, by the client's clock. The
///   minute is for clocks that differ, and for a payment of the last second. A date that stands for none
///   (`0000-00-00 00:00:00`, the epoch), and an end that is not after `created_at`, is no end.
/// - A status that this version does not know ends nothing, whatever the clock says.
/// - A link that was used but has no `payment_date`, and a virtual account whose `current_usage` is not
///   told, may have been paid: that ends nothing, whatever the clock says.
/// - A link or virtual account that takes several payments counts as paid from the first on.
///
/// In the book: `docs/book/src/payments.md#charge`.
pub trait PaymentState: Rule {
    /// Ending of the payment as of that time; `None` while it is open, and for a status that this
    /// version does not know.
    fn ending(&self, now: Timestamp) -> Option<Ending> {
        self.snapshot().ending(now)
    }
}

impl<T: Rule> PaymentState for T {}

/// Reads until the payment has ended. Made by `wait()`; awaited like a future.
///
/// It reads at once, then after pauses that double from two seconds up to a bound, each shortened by
/// chance to no less than half. `Retry-After` is obeyed; one beyond patience ends it at once. Time-outs, broken connections, 429, 5xx and
/// unreadable answers are outlived while patience lasts; any other refusal ends it at once. Dropping it
/// stops it, and changes nothing at the gateway.
///
/// `Ok` means that the payment has ended, not that it was paid: look at [`Ended::ending`].
///
/// In the book: `docs/book/src/payments.md#charge`.
#[derive(Clone)]
#[must_use = "nothing is read until it is awaited"]
pub struct Wait<R> {
    read: R,
    patience: Duration,
    longest_pause: Duration,
}

/// Bound of the first pause.
pub(crate) const FIRST_PAUSE: Duration = Duration::from_secs(2);

/// Without pauses a wait would be a flood.
const SHORTEST_BOUND: Duration = Duration::from_millis(100);

impl<R: PaymentRead> Wait<R> {
    pub(crate) fn new(read: R) -> Self {
        Self {
            read,
            patience: Duration::from_secs(600),
            longest_pause: Duration::from_secs(30),
        }
    }

    /// For how long to go on reading; ten minutes unless set. The last read is made when it runs out,
    /// and is bound by the call's own timeout.
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Bound of every pause; 30 seconds unless set, and never less than 100 milliseconds.
    pub fn with_longest_pause(mut self, pause: Duration) -> Self {
        self.longest_pause = pause.max(SHORTEST_BOUND);
        self
    }

    async fn run(self) -> Result<Ended<R::State>, WaitError<R::State>> {
        let client = self.read.client().clone();
        let mut time = Patience::new(&client, self.patience);
        let mut bound = FIRST_PAUSE.min(self.longest_pause);
        let mut last = None;
        loop {
            // A payment that was open when the question went out may have ended since, not before.
            let asked_at = client.clock().now();
            let error = match self.read.clone().read().await {
                Ok(response) => match response.ending(asked_at) {
                    Some(ending) => return Ok(Ended::new(ending, response)),
                    None => {
                        last = Some(response);
                        None
                    }
                },
                Err(error) if heals(error.kind()) => Some(error),
                Err(error) => return Err(WaitError::stopped(last, error)),
            };
            let pause = bound.mul_f64(0.5 + fastrand::f64() / 2.0);
            bound = bound.saturating_mul(2).min(self.longest_pause);
            let least = error.as_ref().and_then(Error::retry_after);
            if !time.pause(&client, pause, least).await {
                return Err(WaitError::out_of_patience(last, error, self.patience));
            }
        }
    }

    /// The same for code without an async runtime.
    ///
    /// # Errors
    ///
    /// As when it is awaited.
    #[cfg(feature = "blocking")]
    pub fn blocking(self) -> Result<Ended<R::State>, WaitError<R::State>> {
        match crate::blocking::wait(async move { Ok(self.run().await) }) {
            Ok(result) => result,
            Err(error) => Err(WaitError::stopped(None, error)),
        }
    }
}

impl<R: PaymentRead> IntoFuture for Wait<R> {
    type Output = Result<Ended<R::State>, WaitError<R::State>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<R> fmt::Debug for Wait<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("patience", &self.patience)
            .field("longest_pause", &self.longest_pause)
            .finish_non_exhaustive()
    }
}

/// True if the same read may go better later. An unreadable page may be a proxy's.
fn heals(kind: ErrorKind) -> bool {
    kind.may_pass() || kind == ErrorKind::Decode
}

/// Patience that is left: counted by the clock, and by the pauses in case it runs backward.
pub(crate) struct Patience {
    started: Timestamp,
    paused: Duration,
    whole: Duration,
}

impl Patience {
    pub(crate) fn new(client: &Singapay, whole: Duration) -> Self {
        Self {
            started: client.clock().now(),
            paused: Duration::ZERO,
            whole,
        }
    }

    /// Pauses, at least for as long as the gateway asked. `false`, at once, when patience runs out
    /// before the next read may be made.
    pub(crate) async fn pause(
        &mut self,
        client: &Singapay,
        wish: Duration,
        least: Option<Duration>,
    ) -> bool {
        let elapsed = client.clock().now().since(self.started).max(self.paused);
        let left = self.whole.saturating_sub(elapsed);
        let least = least.unwrap_or_default();
        if left.is_zero() || least > left {
            return false;
        }
        let pause = wish.max(least).min(left);
        client.timer().sleep(pause).await;
        self.paused = self.paused.saturating_add(pause);
        true
    }
}
