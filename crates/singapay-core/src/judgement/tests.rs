mod any_bytes;
mod codes;
mod contradictions;
mod echo;
mod kinds;
mod success;

use bytes::Bytes;
use http::HeaderMap;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    codes::Only,
    operation::{Echo, Envelope, Host, Payout, Reference},
};

const READ: Operation = Operation {
    id: "get_thing",
    path: "/api/v1.0/thing",
    product: "things",
    ..Operation::BARE
};

const WRITE: Operation = Operation {
    id: "make_thing",
    effect: Effect::Write,
    ..READ
};

const CARD: Operation = Operation {
    id: "create_card_payment",
    product: "cards",
    effect: Effect::MoneyIn,
    ..READ
};

const TRANSFER: Operation = Operation {
    id: "transfer",
    method: "POST",
    product: "transfers",
    effect: Effect::MoneyOut,
    reference: Some(Reference {
        field: "reference_number",
        replay: Replay::RefusedAsDuplicate,
    }),
    essential: &["transaction_id", "transaction_status.code"],
    payout: Some(Payout {
        amount: Some("amount"),
        bank: Some("bank_code"),
        beneficiary: "account",
        echo: Echo {
            amounts: &["net_amount"],
            gross: Some("gross_amount"),
            bank: Some("bank.code"),
            beneficiary: Some("bank.account"),
            same: &[("reference_number", "reference_number")],
        },
    }),
    ..READ
};

const BILL: Operation = Operation {
    id: "pay_bill",
    host: Host::Biller,
    effect: Effect::MoneyOut,
    envelope: Envelope::Biller,
    ..READ
};

fn answer(status: u16, body: &str) -> Answer {
    Answer {
        status: StatusCode::from_u16(status).unwrap(),
        headers: HeaderMap::new(),
        body: Bytes::copy_from_slice(body.as_bytes()),
    }
}

fn judge(operation: &Operation, status: u16, body: &str) -> Judgement {
    Judgement::of(operation, b"", &answer(status, body), false)
}

fn failure(operation: &Operation, status: u16, body: &str) -> Failure {
    judge(operation, status, body).into_failure().unwrap()
}

fn proof(operation: &Operation, status: u16, body: &str) -> Proof {
    failure(operation, status, body).proof
}

fn kind(operation: &Operation, status: u16, body: &str) -> FailureKind {
    failure(operation, status, body).kind
}

fn v2(code: &str) -> String {
    json!({"response_code": code, "response_message": "x", "data": null}).to_string()
}

fn with(envelope: Envelope) -> Operation {
    let host = match envelope {
        Envelope::Biller => Host::Biller,
        Envelope::Identity => Host::Identity,
        _ => Host::Payment,
    };
    Operation {
        host,
        envelope,
        ..READ
    }
}

fn succeeds(operation: &Operation, status: u16, body: &str) -> bool {
    judge(operation, status, body).is_success()
}
