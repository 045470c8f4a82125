//! Refusals: whatever comes with whatever status, reading it does not fail.

#![no_main]

use http::StatusCode;
use libfuzzer_sys::fuzz_target;
use singapay_core::Refusal;

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
});
