//! Only the handle made by `money_out` pays out.

fn main() {
    let singapay = singapay::Singapay::from_env().unwrap();
    let _ = singapay.ewallet_topups().topup_ewallet();
}
