//! Payouts are sent by the handle alone.
fn flow(singapay: &singapay::Singapay) -> singapay::Payouts {
    singapay::Payouts::new(singapay, singapay::MemoryPayoutStore::new())
}

fn main() {
    let _ = flow;
}
