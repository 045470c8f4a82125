//! The shared vectors of `spec/vectors`.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, de::DeserializeOwned};
use singapay_auth::{
    canonical::{Form, Problem, canonicalize, outbound},
    scheme::{
        BodyHash, RequestToSign, SigningKey, basic_authorization, identity_signature,
        identity_timestamp, jakarta_date, token_signature,
    },
    webhook::{SignedForm, Verifier, VerifyError, WebhookKey},
};
use singapay_core::{Clock, Secret, Timestamp};

fn load<T: DeserializeOwned>(file: &str) -> T {
    let path = format!("{}/../../spec/vectors/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[derive(Deserialize)]
struct Schemes {
    scheme_a: Vec<SchemeA>,
    scheme_b: Vec<SchemeB>,
    scheme_c: Vec<SchemeC>,
    scheme_d: Vec<SchemeD>,
}

#[derive(Deserialize)]
struct SchemeA {
    client_id: String,
    client_secret: String,
    unix_seconds: i64,
    date: String,
    signature: String,
}

#[derive(Deserialize)]
struct SchemeB {
    client_id: String,
    client_secret: String,
    authorization: String,
}

#[derive(Deserialize)]
struct SchemeC {
    name: String,
    client_secret: String,
    method: String,
    path: String,
    token: String,
    timestamp: String,
    body: String,
    canonical: String,
    body_sha256: String,
    string_to_sign: String,
    signature: String,
}

#[derive(Deserialize)]
struct SchemeD {
    client_id: String,
    client_secret: String,
    unix_seconds: i64,
    timestamp: String,
    signature: String,
}

#[test]
fn schemes() {
    let schemes: Schemes = load("schemes.json");
    for case in &schemes.scheme_a {
        let now = Timestamp::from_unix_seconds(case.unix_seconds);
        let secret = Secret::new(case.client_secret.as_str());
        assert_eq!(jakarta_date(now), case.date);
        assert_eq!(
            token_signature(&case.client_id, &secret, now).to_hex(),
            case.signature
        );
    }
    for case in &schemes.scheme_b {
        let secret = Secret::new(case.client_secret.as_str());
        assert_eq!(
            basic_authorization(&case.client_id, &secret).expose(),
            case.authorization
        );
    }
    for case in &schemes.scheme_c {
        let canonical = outbound(case.body.as_bytes()).unwrap();
        assert_eq!(
            String::from_utf8(canonical.clone()).unwrap(),
            case.canonical,
            "{}",
            case.name
        );
        let request = RequestToSign {
            method: &case.method,
            path: &case.path,
            token: &case.token,
            body: BodyHash::of(&canonical),
            timestamp: &case.timestamp,
        };
        assert_eq!(request.body.to_string(), case.body_sha256, "{}", case.name);
        assert_eq!(
            request.text().expose(),
            case.string_to_sign,
            "{}",
            case.name
        );
        let key = SigningKey::new(&Secret::new(case.client_secret.as_str()));
        assert_eq!(request.sign(&key).to_hex(), case.signature, "{}", case.name);
    }
    for case in &schemes.scheme_d {
        let now = Timestamp::from_unix_seconds(case.unix_seconds);
        assert_eq!(identity_timestamp(now), case.timestamp);
        let secret = Secret::new(case.client_secret.as_str());
        let signature = identity_signature(&case.client_id, &secret, &case.timestamp);
        assert_eq!(signature, case.signature);
    }
    let counts = [
        schemes.scheme_a.len(),
        schemes.scheme_b.len(),
        schemes.scheme_c.len(),
    ];
    assert!(counts.iter().all(|count| *count > 1) && schemes.scheme_d.len() > 1);
}

#[derive(Deserialize)]
struct Document {
    name: String,
    input: Option<String>,
    input_base64: Option<String>,
    canonical: Option<String>,
    sha256: Option<String>,
    refused: Option<String>,
    path: Option<String>,
    php_lists_kept: Option<String>,
    php_literal: Option<String>,
    numbers_as_written: Option<String>,
}

impl Document {
    fn bytes(&self) -> Vec<u8> {
        match (&self.input, &self.input_base64) {
            (Some(text), None) => text.clone().into_bytes(),
            (None, Some(text)) => STANDARD.decode(text).unwrap(),
            _ => panic!("{}", self.name),
        }
    }
}

fn problem_name(problem: Problem) -> &'static str {
    match problem {
        Problem::Syntax => "syntax",
        Problem::InvalidUtf8 => "invalid-utf8",
        Problem::LoneSurrogate => "lone-surrogate",
        Problem::TooDeep => "too-deep",
        Problem::NotAnInteger => "not-an-integer",
        Problem::IntegerTooLarge => "integer-too-large",
        Problem::LineSeparator => "line-separator",
        Problem::DigitKeys => "digit-keys",
        Problem::EmptyObject => "empty-object",
        Problem::LongList => "long-list",
        Problem::DuplicateKey => "duplicate-key",
        _ => "unknown",
    }
}

#[test]
fn canonical_outbound() {
    let cases: Vec<Document> = load("canonical-outbound.json");
    for case in &cases {
        match outbound(&case.bytes()) {
            Ok(bytes) => {
                assert_eq!(
                    BodyHash::of(&bytes).to_string(),
                    case.sha256.clone().unwrap()
                );
                assert_eq!(
                    String::from_utf8(bytes).ok(),
                    case.canonical,
                    "{}",
                    case.name
                );
            }
            Err(error) => {
                let problem = problem_name(error.problem());
                assert_eq!(Some(problem), case.refused.as_deref(), "{}", case.name);
                if let Some(path) = &case.path {
                    assert_eq!(error.path(), path, "{}", case.name);
                }
            }
        }
    }
    assert!(cases.len() > 40);
}

#[test]
fn canonical_inbound() {
    let cases: Vec<Document> = load("canonical-inbound.json");
    for case in &cases {
        for (form, expected) in [
            (Form::PhpListsKept, &case.php_lists_kept),
            (Form::PhpLiteral, &case.php_literal),
            (Form::NumbersAsWritten, &case.numbers_as_written),
        ] {
            let ours = canonicalize(&case.bytes(), form, 1024).ok();
            let ours = ours.map(|bytes| String::from_utf8(bytes).unwrap());
            assert_eq!(ours, *expected, "{} {form:?}", case.name);
        }
    }
    assert!(cases.len() > 30);
}

#[derive(Deserialize)]
struct Delivery {
    name: String,
    keys: Vec<Key>,
    path: String,
    now: i64,
    window: u64,
    headers: Vec<(String, String)>,
    #[serde(default)]
    body: String,
    body_repeat: Option<Repeat>,
    expect: Expect,
}

#[derive(Deserialize)]
struct Key {
    partner_id: String,
    client_secret: String,
}

#[derive(Deserialize)]
struct Repeat {
    text: String,
    count: usize,
}

#[derive(Deserialize)]
struct Expect {
    valid: bool,
    form: Option<String>,
    hash: Option<String>,
    error: Option<String>,
}

#[derive(Debug)]
struct At(i64);

impl Clock for At {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_seconds(self.0)
    }
}

fn form_name(form: SignedForm) -> &'static str {
    match form {
        SignedForm::PhpListsKept => "php-lists-kept",
        SignedForm::PhpLiteral => "php-literal",
        SignedForm::NumbersAsWritten => "numbers-as-written",
        SignedForm::Raw => "raw",
        _ => "unknown",
    }
}

fn error_name(error: &VerifyError) -> &'static str {
    match error {
        VerifyError::MissingHeader { .. } => "missing-header",
        VerifyError::DuplicateHeader { .. } => "duplicate-header",
        VerifyError::MalformedHeader { .. } => "malformed-header",
        VerifyError::Stale { .. } => "stale",
        VerifyError::Body(_) => "body",
        VerifyError::BodyTooLarge { .. } => "body-too-large",
        VerifyError::Signature => "signature",
        _ => "unknown",
    }
}

#[test]
fn webhooks() {
    let cases: Vec<Delivery> = load("webhooks.json");
    for case in &cases {
        let mut builder = Verifier::builder()
            .path(&case.path)
            .window(Duration::from_secs(case.window))
            .clock(At(case.now));
        for key in &case.keys {
            let secret = Secret::new(key.client_secret.as_str());
            builder =
                builder.key(WebhookKey::new("k", &secret).partner_id(key.partner_id.as_str()));
        }
        let body = match &case.body_repeat {
            Some(repeat) => repeat.text.repeat(repeat.count),
            None => case.body.clone(),
        };
        match builder.build().unwrap().verify(&case.headers[..], body) {
            Ok(verified) => {
                assert!(case.expect.valid, "{}", case.name);
                assert_eq!(Some(form_name(verified.form)), case.expect.form.as_deref());
                let key = verified.deduplication_key();
                assert_eq!(Some(key), case.expect.hash, "{}", case.name);
            }
            Err(error) => {
                assert!(!case.expect.valid, "{}: {error}", case.name);
                let error = Some(error_name(&error));
                assert_eq!(error, case.expect.error.as_deref(), "{}", case.name);
            }
        }
    }
    assert!(cases.len() > 30);
}
