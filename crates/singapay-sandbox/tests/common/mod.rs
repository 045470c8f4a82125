//! A client written for these tests alone: base URL and credentials are all it gets.

#![allow(dead_code, clippy::unwrap_used, unreachable_pub)]

pub mod bills;
pub mod direct_debits;
pub mod ewallets;
pub mod plans;
pub mod steps;
pub mod virtual_accounts;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha512};
use singapay_core::Clock;
use singapay_sandbox::{Credentials, Sandbox, VirtualClock, WebhookKind};

pub struct Client {
    pub base: String,
    pub account: String,
    pub credentials: Credentials,
    pub token: String,
    pub clock: VirtualClock,
    pub http: reqwest::Client,
}

pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Answer {
    pub fn code(&self) -> &str {
        self.body["response_code"].as_str().unwrap_or_default()
    }

    pub fn data(&self) -> &Value {
        &self.body["data"]
    }

    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        let fine = self.body["success"] == json!(true) || self.code() == "SP000";
        assert!(fine, "{}", self.body);
        self.body["data"].clone()
    }
}

pub fn hmac512(key: &str, message: &str) -> String {
    let mut mac = Hmac::<Sha512>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

/// Keys sorted, as the signing guide wants them; bodies of these tests hold nothing tricky.
pub fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<_> = map.keys().collect();
            keys.sort();
            let inner: Vec<_> = keys
                .iter()
                .map(|k| format!("{}:{}", json!(k), canonical(&map[*k])))
                .collect();
            format!("{{{}}}", inner.join(","))
        }
        Value::Array(list) => {
            let inner: Vec<_> = list.iter().map(canonical).collect();
            format!("[{}]", inner.join(","))
        }
        other => other.to_string(),
    }
}

impl Client {
    pub async fn of(sandbox: &Sandbox) -> Self {
        let mut client = Self {
            base: sandbox.base_url().to_owned(),
            account: sandbox.account_id().to_owned(),
            credentials: sandbox.credentials().clone(),
            token: String::new(),
            clock: sandbox.clock(),
            http: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .build()
                .unwrap(),
        };
        client.login().await;
        client
    }

    /// Talks to the biller host: its own partner id and token.
    pub async fn of_biller(sandbox: &Sandbox) -> Self {
        let biller = sandbox.biller_credentials();
        let mut client = Self::of(sandbox).await;
        client.credentials.partner_id = biller.partner_id.clone();
        client.credentials.client_id = biller.client_id.clone();
        client.credentials.client_secret = biller.client_secret.clone();
        let data = send(client.basic_token_request()).await.ok();
        client.token = data["access_token"].as_str().unwrap().to_owned();
        client
    }

    pub fn basic_token_request(&self) -> reqwest::RequestBuilder {
        let secret = self.credentials.client_secret.expose();
        self.http
            .post(format!("{}/api/v1.0/access-token/b2b", self.base))
            .header("X-PARTNER-ID", &self.credentials.partner_id)
            .basic_auth(&self.credentials.client_id, Some(secret))
            .header("Content-Type", "application/json")
            .body(r#"{"grant_type":"client_credentials"}"#)
    }

    /// Talks to the identity host.
    pub async fn of_identity(sandbox: &Sandbox) -> Self {
        let mut client = Self::of(sandbox).await;
        let id = client.credentials.identity_client_id.clone();
        let at = chrono::DateTime::from_timestamp(client.clock.now().unix_seconds(), 0)
            .unwrap()
            .format("%Y-%m-%dT%H:%M:%SZ");
        let secret = client
            .credentials
            .identity_client_secret
            .expose()
            .as_bytes();
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
        mac.update(format!("{id}:{at}").as_bytes());
        let signature = hex::encode(mac.finalize().into_bytes());
        let body = json!({"client_id": id, "timestamp": at.to_string(), "signature": signature});
        let answer = client.post("/api/v1/kyc/auth/get-auth-token", body).await;
        assert_eq!(answer.body["expires_in"], 3600, "{}", answer.body);
        client.token = answer.body["access_token"].as_str().unwrap().to_owned();
        client
    }

    pub fn token_request(&self) -> reqwest::RequestBuilder {
        let (id, secret) = (
            &self.credentials.client_id,
            self.credentials.client_secret.expose(),
        );
        let wib = self.clock.now().unix_seconds() + 7 * 3600;
        let day = chrono::DateTime::from_timestamp(wib, 0)
            .unwrap()
            .format("%Y%m%d");
        self.http
            .post(format!("{}/api/v1.1/access-token/b2b", self.base))
            .header("X-PARTNER-ID", &self.credentials.partner_id)
            .header("X-CLIENT-ID", id)
            .header(
                "X-Signature",
                hmac512(secret, &format!("{id}_{secret}_{day}")),
            )
            .header("Content-Type", "application/json")
    }

    pub async fn login(&mut self) {
        let request = self
            .token_request()
            .body(r#"{"grant_type":"client_credentials"}"#);
        let data = send(request).await.ok();
        self.token = data["access_token"].as_str().unwrap().to_owned();
    }

    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method.parse().unwrap(), format!("{}{path}", self.base))
            .header("X-PARTNER-ID", &self.credentials.partner_id)
            .header("Authorization", format!("Bearer {}", self.token))
            .header("Accept", "application/json")
    }

    pub async fn get(&self, path: &str) -> Answer {
        send(self.request("GET", &self.fill(path))).await
    }

    pub async fn call(&self, method: &str, path: &str, body: Value) -> Answer {
        let request = self.request(method, &self.fill(path));
        send(
            request
                .header("Content-Type", "application/json")
                .body(body.to_string()),
        )
        .await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, body).await
    }

    /// A signed POST.
    pub async fn signed(&self, path: &str, body: Value) -> Answer {
        let path = self.fill(path);
        let timestamp = self.clock.now().unix_seconds().to_string();
        send(self.signed_request(&path, &body, &timestamp)).await
    }

    pub fn signed_request(
        &self,
        path: &str,
        body: &Value,
        timestamp: &str,
    ) -> reqwest::RequestBuilder {
        let text = canonical(body);
        let hash = hex::encode(Sha256::digest(text.as_bytes()));
        let message = format!("POST:{path}:{}:{hash}:{timestamp}", self.token);
        let signature = hmac512(self.credentials.client_secret.expose(), &message);
        self.request("POST", path)
            .header("Content-Type", "application/json")
            .header("X-Timestamp", timestamp)
            .header("X-Signature", signature)
            .body(text)
    }

    /// Asks the admin side, or tells it to do something.
    pub async fn admin(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let url = format!("{}/_sandbox{path}", self.base);
        let mut request = self.http.request(method.parse().unwrap(), url);
        if let Some(body) = body {
            request = request
                .header("Content-Type", "application/json")
                .body(body.to_string());
        }
        let answer = send(request).await;
        (answer.status, answer.body)
    }

    fn fill(&self, path: &str) -> String {
        path.replace("{account}", &self.account)
    }

    /// Available balance in rupiah, as the API tells it.
    pub async fn available(&self) -> i64 {
        let data = self.get("/api/v1.0/balance-inquiry/{account}").await.ok();
        let text = data["available_balance"]["value"]
            .as_str()
            .unwrap()
            .to_owned();
        text.strip_suffix(".00").unwrap().parse().unwrap()
    }

    pub fn topup(&self, reference: &str, rupiah: i64) -> Value {
        json!({
            "account_id": self.account,
            "reference_number": reference,
            "ewallet_code": "DANA",
            "customer_number": "085700000001",
            "amount": {"value": format!("{rupiah}.00"), "currency": "IDR"},
        })
    }
}

pub async fn send(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    Answer {
        status,
        body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
    }
}

/// The fields that a version 1 answer refuses.
#[track_caller]
pub fn errors(answer: &Answer) -> &Value {
    assert_eq!(answer.status, 422, "{}", answer.body);
    assert_eq!(answer.body["error"]["message"], "Validation error");
    &answer.body["error"]["errors"]
}

/// One webhook as it arrived.
#[derive(Clone, Debug)]
pub struct Arrival {
    pub path: String,
    pub headers: http::HeaderMap,
    pub raw: String,
}

impl Arrival {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap().to_str().unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.raw).unwrap()
    }

    /// Checks the signature as the security page describes it.
    pub fn is_signed_by(&self, credentials: &Credentials) -> bool {
        let hash = hex::encode(Sha256::digest(canonical(&self.json()).as_bytes()));
        let token = self.header("authorization").trim_start_matches("Bearer ");
        let message = format!(
            "POST:{}:{token}:{hash}:{}",
            self.path,
            self.header("x-timestamp")
        );
        self.header("x-partner-id") == credentials.partner_id
            && self.header("x-signature") == hmac512(credentials.client_secret.expose(), &message)
    }
}

/// A merchant's webhook endpoint.
pub struct Receiver {
    pub address: SocketAddr,
    pub arrivals: Arc<Mutex<Vec<Arrival>>>,
    pub arrived: Arc<tokio::sync::Notify>,
    pub answer: Arc<Mutex<u16>>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let arrivals: Arc<Mutex<Vec<Arrival>>> = Arc::default();
        let answer = Arc::new(Mutex::new(200));
        let arrived: Arc<tokio::sync::Notify> = Arc::default();
        let (into, status, tell) = (arrivals.clone(), answer.clone(), arrived.clone());
        let router = axum::Router::new().fallback(
            move |uri: http::Uri, headers: http::HeaderMap, raw: String| {
                let path = uri.path_and_query().unwrap().to_string();
                into.lock().unwrap().push(Arrival { path, headers, raw });
                tell.notify_one();
                let status = http::StatusCode::from_u16(*status.lock().unwrap()).unwrap();
                std::future::ready(status)
            },
        );
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            address,
            arrivals,
            arrived,
            answer,
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A sandbox that tells it of transactions.
    pub async fn sandbox(&self) -> Sandbox {
        let sandbox = Sandbox::builder();
        let sandbox = sandbox.webhook_url(WebhookKind::Transaction, self.url("/hook"));
        sandbox.start().await.unwrap()
    }

    pub fn arrivals(&self) -> Vec<Arrival> {
        self.arrivals.lock().unwrap().clone()
    }

    pub fn answer_with(&self, status: u16) {
        *self.answer.lock().unwrap() = status;
    }
}
