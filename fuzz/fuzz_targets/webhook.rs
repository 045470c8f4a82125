//! Webhooks: no panics, and one signature proves one deduplication key.
//!
//! The input is a list of parts, separated by the byte 0xFF, which UTF-8 does not hold.

#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use singapay_auth::webhook::{Verifier, WebhookKey, sign_delivery};
use singapay_core::{Clock, Secret, Timestamp};

#[derive(Debug)]
struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_seconds(1_787_280_000)
    }
}

fuzz_target!(|data: &[u8]| {
    let secret = Secret::new("sec-demo");
    let Ok(verifier) = Verifier::builder()
        .key(WebhookKey::new("main", &secret).partner_id("p-main"))
        .path("/hooks")
        .clock(Arc::new(Fixed))
        .build()
    else {
        return;
    };
    let mut parts = data.split(|byte| *byte == 0xFF);
    let (Some(original), Some(copy)) = (parts.next(), parts.next()) else {
        return;
    };

    let names = [
        "x-signature",
        "x-timestamp",
        "authorization",
        "x-partner-id",
        "x-signature",
    ];
    let forged: Vec<(&str, &[u8])> = names.into_iter().zip(parts).collect();
    assert!(verifier.verify(&forged[..], copy.to_vec()).is_err());
    let _ = verifier.explain(&forged[..], copy.to_vec(), &["/other?x"]);

    let Ok(signed) = sign_delivery(&secret, "p-main", "/hooks", original.to_vec(), Fixed.now())
    else {
        return;
    };
    if let Ok(first) = verifier.verify(&signed.headers, original.to_vec()) {
        // However the copy is spelt.
        if let Ok(second) = verifier.verify(&signed.headers, copy.to_vec()) {
            assert_eq!(first.hash, second.hash);
        }
    } else {
        // Deeper than the verifier allows, but not than PHP does.
        assert!(
            original
                .iter()
                .filter(|byte| matches!(byte, b'[' | b'{'))
                .count()
                > 64
        );
    }
});
