//! Inquiry after a payout whose outcome is unknown.

mod ask;
mod found;
mod list;
mod rule;

use std::{fmt, future::IntoFuture, time::Duration};

use singapay_core::BoxFuture;

pub(crate) use ask::{Asked, Look};
pub use found::{FoundPayout, Resolution, Undecided};
pub(crate) use found::{ending_of_code, ending_of_word};
pub use rule::{Absence, AbsenceRule};

use crate::{
    error::Error,
    outcome::Unresolved,
    waiting::{FIRST_PAUSE, Patience},
};

/// Asks what became of a payout until that is known. Made by [`Unresolved::resolve`]; awaited like a future.
///
/// It asks at once, then after pauses that double from two seconds to a minute, each shortened by chance to
/// no less than half; `Retry-After` is obeyed. It asks on for as long as patience lasts, which is enough
/// to prove absence unless set. Reads that fail are outlived, unless a repetition cannot heal them.
/// Dropping it stops it, and changes nothing at the gateway. It never sends a payout.
///
/// | Operation | Asked | Absence can be proven |
/// |---|---|---|
/// | bank transfers v2 and v1, e-wallet top-ups, QRIS payouts | its inquiry, by reference | yes, by SP009 |
/// | cardless withdrawals | its read by reference; after a 404 the list of the account | where every younger row of the list names its reference |
/// | account transfers with a reference | the list of the account, to its end | yes |
/// | bills with the reference of an inquiry | the biller's list, to its end | yes |
/// | all without a reference, and those that are not modelled | nothing | no: always [`Resolution::Open`] |
#[derive(Clone)]
#[must_use = "nothing is asked until it is awaited"]
pub struct Resolve {
    asked: Asked,
    rule: AbsenceRule,
    patience: Option<Duration>,
}

/// Bound of every pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

impl Unresolved {
    /// Asks what became of it; see [`Resolve`].
    ///
    /// ```no_run
    /// # async fn example(unresolved: singapay::Unresolved) {
    /// use singapay::Resolution;
    ///
    /// match unresolved.resolve().await {
    ///     Resolution::Found(payout) => println!("{}: {:?}", payout.status(), payout.ending()),
    ///     Resolution::Conflict(_) => println!("another payout has this reference: a person decides"),
    ///     Resolution::Absent(_) => println!("it never arrived"),
    ///     Resolution::Open(error) => println!("nobody knows yet: {error}"),
    /// }
    /// # }
    /// ```
    pub fn resolve(&self) -> Resolve {
        Resolve {
            asked: self.asked.clone(),
            rule: AbsenceRule::default(),
            patience: None,
        }
    }
}

impl Resolve {
    /// Rule by which "not found" is proof.
    pub fn with_rule(mut self, rule: AbsenceRule) -> Self {
        self.rule = rule;
        self
    }

    /// For how long to go on asking; unless set, as long as it takes to prove absence, and a tenth more. The
    /// last question is asked when it runs out.
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }

    async fn run(self) -> Resolution {
        let Self { asked, rule, .. } = self;
        let client = &asked.client;
        let patience = self.patience.unwrap_or_else(|| {
            let left = asked.deadline.since(client.clock().now());
            let proof = left.saturating_add(rule.shortest());
            proof.saturating_add(proof / 10).max(LONGEST_PAUSE)
        });
        let mut time = Patience::new(client, patience);
        let mut bound = FIRST_PAUSE;
        let mut absence = Absence::default();
        loop {
            let asked_at = client.clock().now();
            let undecided = match asked.ask().await {
                Look::Found(payout) => return Resolution::Found(payout),
                Look::Conflict(payout) => return Resolution::Conflict(payout),
                Look::Open(undecided) if !undecided.may_heal() => {
                    return Resolution::Open(undecided);
                }
                Look::Open(undecided) => undecided,
                Look::NotFound => {
                    absence.hear(&rule, asked.deadline, asked_at);
                    if absence.is_proven(&rule) {
                        return Resolution::Absent(absence);
                    }
                    Undecided::yet("it was not found, and not often enough for a proof")
                }
            };
            let pause = bound.mul_f64(0.5 + fastrand::f64() / 2.0);
            bound = bound.saturating_mul(2).min(LONGEST_PAUSE);
            // No later than the next question counts.
            let counts = absence.next(&rule, asked.deadline);
            let left = counts.since(client.clock().now());
            let pause = match left.is_zero() {
                true => pause,
                false => pause.min(left),
            };
            let least = undecided.error().and_then(Error::retry_after);
            if !time.pause(client, pause, least).await {
                return Resolution::Open(undecided);
            }
        }
    }

    /// The same for code without an async runtime.
    #[cfg(feature = "blocking")]
    pub fn blocking(self) -> Resolution {
        crate::blocking::wait(async move { Ok(self.run().await) })
            .unwrap_or_else(|error: Error| Resolution::Open(error.into()))
    }
}

impl IntoFuture for Resolve {
    type Output = Resolution;
    type IntoFuture = BoxFuture<'static, Resolution>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Resolve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolve")
            .field("asked", &self.asked)
            .field("rule", &self.rule)
            .finish_non_exhaustive()
    }
}
