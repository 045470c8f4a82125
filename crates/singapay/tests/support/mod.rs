//! A transport that answers from a script, and a client on top of it. Nothing leaves the process,
//! nothing sleeps.
#![allow(dead_code, reason = "every test file uses its own part")]

pub(crate) mod charges;
pub(crate) mod shop;
pub(crate) mod time;
pub(crate) mod tls;
pub(crate) mod tunnel;
pub(crate) mod wire;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use serde_json::{Value, json};
use singapay::{
    Answer, BoxFuture, MoneyOut, RawMoneyOut, Singapay, SingapayBuilder, Timer, Transport,
    TransportError, TransportErrorKind,
};

/// An account id of the right shape.
pub(crate) const ACCOUNT: &str = "01K946KF851RK7FX075GJHBVKF";

/// A payout that is not modelled yet.
pub(crate) const NEW_PAYOUT: &str = "/api/v3.0/disbursement/transfer";

/// One thing that can happen to a request.
#[derive(Clone)]
pub(crate) enum Step {
    /// An answer.
    Answer(u16, String, Vec<(&'static str, String)>),
    /// A broken exchange.
    Break(TransportErrorKind),
    /// No answer, ever.
    Silence,
}

pub(crate) fn answer(status: u16, body: impl ToString) -> Step {
    Step::Answer(status, body.to_string(), Vec::new())
}

pub(crate) fn answer_with(
    status: u16,
    headers: &[(&'static str, &str)],
    body: impl ToString,
) -> Step {
    let headers = headers
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    Step::Answer(status, body.to_string(), headers.collect())
}

pub(crate) fn v1(data: Value) -> Step {
    answer(200, json!({"status": 200, "success": true, "data": data}))
}

pub(crate) fn v2(data: Value) -> Step {
    answer(
        200,
        json!({"response_code": "SP000", "response_message": "Successfully", "data": data}),
    )
}

pub(crate) fn refused(status: u16, code: &str) -> Step {
    answer(
        status,
        json!({"response_code": code, "response_message": "text", "data": null}),
    )
}

/// What was sent, without the token requests.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Sent {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

#[derive(Default)]
struct State {
    tokens: VecDeque<Step>,
    steps: VecDeque<Step>,
    sent: Vec<Sent>,
    token_requests: u32,
    pauses: Vec<Duration>,
}

/// The script, and the record of what was sent.
#[derive(Clone, Default)]
pub(crate) struct Script {
    state: Arc<Mutex<State>>,
}

impl std::fmt::Debug for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Script")
    }
}

impl Script {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let script = Self::default();
        script.state.lock().unwrap().steps = steps.into_iter().collect();
        script
    }

    /// What token requests meet, before they succeed.
    pub(crate) fn tokens(self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.state.lock().unwrap().tokens = steps.into_iter().collect();
        self
    }

    pub(crate) fn builder(&self) -> SingapayBuilder {
        Singapay::builder()
            .base_url("http://127.0.0.1:9")
            .credential("partner", "client", "secret")
            .biller_credential("partner-b", "client-b", "secret-b")
            .identity_credential("client-i", "secret-i")
            .account(ACCOUNT)
            .transport(self.clone())
            .timer(self.clone())
    }

    pub(crate) fn client(&self) -> Singapay {
        self.builder().build().unwrap()
    }

    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.state.lock().unwrap().sent.clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.state.lock().unwrap().sent.len()
    }

    pub(crate) fn token_requests(&self) -> u32 {
        self.state.lock().unwrap().token_requests
    }

    /// Pauses that were asked for, in order; without the bounds of calls and token fetches, which
    /// are whole seconds from ten on.
    pub(crate) fn pauses(&self) -> Vec<Duration> {
        self.state.lock().unwrap().pauses.clone()
    }

    fn step(&self, request: &Request<Bytes>) -> Step {
        let mut state = self.state.lock().unwrap();
        let target = request.uri().path_and_query().unwrap().as_str().to_owned();
        if target.contains("access-token") || target.contains("get-auth-token") {
            state.token_requests += 1;
            let number = state.token_requests;
            let token = json!({"access_token": format!("token-{number}"), "expires_in": 3600});
            return state.tokens.pop_front().unwrap_or_else(|| {
                if target.contains("kyc") {
                    answer(200, &token)
                } else {
                    v1(token)
                }
            });
        }
        state.sent.push(Sent {
            method: request.method().to_string(),
            target,
            headers: request.headers().clone(),
            body: request.body().clone(),
        });
        state
            .steps
            .pop_front()
            .unwrap_or_else(|| answer(500, "the script has ended"))
    }
}

impl Transport for Script {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        _timeout: Duration,
    ) -> BoxFuture<'a, Result<Answer, TransportError>> {
        let step = self.step(&request);
        Box::pin(async move {
            match step {
                Step::Answer(status, body, headers) => Ok(Answer {
                    status: StatusCode::from_u16(status).unwrap(),
                    headers: headers
                        .into_iter()
                        .map(|(name, value)| {
                            let value = HeaderValue::from_str(&value).unwrap();
                            (HeaderName::from_static(name), value)
                        })
                        .collect(),
                    body: Bytes::from(body),
                }),
                Step::Break(kind) => Err(TransportError::new(kind, None)),
                Step::Silence => std::future::pending().await,
            }
        })
    }
}

/// The longest pause that is not a bound of a call.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

impl Timer for Script {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        if duration >= LONGEST_PAUSE {
            // A bound: rings when everything else has come to rest.
            return Box::pin(async move {
                for _ in 0..10_000 {
                    tokio::task::yield_now().await;
                }
            });
        }
        self.state.lock().unwrap().pauses.push(duration);
        Box::pin(std::future::ready(()))
    }
}

/// Pauses take no time, bounds take theirs: for calls over sockets, which nobody else may hurry.
#[derive(Debug)]
pub(crate) struct NoPauses;

impl Timer for NoPauses {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        match duration >= LONGEST_PAUSE {
            true => Box::pin(tokio::time::sleep(duration)),
            false => Box::pin(std::future::ready(())),
        }
    }
}

/// A payout by method and path, complete and in agreement with itself.
pub(crate) fn payout(handle: &MoneyOut) -> RawMoneyOut {
    let body = json!({
        "account_id": ACCOUNT, "amount": 50_000, "bank_code": "014",
        "bank_account_number": "1234567890", "reference_number": "PAY-1",
    });
    handle
        .request("POST", NEW_PAYOUT)
        .body(body)
        .account(ACCOUNT)
        .amount(50_000)
        .bank("014")
        .beneficiary("1234567890")
        .reference("PAY-1")
}
