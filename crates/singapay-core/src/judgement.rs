//! Meaning and proof of an answer: read once, judged once.
//!
//! The retry loop, the observer, errors and the outcomes of payouts read this one value. What a code means stands
//! in the generated table (`spec/CODES.md`). An answer is ambiguous where nobody can tell from it whether the
//! gateway acted.
//!
//! In use: `crates/singapay-core/src/judgement/tests/codes.rs`.

mod echo;
mod members;
mod numbers;
mod reason;
mod success;

use http::StatusCode;
use serde_json::{Map, Value};

pub use self::echo::Compared;
use self::members::{Members, Node};
pub use crate::codes::{Proof, Reason};
use crate::{
    codes::{CODES, Code, find, pad},
    envelope::Refusal,
    operation::{Effect, Operation, Replay},
    reading::Reading,
    tolerant,
    transport::Answer,
};

/// Kind of failure that an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureKind {
    /// The caller was refused: its credentials, signature, token, address or rights.
    Credential,
    /// The request was refused.
    Refused,
    /// Too many requests.
    RateLimited,
    /// The gateway failed or contradicts itself, or its answer to a write is ambiguous.
    Gateway,
    /// A redirect, which is never followed: the address is wrong, or something stands in between.
    Redirect,
    /// Nothing that could be read.
    Decode,
}

/// Meaning and proof of an answer.
#[derive(Debug, Clone)]
pub struct Judgement {
    failure: Option<Box<Failure>>,
}

/// Meaning and proof of an answer that is no success.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Failure {
    /// Kind of failure.
    pub kind: FailureKind,
    /// Meaning of the gateway's code or status; `None` if it says nothing.
    pub reason: Option<Reason>,
    /// Proof that it gives, earlier attempts of the call included.
    pub proof: Proof,
    /// True if the token was rejected, and nothing in the answer speaks against that: then the request was
    /// not processed, and can be sent with another token.
    pub rejects_token: bool,
    /// True if nothing in the answer speaks against its code, and codes are believed under its status.
    pub undisputed: bool,
    /// Code, message and field errors.
    pub refusal: Refusal,
}

impl Judgement {
    /// Judges the answer to a request.
    ///
    /// `request` is the body that was sent: the answer to a payout must repeat what was asked.
    /// `earlier_ambiguous`: whether an earlier attempt of the call may have been processed.
    pub fn of(
        operation: &Operation,
        request: &[u8],
        answer: &Answer,
        earlier_ambiguous: bool,
    ) -> Self {
        Self::by(CODES, operation, request, answer, earlier_ambiguous)
    }

    /// The same by another table of codes: for the tests of the table.
    pub fn by(
        codes: &[Code],
        operation: &Operation,
        request: &[u8],
        answer: &Answer,
        earlier_ambiguous: bool,
    ) -> Self {
        // All of a payout's answer is read, because what it repeats is compared.
        let payout = operation.payout.as_ref();
        let members = payout.and_then(|_| Members::of(&answer.body));
        let reading = match &members {
            Some(members) => Some(members.reading()),
            None => Reading::parse(&answer.body),
        };
        let failure = if success::is_promised(codes, operation, answer, reading.as_ref()) {
            let members = members.as_ref();
            payout.and_then(|payout| echo::objection(operation, payout, request, answer, members))
        } else {
            let repeated = reading.is_some_and(|body| body.repeated)
                || operation.effect != Effect::Read
                    && serde_json::from_slice(&answer.body)
                        .is_ok_and(|body: Node<'_>| body.is_repeated());
            Some(Failure::of(
                codes,
                operation,
                answer,
                repeated,
                earlier_ambiguous,
            ))
        };
        Self {
            failure: failure.map(Box::new),
        }
    }

    /// True if it is the success that the operation promises.
    pub fn is_success(&self) -> bool {
        self.failure.is_none()
    }

    /// The failure, if it is no success.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_deref()
    }

    /// The same, by value.
    pub fn into_failure(self) -> Option<Failure> {
        self.failure.map(|failure| *failure)
    }
}

impl Failure {
    fn of(
        codes: &[Code],
        operation: &Operation,
        answer: &Answer,
        repeated: bool,
        earlier_ambiguous: bool,
    ) -> Self {
        let body = object(&answer.body);
        let refusal = Refusal::of(answer.status, body.as_ref());
        let code = refusal.business_code();
        let row = code.and_then(|code| find(codes, Some(operation), code));
        let reason = reason::reason(Some(operation), &refusal, row);
        let said = Said {
            against: repeated || speaks_against(codes, operation, body.as_ref(), &refusal, row),
            transaction: body
                .as_ref()
                .is_some_and(|body| names_transaction(operation, body)),
            unreadable: body.is_none() && !answer.body.trim_ascii().is_empty(),
            unknown_code: code.is_some() && row.is_none(),
        };
        let alone = proof(operation, &refusal, row, &said);
        let proof = match alone {
            // A refusal of the last request proves nothing about an earlier one.
            Proof::Refused if earlier_ambiguous => Proof::Nothing,
            proof => proof,
        };
        let ambiguous = operation.effect != Effect::Read
            && match operation.effect {
                Effect::MoneyOut => proof == Proof::Nothing,
                _ => earlier_ambiguous || said.is_ambiguous(reason, answer.status),
            };
        let kind = match kind(&refusal, reason) {
            FailureKind::Refused | FailureKind::Credential if ambiguous => FailureKind::Gateway,
            kind => kind,
        };
        Self {
            kind,
            reason,
            proof,
            rejects_token: reason == Some(Reason::Unauthorized)
                && alone == Proof::Refused
                && !said.transaction,
            undisputed: !(said.is_disputed(refusal.status) || said.transaction),
            refusal,
        }
    }

    /// True if the gateway was busy or not available (429, 502, 503, 504): where a second copy does no
    /// harm, it may fare better.
    pub fn is_temporary(&self) -> bool {
        matches!(self.refusal.status.as_u16(), 429 | 502 | 503 | 504)
    }

    /// True if it speaks of overload or failure (429, 5xx).
    pub fn is_trouble(&self) -> bool {
        let status = self.refusal.status;
        status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
    }

    /// True if it blames the signature, or the token in a way that is not believed. The same answers come for a
    /// token that the gateway no longer knows.
    pub fn doubts_token(&self) -> bool {
        match self.reason {
            Some(Reason::SignatureRefused) => true,
            Some(Reason::Unauthorized) => !self.rejects_token,
            _ => false,
        }
    }

    /// The failure of a success whose data cannot be read.
    pub fn unreadable(answer: &Answer) -> Self {
        Self::proving_nothing(
            FailureKind::Decode,
            None,
            Refusal::parse(answer.status, &answer.body),
        )
    }

    fn proving_nothing(kind: FailureKind, reason: Option<Reason>, refusal: Refusal) -> Self {
        Self {
            kind,
            reason,
            proof: Proof::Nothing,
            rejects_token: false,
            undisputed: false,
            refusal,
        }
    }

    /// Judges the refusal of a token request, whose codes have their general meaning.
    pub fn of_token(answer: &Answer) -> Self {
        let refusal = Refusal::of(answer.status, object(&answer.body).as_ref());
        let code = refusal.business_code();
        let row = code.and_then(|code| find(CODES, None, code));
        let reason = reason::reason(None, &refusal, row);
        let kind = match kind(&refusal, reason) {
            FailureKind::Refused => FailureKind::Credential,
            kind => kind,
        };
        Self::proving_nothing(kind, reason, refusal)
    }
}

/// Statements in the body of a failure beside its code.
struct Said {
    /// Success, another code, or something twice.
    against: bool,
    transaction: bool,
    unreadable: bool,
    unknown_code: bool,
}

impl Said {
    /// True if no code is believed: for its status, or for what stands beside it.
    fn is_disputed(&self, status: StatusCode) -> bool {
        proves_nothing(status) || self.against || self.unreadable || self.unknown_code
    }

    /// True if a seeming refusal of a write that pays nothing out is none.
    fn is_ambiguous(&self, reason: Option<Reason>, status: StatusCode) -> bool {
        self.against
            || self.unreadable
            || self.unknown_code
            || reason == Some(Reason::Unrecognized) && status == StatusCode::REQUEST_TIMEOUT
    }
}

/// Proof that a failure gives about the request that it answers. Whatever is not listed proves nothing.
fn proof(operation: &Operation, refusal: &Refusal, row: Option<&Code>, said: &Said) -> Proof {
    let status = refusal.status;
    if said.is_disputed(status) {
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

/// True if the body says success although the answer is none, or has a second code that refuses nothing.
fn speaks_against(
    codes: &[Code],
    operation: &Operation,
    body: Option<&Map<String, Value>>,
    refusal: &Refusal,
    row: Option<&Code>,
) -> bool {
    let other = |value: Option<&Value>| {
        let code = value
            .cloned()
            .and_then(tolerant::text_of)
            .unwrap_or_default();
        let code = pad(&code);
        !(code.is_empty() || refusal.repeats_status(&code) || refusal.code.as_ref() == Some(&code))
            && find(codes, Some(operation), &code).is_none_or(|row| row.proof != Proof::Refused)
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

/// True if the body names a transaction, or what the operation makes: something happened.
fn names_transaction(operation: &Operation, body: &Map<String, Value>) -> bool {
    let data = body.get("data").unwrap_or(&Value::Null);
    let made = |name: &&str| echo::at(data, name).is_some_and(echo::is_named);
    operation.effect != Effect::Read && operation.essential.iter().any(made)
        || has_transaction(body)
}

/// True if a transaction stands anywhere in it but among the errors of fields.
fn has_transaction(members: &Map<String, Value>) -> bool {
    // However it is spelt: to see one that is none costs a question, to miss one costs a payout.
    let is = |name: &str, plain: &str| {
        let letters = name.bytes().filter(|byte| *byte != b'_');
        letters
            .map(|byte| byte.to_ascii_lowercase())
            .eq(plain.bytes())
    };
    let is_one = |(name, value): (&String, &Value)| match value {
        _ if name == "errors" => false,
        id if is(name, "transactionid") && echo::is_named(id) => true,
        status
            if is(name, "transactionstatus") && !status.is_array() && !echo::is_blank(status) =>
        {
            true
        }
        Value::Object(members) => has_transaction(members),
        Value::Array(items) => {
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
