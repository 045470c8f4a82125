//! The time budgets of signing, verifying and tokens, as ratios to the bare hashes.
//!
//! `cargo bench -p singapay-auth`. Both sides of a ratio run turn by turn in the same process, and
//! medians are compared, so that a busy machine harms both alike. With `--check` an exceeded budget
//! is an exit status of 1.

#![allow(clippy::unwrap_used)]

use std::{
    hint::black_box,
    process::ExitCode,
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::FutureExt;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, Sha512};
use singapay_auth::{
    canonical,
    scheme::{BodyHash, RequestToSign, SigningKey},
    token::{StoredToken, TokenError, TokenManager, TokenSource},
    webhook::{Verifier, WebhookKey, sign_delivery},
};
use singapay_core::{BoxFuture, Clock, Secret, SystemClock, Timer};

const ROUNDS: usize = 401;
const CALLS: u32 = 400;

/// Median nanoseconds of one call of each.
fn medians<A, B>(mut a: impl FnMut() -> A, mut b: impl FnMut() -> B) -> (f64, f64) {
    let (mut times_a, mut times_b) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        times_a.push(time(&mut a));
        times_b.push(time(&mut b));
    }
    (median(times_a), median(times_b))
}

fn time<T>(call: &mut impl FnMut() -> T) -> f64 {
    let started = Instant::now();
    for _ in 0..CALLS {
        black_box(call());
    }
    started.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

struct Check {
    failed: bool,
}

impl Check {
    fn report(&mut self, what: &str, measured: f64, unit: &str, budget: f64, detail: String) {
        let verdict = if measured <= budget { "ok" } else { "OVER" };
        self.failed |= measured > budget;
        println!("{what:<28} {measured:7.2}{unit} (budget {budget}{unit}) {verdict:<5} {detail}");
    }
}

fn sign(check: &mut Check) {
    let body = r#"{"account_id":"01K946KF851RK7FX075GJHBVKF","amount":{"currency":"IDR","value":"10000.00"},"vendor":"DANA","notes":"payout","customer_no":"081200000000","reference_number":"REF-2026-0001"}"#;
    let token = "t".repeat(360);
    let secret = Secret::new("a-client-secret-of-40-characters-length-");
    let (key, path) = (SigningKey::new(&secret), "/api/v2.0/ewallet/trigger-topup");
    let canonical = canonical::outbound(body.as_bytes()).unwrap();
    let text = RequestToSign {
        method: "POST",
        path,
        token: &token,
        body: BodyHash::of(&canonical),
        timestamp: "1787280000",
    }
    .text();
    let bare_key: Hmac<Sha512> = Hmac::new_from_slice(secret.expose().as_bytes()).unwrap();
    let (bare, ours) = medians(
        || {
            let hash = Sha256::digest(black_box(&canonical));
            let mut mac = bare_key.clone();
            mac.update(black_box(text.expose().as_bytes()));
            (hash, mac.finalize().into_bytes())
        },
        || {
            let canonical = canonical::outbound(black_box(body.as_bytes())).unwrap();
            let request = RequestToSign {
                method: "POST",
                path,
                token: &token,
                body: BodyHash::of(&canonical),
                timestamp: "1787280000",
            };
            (request.sign(&key).to_hex(), canonical)
        },
    );
    let detail = format!(
        "{} bytes: {ours:.0} ns, bare hashes {bare:.0} ns",
        body.len()
    );
    check.report("sign a payout", ours / bare, " x", 1.3, detail);
}

fn verify(check: &mut Check) {
    let items: Vec<String> = (0..5)
        .map(|n| format!(r#"{{"name":"item {n}","quantity":{n},"price":{{"value":"15000.00","currency":"IDR"}}}}"#))
        .collect();
    let body = format!(
        r#"{{"status":200,"success":true,"event":"payment-link-transaction","timestamp":"26 Dec 2025 13:35:45","data":{{"transaction":{{"reff_no":"INV-2026-0001","type":"pl","status":"paid","amount":{{"value":"75000.00","currency":"IDR"}},"post_timestamp":"26 Dec 2025 13:35:40"}},"customer":{{"name":"Budi","email":"budi@example.com","phone":"081200000000"}},"payment":{{"method":"payment_link","additional_info":{{}}}},"items":[{}]}}}}"#,
        items.join(",")
    );
    let body = Bytes::from(body);
    let secret = Secret::new("a-client-secret-of-40-characters-length-");
    let verifier = Verifier::builder()
        .key(WebhookKey::new("main", &secret).partner_id("b3ed7d4b-a96c-6c08-b3c7-12c3124242d9"))
        .path("/hooks/singapay")
        .build()
        .unwrap();
    let delivery = sign_delivery(
        &secret,
        "b3ed7d4b-a96c-6c08-b3c7-12c3124242d9",
        "/hooks/singapay",
        body.clone(),
        SystemClock.now(),
    )
    .unwrap();
    let verified = verifier.verify(&delivery.headers, body.clone()).unwrap();
    let text = format!(
        "POST:/hooks/singapay:{}:{}:1787280000",
        "t".repeat(32),
        verified.hash
    );
    let bare_key: Hmac<Sha512> = Hmac::new_from_slice(secret.expose().as_bytes()).unwrap();
    let (bare, ours) = medians(
        || {
            let hash = Sha256::digest(black_box(&verified.canonical));
            let mut mac = bare_key.clone();
            mac.update(black_box(text.as_bytes()));
            (hash, mac.finalize().into_bytes())
        },
        || {
            verifier
                .verify(black_box(&delivery.headers), body.clone())
                .unwrap()
        },
    );
    let detail = format!(
        "{} bytes: {ours:.0} ns, bare hashes {bare:.0} ns",
        body.len()
    );
    check.report("verify a webhook", ours / bare, " x", 2.5, detail);
}

#[derive(Debug)]
struct Ready;

impl TokenSource for Ready {
    fn fetch(&self) -> BoxFuture<'static, Result<StoredToken, TokenError>> {
        let now = SystemClock.now();
        let end = now.plus(Duration::from_secs(3600));
        async move { Ok(StoredToken::new(Secret::new("token"), now, end)) }.boxed()
    }
}

impl Timer for Ready {
    fn sleep(&self, _duration: Duration) -> BoxFuture<'static, ()> {
        std::future::pending().boxed()
    }
}

fn cached_token(check: &mut Check) {
    let manager =
        TokenManager::builder(Arc::new(Ready), Arc::new(SystemClock), Arc::new(Ready)).build();
    manager.get().now_or_never().unwrap().unwrap();
    let (clock, get) = medians(|| SystemClock.now(), || manager.cached().unwrap());
    let detail = format!("of which reading the clock {clock:.0} ns");
    check.report("a cached token", get, " ns", 50.0, detail);
}

/// Processor time of this thread, where the system tells it, else the time that passed.
fn processor_time() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat");
    let nanos = told
        .ok()
        .and_then(|told| told.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// A megabyte from a stranger who wants it to take long, before the signature is known.
fn hostile(check: &mut Check) {
    const SIZE: usize = 1 << 20;
    let list = |item: &str| format!("[{}]", vec![item; SIZE / (item.len() + 1) - 1].join(","));
    let nested = |open: &str, inner: &str, close: &str| {
        format!("{}{inner}{}", open.repeat(60), close.repeat(60))
    };
    let keys = |key: fn(usize) -> String| {
        let members: Vec<String> = (0..SIZE / 20)
            .map(|n| format!("\"{}\":0", key(n)))
            .collect();
        format!("{{{}}}", members.join(","))
    };
    let (zeros, text) = (list("0"), format!("\"{}\"", "x".repeat(SIZE - 2000)));
    let zeros = format!("{}0]", &zeros[..SIZE - 2001]);
    let bodies = [
        ("long floats", list("1.7976931348623157e308")),
        ("floats between two texts", list("-29091992471229.3125")),
        (
            "floats that are hard to read",
            list("2.2250738585072011e-308"),
        ),
        ("short floats", list("1e5")),
        ("minus zero", list("-0")),
        ("long integers", list("99999999999999999999")),
        (
            "a number of a megabyte",
            format!("[0.{}]", "1".repeat(SIZE - 8)),
        ),
        ("a long list", list("0")),
        (
            "a list that is just short enough",
            format!("[{}0]", "0,     ".repeat(SIZE / 7 - 1)),
        ),
        ("empty objects", list("{}")),
        ("tiny objects", list("{\"\":0}")),
        ("unsorted objects", list("{\"b\":0,\"a\":0}")),
        ("objects that are lists", list("{\"1\":0,\"0\":0}")),
        ("duplicates", list("{\"a\":0,\"a\":0,\"a\":0}")),
        (
            "keys in no order",
            keys(|n| format!("{:08x}", (n as u32).wrapping_mul(2_654_435_761))),
        ),
        ("falling keys", keys(|n| (999_999 - n).to_string())),
        ("escaped keys", keys(|n| format!("\\u0041{n:06}"))),
        ("escapes", format!("\"{}\"", "\\u0041".repeat(SIZE / 6 - 1))),
        ("U+2028", list("\"\u{2028}\u{2028}\"")),
        (
            "nested lists of 11",
            nested("[0,0,0,0,0,0,0,0,0,0,", &zeros, "]"),
        ),
        (
            "nested unsorted objects",
            nested("{\"b\":0,\"a\":", &text, "}"),
        ),
        ("deep", list(&nested("[", "0", "]"))),
    ];
    let key = WebhookKey::new("main", &Secret::new("secret"));
    let verifier = Verifier::builder()
        .key(key)
        .path("/h")
        .max_body_bytes(SIZE)
        .build()
        .unwrap();
    let stranger = Secret::new("another");
    let delivery = sign_delivery(&stranger, "p", "/h", "{}", SystemClock.now()).unwrap();
    let measured = bodies.map(|(name, body)| {
        let body = Bytes::from(body);
        // Processor time is told in ticks.
        let started = processor_time();
        for _ in 0..20 {
            assert!(verifier.verify(&delivery.headers, body.clone()).is_err());
        }
        let time = (processor_time() - started).as_secs_f64() * 1e3 / 20.0;
        println!("    {name:<34} {time:6.1} ms");
        (time, name)
    });
    let worst = measured
        .into_iter()
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .unwrap();
    check.report(
        "the worst hostile megabyte",
        worst.0,
        " ms",
        60.0,
        worst.1.to_owned(),
    );
}

fn main() -> ExitCode {
    let mut check = Check { failed: false };
    sign(&mut check);
    verify(&mut check);
    hostile(&mut check);
    cached_token(&mut check);
    let asked = std::env::args().any(|argument| argument == "--check");
    ExitCode::from(u8::from(asked && check.failed))
}
