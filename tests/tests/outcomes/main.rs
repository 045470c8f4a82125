//! Ends of payouts, whatever the network and the gateway do; and that none is ever sent twice.

#![allow(clippy::unwrap_used)]

mod answers;
mod connection;
mod credentials;
mod repeated;

use futures_util::future::join_all;
use singapay_tests::{
    payouts::{self, Ending, Payout},
    rig,
    wire::{Do, Recorded, Reply, Wire, code, reply},
};

const TOKEN: Do = Do::Token("token-1");

/// One payout against these steps, and what arrived.
async fn run(payout: &Payout, steps: impl IntoIterator<Item = Do>) -> (Ending, Wire) {
    let wire = Wire::start(steps).await;
    let ending = payout.send(&rig::clients(wire.base_url(), 3)).await;
    (ending, wire)
}

/// The same for every payout at once; `check` sees each ending and the calls that arrived.
async fn each(steps: &[Do], check: impl Fn(&Payout, &Ending, &[Recorded])) {
    let all = payouts::all();
    let endings = join_all(all.iter().map(|payout| run(payout, steps.to_vec()))).await;
    for (payout, (ending, wire)) in all.iter().zip(&endings) {
        check(payout, ending, &wire.calls());
    }
}

/// Every payout ends like this, after one call.
async fn each_ends(steps: &[Do], expected: &str) {
    each(steps, |payout, ending, calls| {
        assert_eq!(ending.words(), expected, "{payout:?} after {steps:?}");
        assert_eq!(calls.len(), 1, "{payout:?} after {steps:?}");
        assert_eq!(ending.attempts(), 1, "{payout:?} after {steps:?}");
    })
    .await;
}
