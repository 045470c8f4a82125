//! Every kind of event that a read confirms: made, paid, delivered and confirmed, on a gateway of this machine.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../examples/quickstart/receiver.rs"]
mod receiver;
#[path = "../examples/support/mod.rs"]
mod support;

use std::time::Duration;

use receiver::Receiver;
use serde_json::Value;
use singapay::{
    ErrorKind, Money, MoneyOut, MoneyOutPolicy, Rupiah, Singapay,
    types::{
        EwalletCode, EwalletVendor, PaymentLinkType, PaymentOtpMode, PlanSchedule,
        VirtualAccountBankCode, VirtualAccountKind,
    },
    webhook::{self, Confirm, Confirmation, Event, EventKind, Fact},
};
use singapay_sandbox::{PaymentOutcome, Sandbox};

const HOOK: &str = "/hooks/singapay";
const PRICE: Rupiah = Rupiah::new(150_000);

/// A merchant, its gateway, and the events that have come.
struct Shop {
    sandbox: Sandbox,
    singapay: Singapay,
    receiver: Receiver,
}

impl Shop {
    async fn start() -> Self {
        let receiver = Receiver::start(HOOK).await.unwrap();
        let sandbox = Sandbox::builder().webhook_url_for_all(receiver.url());
        let sandbox = sandbox.start().await.unwrap();
        sandbox.freeze_clock();
        let singapay = support::client(&sandbox).unwrap();
        Self {
            sandbox,
            singapay,
            receiver,
        }
    }

    fn money_out(&self) -> MoneyOut {
        self.singapay.money_out(MoneyOutPolicy::new()).unwrap()
    }

    /// The next event, proven.
    async fn event(&mut self, kind: EventKind) -> Event {
        self.sandbox.advance(Duration::from_secs(60)).await;
        let (headers, body) = self.receiver.next().await.unwrap();
        // The clock has been moved on since some were signed.
        let verifier = self
            .singapay
            .webhook_verifier(HOOK)
            .window(Duration::from_secs(86_400));
        let receiver = webhook::Receiver::from(verifier.build().unwrap());
        let event = receiver.receive(&headers, body).unwrap();
        assert_eq!(event.kind(), kind);
        event.into_event()
    }

    /// The next event is confirmed by these facts, and no longer when one of these members is another.
    async fn confirms(&mut self, kind: EventKind, by: &[Fact], planted: &[(&str, &str, Fact)]) {
        let event = self.event(kind).await;
        let confirmed = event.confirm(&self.singapay).await.unwrap();
        assert_eq!(
            confirmed,
            Confirmation::Confirmed { by: by.to_vec() },
            "{kind}"
        );
        for (path, text, fact) in planted {
            let other = changed(&event, path, text);
            let differs = other.confirm(&self.singapay).await.unwrap();
            assert_eq!(
                differs,
                Confirmation::Differs { what: vec![*fact] },
                "{kind}: {path}"
            );
        }
    }
}

/// The event with another value at one place.
fn changed(event: &Event, path: &str, text: &str) -> Event {
    let mut body = event.json().clone();
    let place = body.pointer_mut(path).unwrap_or_else(|| panic!("{path}"));
    assert_ne!(place, text);
    *place = Value::from(text);
    Event::read(body.to_string().as_bytes()).unwrap()
}

use Fact::{Amount, Reference, Status};

const ALL: &[Fact] = &[Amount, Status, Reference];

#[tokio::test]
async fn a_virtual_account() {
    let mut shop = Shop::start().await;
    let va = shop.singapay.virtual_accounts().create();
    let va = va
        .bank_code(VirtualAccountBankCode::Bri)
        .kind(VirtualAccountKind::Temporary)
        .amount(PRICE)
        .expired_at(shop.sandbox.now().plus(Duration::from_secs(3_600)))
        .max_usage(1)
        .name("Rina Wijaya")
        .merchant_reff_no("INV-1");
    let va = va.send().await.unwrap();
    let paid = PaymentOutcome::Paid;
    shop.sandbox
        .pay_virtual_account(&va.number, None, paid)
        .unwrap();
    shop.confirms(
        EventKind::VaTransaction,
        ALL,
        &[
            ("/data/transaction/amount/value", "150001.00", Amount),
            ("/data/payment/additional_info/fees/amount", "1", Amount),
            ("/data/transaction/status", "failed", Status),
            ("/data/transaction/reff_no", "INV-2", Reference),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_qris_code() {
    let mut shop = Shop::start().await;
    let code = shop
        .singapay
        .qris()
        .generate()
        .amount(PRICE)
        .merchant_reff_no("INV-1");
    let code = code.send().await.unwrap();
    shop.sandbox
        .pay_qris(&code.qr_data, PaymentOutcome::Paid)
        .unwrap();
    shop.confirms(
        EventKind::QrisAcquirerTransaction,
        ALL,
        &[
            ("/data/transaction/total_amount/value", "150001", Amount),
            ("/data/transaction/merchant_reff_no", "INV-2", Reference),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_wallet() {
    let mut shop = Shop::start().await;
    let order = shop.singapay.ewallets().create().amount(PRICE);
    let order = order
        .ewallet_vendor(EwalletVendor::EwalletDana)
        .merchant_reff_no("INV-1")
        .customer_phone("081200000001");
    let order = order.send().await.unwrap();
    shop.sandbox
        .pay_ewallet(&order.reff_no, PaymentOutcome::Paid)
        .unwrap();
    shop.confirms(
        EventKind::EwalletNativeTransaction,
        ALL,
        &[
            ("/data/transaction/total_amount/value", "150001", Amount),
            ("/data/transaction/status", "failed", Status),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_payment_link_and_the_method_that_was_picked_before() {
    let mut shop = Shop::start().await;
    let link = shop.singapay.payment_links().create().reff_no("INV-1");
    let link = link
        .payment_link_type(PaymentLinkType::Total)
        .total_amount(PRICE)
        .max_usage(2);
    link.send().await.unwrap();
    // Two attempts, of which each event is about its own.
    for _ in 0..2 {
        let attempt = shop.sandbox.pay_payment_link("INV-1", Default::default());
        attempt.unwrap();
        shop.confirms(EventKind::PaymentLinkInquiry, &[Status], &[])
            .await;
        shop.confirms(
            EventKind::PaymentLinkTransaction,
            ALL,
            &[
                ("/data/transaction/amount/value", "150001.00", Amount),
                (
                    "/data/payment/additional_info/payment_link/reff_no",
                    "INV-2",
                    Reference,
                ),
            ],
        )
        .await;
    }
}

#[tokio::test]
async fn a_subscription() {
    let mut shop = Shop::start().await;
    let tomorrow = shop.sandbox.now().plus(Duration::from_secs(24 * 3_600));
    let plan = shop.singapay.plans().create().subscription_id("SUB-1");
    let plan = plan
        .name("Coffee every month")
        .customer_name("Rina Wijaya")
        .customer_email("rina@example.com")
        .customer_phone("081200000001")
        .amount(PRICE)
        .schedule(PlanSchedule::new(1, "month", tomorrow).total_interval(3));
    let plan = plan.send().await.unwrap();
    shop.sandbox
        .link_card(&plan.id, "4111111111111111")
        .unwrap();
    shop.sandbox.advance(Duration::from_secs(25 * 3_600)).await;
    shop.confirms(
        EventKind::SubscriptionCycle,
        &[Status, Reference],
        &[
            ("/data/plan/status", "completed", Status),
            ("/data/plan/subscription_id", "SUB-2", Reference),
        ],
    )
    .await;
}

#[tokio::test]
async fn bank_transfers_that_were_paid_and_that_failed() {
    for (number, another) in [("1000123456", "06"), ("1001123456", "00")] {
        let mut shop = Shop::start().await;
        let transfer = shop.money_out().transfer_disbursement();
        let transfer = transfer
            .reference_number("PAY-1")
            .bank_code("014")
            .bank_account_number(number)
            .amount(PRICE);
        let _accepted = transfer.send().await.unwrap();
        shop.sandbox.advance(Duration::from_secs(3_600)).await;
        shop.confirms(
            EventKind::Disbursement,
            ALL,
            &[
                ("/data/gross_amount/value", "1.00", Amount),
                ("/data/fee/value", "1.00", Amount),
                ("/data/net_amount/value", "1.00", Amount),
                ("/data/transaction_status/code", another, Status),
            ],
        )
        .await;
    }
}

#[tokio::test]
async fn a_top_up() {
    let mut shop = Shop::start().await;
    let topup = shop.money_out().topup_ewallet().reference_number("TOP-1");
    let topup = topup
        .ewallet_code(EwalletCode::Dana)
        .customer_number("081200000001")
        .amount(Money::idr(PRICE));
    let _accepted = topup.send().await.unwrap();
    let planted = [("/data/net_amount/value", "150001.00", Amount)];
    shop.confirms(EventKind::EwalletTopup, ALL, &planted).await;
}

#[tokio::test]
async fn a_qris_code_that_the_merchant_pays() {
    let mut shop = Shop::start().await;
    let code = shop.singapay.qris().generate().amount(PRICE);
    let code = code.send().await.unwrap();
    let payout = shop.money_out().pay_qris().reference_number("QR-1");
    let payout = payout
        .amount(PRICE)
        .qr_data(code.qr_data.as_str())
        .customer_name("Rina Wijaya");
    let _accepted = payout.send().await.unwrap();
    let planted = [("/data/gross_amount/value", "1.00", Amount)];
    shop.confirms(EventKind::QrisIssuer, ALL, &planted).await;
}

#[tokio::test]
async fn a_binding_and_its_charge() {
    let mut shop = Shop::start().await;
    let binding = shop
        .singapay
        .direct_debits()
        .bind()
        .customer_ref("cust-9001");
    let binding = binding
        .phone_no("081200000001")
        .bank_code("008")
        .payment_otp_mode(PaymentOtpMode::WithoutOtp);
    let binding = binding.send().await.unwrap();
    shop.sandbox
        .answer_binding(&binding.binding_id, true)
        .unwrap();
    let planted = [("/data/customer_ref", "cust-9002", Reference)];
    shop.confirms(EventKind::DirectDebit, &[Status, Reference], &planted)
        .await;
    let charge = shop.singapay.direct_debits().charge();
    let charge = charge
        .binding_id(&binding.binding_id)
        .merchant_reference("INV-1")
        .amount(PRICE);
    charge.send().await.unwrap();
    let planted = [
        ("/data/amount", "150001", Amount),
        ("/data/status", "FAILED", Status),
    ];
    shop.confirms(EventKind::DirectDebit, ALL, &planted).await;
}

/// What is on another account, or not there at all, is not found; what no read tells is not asked for.
#[tokio::test]
async fn what_cannot_be_confirmed() {
    let mut shop = Shop::start().await;
    let code = shop
        .singapay
        .qris()
        .generate()
        .amount(PRICE)
        .merchant_reff_no("INV-1");
    let code = code.send().await.unwrap();
    shop.sandbox
        .pay_qris(&code.qr_data, PaymentOutcome::Paid)
        .unwrap();
    let event = shop.event(EventKind::QrisAcquirerTransaction).await;
    let account = shop.sandbox.account_id().to_owned();
    let confirmed = event.confirm_on(&shop.singapay, &account).await.unwrap();
    assert!(confirmed.is_confirmed());
    let unknown = changed(&event, "/data/transaction/id", "999999");
    let found = unknown.confirm(&shop.singapay).await.unwrap();
    assert_eq!(found, Confirmation::NotFound);

    for id in ["../1", "1/2", "a b", ""] {
        let odd = changed(&event, "/data/transaction/id", id);
        let count = shop.sandbox.requests().len();
        match odd.confirm(&shop.singapay).await {
            Err(error) => assert_eq!(error.kind(), ErrorKind::InvalidInput, "{id}"),
            Ok(found) => assert_eq!((found, id), (Confirmation::Unconfirmable, "")),
        }
        assert_eq!(shop.sandbox.requests().len(), count);
    }
    let settlement = EventKind::Settlement.sample().unwrap();
    let settlement = Event::read(settlement.as_bytes()).unwrap();
    let found = settlement.confirm(&shop.singapay).await.unwrap();
    assert_eq!(found, Confirmation::Unconfirmable);

    let key = shop.sandbox.credentials();
    let homeless = Singapay::builder()
        .base_url(shop.sandbox.base_url())
        .credential(&key.partner_id, &key.client_id, key.client_secret.clone())
        .build()
        .unwrap();
    let error = event.confirm(&homeless).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(
        event
            .confirm_on(&homeless, &account)
            .await
            .unwrap()
            .is_confirmed()
    );
}
