//! The quickstart's flow against the in-process sandbox, with every step's result looked at.

#![allow(clippy::unwrap_used)]

#[path = "../../crates/singapay/examples/quickstart/receiver.rs"]
mod receiver;

use std::time::Duration;

use receiver::Receiver;
use singapay::{
    Delivery, ErrorKind, Money, MoneyOut, MoneyOutPolicy, Outcome, Rupiah, Secret, Singapay,
    types::{CardAction, EwalletCode, PaymentLinkItem, QrisScope},
    webhook::{Event, EventKind, Payload, Verifier, WebhookKey},
};
use singapay_sandbox::{DeliveryState, Payer, Sandbox, WebhookKind};

const HOOK: &str = "/hooks/singapay";

/// A sandbox, a client of it, and a receiver of its webhooks.
struct Setup {
    sandbox: Sandbox,
    singapay: Singapay,
    receiver: Receiver,
}

impl Setup {
    async fn start() -> Self {
        let receiver = Receiver::start(HOOK).await.unwrap();
        let sandbox = Sandbox::builder()
            .webhook_url(WebhookKind::Transaction, receiver.url())
            .webhook_url(WebhookKind::Disbursement, receiver.url())
            .start()
            .await
            .unwrap();
        let secret = sandbox.credentials().client_secret.clone();
        let singapay = client(&sandbox, secret);
        Self {
            sandbox,
            singapay,
            receiver,
        }
    }

    fn verifier(&self, secret: &Secret) -> Verifier {
        let partner_id = &self.sandbox.credentials().partner_id;
        let key = WebhookKey::new("default", secret).partner_id(partner_id);
        Verifier::builder().key(key).path(HOOK).build().unwrap()
    }

    /// The next webhook, proven and read.
    async fn event(&mut self) -> Event {
        let secret = &self.sandbox.credentials().client_secret;
        let verifier = self.verifier(secret);
        let (headers, body) = self.receiver.next().await.unwrap();
        let delivery = verifier.verify(&headers, body).unwrap();
        assert_eq!(&*delivery.key_name, "default");
        Event::read(&delivery.body).unwrap()
    }

    fn money_out(&self) -> MoneyOut {
        let policy = MoneyOutPolicy::new().max_amount(Rupiah::new(500_000));
        self.singapay.money_out(policy).unwrap()
    }

    fn calls_of(&self, operation: &str) -> usize {
        let requests = self.sandbox.requests();
        let calls = requests
            .iter()
            .filter(|own| own.operation == Some(operation));
        calls.count()
    }
}

fn client(sandbox: &Sandbox, secret: impl Into<Secret>) -> Singapay {
    let credentials = sandbox.credentials();
    Singapay::builder()
        .base_url(sandbox.base_url())
        .credential(&credentials.partner_id, &credentials.client_id, secret)
        .account(sandbox.account_id())
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_token_is_given() {
    let setup = Setup::start().await;
    let token = setup.singapay.tokens().create().send().await.unwrap();
    assert!(!token.access_token.expose().is_empty());
    assert_eq!(token.expires_in.as_deref(), Some("216000"));
}

#[tokio::test]
#[allow(deprecated, reason = "the documented body is that of version 1.0")]
async fn a_link_is_made_paid_and_reported() {
    let mut setup = Setup::start().await;
    let account = setup.sandbox.account_id().to_owned();
    let item =
        |name: &str, quantity, price| PaymentLinkItem::new(name, quantity, Rupiah::new(price));
    let link = setup
        .singapay
        .payment_links()
        .create_v1()
        .reff_no("PL20251027A002")
        .title("Pembelian Tiramisu + Ongkir + Pajak")
        .required_customer_detail(true)
        .max_usage(5)
        .total_amount(Rupiah::new(55_000))
        .items([
            item("Tiramisu Cake Slice", 2, 25_000),
            item("Pajak (10%)", 1, 5_000),
            item("Ongkir", 1, 10_000),
            item("Promo Ongkir", 1, -10_000),
        ])
        .whitelisted_payment_method(["VA_BRI", "QRIS", "INDOMARET"])
        .redirect_url("https://example.com/thank-you")
        .send()
        .await
        .unwrap();
    assert_eq!(link.status.as_str(), "open");
    assert!(link.payment_url.starts_with("http"));

    let before = setup.sandbox.balance_of(&account).unwrap();
    let paid = setup
        .sandbox
        .pay_payment_link("PL20251027A002", Payer::with("QRIS"))
        .unwrap();

    let event = setup.event().await;
    assert_eq!(event.kind(), EventKind::PaymentLinkTransaction);
    let Payload::PaymentLinkTransaction(payload) = event.payload() else {
        panic!("{event:?}")
    };
    assert_eq!(payload.data.transaction.reff_no, paid.reff_no);
    assert_eq!(payload.data.transaction.status, "paid");
    let amount = payload.data.transaction.amount.as_ref().unwrap();
    assert_eq!(amount.value, Rupiah::new(55_000));

    // The webhook is true: link and balance say the same.
    let shown = setup.singapay.payment_links().get_v1(link.id);
    assert_eq!(shown.send().await.unwrap().id, link.id);
    let after = setup.sandbox.balance_of(&account).unwrap();
    assert!(after.pending > before.pending);
    setup.sandbox.webhooks_sent().await;
    let deliveries = setup.sandbox.deliveries();
    assert_eq!(deliveries.len(), 1);
    assert_eq!(deliveries[0].state, DeliveryState::Delivered);
}

#[tokio::test]
async fn a_webhook_fails_with_another_key_and_with_another_body() {
    let mut setup = Setup::start().await;
    payout(&setup).await;
    setup.sandbox.advance(Duration::from_secs(60)).await;
    let (headers, body) = setup.receiver.next().await.unwrap();

    let secret = &setup.sandbox.credentials().client_secret;
    assert!(
        setup
            .verifier(secret)
            .verify(&headers, body.clone())
            .is_ok()
    );
    assert!(
        setup
            .verifier(&Secret::new("another"))
            .verify(&headers, body.clone())
            .is_err()
    );
    let text = String::from_utf8(body.to_vec()).unwrap();
    let forged = text.replace("10000", "90000");
    assert_ne!(forged, text);
    assert!(setup.verifier(secret).verify(&headers, forged).is_err());
}

#[tokio::test]
async fn a_card_payment_goes_through_3d_secure() {
    let setup = Setup::start().await;
    for (approve, expected) in [(true, "success"), (false, "failed")] {
        let payment = setup
            .singapay
            .cards()
            .create()
            .amount(Rupiah::new(150_000))
            .goods_name("Premium Subscription")
            .customer_name("Rina Wijaya")
            .customer_email("rina@example.com")
            .customer_phone("081200000001")
            .customer_address("Jl. Contoh No. 1")
            .customer_city("Jakarta")
            .customer_state("DKI Jakarta")
            .customer_postal_code("10220")
            .customer_country("ID")
            .card_number("4000000000000002")
            .card_expiry("9912")
            .card_cvv("123")
            .card_holder_name("RINA WIJAYA")
            .card_holder_email("rina@example.com")
            .reference_no("QS-CARD-1")
            .send()
            .await
            .unwrap();
        assert_eq!(payment.action, Some(CardAction::Redirect));
        assert!(payment.payment_url.as_deref().unwrap().starts_with("http"));

        let cards = setup.singapay.cards();
        let waiting = cards.get(&payment.transaction_id).send().await;
        assert_eq!(waiting.unwrap().status.as_str(), "pending");
        let holder = setup
            .sandbox
            .complete_3d_secure(&payment.transaction_id, approve);
        holder.unwrap();
        let decided = cards.get(&payment.transaction_id).send().await;
        assert_eq!(decided.unwrap().status.as_str(), expected);
    }
}

async fn payout(setup: &Setup) {
    let outcome = setup
        .money_out()
        .topup_ewallet()
        .account_id(setup.sandbox.account_id())
        .reference_number("QS-TOPUP-1")
        .ewallet_code(EwalletCode::Dana)
        .customer_number("081200000001")
        .amount(Money::idr(Rupiah::new(10_000)))
        .notes("Top up DANA")
        .send()
        .await
        .unwrap();
    let topup = outcome.accepted().unwrap();
    assert_eq!(topup.transaction_status.code.as_str(), "03");
    assert_eq!(topup.attempts(), 1);
}

#[tokio::test]
async fn a_top_up_ends_and_is_reported() {
    let mut setup = Setup::start().await;
    let account = setup.sandbox.account_id().to_owned();
    let before = setup.sandbox.balance_of(&account).unwrap().available;
    payout(&setup).await;
    setup.sandbox.advance(Duration::from_secs(60)).await;

    let topups = setup.singapay.ewallet_topups();
    let status = topups.get_status().reference_number("QS-TOPUP-1");
    let status = status.send().await.unwrap();
    assert_eq!(status.transaction_status.code.as_str(), "00");
    let event = setup.event().await;
    let Payload::EwalletTopup(payload) = event.payload() else {
        panic!("{event:?}")
    };
    assert_eq!(payload.data.transaction_id, status.transaction_id);
    let after = setup.sandbox.balance_of(&account).unwrap().available;
    assert_eq!(before - after, 11_000, "amount and fee, once");
}

#[tokio::test]
async fn a_qris_credit_ends_and_is_reported() {
    let mut setup = Setup::start().await;
    let account = setup.sandbox.account_id().to_owned();
    let outcome = setup
        .money_out()
        .pay_qris()
        .account_id(&account)
        .reference_number("QS-QRIS-1")
        .amount(Rupiah::new(100_000))
        .qr_data("00020101021226620015ID.SINGAPAY.WWW0118936012070412260002")
        .customer_name("Rina Wijaya")
        .send()
        .await
        .unwrap();
    let payment = outcome.accepted().unwrap();
    setup.sandbox.advance(Duration::from_secs(60)).await;
    let status = setup
        .singapay
        .qris_payouts()
        .get_status()
        .reference_number("QS-QRIS-1")
        .scope(QrisScope::Issuer)
        .send()
        .await
        .unwrap();
    assert_eq!(status.transaction_status.code.as_str(), "00");
    assert_eq!(status.transaction_id, payment.transaction_id);
    assert_eq!(setup.event().await.kind(), EventKind::QrisIssuer);
}

#[tokio::test]
async fn the_same_reference_pays_once() {
    let setup = Setup::start().await;
    payout(&setup).await;
    let again = setup
        .money_out()
        .topup_ewallet()
        .account_id(setup.sandbox.account_id())
        .reference_number("QS-TOPUP-1")
        .ewallet_code(EwalletCode::Dana)
        .customer_number("081200000001")
        .amount(Money::idr(Rupiah::new(10_000)))
        .send()
        .await
        .unwrap();
    assert!(matches!(again, Outcome::Duplicate(_)), "{again:?}");
}

#[tokio::test]
async fn a_wrong_secret_is_refused() {
    let setup = Setup::start().await;
    let stranger = client(&setup.sandbox, "not the secret");
    let refusal = stranger
        .money_out(MoneyOutPolicy::new())
        .unwrap()
        .topup_ewallet()
        .account_id(setup.sandbox.account_id())
        .reference_number("QS-TOPUP-2")
        .ewallet_code(EwalletCode::Dana)
        .customer_number("081200000002")
        .amount(Money::idr(Rupiah::new(10_000)))
        .send()
        .await
        .unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::Credential);
    assert_eq!(refusal.delivery(), Delivery::NotSent);
    assert_eq!(refusal.status(), Some(401));
    assert_eq!(setup.calls_of("topup_ewallet"), 0);
}
