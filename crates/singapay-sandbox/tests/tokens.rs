//! Tokens and the gate in front of every operation.

#![allow(clippy::unwrap_used)]

mod common;

use std::{net::IpAddr, time::Duration};

use common::{Client, send};
use serde_json::json;
use singapay_sandbox::Sandbox;

const BALANCE: &str = "/api/v1.0/balance-inquiry/{account}";

#[tokio::test]
async fn a_token_opens_the_api_until_it_ends() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    assert_eq!(client.get(BALANCE).await.status, 200);
    sandbox.advance(Duration::from_secs(216_000 - 60)).await;
    assert_eq!(client.get(BALANCE).await.status, 200);
    sandbox.advance(Duration::from_secs(60)).await;
    let late = client.get(BALANCE).await;
    assert_eq!(late.status, 401);
    assert_eq!(late.body["error"]["code"], 401);
}

#[tokio::test]
async fn wrong_credentials_are_refused_in_the_documented_shape() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let body = r#"{"grant_type":"client_credentials"}"#;
    let expected = json!({
        "status": 401, "success": false,
        "error": {"code": 401, "message": "Invalid credentials"},
    });
    for (header, value) in [
        ("X-PARTNER-ID", "nobody"),
        ("X-CLIENT-ID", "nobody"),
        ("X-Signature", "00"),
    ] {
        let mut request = client.token_request().body(body).build().unwrap();
        request.headers_mut().insert(header, value.parse().unwrap());
        let answer = client.http.execute(request).await.unwrap();
        assert_eq!(answer.status(), 401, "{header}");
        assert_eq!(answer.text().await.unwrap(), expected.to_string());
    }
    let wrong_grant = send(client.token_request().body(r#"{"grant_type":"password"}"#)).await;
    assert_eq!(wrong_grant.status, 422);
    assert!(wrong_grant.body["error"]["errors"]["grant_type"][0].is_string());
    let camel_case = send(
        client
            .token_request()
            .body(r#"{"grantType":"client_credentials"}"#),
    )
    .await;
    assert_eq!(camel_case.status, 422);
}

#[tokio::test]
async fn the_day_in_the_signature_is_jakartas() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut client = Client::of(&sandbox).await;
    sandbox.freeze_clock();
    // To 18:00 UTC, when it is already tomorrow in Jakarta.
    let into_day = sandbox.now().unix_seconds().rem_euclid(86_400);
    let to_evening = (18 * 3600 - into_day).rem_euclid(86_400);
    sandbox
        .advance(Duration::from_secs(to_evening.unsigned_abs()))
        .await;
    client.login().await;

    let (id, secret) = (
        client.credentials.client_id.clone(),
        client.credentials.client_secret.clone(),
    );
    let now = chrono::DateTime::from_timestamp(sandbox.now().unix_seconds(), 0).unwrap();
    let utc_day = now.format("%Y%m%d");
    let mut request = client
        .token_request()
        .body(r#"{"grant_type":"client_credentials"}"#)
        .build()
        .unwrap();
    let message = format!("{id}_{}_{utc_day}", secret.expose());
    let signature = common::hmac512(secret.expose(), &message);
    request
        .headers_mut()
        .insert("X-Signature", signature.parse().unwrap());
    assert_eq!(client.http.execute(request).await.unwrap().status(), 401);
}

#[tokio::test]
async fn the_basic_scheme_works_and_refuses() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut client = Client::of(&sandbox).await;
    let basic = |secret: &str| {
        client
            .http
            .post(format!("{}/api/v1.0/access-token/b2b", client.base))
            .basic_auth(&client.credentials.client_id, Some(secret))
            .header("X-PARTNER-ID", &client.credentials.partner_id)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body("grant_type=client_credentials")
    };
    assert_eq!(send(basic("wrong")).await.status, 401);
    let data = send(basic(client.credentials.client_secret.expose()))
        .await
        .ok();
    assert_eq!(data["expires_in"], "3600");
    client.token = data["access_token"].as_str().unwrap().to_owned();
    client.get(BALANCE).await.ok();
}

#[tokio::test]
async fn a_bad_token_or_partner_is_unauthorized_in_the_operations_shape() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut client = Client::of(&sandbox).await;
    client.token.push('x');
    let v1 = client.get(BALANCE).await;
    assert_eq!((v1.status, v1.body["success"].clone()), (401, json!(false)));
    let v2 = client
        .get("/api/v2.0/card/{account}/inquiry-status/1")
        .await;
    assert_eq!((v2.status, v2.code()), (401, "SP013"));
    client.login().await;
    client.credentials.partner_id = "nobody".to_owned();
    assert_eq!(client.get(BALANCE).await.status, 401);
}

#[tokio::test]
async fn unknown_places_answer_as_the_framework_does() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let nowhere = client.get("/api/v1.0/banks").await;
    assert_eq!(nowhere.status, 404);
    assert_eq!(
        nowhere.body["error"]["message"],
        "The route api/v1.0/banks could not be found."
    );
    let verb = client.post("/api/v1.0/balance-inquiry", json!({})).await;
    assert_eq!(verb.status, 405);
    assert!(
        verb.body["error"]["message"]
            .as_str()
            .unwrap()
            .ends_with("Supported methods: GET, HEAD.")
    );
    let verb = client.call("PATCH", "/api/v1.0/virtual-accounts/{account}/1", json!({}));
    let methods = "Supported methods: GET, HEAD, PUT, DELETE.";
    let verb = verb.await.body["error"]["message"].clone();
    assert!(verb.as_str().unwrap().ends_with(methods), "{verb}");
    let write = client.get("/api/v2.0/disbursement/transfer").await;
    assert!(write.body.to_string().contains("Supported methods: POST."));
    let head = client.request("HEAD", "/api/v1.0/balance-inquiry");
    let head = head.send().await.unwrap();
    assert_eq!(
        (head.status().as_u16(), head.text().await.unwrap()),
        (200, String::new())
    );
    let account = client.get("/api/v1.0/balance-inquiry/banks").await;
    assert_eq!(account.body["error"]["message"], "Account not found");
    let v2 = client.get("/api/v2.0/card/banks/inquiry-status/1").await;
    assert_eq!((v2.status, v2.code()), (404, "SP020"));
}

#[tokio::test]
async fn callers_that_are_not_on_the_list_stay_outside() {
    let elsewhere: IpAddr = "10.0.0.1".parse().unwrap();
    let sandbox = Sandbox::builder()
        .allowed_ips([elsewhere])
        .start()
        .await
        .unwrap();
    let base = format!("{}/api", sandbox.base_url());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let token = send(http.post(format!("{base}/v1.1/access-token/b2b"))).await;
    assert_eq!(token.status, 403);
    assert_eq!(
        token.body["error"]["message"],
        "Your IP address (127.0.0.1) is not registered"
    );
    let balance = send(http.get(format!("{base}/v1.0/balance-inquiry"))).await;
    assert_eq!((balance.status, balance.code()), (403, "SP017"));
}
