//! A client, and the calls that most suites make.

use singapay::{
    MoneyOut, MoneyOutPolicy, RetryPolicy, Rupiah, Singapay, SingapayBuilder,
    ewallet_topups::TopupEwallet,
    types::{EwalletCode, PaymentLinkItem},
};

use crate::driver::Clients;

/// An account id of the right form.
pub const ACCOUNT: &str = "01K946KF851RK7FX075GJHBVKF";

/// Path of a top-up.
pub const TOPUP_PATH: &str = "/api/v2.0/ewallet/trigger-topup";

/// A complete answer to a top-up that the gateway took on.
pub const TOPUP_ACCEPTED: &str = r#"{"response_code":"SP000","response_message":"Successful","data":{"transaction_id":"1122025102717153412345678901234","reference_number":"R-1","transaction_status":{"code":"03","desc":"Pending"}}}"#;

/// Settings with invented credentials for the payment and the biller host.
pub fn settings(base_url: &str) -> SingapayBuilder {
    Singapay::builder()
        .base_url(base_url)
        .credential("test-partner", "test-client", "test-secret")
        .account(ACCOUNT)
        .biller_credential("biller-partner", "biller-client", "biller-secret")
}

/// A client with these settings.
pub fn client(base_url: &str) -> Singapay {
    settings(base_url).build().unwrap()
}

/// The client and its capability, which may send each call so many times.
pub fn clients(base_url: &str, attempts: u32) -> Clients {
    let retry = RetryPolicy::default().with_max_attempts(attempts);
    Clients::of(settings(base_url).retry(retry).build().unwrap())
}

/// The capability to pay out.
pub fn money_out(base_url: &str) -> MoneyOut {
    client(base_url).money_out(MoneyOutPolicy::new()).unwrap()
}

/// A complete top-up.
pub fn topup(money_out: &MoneyOut) -> TopupEwallet {
    money_out
        .topup_ewallet()
        .account_id(ACCOUNT)
        .reference_number("R-1")
        .ewallet_code(EwalletCode::Dana)
        .customer_number("081200000001")
        .amount(singapay::Money::idr(Rupiah::new(10_000)))
}

/// A complete payment link of version 1.0: a write that is not signed.
#[allow(deprecated, reason = "the documented body is that of version 1.0")]
pub fn link(singapay: &Singapay) -> singapay::payment_links::CreatePaymentLinkV1 {
    singapay
        .payment_links()
        .create_v1()
        .reff_no("INV-1")
        .title("Kue")
        .required_customer_detail(false)
        .max_usage(1)
        .total_amount(Rupiah::new(25_000))
        .items([PaymentLinkItem::new("Kue", 1, Rupiah::new(25_000))])
        .whitelisted_payment_method(["QRIS"])
}
