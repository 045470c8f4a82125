//! Known text is always its own variant: the unknown one is made by `other` alone.

fn main() {
    let _ = singapay::types::EwalletCode::Other("DANA".into());
}
