//! Answer of the double to one operation.

use std::fmt;

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};
use singapay_core::{
    Operation, TransportErrorKind,
    codes::CODES,
    operation::{Authentication, Effect, Envelope, Host},
};
use singapay_webhook::testing::place::put;

use super::{
    echo::{self, Asked},
    state::{self, State},
};
use crate::error::Reason;

/// Answer to one operation; made by the functions of [`answers`](super::answers).
///
/// A success is the documented body, with what was asked in its place: ids, references, amounts and whatever has
/// the same name in request and answer. Of a payout that is every member by which the SDK tells one from another.
#[derive(Clone)]
#[must_use = "it is given to `Gateway::answer`"]
pub struct Reply {
    pub(super) operation: &'static Operation,
    pub(super) end: End,
    sample: &'static str,
    state: Option<State>,
    fields: Vec<(String, Value)>,
}

/// End of a request.
#[derive(Clone)]
pub(super) enum End {
    Success,
    Refused(Option<String>),
    Raw(u16, Bytes),
    Broken(TransportErrorKind),
    /// The gateway has taken it on, and the answer does not arrive.
    LostAfterStoring,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("operation", &self.operation.id)
            .finish_non_exhaustive()
    }
}

impl Reply {
    pub(crate) const fn documented(operation: &'static Operation, sample: &'static str) -> Self {
        Self {
            operation,
            end: End::Success,
            sample,
            state: None,
            fields: Vec::new(),
        }
    }

    /// Id of its operation, such as `create_payment_link`.
    pub fn operation(&self) -> &'static str {
        self.operation.id
    }

    /// Another value at a place of its data, such as `payment_url` or `bank.code`.
    pub fn field(mut self, path: impl Into<String>, value: impl Into<Value>) -> Self {
        self.fields.push((path.into(), value.into()));
        self
    }

    /// Nobody has paid yet, or the payout is pending.
    pub fn open(self) -> Self {
        self.in_state(State::Open)
    }

    /// Paid.
    pub fn paid(self) -> Self {
        self.in_state(State::Paid)
    }

    /// Past its end, and never paid.
    pub fn expired(self) -> Self {
        self.in_state(State::Expired)
    }

    /// Failed.
    pub fn failed(self) -> Self {
        self.in_state(State::Failed)
    }

    fn in_state(mut self, state: State) -> Self {
        self.state = Some(state);
        self
    }

    /// Refused with this code of the gateway, such as `SP006`; an HTTP status, such as `404`, where answers have
    /// none.
    pub fn refused(mut self, code: impl Into<String>) -> Self {
        self.end = End::Refused(Some(code.into()));
        self
    }

    /// Refused, because its reference was used before.
    pub fn duplicate(mut self) -> Self {
        self.end = End::Refused(None);
        self
    }

    /// Any status and body.
    pub fn raw(mut self, status: u16, body: impl Into<Bytes>) -> Self {
        self.end = End::Raw(status, body.into());
        self
    }

    /// No connection: proven not sent.
    pub fn not_connected(self) -> Self {
        self.broken(TransportErrorKind::Connect)
    }

    /// No answer in time. The gateway has not stored it, which the client cannot know.
    pub fn times_out(self) -> Self {
        self.broken(TransportErrorKind::Timeout)
    }

    /// The connection breaks before the gateway has stored it: an inquiry does not find it.
    pub fn lost_before_storing(self) -> Self {
        self.broken(TransportErrorKind::Interrupted)
    }

    /// The connection breaks after the gateway has stored it: an inquiry finds the payout.
    pub fn lost_after_storing(mut self) -> Self {
        self.end = End::LostAfterStoring;
        self
    }

    fn broken(mut self, kind: TransportErrorKind) -> Self {
        self.end = End::Broken(kind);
        self
    }

    /// True if the gateway knows the payout from then on.
    pub(super) fn stores(&self) -> bool {
        let stored = matches!(self.end, End::Success | End::LostAfterStoring);
        stored && self.operation.effect == Effect::MoneyOut
    }

    /// Status and body.
    pub(super) fn answer(&self, asked: &Asked<'_>) -> Result<(StatusCode, Bytes), Problem> {
        let (status, body) = match &self.end {
            End::Raw(status, body) => (*status, body.clone()),
            End::Refused(code) => {
                let code = match code {
                    Some(code) => code,
                    None => code_of(self.operation, Reason::DuplicateReference)
                        .ok_or(Problem::Duplicate)?,
                };
                let (status, body) = refusal(self.operation, code);
                (status, Bytes::from(body.to_string()))
            }
            _ => (200, Bytes::from(self.success(asked)?.to_string())),
        };
        let status = StatusCode::from_u16(status).map_err(|_| Problem::Status)?;
        Ok((status, body))
    }

    fn success(&self, asked: &Asked<'_>) -> Result<Value, Problem> {
        // It is JSON, as each sample of the documents.
        let mut body: Value = serde_json::from_str(self.sample).unwrap_or_default();
        let data = match self.operation.envelope {
            Envelope::Flat => Some(&mut body),
            _ => body.get_mut("data"),
        };
        let Some(data) = data else { return Ok(body) };
        if data.is_object() {
            echo::echo(data, self.operation, asked);
        }
        // What was made just now is not past its documented end.
        let made = self.operation.effect == Effect::MoneyIn;
        let members = match self.state {
            Some(state) => state::members(self.operation, data, state).ok_or(Problem::State)?,
            None if made => state::members(self.operation, data, State::Open).unwrap_or_default(),
            None => Vec::new(),
        };
        for (name, value) in members {
            put(data, name, value);
        }
        for (path, value) in &self.fields {
            if !put(data, path, value.clone()) {
                return Err(Problem::Field);
            }
        }
        Ok(body)
    }
}

/// Mistakes of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Problem {
    #[error("the answer has no such state")]
    State,
    #[error("the answer has no such place")]
    Field,
    #[error("no code for duplicates is known for this host")]
    Duplicate,
    #[error("the answer has no such HTTP status")]
    Status,
}

/// The code by which a host says this.
pub(super) fn code_of(operation: &Operation, reason: Reason) -> Option<&'static str> {
    let mut codes = CODES.iter().filter(|code| code.host == operation.host);
    let code = codes.find(|code| code.reason == Some(reason));
    code.map(|code| code.code)
}

fn refusal(operation: &Operation, code: &str) -> (u16, Value) {
    let mut rows = CODES.iter().filter(|row| row.host == operation.host);
    let reason = rows.find(|row| row.code == code).and_then(|row| row.reason);
    let status = match (operation.host, reason) {
        (
            Host::Payment,
            Some(Reason::TransactionNotFound | Reason::NotFound | Reason::AccountNotFound),
        ) => 404,
        _ => code
            .parse()
            .ok()
            .filter(|code| (400..600).contains(code))
            .unwrap_or(400),
    };
    let body = match operation.envelope {
        Envelope::Biller => {
            json!({"response_code": code, "response_text": "refused by a test", "data": null})
        }
        Envelope::Identity => json!({"code": code, "message": "refused by a test", "data": null}),
        Envelope::V1 if code.parse() == Ok(status) => json!({
            "status": status, "success": false,
            "error": {"code": status, "message": "refused by a test"},
        }),
        _ => json!({"response_code": code, "response_message": "refused by a test", "data": null}),
    };
    (status, body)
}

/// True if it only fetches a token.
pub(super) fn is_token(operation: &Operation) -> bool {
    !matches!(operation.authentication, Authentication::Bearer)
}

/// A token that lives for an hour.
pub(super) fn token(operation: &Operation, number: usize) -> Value {
    let token = json!({
        "access_token": format!("test-token-{number}"), "token_type": "Bearer", "expires_in": 3_600,
    });
    match operation.host {
        Host::Identity => token,
        _ => json!({"status": 200, "success": true, "data": token}),
    }
}
