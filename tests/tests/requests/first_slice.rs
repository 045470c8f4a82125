//! The first operations once more, written as a user writes them, against typed mocks: a mock made
//! from the documents answers only to the right method, path and body.

use httpmock::{Mock, MockServer, When};
use serde_json::{Value, json};
use singapay::{
    Money, Rupiah, Sensitive,
    types::{CardStatus, EwalletCode, PaymentLinkItem, QrisScope, TransactionStatusCode},
};
use singapay_api::payment::types::*;
use singapay_tests::{
    driver::Clients,
    generated::payment::MockServerExt,
    recorder::{NOW, TOKEN, client},
    spec::ACCOUNT_ID,
};

/// A gateway with a token to give, and clients of it.
fn gateway() -> (MockServer, Clients) {
    let server = MockServer::start();
    server.create_access_token(|_, then| drop(then.success(200, &token())));
    let clients = Clients::of(client(&server.base_url()));
    (server, clients)
}

fn token() -> singapay_core::envelope::V1<AccessToken> {
    let data = json!({"access_token": TOKEN, "token_type": "Bearer", "expires_in": "216000"});
    read(json!({"status": 200, "success": true, "data": data}))
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn success<T: serde::de::DeserializeOwned>(data: Value) -> T {
    read(json!({"response_code": "SP000", "response_message": "Successfully", "data": data}))
}

/// Bearer token and partner id, and the two headers of a signature or neither.
fn authenticated(when: When, signed: bool) -> When {
    let when = when
        .header("authorization", format!("Bearer {TOKEN}"))
        .header("x-partner-id", "partner-1")
        .header("accept", "application/json")
        .header_missing("x-client-id")
        .header_missing("api-version");
    match signed {
        true => when
            .header("x-timestamp", NOW.to_string())
            .header_matches("x-signature", "^[0-9a-f]{128}$"),
        false => when
            .header_missing("x-timestamp")
            .header_missing("x-signature"),
    }
}

fn called(mock: &Mock<'_>) {
    mock.assert_calls(1);
}

#[tokio::test]
async fn tokens_are_asked_for_in_both_versions() {
    let server = MockServer::start();
    let client = client(&server.base_url());
    let grant = || CreateAccessTokenRequest {
        grant_type: GrantType::ClientCredentials,
    };
    let current = server.create_access_token(|when, then| {
        when.body(&grant())
            .into_inner()
            .body(r#"{"grant_type":"client_credentials"}"#)
            .header("x-partner-id", "partner-1")
            .header("x-client-id", "client-1")
            .header_matches("x-signature", "^[0-9a-f]{128}$")
            .header_missing("authorization");
        then.success(200, &token());
    });
    let basic = server.create_access_token_basic(|when, then| {
        when.body(&CreateAccessTokenBasicRequest {
            grant_type: GrantType::ClientCredentials,
        })
        .into_inner()
        .header("x-partner-id", "partner-1")
        // client-1:secret-1
        .header("authorization", "Basic Y2xpZW50LTE6c2VjcmV0LTE=")
        .header_missing("x-signature");
        then.success(200, &token());
    });
    let token = client.tokens().create().send().await.unwrap();
    assert_eq!(token.access_token.expose(), TOKEN);
    let token = client.tokens().create_basic().send().await.unwrap();
    assert_eq!(token.access_token.expose(), TOKEN);
    called(&current);
    called(&basic);
}

fn link() -> Value {
    json!({
        "id": 103, "reff_no": "INV-2026-0001", "title": "Kue", "status": "open",
        "payment_url": "https://example.com/payment-link", "total_amount": 150_000,
    })
}

#[tokio::test]
#[allow(deprecated, reason = "the first version is part of the first slice")]
async fn a_payment_link_is_made_and_read() {
    let (server, clients) = gateway();
    let create = server.create_payment_link_v1(|when, then| {
        let items = vec![PaymentLinkItem::new("Bolu", 2, Rupiah::new(75_000))];
        let when = when
            .account_id(ACCOUNT_ID)
            .body(&CreatePaymentLinkV1Request {
                expired_at: None,
                items,
                max_usage: 1,
                optional_metadata: None,
                redirect_url: None,
                reff_no: "INV-2026-0001".to_owned(),
                required_customer_detail: false,
                title: "Kue".to_owned(),
                total_amount: Rupiah::new(150_000),
                whitelisted_payment_method: Some(vec!["QRIS".to_owned()]),
            });
        authenticated(when.into_inner(), false).body(concat!(
            r#"{"items":[{"name":"Bolu","quantity":2,"unit_price":75000}],"max_usage":1,"#,
            r#""reff_no":"INV-2026-0001","required_customer_detail":false,"title":"Kue","#,
            r#""total_amount":150000,"whitelisted_payment_method":["QRIS"]}"#,
        ));
        then.success(
            200,
            &read(json!({"status": 200, "success": true, "data": link()})),
        );
    });
    let get = server.get_payment_link_v1(|when, then| {
        let when = when
            .account_id(ACCOUNT_ID)
            .payment_link_id(103)
            .into_inner();
        authenticated(when, false);
        then.success(
            200,
            &read(json!({"status": 200, "success": true, "data": link()})),
        );
    });
    let links = clients.client.payment_links();
    let made = links
        .create_v1(ACCOUNT_ID)
        .reff_no("INV-2026-0001")
        .title("Kue")
        .required_customer_detail(false)
        .max_usage(1)
        .total_amount(Rupiah::new(150_000))
        .items([PaymentLinkItem::new("Bolu", 2, Rupiah::new(75_000))])
        .whitelisted_payment_method(["QRIS"])
        .send()
        .await
        .unwrap();
    assert_eq!(made.payment_url, "https://example.com/payment-link");
    let read = links.get_v1(ACCOUNT_ID, made.id).send().await.unwrap();
    assert_eq!(read.total_amount, Some(Rupiah::new(150_000)));
    called(&create);
    called(&get);
}

#[tokio::test]
async fn a_card_is_charged_and_looked_up() {
    let (server, clients) = gateway();
    let create = server.create_card_payment(|when, then| {
        let when = when.account_id(ACCOUNT_ID).body(&CreateCardPaymentRequest {
            amount: Rupiah::new(100_000),
            card_cvv: Sensitive::from("123"),
            card_expiry: Sensitive::from("2912"),
            card_holder_email: "rina@example.com".to_owned(),
            card_holder_name: "RINA WULANDARI".to_owned(),
            card_number: Sensitive::from("4111111111111111"),
            customer_address: "Jl. Melati 1".to_owned(),
            customer_city: "Bandung".to_owned(),
            customer_country: "ID".to_owned(),
            customer_email: "rina@example.com".to_owned(),
            customer_name: "Rina Wulandari".to_owned(),
            customer_phone: Sensitive::from("081200000001"),
            customer_postal_code: "40111".to_owned(),
            customer_state: "Jawa Barat".to_owned(),
            description: None,
            goods_name: "Kue".to_owned(),
            installment: None,
            installment_month: None,
            reference_no: Some("INV-1".to_owned()),
        });
        authenticated(when.into_inner(), false).body_includes(r#""card_expiry":"2912""#);
        let data = json!({"reff_no": "CC-1", "transaction_id": "CC-1", "status": "pending"});
        then.success(200, &success(data));
    });
    let get = server.get_card_status(|when, then| {
        authenticated(when.account_id(ACCOUNT_ID).id("CC-1").into_inner(), false);
        let data = json!({"transaction_id": "CC-1", "status": "success", "amount": 100_000});
        then.success(200, &success(data));
    });
    let cards = clients.client.cards();
    let charged = cards
        .create(ACCOUNT_ID)
        .amount(Rupiah::new(100_000))
        .card_number("4111111111111111")
        .card_cvv("123")
        .card_expiry("2912")
        .card_holder_name("RINA WULANDARI")
        .card_holder_email("rina@example.com")
        .customer_name("Rina Wulandari")
        .customer_email("rina@example.com")
        .customer_phone("081200000001")
        .customer_address("Jl. Melati 1")
        .customer_city("Bandung")
        .customer_state("Jawa Barat")
        .customer_country("ID")
        .customer_postal_code("40111")
        .goods_name("Kue")
        .reference_no("INV-1")
        .send()
        .await;
    let charged = charged.unwrap();
    assert_eq!(charged.status, CardStatus::Pending);
    let found = cards
        .get(ACCOUNT_ID, charged.transaction_id.as_str())
        .send()
        .await;
    assert_eq!(found.unwrap().amount, Some(Rupiah::new(100_000)));
    called(&create);
    called(&get);
}

#[tokio::test]
async fn a_qr_code_is_paid_and_looked_up() {
    let (server, clients) = gateway();
    let status = json!({"code": "00", "desc": "Success"});
    let data = json!({
        "transaction_id": "1122025102717153412345678901234", "reference_number": "QR-1",
        "transaction_status": status,
    });
    let pay = server.pay_qris(|when, then| {
        let when = when.body(&PayQrisRequest {
            account_id: ACCOUNT_ID.to_owned(),
            amount: Rupiah::new(15_000),
            customer_email: None,
            customer_location: None,
            customer_name: "Rina Wulandari".to_owned(),
            customer_phone: None,
            qr_data: "00020101".to_owned(),
            reference_number: "QR-1".to_owned(),
        });
        authenticated(when.into_inner(), true).body(format!(
            "{{\"account_id\":\"{ACCOUNT_ID}\",\"amount\":15000,\
             \"customer_name\":\"Rina Wulandari\",\"qr_data\":\"00020101\",\
             \"reference_number\":\"QR-1\"}}"
        ));
        then.success(200, &success(data.clone()));
    });
    let look_up = server.get_qris_status(|when, then| {
        let when = when.account_id(ACCOUNT_ID).body(&GetQrisStatusRequest {
            reference_number: "QR-1".to_owned(),
            scope: QrisScope::Issuer,
            type_: None,
        });
        authenticated(when.into_inner(), false)
            .body(r#"{"reference_number":"QR-1","scope":"issuer"}"#);
        then.success(200, &success(data.clone()));
    });
    let paid = clients
        .money_out
        .pay_qris()
        .account_id(ACCOUNT_ID)
        .reference_number("QR-1")
        .qr_data("00020101")
        .amount(Rupiah::new(15_000))
        .customer_name("Rina Wulandari")
        .send()
        .await;
    let paid = paid.unwrap().accepted().unwrap();
    assert_eq!(paid.transaction_status.code, TransactionStatusCode::Success);
    let payments = clients.client.qris_payments();
    let status = payments
        .get_status(ACCOUNT_ID)
        .reference_number("QR-1")
        .scope(QrisScope::Issuer)
        .send()
        .await;
    assert_eq!(status.unwrap().transaction_id, paid.transaction_id);
    called(&pay);
    called(&look_up);
}

#[tokio::test]
async fn a_wallet_is_topped_up_and_looked_up() {
    let (server, clients) = gateway();
    let data = json!({
        "transaction_id": "1122025102717153412345678901234", "reference_number": "R-1",
        "transaction_status": {"code": "03", "desc": "Pending"},
    });
    let topup = server.topup_ewallet(|when, then| {
        let when = when.body(&TopupEwalletRequest {
            account_id: ACCOUNT_ID.to_owned(),
            amount: Money::idr(Rupiah::new(10_000)),
            customer_number: Sensitive::from("081200000001"),
            ewallet_code: EwalletCode::Dana,
            notes: None,
            reference_number: "R-1".to_owned(),
        });
        authenticated(when.into_inner(), true).body(format!(
            "{{\"account_id\":\"{ACCOUNT_ID}\",\
             \"amount\":{{\"currency\":\"IDR\",\"value\":\"10000.00\"}},\
             \"customer_number\":\"081200000001\",\"ewallet_code\":\"DANA\",\
             \"reference_number\":\"R-1\"}}"
        ));
        then.success(200, &success(data.clone()));
    });
    let look_up = server.get_ewallet_topup_status(|when, then| {
        let reference_number = "R-1".to_owned();
        let body = GetEwalletTopupStatusRequest { reference_number };
        let when = when.account_id(ACCOUNT_ID).body(&body).into_inner();
        authenticated(when, false).body(r#"{"reference_number":"R-1"}"#);
        then.success(200, &success(data.clone()));
    });
    let sent = clients
        .money_out
        .topup_ewallet()
        .account_id(ACCOUNT_ID)
        .reference_number("R-1")
        .ewallet_code(EwalletCode::Dana)
        .customer_number("081200000001")
        .amount(Rupiah::new(10_000))
        .send()
        .await;
    let sent = sent.unwrap().accepted().unwrap();
    assert_eq!(sent.transaction_status.code, TransactionStatusCode::Pending);
    let topups = clients.client.ewallet_topups();
    let status = topups
        .get_status(ACCOUNT_ID)
        .reference_number("R-1")
        .send()
        .await;
    assert_eq!(status.unwrap().transaction_id, sent.transaction_id);
    called(&topup);
    called(&look_up);
}
