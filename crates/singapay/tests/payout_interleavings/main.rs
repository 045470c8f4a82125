//! Every interleaving, up to a bound, of two workers, a webhook, lost answers, requests that arrive late, crashes
//! and time, against the flow itself: nothing is sent twice outside the rule, and what is paid is known as paid.
//!
//! The workers' real futures are polled by hand. Each waits before it touches the store or sends a request; the
//! explorer chooses who goes on and what happens to the request. States that were seen are not explored again.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod explorer;
mod run;
mod stage;
#[path = "../support/mod.rs"]
mod support;

use explorer::Explorer;
use run::Budget;
use singapay::PayoutState;

/// Enough for two workers that each send, take over and ask, and for a send after that.
const TROUBLE: Budget = Budget {
    begins: 2,
    faults: 1,
    kills: 1,
    ticks: 2,
    deliveries: 1,
};

fn explore(resends: bool, left: Budget) {
    let mut explorer = Explorer::new(resends);
    explorer.explore(left);
    println!("{} states, ends {:?}", explorer.states, explorer.ends);
    assert!(explorer.states > 500);
    assert!(explorer.ends.contains_key(&PayoutState::Paid));
}

#[test]
fn no_interleaving_sends_twice_outside_the_rule() {
    explore(true, TROUBLE);
}

#[test]
fn no_interleaving_sends_twice_where_nothing_is_sent_again() {
    explore(false, TROUBLE);
}

#[test]
fn lost_requests_are_sent_again_in_every_order() {
    let left = Budget {
        begins: 4,
        faults: 1,
        kills: 0,
        ticks: 3,
        deliveries: 0,
    };
    explore(true, left);
}
