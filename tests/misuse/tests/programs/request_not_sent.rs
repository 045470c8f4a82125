//! A request that is never sent is a mistake.
#![deny(unused_must_use)]

fn main() {
    let singapay = singapay::Singapay::from_env().unwrap();
    singapay.payment_links().create().reff_no("INV-1");
}
