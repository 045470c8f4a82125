//! Texts of panics when the SDK is misused.

use std::panic::{AssertUnwindSafe, catch_unwind};

use futures_util::FutureExt;
use singapay::{MoneyOutPolicy, Rupiah, Singapay};
use singapay_tests::{
    canary::{self, *},
    rig::ACCOUNT,
    wire::{Do, Wire, reply},
};

/// The message that `misuse` panics with.
fn message(misuse: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(misuse)).unwrap_err();
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => (*payload.downcast::<&str>().unwrap()).to_owned(),
    }
}

fn singapay(base_url: &str) -> Singapay {
    Singapay::builder()
        .base_url(base_url)
        .credential("partner", "client", SECRET)
        .account(ACCOUNT)
        .build()
        .unwrap()
}

#[test]
fn a_call_without_a_runtime() {
    let money_out = singapay("http://127.0.0.1:1")
        .money_out(MoneyOutPolicy::new())
        .unwrap();
    let text = message(|| {
        let _ = money_out
            .topup_ewallet()
            .account_id(ACCOUNT)
            .reference_number("R-1")
            .ewallet_code(singapay::types::EwalletCode::Dana)
            .customer_number(PHONE)
            .amount(singapay::Money::idr(Rupiah::new(10_000)))
            .send()
            .now_or_never();
    });
    assert!(text.contains("Tokio"), "{text}");
    canary::assert_clean("panic", &text);
}

#[tokio::test]
async fn results_that_are_unwrapped() {
    let echo = format!(
        r#"{{"response_code":"{SECRET}","response_message":"{TOKEN}","data":{{"errors":{{"{CARD}":["{PHONE}"]}}}}}}"#
    );
    let wire = Wire::start([
        Do::Token(TOKEN),
        reply(400, &*echo).into(),
        reply(400, &*echo).into(),
    ]);
    let wire = wire.await;
    let singapay = singapay(wire.base_url());
    let otp = singapay
        .direct_debits()
        .verify_otp()
        .otp(OTP)
        .transaction_id("T-1");
    let result = otp.send().await;
    canary::assert_clean("unwrap", &message(|| drop(result.unwrap())));

    let money_out = singapay.money_out(MoneyOutPolicy::new()).unwrap();
    let outcome = money_out
        .topup_ewallet()
        .account_id(ACCOUNT)
        .reference_number("R-1")
        .ewallet_code(singapay::types::EwalletCode::Dana)
        .customer_number(PHONE)
        .amount(singapay::Money::idr(Rupiah::new(10_000)))
        .send()
        .await;
    let outcome = outcome.unwrap();
    canary::assert_clean("panic", &message(|| panic!("{outcome:?}")));
    let none: Option<()> = outcome.accepted().map(drop);
    assert!(none.is_none());
}
