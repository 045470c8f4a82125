//! A secret has no text but the one that `expose` gives.

fn main() {
    let secret = singapay::Secret::new("client secret");
    println!("{secret}");
}
