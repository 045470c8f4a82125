//! Memory that deliveries take, as they come and as they are remembered. One test, as the allocator counts for the
//! whole process.

#![allow(clippy::unwrap_used)]

use futures_util::FutureExt;
use http::HeaderMap;
use peak_alloc::PeakAlloc;
use singapay_auth::{
    scheme::{BodyHash, RequestToSign, SigningKey},
    webhook::{Verifier, WebhookKey},
};
use singapay_core::{Clock, Secret, SystemClock};
use singapay_webhook::{Gate, Handled, MemoryLedger};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Largest body that a verifier takes unless it is told otherwise.
const LIMIT: usize = 1 << 20;

/// Pieces that a large body repeats.
const PIECES: [&str; 6] = [
    "",
    r#"{"":0},"#,
    "[[[[[[[[0]]]]]]]],",
    "0.1,",
    r#""A\n\u0041","#,
    r#"{"b":0,"a":[],"d":{},"c":"/"},"#,
];

/// A body of just the limit: so many pieces, and text.
fn filled(piece: &str, pieces: usize) -> String {
    let before = format!(r#"{{"event":"x","data":[{}0],"z":""#, piece.repeat(pieces));
    let text = "x".repeat(LIMIT - before.len() - 2);
    format!("{before}{text}\"}}")
}

/// Signs the bytes as they are, which is what costs most to find out.
fn signed(secret: &str, body: &str) -> HeaderMap {
    let timestamp = SystemClock.now().unix_seconds().to_string();
    let to_sign = RequestToSign {
        method: "POST",
        path: "/hooks",
        token: "token",
        body: BodyHash::of(body.as_bytes()),
        timestamp: &timestamp,
    };
    let signature = to_sign
        .sign(&SigningKey::new(&Secret::new(secret)))
        .to_hex();
    let mut headers = HeaderMap::new();
    headers.insert("x-timestamp", timestamp.parse().unwrap());
    headers.insert("authorization", "Bearer token".parse().unwrap());
    headers.insert("x-signature", signature.parse().unwrap());
    headers
}

#[test]
fn a_delivery_takes_a_few_times_the_limit_of_bodies_and_little_once_it_is_dealt_with() {
    let verifier = Verifier::builder().key(WebhookKey::new("main", &Secret::new("secret")));
    let verifier = verifier.path("/hooks").build().unwrap();
    let gate = Gate::new(verifier.into(), MemoryLedger::new());
    let receive = |headers: &HeaderMap, body: String| {
        let receiving = gate.receive(headers, body, |_, _| Box::pin(async { Ok(Handled::Done) }));
        receiving.now_or_never().unwrap().status()
    };
    let mut worst = 0;
    for piece in PIECES {
        let most = LIMIT / 2 / (piece.len() + 1);
        for (pieces, secret) in [(10_000, "secret"), (most, "forged")] {
            let body = filled(piece, pieces);
            assert_eq!(body.len(), LIMIT);
            let headers = signed(secret, &body);
            let before = ALLOCATOR.current_usage();
            ALLOCATOR.reset_peak_usage();
            let status = receive(&headers, body);
            let taken = LIMIT + ALLOCATOR.peak_usage().saturating_sub(before);
            assert!(
                taken <= 12 * LIMIT,
                "{taken} for {pieces} of {piece}: {status}"
            );
            worst = worst.max(taken);
        }
    }
    let refused = receive(&HeaderMap::new(), "x".repeat(LIMIT + 1));
    assert_eq!(refused, 413);

    let before = ALLOCATOR.current_usage();
    for number in 0..1_000 {
        let body = format!(
            r#"{{"event":"va-transaction","data":{{"transaction":{{"status":"paid","reff_no":"INV-{number}","transaction_id":"T-1","notes":"{}"}}}}}}"#,
            "n".repeat(600)
        );
        assert_eq!(receive(&signed("secret", &body), body), 200);
    }
    let each = (ALLOCATOR.current_usage() - before) / 1_000;
    println!(
        "{} times the limit, {each} bytes kept of each",
        worst / LIMIT
    );
    assert!(each <= 600, "{each} bytes are kept of each");
}
