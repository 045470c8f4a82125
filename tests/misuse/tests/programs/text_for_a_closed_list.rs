//! A value that is not known has to be marked as such: `EwalletCode::other("NEW")`.

fn main() {
    let singapay = singapay::Singapay::from_env().unwrap();
    let _ = singapay.ewallet_topups().inquire_account().ewallet_code("DANA");
}
