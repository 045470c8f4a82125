//! The resolution of a payout has to be read.
#![deny(unused_must_use)]

async fn ask(unresolved: singapay::Unresolved) {
    unresolved.resolve().await;
}

fn main() {
    let _ = ask;
}
