//! Brings stored payouts to their end.

use std::{collections::BTreeSet, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use singapay::{Clock, PayoutError, PayoutRecord, Payouts, SystemClock, Timestamp};

use crate::interrupt::asked_to_stop;

/// Pause after the store failed.
const PAUSE: Duration = Duration::from_secs(1);

/// Failures of the store in a row after which a payout is left open.
const MOST_FAILURES: u32 = 30;

/// What is known of a payout in the end.
pub(crate) type Known = Result<PayoutRecord, String>;

/// Advances these references until nothing happens by itself, time is up or somebody asks to stop. `seen` hears of
/// each that has ended or waits for a person, by its place.
pub(crate) async fn follow(
    flow: &Payouts,
    references: &[&str],
    at_once: usize,
    most: Option<Duration>,
    mut seen: impl FnMut(usize, Known),
) {
    let mut waiting: BTreeSet<(Timestamp, usize)> = (0..references.len())
        .map(|at| (Timestamp::from_unix_millis(0), at))
        .collect();
    let mut failures = vec![0; references.len()];
    let mut moving = FuturesUnordered::new();
    let mut is_stopping = false;
    let mut stop = Box::pin(asked_to_stop());
    let mut bound = Box::pin(async move {
        match most {
            Some(most) => tokio::time::sleep(most).await,
            None => std::future::pending().await,
        }
    });
    loop {
        let now = SystemClock.now();
        while !is_stopping && moving.len() < at_once {
            match waiting.first().copied() {
                Some((at, place)) if at <= now => {
                    waiting.pop_first();
                    moving.push(async move { (place, flow.advance(references[place]).await) });
                }
                _ => break,
            }
        }
        if moving.is_empty() && (is_stopping || waiting.is_empty()) {
            return;
        }
        let pause = match waiting.first() {
            Some((at, _)) if !is_stopping && moving.len() < at_once => at.since(now),
            // Nothing begins before something ends.
            _ => Duration::from_secs(3600),
        };
        tokio::select! {
            Some((place, step)) = moving.next() => match step {
                Ok(step) => match step.next_at() {
                    Some(at) => {
                        failures[place] = 0;
                        waiting.insert((at, place));
                    }
                    None => seen(place, Ok(step.record)),
                },
                Err(PayoutError::Store(_)) if failures[place] < MOST_FAILURES => {
                    failures[place] += 1;
                    waiting.insert((SystemClock.now().plus(PAUSE), place));
                }
                Err(error) => seen(place, Err(error.to_string())),
            },
            () = tokio::time::sleep(pause) => {}
            () = &mut bound, if !is_stopping => is_stopping = true,
            () = &mut stop => match is_stopping {
                // What is being sent is asked about by the next run.
                true => return,
                false => {
                    is_stopping = true;
                    stop = Box::pin(asked_to_stop());
                }
            },
        }
    }
}
