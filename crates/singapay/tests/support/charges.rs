//! One charge for each way to pay, and what the gateway answers to it.

use serde_json::json;
use singapay::{
    ChargeMethod, Clock, CreateCharge, Customer, Delivery, ErrorKind, Rupiah, Singapay, Timestamp,
    types::VirtualAccountBankCode,
};

use super::{ACCOUNT, Script, Step, v1, v2};

pub(crate) const NOW: i64 = 1_787_304_000;

/// 2026-08-21T09:20:00Z, always.
#[derive(Debug)]
pub(crate) struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_seconds(NOW)
    }
}

pub(crate) fn client(script: &Script) -> Singapay {
    script.builder().clock(Noon).build().unwrap()
}

pub(crate) fn methods() -> [ChargeMethod; 4] {
    [
        ChargeMethod::payment_link_of(["VA_BRI", "QRIS"]),
        ChargeMethod::VirtualAccount(VirtualAccountBankCode::Bri),
        ChargeMethod::Qris,
        ChargeMethod::ovo("081200000001"),
    ]
}

pub(crate) fn charge(client: &Singapay, method: ChargeMethod) -> CreateCharge {
    let customer = Customer::new()
        .name("Rina Wijaya")
        .email("rina@example.com")
        .phone("081200000009");
    client
        .charges()
        .create()
        .reference("INV-1")
        .amount(Rupiah::new(150_000))
        .method(method)
        .customer(customer)
        .description("Kopi")
        .return_url("https://shop.example/thanks")
}

/// Answers of each product to what was asked for, in the order of `methods()`.
pub(crate) fn answers() -> [Step; 4] {
    [
        v1(
            json!({"id": 103, "reff_no": "INV-1", "payment_url": "https://pay.example/b2b/INV-1",
            "status": "open", "total_amount": "150000.00", "expired_at": "2026-08-22T16:20:00+07:00"}),
        ),
        v1(
            json!({"id": "01K946KF851RK7FX075GJHBVKF", "number": "9090000000000001", "code": "VA_BNI",
            "bank": {"short_name": "BRI"}, "amount": {"value": "150000.00", "currency": "IDR"},
            "status": "active", "kind": "temporary", "current_usage": 0,
            "expired_at": 1_787_390_400_000_i64, "name": "Rina Wijaya", "merchant_reff_no": "INV-1"}),
        ),
        v1(
            json!({"id": 42, "reff_no": "66X", "merchant_reff_no": "INV-1", "status": "open",
            "qr_data": "000201010212", "amount": 150_000, "expired_at": "2026-08-22 16:20:00"}),
        ),
        v2(
            json!({"id": 2001, "reff_no": "485200", "merchant_reff_no": "INV-1", "status": "open",
            "ewallet_vendor": "EWALLET_OVO", "checkout_url": null, "checkout_url_app": null,
            "amount": 150_000, "expired_at": "2026-08-21T16:50:00+07:00"}),
        ),
    ]
}

pub(crate) fn problems(error: &singapay::Error) -> Vec<String> {
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::InvalidInput, Delivery::NotSent)
    );
    let fields = error.field_errors().iter();
    fields
        .map(|field| format!("{} {}", field.field, field.messages.join(", ")))
        .collect()
}
