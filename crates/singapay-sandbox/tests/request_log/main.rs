//! What the request log tells: verdicts, reasons, the values of a refused signature, and bodies without secrets.

#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;
mod unseen;

use std::time::Duration;

use common::{Client, Receiver, hmac512, send};
use serde_json::{Value, json};
use singapay_sandbox::{Fault, FaultAction, FaultPoint, Payer, Sandbox, Verdict, WebhookKind};

const TOPUP: &str = "/api/v2.0/ewallet/trigger-topup";

async fn admin(sandbox: &Sandbox, path: &str) -> (u16, Value) {
    let url = format!("{}/_sandbox{path}", sandbox.base_url());
    let answer = send(reqwest::Client::new().get(url)).await;
    (answer.status, answer.body)
}

/// The newest request.
async fn last(sandbox: &Sandbox) -> Value {
    admin(sandbox, "/requests?limit=1").await.1[0].clone()
}

#[tokio::test]
async fn every_request_has_a_verdict_and_what_is_refused_a_reason() {
    let sandbox = Sandbox::builder().balance(5_000).start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let partner = json!(client.credentials.partner_id);
    let granted = last(&sandbox).await;
    assert_eq!(
        (&granted["id"], &granted["verdict"], &granted["credential"]),
        (&json!(1), &json!("accepted"), &partner)
    );
    assert!(granted.get("reason").is_none() && granted.get("signature").is_none());

    client
        .get("/api/v1.0/balance-inquiry/{account}?a=1&b=2")
        .await
        .ok();
    let read = last(&sandbox).await;
    assert_eq!(
        (
            &read["operation"],
            &read["query"],
            &read["caller"],
            &read["credential"]
        ),
        (
            &json!("get_account_balance"),
            &json!("a=1&b=2"),
            &json!("127.0.0.1"),
            &partner
        )
    );
    assert!(read.get("request_body").is_none());
    assert!(
        read["answer_body"]
            .as_str()
            .unwrap()
            .contains("available_balance")
    );

    let mut stranger = Client::of(&sandbox).await;
    stranger.credentials.partner_id = "nobody".to_owned();
    let mut lapsed = Client::of(&sandbox).await;
    lapsed.token = "gone".to_owned();
    let mut anonymous = Client::of(&sandbox).await;
    anonymous.credentials.client_id = "nobody".to_owned();
    let balance = "/api/v1.0/balance-inquiry/{account}";
    let nothing = client
        .signed(TOPUP, json!({"account_id": client.account}))
        .await;
    assert_eq!(nothing.status, 422);
    let fields = last(&sandbox).await;
    let reason = fields["reason"].as_str().unwrap();
    assert!(
        reason.starts_with("fields: ") && reason.contains("amount"),
        "{reason}"
    );

    for (body, unread) in [
        ("{\"amount\": 1", "body is not JSON; fields: "),
        ("[{\"amount\": 1}]", "body is no JSON object; fields: "),
        ("", "fields: "),
    ] {
        let path = format!("/api/v2.0/payment-link/{}", client.account);
        let request = client.request("POST", &path);
        let request = request.header("Content-Type", "application/json");
        let answer = send(request.body(body)).await;
        let told = last(&sandbox).await;
        let reason = told["reason"].as_str().unwrap();
        assert!(reason.starts_with(unread), "{body}: {reason}");
        assert_eq!(answer.status, 422);
        assert!(!answer.body.to_string().contains("JSON"));
    }

    let refused = |expected: &'static str| {
        let sandbox = &sandbox;
        async move {
            let last = last(sandbox).await;
            assert_eq!(
                (&last["verdict"], &last["reason"]),
                (&json!("refused"), &json!(expected))
            );
            last
        }
    };
    stranger.get(balance).await;
    assert!(refused("partner id").await.get("credential").is_none());
    lapsed.get(balance).await;
    refused("token unknown or expired").await;
    send(
        client
            .http
            .get(format!("{}/api/v1.0/balance-inquiry", client.base)),
    )
    .await;
    refused("no token").await;
    let biller = Client::of_biller(&sandbox).await;
    biller.get(balance).await;
    refused("token of another host").await;
    send(anonymous.token_request().body("{}")).await;
    refused("client id").await;
    client.get("/api/v1.0/balance-inquiry/nowhere").await;
    refused("account not found").await;
    client.signed(TOPUP, client.topup("T-1", 10_000)).await;
    let poor = refused("SP003 Insufficient Balance").await;
    assert_eq!(poor["credential"], partner);

    client.get("/api/v9/nowhere").await;
    let nowhere = last(&sandbox).await;
    assert_eq!(
        (
            &nowhere["verdict"],
            &nowhere["reason"],
            &nowhere["operation"]
        ),
        (&json!("no_route"), &json!("no such path"), &Value::Null)
    );
    client
        .call("DELETE", "/api/v1.0/balance-inquiry", json!({}))
        .await;
    assert_eq!(last(&sandbox).await["reason"], "methods: GET, HEAD");

    sandbox
        .add_fault(Fault::new(
            FaultPoint::AfterCommit,
            FaultAction::Status(503),
        ))
        .unwrap();
    client.get(balance).await;
    let faulted = last(&sandbox).await;
    assert_eq!(
        (
            &faulted["verdict"],
            &faulted["reason"],
            &faulted["credential"]
        ),
        (
            &json!("faulted"),
            &json!(r#"after_commit {"status":503}"#),
            &partner
        )
    );
}

#[tokio::test]
async fn only_listed_addresses_pass_and_the_log_says_so() {
    let elsewhere = "192.0.2.1".parse().unwrap();
    let sandbox = Sandbox::builder()
        .allowed_ips([elsewhere])
        .start()
        .await
        .unwrap();
    let token = format!("{}/api/v1.1/access-token/b2b", sandbox.base_url());
    for (method, url) in [
        ("POST", token),
        (
            "GET",
            format!("{}/api/v1.0/balance-inquiry", sandbox.base_url()),
        ),
    ] {
        send(reqwest::Client::new().request(method.parse().unwrap(), url)).await;
        assert_eq!(last(&sandbox).await["reason"], "address");
    }
}

#[tokio::test]
async fn a_refused_signature_is_told_side_by_side_with_what_most_likely_differs() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    let now = sandbox.now().unix_seconds();
    let body = client.topup("T-1", 10_000);
    let signature = |endpoint: &str, body: &str, timestamp: &str| {
        use sha2::{Digest, Sha256};
        let hash = hex::encode(Sha256::digest(body));
        let message = format!("POST:{endpoint}:{}:{hash}:{timestamp}", client.token);
        hmac512(client.credentials.client_secret.expose(), &message)
    };
    let right = common::canonical(&body);
    let seconds = now.to_string();
    let millis = format!("{seconds}000");
    let old = (now - 400).to_string();
    let spaced = right.replace(':', ": ").replace(',', ", ");
    let query = "/api/v2.0/ewallet/trigger-topup?x=1";
    let table = [
        (
            TOPUP,
            &seconds,
            signature(TOPUP, &right, &seconds).to_uppercase(),
            "signature",
            "given: in upper case",
        ),
        (
            query,
            &seconds,
            signature(TOPUP, &right, &seconds),
            "signature",
            "endpoint: signed without the query",
        ),
        (
            TOPUP,
            &seconds,
            signature(TOPUP, &spaced, &seconds),
            "signature",
            "body_hash: ",
        ),
        (
            TOPUP,
            &seconds,
            signature(TOPUP, &right, &millis),
            "signature",
            "timestamp: signed in milliseconds",
        ),
        (
            TOPUP,
            &old,
            signature(TOPUP, &right, &old),
            "timestamp outside five minutes",
            "timestamp: 400 seconds behind",
        ),
        (
            TOPUP,
            &millis,
            signature(TOPUP, &right, &millis),
            "timestamp is no Unix time in seconds",
            "timestamp: in milliseconds",
        ),
        (
            TOPUP,
            &seconds,
            hmac512(client.credentials.client_id.as_str(), "x"),
            "signature",
            "secret, token, path or body: none of the usual mistakes gives it",
        ),
    ];
    for (path, timestamp, given, reason, differs) in table {
        let answer = client
            .request("POST", path)
            .header("Content-Type", "application/json")
            .header("X-Timestamp", timestamp)
            .header("X-Signature", &given)
            .body(right.clone());
        assert_eq!(send(answer).await.status, 401);
        let told = last(&sandbox).await;
        let values = &told["signature"];
        assert_eq!(
            (&told["reason"], &values["given"]),
            (&json!(reason), &json!(given))
        );
        let told = values["differs"].as_str().unwrap_or_default();
        assert!(told.starts_with(differs), "{differs}: {told}");
        let hash = values["body_hash"].as_str().unwrap();
        let shown: String = client.token.chars().take(6).collect();
        assert_eq!(
            values["string_to_sign"],
            json!(format!("POST:{path}:{shown}…:{hash}:{timestamp}"))
        );
        assert_eq!(
            values["expected"],
            json!(signature(path, &right, timestamp))
        );
    }
    let everything = admin(&sandbox, "/requests").await.1.to_string();
    assert!(!everything.contains(&client.token));
    assert!(!everything.contains(client.credentials.client_secret.expose()));
}

#[tokio::test]
async fn a_token_signed_for_another_day_is_told_so() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    sandbox.advance(Duration::from_secs(48 * 3600)).await;
    let (id, secret) = (
        &client.credentials.client_id,
        client.credentials.client_secret.expose(),
    );
    let yesterday = sandbox.now().unix_seconds() + 7 * 3600 - 24 * 3600;
    let day = chrono::DateTime::from_timestamp(yesterday, 0)
        .unwrap()
        .format("%Y%m%d");
    let request = client
        .http
        .post(format!("{}/api/v1.1/access-token/b2b", client.base))
        .header("X-PARTNER-ID", &client.credentials.partner_id)
        .header("X-CLIENT-ID", id)
        .header(
            "X-Signature",
            hmac512(secret, &format!("{id}_{secret}_{day}")),
        );
    assert_eq!(send(request).await.status, 401);
    let told = last(&sandbox).await;
    assert_eq!(told["reason"], "signature");
    let differs = told["signature"]["differs"].as_str().unwrap();
    assert!(
        differs.starts_with("timestamp: signed with the day"),
        "{differs}"
    );
    assert!(!told.to_string().contains(secret));
}

#[tokio::test]
async fn bodies_are_told_without_secrets() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    send(client.basic_token_request()).await.ok();
    let card = json!({
        "card_number": "4111111111111111", "card_cvv": "123", "amount": 10_000, "reference_no": "C-1",
        "goods_name": "Kopi", "customer_name": "Sari Demo", "customer_email": "sari@example.com",
        "customer_phone": "081200000001", "customer_address": "Jl. Contoh 1", "customer_city": "Jakarta",
        "customer_state": "DKI Jakarta", "customer_postal_code": "10220", "customer_country": "ID",
        "card_expiry": "9912", "card_holder_name": "SARI DEMO",
        "card_holder_email": "sari@example.com",
    });
    let paid = client.post("/api/v2.0/card/{account}/payment", card).await;
    assert_eq!(paid.code(), "SP000", "{}", paid.body);
    let requests = sandbox.requests();
    let logged = requests.last().unwrap();
    assert_eq!(
        logged.path,
        format!("/api/v2.0/card/{}/payment", client.account)
    );
    assert!(
        logged
            .request_body
            .as_deref()
            .unwrap()
            .contains(r#""card_number":"***""#)
    );
    let bodies = requests
        .iter()
        .flat_map(|request| [&request.request_body, &request.answer_body]);
    let told: String = bodies.flatten().cloned().collect();
    for secret in [
        "4111111111111111",
        "\"123\"",
        &client.token,
        client.credentials.client_secret.expose(),
    ] {
        assert!(!told.contains(secret), "{secret}");
    }
    assert!(told.contains("card_number") && told.contains("access_token"));
    assert_eq!(requests[0].verdict, Verdict::Accepted);
}

#[tokio::test]
async fn newer_requests_and_deliveries_are_asked_for_by_number() {
    let receiver = Receiver::start().await;
    let sandbox = Sandbox::builder()
        .webhook_url(WebhookKind::Transaction, receiver.url("/hook?shop=1"))
        .start()
        .await
        .unwrap();
    let client = Client::of(&sandbox).await;
    for reference in ["L-1", "L-2", "L-3"] {
        let link =
            json!({"reff_no": reference, "payment_link_type": "total", "total_amount": 50_000});
        client
            .post("/api/v2.0/payment-link/{account}", link)
            .await
            .ok();
        sandbox
            .pay_payment_link(reference, Payer::with("QRIS"))
            .unwrap();
    }
    sandbox.webhooks_sent().await;
    let ids = |rows: &Value| -> Vec<u64> {
        rows.as_array()
            .unwrap()
            .iter()
            .map(|row| row["id"].as_u64().unwrap())
            .collect()
    };
    for path in ["/requests", "/deliveries"] {
        let all = ids(&admin(&sandbox, path).await.1);
        let (first, newest) = (all[0], *all.last().unwrap());
        let asked = async |query: String| ids(&admin(&sandbox, &format!("{path}?{query}")).await.1);
        assert_eq!(asked(format!("after={first}")).await, all[1..]);
        assert_eq!(asked(format!("after={first}&limit=1")).await, all[1..2]);
        assert_eq!(asked("limit=2".to_owned()).await, all[all.len() - 2..]);
        assert_eq!(asked(format!("after={newest}")).await, [0; 0]);
        // A number of before a restart: everything is new.
        assert_eq!(asked(format!("after={}", newest + 50)).await, all);
        assert_eq!(admin(&sandbox, &format!("{path}?after=x")).await.0, 422);
        assert_eq!(admin(&sandbox, &format!("{path}?page=1")).await.0, 422);
    }

    let (status, detail) = admin(&sandbox, "/deliveries/1").await;
    assert_eq!((status, &detail["endpoint"]), (200, &json!("/hook?shop=1")));
    let arrivals = receiver.arrivals();
    let is_it = |arrival: &&common::Arrival| detail["body"] == arrival.raw.as_str();
    let arrival = arrivals.iter().find(is_it).unwrap();
    for name in [
        "X-Timestamp",
        "X-Signature",
        "Authorization",
        "X-PARTNER-ID",
    ] {
        assert_eq!(
            detail["headers"][name],
            json!(arrival.header(name)),
            "{name}"
        );
    }
    assert_eq!(
        (&detail["answers"], &detail["attempts"][0]["status"]),
        (&json!([null]), &json!(200))
    );
    assert_eq!(admin(&sandbox, "/deliveries/77").await.0, 404);
}

/// A log in memory stays small whatever is sent.
#[tokio::test]
async fn large_bodies_push_older_requests_out() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let large = json!({"notes": "x".repeat(1_000_000)});
    for _ in 0..20 {
        client.post("/api/v1.0/nowhere", large.clone()).await;
    }
    let requests = sandbox.requests();
    assert!(requests.len() < 18, "{}", requests.len());
    assert_eq!(requests.last().unwrap().id, 21);
    let told = requests.last().unwrap().request_body.as_deref().unwrap();
    assert!(told.len() < 17_000 && told.ends_with('…'));
}
