//! Money is never a float.

fn main() {
    let singapay = singapay::Singapay::from_env().unwrap();
    let _ = singapay.payment_links().create().total_amount(10_000.5);
}
