mod settings;

use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use singapay_core::{Clock, Secret, Timestamp};

use super::*;
use crate::{
    canonical::{Form, Problem, canonicalize},
    scheme::{BodyHash, RequestToSign, SigningKey},
};

const PATH: &str = "/hooks/singapay?s=1";
const NOW: i64 = 1_787_280_000;

#[derive(Debug)]
struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_seconds(NOW)
    }
}

fn verifier() -> Verifier {
    Verifier::builder()
        .key(WebhookKey::new("old", &Secret::new("sec-old")).partner_id("p-old"))
        .key(WebhookKey::new("main", &Secret::new("sec-demo")).partner_id("p-main"))
        .path(PATH)
        .clock(Fixed)
        .build()
        .unwrap()
}

fn headers(timestamp: &str, token: &str, signature: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("x-timestamp", timestamp.to_owned()),
        ("authorization", format!("Bearer {token}")),
        ("x-signature", signature.to_owned()),
        ("x-partner-id", "p-main".to_owned()),
    ] {
        headers.insert(name, HeaderValue::from_str(&value).unwrap());
    }
    headers
}

fn signed(body: &'static str) -> SignedDelivery {
    let now = Timestamp::from_unix_seconds(NOW);
    sign_delivery(&Secret::new("sec-demo"), "p-main", PATH, body, now).unwrap()
}

/// Signs the given bytes as they are, whatever form they are in.
fn signed_over(canonical: &str) -> HeaderMap {
    let timestamp = NOW.to_string();
    let to_sign = RequestToSign {
        method: "POST",
        path: PATH,
        token: "tok",
        body: BodyHash::of(canonical.as_bytes()),
        timestamp: &timestamp,
    };
    let signature = to_sign
        .sign(&SigningKey::new(&Secret::new("sec-demo")))
        .to_hex();
    headers(&timestamp, "tok", &signature)
}

#[test]
fn the_worked_vector_verifies() {
    let headers = headers(
        "1787280000",
        "rand-token",
        "20a0f2787de55a7f002c6eeda9ba587774e8923a8f07c4acc7b5695b06326535be293beb3f199acd680e2022c30aa195164b3aec62ee3ce11f7a92675eb30d28",
    );
    let body = r#"{"status":200,"success":true,"event":"va-transaction","data":{"transaction":{"reff_no":"INV-1","status":"paid","amount":{"value":100000,"currency":"IDR"}},"items":[],"meta":{}}}"#;
    let verified = verifier().verify(&headers, body).unwrap();
    assert_eq!(
        verified.deduplication_key(),
        "ded32e1e15b2f92a44b8b5e219255962a63002c1df93ca04d44eedff59176794"
    );
    assert_eq!(&*verified.key_name, "main");
    assert_eq!(verified.form, SignedForm::PhpListsKept);
    assert_eq!(verified.signed_at, Timestamp::from_unix_seconds(NOW));
}

#[test]
fn every_form_is_tried_in_order() {
    let list: Vec<String> = (0..12).map(|n| n.to_string()).collect();
    let body = format!(r#"{{"b":1.50,"a":[{}],"c":{{}}}}"#, list.join(","));
    let literal = r#"{"a":{"0":0,"1":1,"10":10,"11":11,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7,"8":8,"9":9},"b":1.5,"c":[]}"#;
    for (form, canonical) in [
        (
            SignedForm::PhpListsKept,
            format!(r#"{{"a":[{}],"b":1.5,"c":[]}}"#, list.join(",")),
        ),
        (SignedForm::PhpLiteral, literal.to_owned()),
        (
            SignedForm::NumbersAsWritten,
            format!(r#"{{"a":[{}],"b":1.50,"c":{{}}}}"#, list.join(",")),
        ),
        (SignedForm::Raw, body.clone()),
    ] {
        let verified = verifier()
            .verify(&signed_over(&canonical), body.clone())
            .unwrap();
        assert_eq!(verified.form, form);
        assert_eq!(verified.canonical, canonical.as_bytes());
    }
}

#[test]
fn a_number_that_php_refuses_leaves_the_other_forms() {
    let verified = verifier()
        .verify(&signed_over(r#"{"a":1e999}"#), r#"{ "a": 1e999 }"#)
        .unwrap();
    assert_eq!(verified.form, SignedForm::NumbersAsWritten);
}

#[test]
fn a_respelt_copy_fails_or_has_the_same_key() {
    let original = signed(r#"{"amount":100000,"note":"é","list":[1],"meta":[]}"#);
    let key = verifier()
        .verify(&original.headers, original.body.clone())
        .unwrap()
        .hash;
    for copy in [
        r#" { "note" : "\u00e9" , "meta": {}, "list" : [ 1 ] , "amount" : 1e5 } "#,
        r#"{"amount":1,"amount":100000.0,"note":"é","list":{"0":1},"meta":[]}"#,
    ] {
        assert_eq!(
            verifier().verify(&original.headers, copy).unwrap().hash,
            key,
            "{copy}"
        );
    }
    for forged in [
        r#"{"amount":100001,"note":"é","list":[1],"meta":[]}"#,
        r#"{"amount":100000,"amount":1,"note":"é","list":[1],"meta":[]}"#,
        r#"{"amount":"100000","note":"é","list":[1],"meta":[]}"#,
    ] {
        let error = verifier().verify(&original.headers, forged).unwrap_err();
        assert_eq!(error, VerifyError::Signature, "{forged}");
    }
}

#[test]
fn the_time_is_checked_before_the_body() {
    let delivery = signed(r#"{"a":1}"#);
    for (offset, fresh) in [
        (0, true),
        (300, true),
        (-300, true),
        (301, false),
        (-301, false),
    ] {
        let now = Timestamp::from_unix_seconds(NOW - offset);
        let late = sign_delivery(
            &Secret::new("sec-demo"),
            "p-main",
            PATH,
            &br#"{"a":1}"#[..],
            now,
        )
        .unwrap();
        let result = verifier().verify(&late.headers, late.body);
        match fresh {
            true => assert!(result.is_ok(), "{offset}"),
            false => assert_eq!(
                result.unwrap_err(),
                VerifyError::Stale {
                    age: offset,
                    window: Duration::from_secs(300)
                }
            ),
        }
    }
    let mut stale = delivery.headers.clone();
    stale.insert("x-timestamp", HeaderValue::from_static("1000000000"));
    assert!(matches!(
        verifier().verify(&stale, "{not json"),
        Err(VerifyError::Stale { .. })
    ));
}

#[test]
fn header_tricks_are_refused() {
    let delivery = signed(r#"{"a":1}"#);
    let verify = |change: &dyn Fn(&mut HeaderMap)| {
        let mut headers = delivery.headers.clone();
        change(&mut headers);
        verifier().verify(&headers, delivery.body.clone())
    };
    let name = |name: &'static str| name;
    for header in ["x-signature", "x-timestamp", "authorization"].map(name) {
        let missing = verify(&|headers| drop(headers.remove(header)));
        assert_eq!(
            missing.unwrap_err(),
            VerifyError::MissingHeader { name: header }
        );
    }
    for header in [
        "x-signature",
        "x-timestamp",
        "authorization",
        "x-partner-id",
    ]
    .map(name)
    {
        let doubled = verify(&|headers| {
            let value = headers[header].clone();
            headers.append(header, value);
        });
        assert_eq!(
            doubled.unwrap_err(),
            VerifyError::DuplicateHeader { name: header }
        );
    }
    for (header, value) in [
        ("x-signature", "abc"),
        ("x-signature", ""),
        ("x-timestamp", "-1787280000"),
        ("x-timestamp", "+1787280000"),
        ("x-timestamp", "1787280000.0"),
        ("x-timestamp", "2026-08-21T01:00:00Z"),
        ("x-timestamp", ""),
        ("x-timestamp", "17872800"),
        ("x-timestamp", "178728000000"),
        ("authorization", "Bearer "),
        ("authorization", "bearer"),
        ("authorization", ""),
    ] {
        let result = verify(&|headers| {
            headers.insert(header, HeaderValue::from_static(value));
        });
        assert_eq!(
            result.unwrap_err(),
            VerifyError::MalformedHeader { name: header },
            "{value}"
        );
    }
    // A proxy may add its own; exact names are looked up.
    assert!(
        verify(&|headers| drop(headers.insert("signature", HeaderValue::from_static("x")))).is_ok()
    );
    assert!(verify(&|headers| drop(headers.remove("x-partner-id"))).is_ok());
    let authorization = delivery.headers["authorization"].to_str().unwrap();
    let bare = HeaderValue::from_str(authorization.strip_prefix("Bearer ").unwrap()).unwrap();
    assert!(verify(&|headers| drop(headers.insert("authorization", bare.clone()))).is_ok());
    let upper = delivery.headers["x-signature"]
        .to_str()
        .unwrap()
        .to_uppercase();
    let upper = HeaderValue::from_str(&upper).unwrap();
    assert!(verify(&|headers| drop(headers.insert("x-signature", upper.clone()))).is_ok());
}

#[test]
fn any_configured_key_may_have_signed() {
    let now = Timestamp::from_unix_seconds(NOW);
    let delivery = sign_delivery(&Secret::new("sec-old"), "p-main", PATH, "{}", now).unwrap();
    let verified = verifier().verify(&delivery.headers, delivery.body).unwrap();
    assert_eq!(
        (&*verified.key_name, verified.partner_id.as_deref()),
        ("old", Some("p-old"))
    );
}

#[test]
fn hostile_bodies_are_refused() {
    let headers = signed("{}").headers;
    let problem = |body: Vec<u8>| match verifier().verify(&headers, body) {
        Err(VerifyError::Body(error)) => error.problem(),
        other => panic!("{other:?}"),
    };
    assert_eq!(problem([b'['].repeat(100_000)), Problem::TooDeep);
    assert_eq!(problem(b"{\"a\":".repeat(100_000)), Problem::TooDeep);
    assert_eq!(problem(b"\"\xff\"".to_vec()), Problem::InvalidUtf8);
    assert_eq!(problem(b"hello".to_vec()), Problem::Syntax);
    assert_eq!(problem(Vec::new()), Problem::Syntax);
    assert_eq!(
        problem(br#"{"a":"\ud800"}"#.to_vec()),
        Problem::LoneSurrogate
    );
    // Each level moves all that is in it: too much in every form.
    let nested = format!(
        "{}\"{}\"",
        "{\"b\":0,\"a\":".repeat(60),
        "x".repeat(1_000_000)
    );
    let nested = nested + &"}".repeat(60);
    assert_eq!(problem(nested.into_bytes()), Problem::TooMuchWork);
    let large = vec![b' '; 100 << 20];
    let started = std::time::Instant::now();
    let error = verifier().verify(&headers, large).unwrap_err();
    assert_eq!(error, VerifyError::BodyTooLarge { limit: 1 << 20 });
    assert_eq!(error.status(), 413);
    assert!(started.elapsed() < Duration::from_millis(500));
}

/// PHP's forms of it are not even tried to their end.
#[test]
fn what_takes_too_long_to_write_as_php_does_is_proven_as_written() {
    let body = format!(
        "[{}1.7976931348623157e308]",
        "1.7976931348623157e308,".repeat(45_000)
    );
    let form = |body: &str| {
        let canonical = canonicalize(body.as_bytes(), Form::NumbersAsWritten, 64).unwrap();
        let mut delivery = signed("{}");
        let token = delivery.headers["authorization"].to_str().unwrap();
        let signature = RequestToSign {
            method: "POST",
            path: PATH,
            token: token.trim_start_matches("Bearer "),
            body: BodyHash::of(&canonical),
            timestamp: delivery.headers["x-timestamp"].to_str().unwrap(),
        }
        .sign(&SigningKey::new(&Secret::new("sec-demo")));
        let signature = signature.to_hex().parse().unwrap();
        delivery.headers.insert("x-signature", signature);
        let verified = verifier().verify(&delivery.headers, body.to_owned());
        verified.map(|verified| verified.form)
    };
    assert_eq!(form(&body), Ok(SignedForm::NumbersAsWritten));
    let short = "[1.7976931348623157e308]";
    assert_eq!(
        form(&short.replace("e308", "e+308")),
        Ok(SignedForm::PhpListsKept)
    );
}

#[test]
fn explain_names_the_culprit() {
    let delivery = signed(r#"{"a":1}"#);
    let explain = |headers: &HeaderMap, body: &'static str| {
        verifier()
            .explain(headers, body, &["/proxied/hooks"])
            .suspect
    };
    assert_eq!(explain(&delivery.headers, r#"{"a":1}"#), Suspect::Nothing);
    assert_eq!(explain(&delivery.headers, r#"{"a":2}"#), Suspect::KeyOrBody);
    assert_eq!(explain(&delivery.headers, "x"), Suspect::Body);
    assert_eq!(explain(&HeaderMap::new(), "{}"), Suspect::Headers);

    let secret = Secret::new("sec-demo");
    let at = |seconds| Timestamp::from_unix_seconds(seconds);
    let late = sign_delivery(&secret, "p-main", PATH, "{}", at(NOW - 900)).unwrap();
    assert_eq!(
        explain(&late.headers, "{}"),
        Suspect::Time {
            key_name: "main".into(),
            form: SignedForm::PhpListsKept
        }
    );
    for path in ["/hooks/singapay", "/hooks/singapay/?s=1", "/proxied/hooks"] {
        let other = sign_delivery(&secret, "p-main", path, "{}", at(NOW)).unwrap();
        assert_eq!(
            explain(&other.headers, "{}"),
            Suspect::Path {
                signed: path.into(),
                key_name: "main".into()
            }
        );
    }
    let stranger = sign_delivery(&Secret::new("x"), "p-other", PATH, "{}", at(NOW)).unwrap();
    assert_eq!(explain(&stranger.headers, "{}"), Suspect::Key);
}

#[test]
fn an_explanation_is_text_for_a_developer_without_secrets() {
    let text = |path: &str, body: &'static str| {
        let at = Timestamp::from_unix_seconds(NOW);
        let sent = sign_delivery(&Secret::new("sec-demo"), "p-main", path, "{}", at).unwrap();
        let explained = verifier().explain(&sent.headers, body, &["/proxied?token=canary"]);
        assert!(!format!("{explained:?}").contains("canary"));
        explained.to_string()
    };
    assert_eq!(text(PATH, "{}"), "accepted: signed by the key \"main\"");
    let changed = text(PATH, "[1]");
    assert!(changed.starts_with("refused: the signature does not match\nThe partner id is right"));
    let proxied = text("/proxied?token=canary", "{}");
    assert!(
        proxied.contains("for the path \"/proxied\" with a query"),
        "{proxied}"
    );
    assert!(!format!("{changed}{proxied}").contains("canary"));
    assert!(!format!("{changed}{proxied}").contains("sec-demo"));
}

#[test]
fn nothing_here_prints_a_secret() {
    let key = WebhookKey::new("k", &Secret::new("canary-secret")).partner_id("canary-partner");
    let builder = Verifier::builder().key(key.clone()).path("/canary-path");
    let verifier = builder.clone().build().unwrap();
    let body = r#"{"canary-key":"canary-value"}"#;
    let now = singapay_core::Clock::now(&singapay_core::SystemClock);
    let delivery = sign_delivery(
        &Secret::new("canary-secret"),
        "canary-partner",
        "/canary-path",
        body,
        now,
    )
    .unwrap();
    let verified = verifier.verify(&delivery.headers, body).unwrap();
    let refused = verifier.verify(&delivery.headers, "{").unwrap_err();
    let explained = verifier.explain(&delivery.headers, "[1]", &[]);
    let printed = format!(
        "{key:?}{builder:?}{verifier:?}{delivery:?}{verified:?}{refused:?}{refused}{explained:?}"
    );
    assert!(!printed.contains("canary"), "{printed}");
}
