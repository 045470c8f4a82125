//! Rules of sending again: what, and when.

use std::time::Duration;

use singapay_core::{
    Delivery, Failure, Judged, Operation, Resend, Timestamp, TransportError, TransportErrorKind,
    operation::{Effect, Replay},
};

use super::{
    budget::{Budget, RetryBudget},
    failure,
};

/// Number of times that a call may be sent, and the pauses in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// Most requests of one call, the first included. Default 3.
    pub max_attempts: u32,
    /// Bound of the first pause; doubles with every attempt. Default 200 milliseconds.
    pub first_pause: Duration,
    /// Bound of every pause. Default 5 seconds.
    pub longest_pause: Duration,
    /// Longest `Retry-After` that is waited for; a longer one ends the call. Default 60 seconds.
    pub longest_retry_after: Duration,
    /// Bound over all calls of the client; `None` for no bound. Default [`RetryBudget::default`].
    /// It bounds every repetition but the one after a rejected token, which every call has once.
    pub budget: Option<RetryBudget>,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            first_pause: Duration::from_millis(200),
            longest_pause: Duration::from_secs(5),
            longest_retry_after: Duration::from_secs(60),
            budget: Some(RetryBudget::default()),
        }
    }
}

impl RetryPolicy {
    /// Every call is sent once.
    pub fn never() -> Self {
        Self {
            max_attempts: 1,
            ..Self::default()
        }
    }

    /// Another number of attempts; zero counts as one.
    #[must_use]
    pub fn with_max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Another bound over all calls of the client.
    #[must_use]
    pub fn with_budget(mut self, budget: RetryBudget) -> Self {
        self.budget = Some(budget);
        self
    }

    /// No bound over all calls: in an outage every call is sent as often as its own bounds allow.
    #[must_use]
    pub fn without_budget(mut self) -> Self {
        self.budget = None;
        self
    }

    /// Full jitter: anything from nothing to the bound.
    fn pause(&self, attempt: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        let most = self
            .first_pause
            .saturating_mul(doubled)
            .min(self.longest_pause);
        most.mul_f64(fastrand::f64())
    }
}

pub(super) enum Next {
    Done,
    /// Once more, now, with another token.
    FreshToken,
    /// Once more, after this time.
    Wait(Duration, Resend),
}

/// The retry state of one call.
pub(super) struct Retry<'a> {
    policy: &'a RetryPolicy,
    budget: Budget<'a>,
    attempts: u32,
    max_attempts: u32,
    repeatable: bool,
    token_replaced: bool,
}

impl<'a> Retry<'a> {
    pub(super) fn new(
        operation: &Operation,
        policy: &'a RetryPolicy,
        budget: Budget<'a>,
        max_attempts: Option<u32>,
        body: &[u8],
    ) -> Self {
        Self {
            policy,
            budget,
            attempts: 0,
            max_attempts: max_attempts.unwrap_or(policy.max_attempts).max(1),
            repeatable: is_repeatable(operation, body),
            token_replaced: false,
        }
    }

    /// Decides what to do after an attempt.
    pub(super) fn after(
        &mut self,
        result: &Result<Judged, TransportError>,
        with_token: bool,
        remaining: Option<Duration>,
        now: Timestamp,
    ) -> Next {
        self.attempts += 1;
        let failure = failure(result);
        if result.is_ok() && !failure.is_some_and(Failure::is_trouble) {
            self.budget.answered();
        }
        let Some(remaining) = remaining.filter(|_| self.attempts < self.max_attempts) else {
            return Next::Done;
        };
        let (pause, resend) = match result {
            Ok(_)
                if with_token
                    && !self.token_replaced
                    && failure.is_some_and(|failure| failure.rejects_token) =>
            {
                self.token_replaced = true;
                return Next::FreshToken;
            }
            Ok(Judged { answer, .. })
                if self.repeatable && failure.is_some_and(Failure::is_temporary) =>
            {
                let jitter = self.policy.pause(self.attempts);
                let pause = match answer.retry_after(Some(now)) {
                    None => jitter,
                    Some(wait) if wait > self.policy.longest_retry_after => return Next::Done,
                    Some(wait) => wait.saturating_add(jitter.min(self.policy.first_pause)),
                };
                (pause, Resend::Unavailable)
            }
            Err(error) if self.may_repeat(error) => {
                let resend = match error.delivery() {
                    Delivery::NotSent => Resend::NotSent,
                    _ => Resend::NoAnswer,
                };
                (self.policy.pause(self.attempts), resend)
            }
            Ok(_) | Err(_) => return Next::Done,
        };
        if pause < remaining && self.budget.take() {
            Next::Wait(pause, resend)
        } else {
            Next::Done
        }
    }

    fn may_repeat(&self, error: &TransportError) -> bool {
        match error.kind() {
            // Proven: nothing was sent.
            TransportErrorKind::Connect | TransportErrorKind::ConnectTimeout => {
                error.delivery() == Delivery::NotSent
            }
            TransportErrorKind::Timeout | TransportErrorKind::Interrupted => self.repeatable,
            _ => false,
        }
    }
}

/// True if a second copy can do no harm. A payout never goes out again by itself: that a repeated
/// reference returns the original is documented of one, and was never seen.
fn is_repeatable(operation: &Operation, body: &[u8]) -> bool {
    match operation.effect {
        Effect::Read => true,
        Effect::Write | Effect::MoneyIn => returns_original(operation, body),
        Effect::MoneyOut => false,
    }
}

/// True if a second copy of this very body gives the original back: only with its reference.
fn returns_original(operation: &Operation, body: &[u8]) -> bool {
    let Some(reference) = operation.reference else {
        return false;
    };
    if reference.replay != Replay::ReturnsOriginal {
        return false;
    }
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    // A number is no reference: what the gateway makes of one is not known.
    body.get(reference.field)
        .and_then(serde_json::Value::as_str)
        .is_some_and(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_their_bound_and_use_all_of_it() {
        let policy = RetryPolicy::default();
        for (attempt, most) in [
            (1, 200),
            (2, 400),
            (3, 800),
            (5, 3200),
            (6, 5000),
            (99, 5000),
        ] {
            let most = Duration::from_millis(most);
            let longest = (0..500).map(|_| policy.pause(attempt)).max();
            assert!(longest.is_some_and(|longest| longest <= most && longest > most / 2));
        }
        assert_eq!(policy.longest_retry_after, Duration::from_secs(60));
        assert_eq!(policy.max_attempts, 3);
    }
}
