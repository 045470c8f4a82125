//! A gateway for payouts in a few lines: takes transfers, refuses duplicates, answers inquiries. What happens
//! to each request on its way is the test's choice.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use singapay::{Answer, BoxFuture, Transport, TransportError, TransportErrorKind};

/// Fate of a payout on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// It arrives, and so does its answer.
    Through,
    /// It arrives; its answer is lost.
    AnswerLost,
    /// It never arrives.
    Lost,
    /// No connection: proven not sent.
    NotConnected,
    /// It is refused with this code.
    Refused(&'static str),
}

/// One transfer that was made.
#[derive(Debug, Clone)]
pub(crate) struct Transfer {
    pub(crate) body: Value,
    pub(crate) status: &'static str,
}

#[derive(Default)]
pub(crate) struct Bank {
    pub(crate) ways: VecDeque<Way>,
    pub(crate) transfers: Vec<Transfer>,
    /// Bodies of payouts that were sent, whatever became of them.
    pub(crate) sent: Vec<Bytes>,
    pub(crate) inquiries: usize,
    /// The status that an inquiry finds.
    pub(crate) end: &'static str,
}

#[derive(Clone, Default)]
pub(crate) struct FakeBank(Arc<Mutex<Bank>>);

impl fmt::Debug for FakeBank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FakeBank")
    }
}

fn answer(status: u16, body: Value) -> Result<Answer, TransportError> {
    Ok(Answer {
        status: StatusCode::from_u16(status).unwrap(),
        headers: HeaderMap::new(),
        body: Bytes::from(body.to_string()),
    })
}

fn refusal(status: u16, code: &str) -> Result<Answer, TransportError> {
    answer(
        status,
        json!({"response_code": code, "response_message": "x", "data": null}),
    )
}

fn broken(kind: TransportErrorKind) -> Result<Answer, TransportError> {
    Err(TransportError::new(kind, None))
}

/// View of a transfer, as the gateway shows it.
pub(crate) fn view(body: &Value, status: &str) -> Value {
    let amount = body["amount"].get("value").unwrap_or(&body["amount"]);
    let amount: i64 = match amount {
        Value::String(text) => text.split('.').next().unwrap().parse().unwrap(),
        number => number.as_i64().unwrap(),
    };
    let money = |amount: i64| json!({"value": format!("{amount}.00"), "currency": "IDR"});
    json!({
        "transaction_id": "T1", "reference_number": body["reference_number"],
        "transaction_status": {"code": status},
        "bank": {"code": body["bank_code"], "account_number": body["bank_account_number"]},
        "ewallet": {"code": body["ewallet_code"], "customer_number": body["customer_number"]},
        "net_amount": money(amount), "gross_amount": money(amount + 1_000),
    })
}

impl FakeBank {
    pub(crate) fn new(ways: impl IntoIterator<Item = Way>) -> Self {
        let bank = Self::default();
        bank.lock().ways = ways.into_iter().collect();
        bank.lock().end = "00";
        bank
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Bank> {
        self.0.lock().unwrap()
    }
}

impl Bank {
    /// A payout arrives.
    pub(crate) fn arrive(&mut self, body: &Value) -> Result<Answer, TransportError> {
        let reference = &body["reference_number"];
        if self
            .transfers
            .iter()
            .any(|made| made.body["reference_number"] == *reference)
        {
            return refusal(400, "SP004");
        }
        self.transfers.push(Transfer {
            body: body.clone(),
            status: "03",
        });
        answer(
            200,
            json!({"response_code": "SP000", "response_message": "x", "data": view(body, "03")}),
        )
    }

    pub(crate) fn inquire(&mut self, body: &Value) -> Result<Answer, TransportError> {
        self.inquiries += 1;
        let end = self.end;
        let reference = &body["reference_number"];
        let mut all = self.transfers.iter_mut();
        match all.find(|made| made.body["reference_number"] == *reference) {
            Some(made) => {
                made.status = end;
                let data = view(&made.body, end);
                answer(
                    200,
                    json!({"response_code": "SP000", "response_message": "x", "data": data}),
                )
            }
            None => refusal(404, "SP009"),
        }
    }

    pub(crate) fn token() -> Result<Answer, TransportError> {
        let token = json!({"access_token": "token", "expires_in": 86_400});
        answer(200, json!({"status": 200, "success": true, "data": token}))
    }

    fn pay(&mut self, sent: Bytes) -> Result<Answer, TransportError> {
        let body: Value = serde_json::from_slice(&sent).unwrap();
        let way = self.ways.pop_front().unwrap_or(Way::Through);
        if way == Way::NotConnected {
            return broken(TransportErrorKind::Connect);
        }
        self.sent.push(sent);
        match way {
            Way::Through => self.arrive(&body),
            Way::AnswerLost => {
                let _ = self.arrive(&body);
                broken(TransportErrorKind::Interrupted)
            }
            Way::Refused(code) => refusal(400, code),
            _ => broken(TransportErrorKind::Interrupted),
        }
    }
}

impl Transport for FakeBank {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        _timeout: Duration,
    ) -> BoxFuture<'a, Result<Answer, TransportError>> {
        let mut bank = self.lock();
        let path = request.uri().path();
        let answer = if path.ends_with("/access-token/b2b") {
            Bank::token()
        } else if path.contains("/inquiry-status") {
            bank.inquire(&serde_json::from_slice(request.body()).unwrap())
        } else {
            bank.pay(request.into_body())
        };
        Box::pin(std::future::ready(answer))
    }
}
