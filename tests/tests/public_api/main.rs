//! The public API of each crate as text, one line for each item, so that a change shows in review.
//!
//! Read from the sources: modules that can be reached, public items, their signatures and the traits
//! that they implement. Types of other crates that are passed on stand with the path they come from.

#![allow(clippy::unwrap_used)]

mod documentation;
mod krate;
mod lines;
mod macros;
mod names;
mod text;

use singapay_tests::spec::root;

fn public_api(name: &str) -> String {
    let source = root().join("crates").join(name).join("src/lib.rs");
    let krate = krate::Crate::load(&name.replace('-', "_"), &source);
    let mut lines = lines::of(&krate);
    lines.extend(macros::of(&krate));
    lines.sort();
    lines.dedup();
    lines.into_iter().map(|(_, line)| line + "\n").collect()
}

macro_rules! crates {
    ($($test:ident $name:literal)*) => {$(
        #[test]
        fn $test() {
            let text = public_api($name);
            insta::with_settings!({ omit_expression => true }, {
                insta::assert_snapshot!(stringify!($test), text);
            });
        }
    )*};
}

crates! {
    core "singapay-core"
    auth "singapay-auth"
    webhook "singapay-webhook"
    axum "singapay-axum"
    actix "singapay-actix"
    sandbox "singapay-sandbox"
    facade "singapay"
}

#[test]
fn the_text_holds_what_users_write() {
    let facade = public_api("singapay");
    for line in [
        "pub fn singapay::Singapay::builder() -> SingapayBuilder",
        "pub fn singapay::MoneyOut::topup_ewallet(&self) -> TopupEwallet",
        "pub use singapay::Rupiah = singapay_core::Rupiah",
        "#[must_use] pub enum singapay::Outcome<T>",
        "pub struct singapay::payment_links::CreatePaymentLink",
        "pub fn singapay::payment_links::CreatePaymentLink::reff_no(mut self, reff_no: impl Into<String>) -> Self",
    ] {
        assert!(facade.lines().any(|it| it.ends_with(line)), "{line}");
    }
    for private in [
        "AuthPipeline",
        "fn singapay::Error::from_answer",
        "singapay::generated",
    ] {
        assert!(!facade.contains(private), "{private}");
    }
}
