//! Requests pinned by hand, independent of the documents that the code is generated from: the
//! operations that the project started with, every payout, and every token. A mock answers only to
//! the method, path, headers and bytes that stand here.

use httpmock::{Method, Mock, MockServer, When};
use serde_json::{Map, Value, json};
use singapay::{
    Rupiah,
    types::{CardStatus, EwalletCode, PaymentLinkItem, QrisScope, TransactionStatusCode},
};
use singapay_tests::{
    driver::{Clients, End},
    payouts,
    recorder::{NOW, TOKEN, client},
    spec::ACCOUNT_ID,
};

const GRANT: &str = r#"{"grant_type":"client_credentials"}"#;

/// A gateway with tokens to give, and clients of it.
fn gateway() -> (MockServer, Clients) {
    let server = MockServer::start();
    for path in ["/api/v1.1/access-token/b2b", "/api/v1.0/access-token/b2b"] {
        server.mock(|when, then| {
            when.method(Method::POST).path(path);
            then.status(200).json_body(token());
        });
    }
    let clients = Clients::of(client(&server.base_url()));
    (server, clients)
}

fn token() -> Value {
    v1(json!({"access_token": TOKEN, "token_type": "Bearer", "expires_in": "216000"}))
}

fn v1(data: Value) -> Value {
    json!({"status": 200, "success": true, "data": data})
}

fn v2(data: Value) -> Value {
    json!({"response_code": "SP000", "response_message": "Successfully", "data": data})
}

/// Bearer token and partner id, and the two headers of a signature or neither.
fn authenticated(when: When, partner: &str, signed: bool) -> When {
    let when = when
        .header("authorization", format!("Bearer {TOKEN}"))
        .header("x-partner-id", partner)
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

fn get<'a>(server: &'a MockServer, path: &str, answer: &Value) -> Mock<'a> {
    server.mock(|when, then| {
        authenticated(when.method(Method::GET).path(path), "partner-1", false);
        then.status(200).json_body_obj(answer);
    })
}

/// An unsigned POST with exactly this body.
fn post<'a>(server: &'a MockServer, path: &str, body: &str, answer: &Value) -> Mock<'a> {
    server.mock(|when, then| {
        let when = when.method(Method::POST).path(path);
        authenticated(when, "partner-1", false).body(body);
        then.status(200).json_body_obj(answer);
    })
}

#[tokio::test]
async fn tokens_are_asked_for_as_each_host_wants_it() {
    let server = MockServer::start();
    let client = client(&server.base_url());
    let signed = server.mock(|when, then| {
        when.method(Method::POST)
            .path("/api/v1.1/access-token/b2b")
            .body(GRANT)
            .header("x-partner-id", "partner-1")
            .header("x-client-id", "client-1")
            .header_matches("x-signature", "^[0-9a-f]{128}$")
            .header_missing("authorization");
        then.status(200).json_body(token());
    });
    let basic = |partner: &str| {
        server.mock(|when, then| {
            when.method(Method::POST)
                .path("/api/v1.0/access-token/b2b")
                .body(GRANT)
                .header("x-partner-id", partner)
                // client-1:secret-1
                .header("authorization", "Basic Y2xpZW50LTE6c2VjcmV0LTE=")
                .header_missing("x-signature");
            then.status(200).json_body(token());
        })
    };
    let (payment, biller) = (basic("partner-1"), basic("partner-2"));
    let identity = server.mock(|when, then| {
        when.method(Method::POST)
            .path("/api/v1/kyc/auth/get-auth-token")
            .body(concat!(
                r#"{"client_id":"client-1","#,
                r#""signature":"7be10f10fb24dcc19ef211158b4a3bbf13ec29d72e87591222ec3a4e7520a54d","#,
                r#""timestamp":"2026-08-21T03:00:00Z"}"#,
            ))
            .header_missing("authorization")
            .header_missing("x-partner-id")
            .header_missing("x-signature");
        let answer = json!({"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600});
        then.status(200).json_body(answer);
    });
    let tokens = client.tokens();
    let given = [
        tokens.create().send().await.unwrap().access_token.clone(),
        tokens
            .create_basic()
            .send()
            .await
            .unwrap()
            .access_token
            .clone(),
    ];
    for token in given {
        assert_eq!(token.expose(), TOKEN);
    }
    client.bills().create_token().send().await.unwrap();
    // Nothing answers to the verification itself; the client signs for its token on its own.
    let verification = client.identity().verify_ewallet_account();
    let verification = verification
        .ewallet_code(singapay::types::IdentityEwalletCode::Dana)
        .name("Rina")
        .phone_number("081200000001")
        .request_id("1");
    verification.with_max_attempts(1).send().await.unwrap_err();
    for mock in [signed, payment, biller, identity] {
        mock.assert_calls(1);
    }
}

/// Operation, path, whether it is signed, and the whole body. Payouts that came later are pinned by
/// their snapshots.
const PAYOUTS: [(&str, &str, bool, &str); 10] = [
    (
        "topup_ewallet",
        "/api/v2.0/ewallet/trigger-topup",
        true,
        r#"{"account_id":"01K946KF851RK7FX075GJHBVKF","amount":{"currency":"IDR","value":"10000.00"},"customer_number":"081200000001","ewallet_code":"DANA","reference_number":"R-1"}"#,
    ),
    (
        "pay_qris",
        "/api/v2.0/qris/issuer/mpm/payment-credit",
        true,
        r#"{"account_id":"01K946KF851RK7FX075GJHBVKF","amount":10000,"customer_name":"Rina Wijaya","qr_data":"00020101021226620015ID","reference_number":"R-1"}"#,
    ),
    (
        "transfer_disbursement",
        "/api/v2.0/disbursement/transfer",
        true,
        r#"{"account_id":"01K946KF851RK7FX075GJHBVKF","amount":10000,"bank_account_number":"1234567890","bank_code":"014","reference_number":"R-1"}"#,
    ),
    (
        "transfer_disbursement_v1",
        "/api/v1.0/disbursement/01K946KF851RK7FX075GJHBVKF/transfer",
        true,
        r#"{"amount":10000,"bank_account_number":"1234567890","bank_swift_code":"CENAIDJA","reference_number":"R-1"}"#,
    ),
    (
        "create_cardless_withdrawal",
        "/api/v1.0/cardless-withdrawals/create",
        true,
        r#"{"account_id":"01K946KF851RK7FX075GJHBVKF","amount":50000,"customer_id":"081200000001","customer_name":"Rina Wijaya","reference_number":"R-1","vendor_code":"ALFAMART"}"#,
    ),
    (
        "transfer_between_accounts",
        "/api/v1.0/account-transfer/01K946KF851RK7FX075GJHBVKF/transfer",
        true,
        r#"{"amount":10000,"beneficiary_account_number":"123456789012"}"#,
    ),
    (
        "pay_prepaid",
        "/api/v2/prepaid/payment",
        false,
        r#"{"command":"plntok","data":{"customer_id":"081200000001","password":"pw","product_code":"PLN20","reference_number":"R-1"}}"#,
    ),
    (
        "pay_postpaid",
        "/api/v2/postpaid/payment",
        false,
        r#"{"command":"pdam","data":{"customer_id":"081200000001","password":"pw","product_code":"PLN","reference_number":"R-1"}}"#,
    ),
    (
        "pay_prepaid_v1",
        "/api/v1/prepaid/payment",
        false,
        r#"{"command":"plntok","data":{"customer_id":"081200000001","password":"pw","product_code":"PLN20","reference_number":"R-1"}}"#,
    ),
    (
        "pay_postpaid_v1",
        "/api/v1/postpaid/payment",
        false,
        r#"{"command":"pdam","data":{"customer_id":"081200000001","password":"pw","product_code":"PLN","reference_number":"R-1"}}"#,
    ),
];

/// Fields as a builder takes them, from the body that they make.
fn given(body: &str) -> Map<String, Value> {
    let mut given: Map<String, Value> = serde_json::from_str(body).unwrap();
    if let Some(Value::Object(inner)) = given.remove("data") {
        given.extend(
            inner
                .into_iter()
                .map(|(name, value)| (format!("data.{name}"), value)),
        );
    }
    given
}

#[tokio::test]
async fn every_payout_is_sent_as_it_stands_here() {
    for (id, path, signed, body) in PAYOUTS {
        let payout = payouts::of(id);
        let (server, clients) = gateway();
        let mock = server.mock(|when, then| {
            let partner = if payout.is_bill() {
                "partner-2"
            } else {
                "partner-1"
            };
            let when = when.method(Method::POST).path(path);
            authenticated(when, partner, signed).body(body);
            then.status(200).body(&payout.accepted);
        });
        let end = clients.call(id, given(body)).await;
        assert!(matches!(end, Ok(End::Accepted(1))), "{id}: {end:?}");
        mock.assert_calls(1);
    }
}

fn link() -> Value {
    v1(json!({
        "id": 103, "reff_no": "INV-2026-0001", "title": "Kue", "status": "open",
        "payment_url": "https://example.com/payment-link", "total_amount": 150_000,
    }))
}

#[tokio::test]
#[allow(deprecated, reason = "the project started with the first version")]
async fn a_payment_link_is_made_and_read() {
    let (server, clients) = gateway();
    let path = format!("/api/v1.0/payment-link-manage/{ACCOUNT_ID}");
    let body = concat!(
        r#"{"items":[{"name":"Bolu","quantity":2,"unit_price":75000}],"max_usage":1,"#,
        r#""reff_no":"INV-2026-0001","required_customer_detail":false,"title":"Kue","#,
        r#""total_amount":150000,"whitelisted_payment_method":["QRIS"]}"#,
    );
    let created = post(&server, &path, body, &link());
    let read = get(&server, &format!("{path}/103"), &link());
    let links = clients.client.payment_links();
    let made = links
        .create_v1()
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
    let found = links.get_v1(made.id).send().await.unwrap();
    assert_eq!(found.total_amount, Some(Rupiah::new(150_000)));
    created.assert_calls(1);
    read.assert_calls(1);
}

#[tokio::test]
async fn a_card_is_charged_and_looked_up() {
    let (server, clients) = gateway();
    let path = format!("/api/v2.0/card/{ACCOUNT_ID}");
    let body = concat!(
        r#"{"amount":100000,"card_cvv":"123","card_expiry":"2912","#,
        r#""card_holder_email":"rina@example.com","card_holder_name":"RINA WULANDARI","#,
        r#""card_number":"4111111111111111","customer_address":"Jl. Melati 1","#,
        r#""customer_city":"Bandung","customer_country":"ID","#,
        r#""customer_email":"rina@example.com","customer_name":"Rina Wulandari","#,
        r#""customer_phone":"081200000001","customer_postal_code":"40111","#,
        r#""customer_state":"Jawa Barat","goods_name":"Kue","reference_no":"INV-1"}"#,
    );
    let pending = json!({"reff_no": "CC-1", "transaction_id": "CC-1", "status": "pending"});
    let created = post(&server, &format!("{path}/payment"), body, &v2(pending));
    let paid = json!({"transaction_id": "CC-1", "status": "success", "amount": 100_000});
    let read = get(&server, &format!("{path}/inquiry-status/CC-1"), &v2(paid));
    let cards = clients.client.cards();
    let charged = cards
        .create()
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
    let found = cards.get(charged.transaction_id.as_str()).send().await;
    assert_eq!(found.unwrap().amount, Some(Rupiah::new(100_000)));
    created.assert_calls(1);
    read.assert_calls(1);
}

fn payout(reference: &str, code: &str) -> Value {
    v2(json!({
        "transaction_id": "1122025102717153412345678901234", "reference_number": reference,
        "transaction_status": {"code": code},
    }))
}

#[tokio::test]
async fn a_qr_code_is_paid_and_looked_up() {
    let (server, clients) = gateway();
    let paying = server.mock(|when, then| {
        let when = when
            .method(Method::POST)
            .path("/api/v2.0/qris/issuer/mpm/payment-credit");
        authenticated(when, "partner-1", true);
        then.status(200).json_body(payout("QR-1", "00"));
    });
    let path = format!("/api/v2.0/qris/status/{ACCOUNT_ID}");
    let body = r#"{"reference_number":"QR-1","scope":"issuer"}"#;
    let looked_up = post(&server, &path, body, &payout("QR-1", "00"));
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
    let payments = clients.client.qris_payouts();
    let status = payments
        .get_status()
        .reference_number("QR-1")
        .scope(QrisScope::Issuer)
        .send()
        .await;
    assert_eq!(status.unwrap().transaction_id, paid.transaction_id);
    paying.assert_calls(1);
    looked_up.assert_calls(1);
}

#[tokio::test]
async fn a_wallet_is_topped_up_and_looked_up() {
    let (server, clients) = gateway();
    let paying = server.mock(|when, then| {
        let when = when
            .method(Method::POST)
            .path("/api/v2.0/ewallet/trigger-topup");
        authenticated(when, "partner-1", true);
        then.status(200).json_body(payout("R-1", "03"));
    });
    let path = format!("/api/v2.0/ewallet/{ACCOUNT_ID}/inquiry-status");
    let body = r#"{"reference_number":"R-1"}"#;
    let looked_up = post(&server, &path, body, &payout("R-1", "03"));
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
    let status = topups.get_status().reference_number("R-1").send().await;
    assert_eq!(status.unwrap().transaction_id, sent.transaction_id);
    paying.assert_calls(1);
    looked_up.assert_calls(1);
}
