//! What an answer says and proves: read once, judged once.
//!
//! The retry loop, the observer, errors and the outcomes of payouts read this one value. What a code means stands
//! in the generated table (`spec/CODES.md`). Whatever is not proven is open: nobody knows whether the
//! gateway acted.

mod banks;
mod echo;
mod members;
mod numbers;
mod reason;

use http::StatusCode;
use serde_json::{Map, Value};

pub use self::echo::Compared;
use self::members::{Members, Node};
pub use crate::generated::codes::Reason;
use crate::{
    envelope::Refusal,
    generated::codes::CODES,
    operation::{Effect, Envelope, Host, Operation, Replay},
    reading::{Reading, pad},
    tolerant,
    transport::Answer,
};

/// One row of the table of codes.
pub(crate) struct Code {
    pub(crate) host: Host,
    pub(crate) code: &'static str,
    pub(crate) only: Only,
    pub(crate) reason: Option<Reason>,
    pub(crate) proof: Proof,
}

/// Which operations a row is about.
pub(crate) enum Only {
    All,
    Product(&'static str),
    Operations(&'static [&'static str]),
}

/// What an answer proves about the request that it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// It was accepted.
    Accepted,
    /// It was not processed.
    Refused,
    /// Its reference is known already; the original may have succeeded.
    Duplicate,
    /// Nothing.
    Nothing,
}

/// What kind of failure an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureKind {
    /// Who is calling was refused.
    Credential,
    /// The request was refused.
    Refused,
    /// Too many requests.
    RateLimited,
    /// The gateway failed, contradicts itself, or leaves a write open.
    Gateway,
    /// A redirect.
    Redirect,
    /// Nothing that could be read.
    Decode,
}

/// What an answer says and proves.
#[derive(Debug, Clone)]
pub struct Judgement {
    failure: Option<Box<Failure>>,
}

/// What an answer that is no success says and proves.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Failure {
    /// Which kind of failure it is.
    pub kind: FailureKind,
    /// What the gateway's code or status means; `None` if it says nothing.
    pub reason: Option<Reason>,
    /// What it proves, earlier attempts of the call included.
    pub proof: Proof,
    /// Whether the token was rejected, and nothing in the answer speaks against that: then the request was
    /// not processed, and can be sent with another token.
    pub rejects_token: bool,
    /// Code, message and field errors.
    pub refusal: Refusal,
}

impl Judgement {
    /// Judges the answer to a request.
    ///
    /// `request` is the body that was sent: the answer to a payout must repeat what was asked.
    /// `earlier_open`: whether an earlier attempt of the call may have been processed.
    pub fn of(operation: &Operation, request: &[u8], answer: &Answer, earlier_open: bool) -> Self {
        // What a payout's answer repeats is compared, so that all of it is read.
        let payout = operation.payout.as_ref();
        let members = payout.and_then(|_| Members::of(&answer.body));
        let reading = match &members {
            Some(members) => Some(members.reading()),
            None => Reading::parse(&answer.body),
        };
        let success = is_success(operation, answer, reading.as_ref());
        let failure = if success {
            let members = members.as_ref();
            payout.and_then(|payout| echo::objection(operation, payout, request, answer, members))
        } else {
            let repeated = reading.is_some_and(|body| body.repeated)
                || operation.effect != Effect::Read
                    && serde_json::from_slice(&answer.body)
                        .is_ok_and(|body: Node<'_>| body.is_repeated());
            Some(Failure::of(operation, answer, repeated, earlier_open))
        };
        Self {
            failure: failure.map(Box::new),
        }
    }

    /// Whether it is the success that the operation promises.
    pub fn is_success(&self) -> bool {
        self.failure.is_none()
    }

    /// What it is if it is no success.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_deref()
    }

    /// The same, by value.
    pub fn into_failure(self) -> Option<Failure> {
        self.failure.map(|failure| *failure)
    }
}

impl Failure {
    fn of(operation: &Operation, answer: &Answer, repeated: bool, earlier_open: bool) -> Self {
        let body = object(&answer.body);
        let refusal = Refusal::of(answer.status, body.as_ref());
        let code = refusal.business_code();
        let row = code.and_then(|code| find(Some(operation), code));
        let reason = reason::reason(Some(operation), &refusal, row);
        let said = Said {
            against: repeated || speaks_against(operation, body.as_ref(), &refusal, row),
            transaction: body
                .as_ref()
                .is_some_and(|body| names_transaction(operation, body)),
            unreadable: body.is_none() && !answer.body.trim_ascii().is_empty(),
            unknown_code: code.is_some() && row.is_none(),
        };
        let alone = proof(operation, &refusal, row, &said);
        let proof = match alone {
            // A refusal of the last request proves nothing about an earlier one.
            Proof::Refused if earlier_open => Proof::Nothing,
            proof => proof,
        };
        let open = operation.effect != Effect::Read
            && match operation.effect {
                Effect::MoneyOut => proof == Proof::Nothing,
                _ => earlier_open || said.leaves_open(reason, answer.status),
            };
        let kind = match kind(&refusal, reason) {
            FailureKind::Refused | FailureKind::Credential if open => FailureKind::Gateway,
            kind => kind,
        };
        Self {
            kind,
            reason,
            proof,
            rejects_token: reason == Some(Reason::Unauthorized)
                && alone == Proof::Refused
                && !said.transaction,
            refusal,
        }
    }

    /// What a success is whose data cannot be read.
    pub fn unreadable(answer: &Answer) -> Self {
        Self::open(
            FailureKind::Decode,
            None,
            Refusal::parse(answer.status, &answer.body),
        )
    }

    fn open(kind: FailureKind, reason: Option<Reason>, refusal: Refusal) -> Self {
        Self {
            kind,
            reason,
            proof: Proof::Nothing,
            rejects_token: false,
            refusal,
        }
    }

    /// Judges the refusal of a token request, whose codes have their general meaning.
    pub fn of_token(answer: &Answer) -> Self {
        let refusal = Refusal::of(answer.status, object(&answer.body).as_ref());
        let code = refusal.business_code();
        let row = code.and_then(|code| find(None, code));
        let reason = reason::reason(None, &refusal, row);
        let kind = match kind(&refusal, reason) {
            FailureKind::Refused => FailureKind::Credential,
            kind => kind,
        };
        Self::open(kind, reason, refusal)
    }
}

/// What the body of a failure says beside its code.
struct Said {
    /// Success, another code, or something twice.
    against: bool,
    transaction: bool,
    unreadable: bool,
    unknown_code: bool,
}

impl Said {
    /// Whether what looks like a refusal of a write that pays nothing out is none.
    fn leaves_open(&self, reason: Option<Reason>, status: StatusCode) -> bool {
        self.against
            || self.unreadable
            || self.unknown_code
            || reason == Some(Reason::Unrecognized) && status == StatusCode::REQUEST_TIMEOUT
    }
}

fn is_success(operation: &Operation, answer: &Answer, body: Option<&Reading>) -> bool {
    if operation.envelope == Envelope::Any && answer.status == StatusCode::NO_CONTENT {
        return answer.body.is_empty();
    }
    let accepted = |code: &str| {
        find(Some(operation), &pad(code)).is_some_and(|row| row.proof == Proof::Accepted)
    };
    answer.status.is_success()
        && body.is_some_and(|body| body.is_success(operation.envelope, accepted))
}

/// The row of a code at the host of an operation; without one, of any host.
pub(crate) fn find(operation: Option<&Operation>, code: &str) -> Option<&'static Code> {
    CODES.iter().find(|row| {
        row.code == code
            && operation.is_none_or(|operation| operation.host == row.host)
            && match row.only {
                Only::All => true,
                Only::Product(product) => {
                    operation.is_some_and(|operation| operation.product == product)
                }
                Only::Operations(ids) => {
                    operation.is_some_and(|operation| ids.contains(&operation.id))
                }
            }
    })
}

/// What a failure proves about the request that it answers. Whatever is not listed proves nothing.
fn proof(operation: &Operation, refusal: &Refusal, row: Option<&Code>, said: &Said) -> Proof {
    let status = refusal.status;
    if proves_nothing(status) || said.against || said.unreadable || said.unknown_code {
        return Proof::Nothing;
    }
    let proof = match (row, status) {
        (Some(row), _) => row.proof,
        (
            None,
            StatusCode::UNAUTHORIZED
            | StatusCode::FORBIDDEN
            | StatusCode::NOT_FOUND
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::UNPROCESSABLE_ENTITY,
        ) => Proof::Refused,
        (None, StatusCode::CONFLICT) if refuses_duplicates(operation) => Proof::Duplicate,
        _ => Proof::Nothing,
    };
    match proof {
        Proof::Refused if said.transaction && operation.effect == Effect::MoneyOut => {
            Proof::Nothing
        }
        proof => proof,
    }
}

/// Statuses under which no code is believed: all but those that answers with codes are known to have.
fn proves_nothing(status: StatusCode) -> bool {
    !matches!(status.as_u16(), 200..=299 | 400..=405 | 409 | 422)
}

pub(crate) fn refuses_duplicates(operation: &Operation) -> bool {
    operation
        .reference
        .is_some_and(|reference| reference.replay == Replay::RefusedAsDuplicate)
}

fn kind(refusal: &Refusal, reason: Option<Reason>) -> FailureKind {
    match reason {
        None if refusal.status.is_redirection() => FailureKind::Redirect,
        None => FailureKind::Decode,
        Some(Reason::RateLimited) => FailureKind::RateLimited,
        Some(Reason::OutcomeUnknown) => FailureKind::Gateway,
        Some(reason) if reason.is_about_caller() => FailureKind::Credential,
        Some(_) => FailureKind::Refused,
    }
}

/// Whether the body says success although the answer is none, or has a second code that refuses nothing.
fn speaks_against(
    operation: &Operation,
    body: Option<&Map<String, Value>>,
    refusal: &Refusal,
    row: Option<&Code>,
) -> bool {
    let is_status = |code: &str| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit());
    let other = |value: Option<&Value>| {
        let code = value
            .cloned()
            .and_then(tolerant::text_of)
            .unwrap_or_default();
        let code = pad(&code);
        !(code.is_empty() || is_status(&code) || refusal.code.as_ref() == Some(&code))
            && find(Some(operation), &code).is_none_or(|row| row.proof != Proof::Refused)
    };
    refusal.success == Some(true)
        || row.is_some_and(|row| row.proof == Proof::Accepted)
        || body.is_some_and(|body| {
            let error = body.get("error").and_then(|error| error.get("code"));
            [body.get("response_code"), body.get("code"), error]
                .into_iter()
                .any(other)
        })
}

/// Whether the body names a transaction, or what the operation makes: something happened.
fn names_transaction(operation: &Operation, body: &Map<String, Value>) -> bool {
    let data = body.get("data").unwrap_or(&Value::Null);
    let made = |name: &&str| echo::at(data, name).is_some_and(echo::is_named);
    operation.effect != Effect::Read && operation.essential.iter().any(made)
        || has_transaction(body)
}

/// Whether a transaction stands anywhere in it but among the errors of fields.
fn has_transaction(members: &Map<String, Value>) -> bool {
    let is_one = |(name, value): (&String, &Value)| match (name.as_str(), value) {
        ("errors", _) => false,
        ("transaction_id", id) if echo::is_named(id) => true,
        ("transaction_status", status) if !status.is_array() && !echo::is_blank(status) => true,
        (_, Value::Object(members)) => has_transaction(members),
        (_, Value::Array(items)) => {
            let mut members = items.iter().filter_map(Value::as_object);
            members.any(has_transaction)
        }
        _ => false,
    };
    members.iter().any(is_one)
}

fn object(body: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(body)) => Some(body),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
