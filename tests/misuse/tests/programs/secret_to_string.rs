//! Sensitive values do not turn into text by accident.

fn main() {
    let card = singapay::Sensitive::new("4111111111111111");
    let _ = card.to_string();
}
