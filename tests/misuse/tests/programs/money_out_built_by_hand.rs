//! The capability comes from `Singapay::money_out` alone.

fn main() {
    let singapay = singapay::Singapay::from_env().unwrap();
    let _ = singapay::MoneyOut {
        client: singapay,
        policy: singapay::MoneyOutPolicy::new(),
    };
}
