//! The same calls by hand: reqwest, serde, and every field that the SDK gives.

#![allow(
    dead_code,
    reason = "fields are read from the answer, and that is what is measured"
)]

use std::time::Duration;

use reqwest::{RequestBuilder, header::CONTENT_TYPE};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use singapay_sandbox::Sandbox;

pub(crate) struct Bare {
    http: reqwest::Client,
    base_url: String,
    account: String,
    partner_id: String,
    token: String,
}

#[derive(Serialize)]
struct NewLink<'a> {
    reff_no: &'a str,
    payment_link_type: &'static str,
    total_amount: i64,
}

#[derive(Deserialize)]
struct Envelope<T> {
    data: T,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

#[derive(Deserialize)]
struct Amount {
    value: String,
    currency: String,
}

#[derive(Deserialize)]
struct Balance {
    account_id: String,
    balance: Amount,
    held_balance: Amount,
    pending_balance: Amount,
    available_balance: Amount,
}

#[derive(Deserialize)]
struct Link {
    id: i64,
    reff_no: String,
    title: Option<String>,
    payment_url: String,
    status: String,
    status_computed: Option<String>,
    is_expired: Option<bool>,
    max_usage: Option<i64>,
    current_usage: Option<i64>,
    expired_at: Option<String>,
    whitelisted_payment_method: Option<Vec<String>>,
    payment_date: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
    description: Option<String>,
    source: Option<String>,
    total_amount: i64,
    customer_pays_fee: Option<bool>,
    is_multiple_payment: Option<bool>,
    is_unlimited_usage: Option<bool>,
    required_customer_detail: Option<bool>,
    required_customer_number: Option<bool>,
    required_customer_email: Option<bool>,
    success_redirect_url: Option<String>,
    expired_redirect_url: Option<String>,
    customer_name: Option<String>,
    customer_email: Option<String>,
    customer_phone: Option<String>,
}

impl Bare {
    /// Gets its token with the older, unsigned scheme.
    pub(crate) async fn new(sandbox: &Sandbox) -> Self {
        let key = sandbox.credentials();
        let http = reqwest::Client::builder()
            .user_agent("bare")
            .timeout(Duration::from_secs(60));
        let mut bare = Self {
            http: http.build().unwrap(),
            base_url: sandbox.base_url().to_owned(),
            account: sandbox.account_id().to_owned(),
            partner_id: key.partner_id.clone(),
            token: String::new(),
        };
        let request = bare
            .http
            .post(format!("{}/api/v1.0/access-token/b2b", bare.base_url))
            .basic_auth(&key.client_id, Some(key.client_secret.expose()))
            .body(r#"{"grant_type":"client_credentials"}"#);
        let token: Token = bare.send(request).await;
        bare.token = token.access_token;
        bare
    }

    async fn send<T: DeserializeOwned>(&self, request: RequestBuilder) -> T {
        let request = request
            .header("x-partner-id", &self.partner_id)
            .header(CONTENT_TYPE, "application/json");
        let answer = request.send().await.unwrap();
        let body = answer.error_for_status().unwrap().bytes().await.unwrap();
        let envelope: Envelope<T> = serde_json::from_slice(&body).unwrap();
        envelope.data
    }

    pub(crate) async fn read_balance(&self, _call: u32) {
        let url = format!(
            "{}/api/v1.0/balance-inquiry/{}",
            self.base_url, self.account
        );
        let request = self.http.get(url).bearer_auth(&self.token);
        let balance: Balance = self.send(request).await;
        assert!(!balance.available_balance.value.is_empty());
    }

    pub(crate) async fn create_link(&self, call: u32) {
        let link = NewLink {
            reff_no: &crate::reference(call),
            payment_link_type: "total",
            total_amount: 150_000,
        };
        let request = self
            .http
            .post(format!(
                "{}/api/v2.0/payment-link/{}",
                self.base_url, self.account
            ))
            .bearer_auth(&self.token)
            .body(serde_json::to_vec(&link).unwrap());
        let link: Link = self.send(request).await;
        assert!(!link.payment_url.is_empty());
    }
}
