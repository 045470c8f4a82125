//! Cards and direct debits that are waited for, on the gateway's own clock.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use singapay::{
    Ending, Rupiah, Singapay,
    types::{CardPayment, CardStatus, PaymentOtpMode},
};
use support::shop::{LONGEST_PAUSE, start};

async fn pay(singapay: &Singapay, card: &str) -> CardPayment {
    let request = singapay
        .cards()
        .create()
        .amount(Rupiah::new(150_000))
        .goods_name("Premium")
        .customer_name("Rina Wijaya")
        .customer_email("rina@example.com")
        .customer_phone("081200000001")
        .customer_address("Jl. Contoh No. 1")
        .customer_city("Jakarta")
        .customer_state("DKI Jakarta")
        .customer_postal_code("10220")
        .customer_country("ID")
        .card_number(card)
        .card_expiry("9912")
        .card_cvv("123")
        .card_holder_name("RINA WIJAYA")
        .card_holder_email("rina@example.com");
    request.send().await.unwrap().into_data()
}

/// A card without a page: processing at first, and paid without anybody's doing.
#[tokio::test]
async fn a_card_is_processed() {
    let (_shop, singapay) = start().await;
    let payment = pay(&singapay, "4111111111111111").await;
    assert_eq!(payment.status, CardStatus::Processing);
    let wait = singapay.cards().get(payment.transaction_id).wait();
    let ended = wait.with_longest_pause(LONGEST_PAUSE).await.unwrap();
    assert_eq!(ended.ending(), Ending::Paid);
}

#[tokio::test]
async fn a_card_waits_for_its_holder() {
    for (approves, ending) in [(true, Ending::Paid), (false, Ending::Failed)] {
        let (shop, singapay) = start().await;
        let payment = pay(&singapay, "4000000000000002").await.transaction_id;
        let id = payment.clone();
        shop.during_the_next_pause(move |sandbox| {
            sandbox.complete_3d_secure(&id, approves).unwrap();
        });
        let wait = singapay.cards().get(payment).wait();
        let ended = wait.with_longest_pause(LONGEST_PAUSE).await.unwrap();
        assert_eq!((ended.ending(), shop.has_acted()), (ending, true));
    }
}

/// Above 50,000,000 rupiah the sandbox's bank has no funds.
#[tokio::test]
async fn a_direct_debit_waits_for_the_bank() {
    for (amount, ending) in [(150_000, Ending::Paid), (50_000_001, Ending::Failed)] {
        let (shop, singapay) = start().await;
        let request = singapay
            .direct_debits()
            .bind()
            .customer_ref("cust-9001")
            .phone_no("081200000001")
            .bank_code("008")
            .payment_otp_mode(PaymentOtpMode::WithoutOtp);
        let binding = request.send().await.unwrap().into_data().binding_id;
        shop.sandbox.answer_binding(&binding, true).unwrap();
        let request = singapay
            .direct_debits()
            .charge()
            .account_id(singapay.account().unwrap())
            .binding_id(binding)
            .merchant_reference("INV-1")
            .amount(Rupiah::new(amount));
        let payment = request.send().await.unwrap().into_data().transaction_id;
        let wait = singapay.direct_debits().get_transaction(payment).wait();
        let ended = wait.with_longest_pause(LONGEST_PAUSE).await.unwrap();
        assert_eq!(ended.ending(), ending);
    }
}
