//! Answers: whatever comes with whatever status, reading it does not fail, and types and bytes tell the
//! same outcome.

#![no_main]

use http::StatusCode;
use libfuzzer_sys::fuzz_target;
use serde::de::DeserializeOwned;
use serde_json::Value;
use singapay_core::{
    Enveloped, Refusal,
    envelope::{Biller, Identity, Peek, V1, V2, peek},
    operation::Envelope,
};

fuzz_target!(|data: &[u8]| {
    let Some((status, body)) = data.split_first_chunk::<2>() else {
        return;
    };
    let status = 100 + u16::from_le_bytes(*status) % 900;
    let Ok(status) = StatusCode::from_u16(status) else {
        return;
    };
    let refusal = Refusal::parse(status, body);
    let _ = format!("{refusal:?}");
    for status in [status, StatusCode::OK] {
        agrees::<V1<Value>>(Envelope::V1, status, body);
        agrees::<V2<Value>>(Envelope::V2, status, body);
        agrees::<Biller<Value>>(Envelope::Biller, status, body);
        agrees::<Identity<Value>>(Envelope::Identity, status, body);
    }
});

fn agrees<T: Enveloped + DeserializeOwned>(envelope: Envelope, status: StatusCode, body: &[u8]) {
    if let Ok(read) = serde_json::from_slice::<T>(body) {
        let success =
            |peek: Option<Peek>| peek.is_some_and(|peek| peek.is_success(envelope, status));
        assert_eq!(success(read.peek()), success(peek(body)));
    }
}
