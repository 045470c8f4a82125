//! Answers: whatever comes with whatever status, judging it does not fail, and what an answer proves
//! does not contradict what it says.

#![no_main]

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use libfuzzer_sys::fuzz_target;
use singapay_core::{
    Answer, Judgement, Operation, Proof,
    operation::{Effect, Envelope, Host},
};

const PAYOUT: Operation = Operation {
    id: "transfer_disbursement",
    method: "POST",
    path: "/api/v2.0/disbursement/transfer",
    signed: true,
    effect: Effect::MoneyOut,
    essential: &["transaction_id"],
    ..Operation::BARE
};

const OPERATIONS: [Operation; 5] = [
    PAYOUT,
    Operation {
        envelope: Envelope::V1,
        ..PAYOUT
    },
    Operation {
        envelope: Envelope::Any,
        ..PAYOUT
    },
    Operation {
        host: Host::Biller,
        envelope: Envelope::Biller,
        ..PAYOUT
    },
    Operation {
        host: Host::Identity,
        envelope: Envelope::Identity,
        effect: Effect::Write,
        ..PAYOUT
    },
];

fuzz_target!(|data: &[u8]| {
    let Some((start, body)) = data.split_first_chunk::<4>() else {
        return;
    };
    let [low, high, choice, ambiguous] = *start;
    let status = 100 + u16::from_le_bytes([low, high]) % 900;
    let Ok(status) = StatusCode::from_u16(status) else {
        return;
    };
    let answer = Answer {
        status,
        headers: HeaderMap::new(),
        body: Bytes::copy_from_slice(body),
    };
    let operation = &OPERATIONS[usize::from(choice) % OPERATIONS.len()];
    let ambiguous = ambiguous % 2 == 1;
    let judgement = Judgement::of(operation, body, &answer, ambiguous);
    let _ = format!("{judgement:?}");
    let Some(failure) = judgement.failure() else {
        assert!(status.is_success());
        return;
    };
    assert_ne!(failure.proof, Proof::Accepted);
    if failure.proof == Proof::Refused {
        assert!(!ambiguous);
        let readable = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(body);
        assert!(readable.is_ok() || body.trim_ascii().is_empty());
        assert!(status.is_success() || status.is_client_error());
    }
});
