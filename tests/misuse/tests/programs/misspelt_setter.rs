//! A field that the API does not have.

fn main() {
    let singapay = singapay::Singapay::from_env().unwrap();
    let _ = singapay.payment_links().create().reff_nr("INV-1");
}
