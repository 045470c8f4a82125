//! Text of an error's one line, for a person.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use serde_json::json;
use singapay::{Error, ErrorKind, Rupiah, Singapay, SingapayBuilder, Stage};
use support::{
    NoPauses, Script, answer,
    wire::{Do, Wire, reply},
};
use tokio::net::TcpListener;

fn client(url: &str) -> SingapayBuilder {
    Singapay::builder()
        .base_url(url)
        .credential("partner", "client", "secret")
        .account(support::ACCOUNT)
        .timer(NoPauses)
}

/// An address at which nobody listens.
async fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().to_string()
}

/// A name that no system looks up: its first part is too long.
fn unknown() -> String {
    format!("{}.example", "x".repeat(64))
}

/// Three tries for a token, none of which connects; the line, which `Debug` repeats.
async fn line(builder: SingapayBuilder) -> String {
    let client = builder.build().unwrap();
    let error = client.qris().get(1).send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.stage()),
        (ErrorKind::Connect, Stage::Token),
        "{error:?}"
    );
    assert_eq!(error.attempts(), 3, "{error}");
    assert_says_the_same(&error);
    error.to_string()
}

#[track_caller]
fn assert_says_the_same(error: &Error) {
    let (line, debug) = (error.to_string(), format!("{error:?}"));
    assert!(debug.contains(&line), "{debug}");
    assert!(!line.contains('\n'), "{line}");
}

#[tokio::test]
async fn a_connection_that_failed_says_what_failed_and_where() {
    let failed = "get_qris: could not connect: the token request failed: ";
    let address = closed().await;
    let refused = line(client(&format!("http://{address}"))).await;
    assert_eq!(refused, format!("{failed}{address} refuses connections"));
    // A text that is unusable as a name never gets as far as a lookup.
    let name = unknown();
    let lost = line(client(&format!("https://{name}"))).await;
    assert!(lost.contains(&name), "{lost}");
}

#[tokio::test]
async fn a_proxy_that_failed_is_named_and_its_password_is_not() {
    let failed = "get_qris: could not connect: the token request failed: ";
    let through = async |proxy: &str| {
        let proxy = format!("http://shop:canary@{proxy}");
        let line = line(client("https://pay.example").proxy(proxy)).await;
        assert!(!line.contains("canary") && !line.contains("shop"), "{line}");
        line.strip_prefix(failed).unwrap().to_owned()
    };
    let address = closed().await;
    assert_eq!(
        through(&address).await,
        format!("the proxy {address} refuses connections")
    );
    let name = format!("{}:3128", unknown());
    assert_eq!(
        through(&name).await,
        format!("the name of the proxy {name} cannot be looked up (DNS)")
    );
    for (fault, said) in [
        (
            Do::Answer(reply(407, "")),
            "wants a user and a password, or other ones (HTTP 407)",
        ),
        (
            Do::Answer(reply(403, "")),
            "does not connect to pay.example",
        ),
        (Do::Close, "broke off: unexpected end of file"),
    ] {
        let proxy = Wire::always("t", fault).await;
        let address = proxy.base_url().replace("http://", "");
        assert_eq!(
            through(&address).await,
            format!("the proxy {address} {said}")
        );
    }
}

#[tokio::test]
async fn a_refusal_quotes_what_the_gateway_says_of_each_field() {
    let body = json!({"status": 422, "success": false, "error": {"code": 422, "message": "Validation error",
    "errors": {
        "amount": ["The amount must not be greater than 10000000.", "second"],
        "expired_at": ["The expired at 25000 is invalid."],
        "name": "The name field is required.",
    }}});
    let script = Script::new([answer(422, body)]);
    let client = script.client();
    let call = client.qris().generate().amount(Rupiah::new(25_000));
    let error = call.send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "generate_qris: request refused: a field is invalid (HTTP 422, code 422); \
         fields: amount (The amount must not be greater than 10000000.), expired_at, \
         name (The name field is required.)"
    );
    assert_says_the_same(&error);
}

#[tokio::test]
async fn a_refusal_of_many_fields_stays_one_line() {
    let names = (0..300).map(|n| format!("f.{}.{}", n / 100, n % 100));
    let errors: serde_json::Map<_, _> = names.map(|name| (name, json!("is required"))).collect();
    let body = json!({"response_code": "SP018", "data": {"errors": errors}});
    let client = Script::new([answer(400, body)]).client();
    let error = client.qris().get(1).send().await.unwrap_err();
    let line = error.to_string();
    assert!(line.len() < 1_000 && line.ends_with(" more"), "{line}");
    assert_says_the_same(&error);
}

#[tokio::test]
async fn tries_are_counted_wherever_the_call_ends() {
    let unavailable = || answer(503, "busy");
    // The token: three tries, no call.
    let client = Script::default()
        .tokens([unavailable(), unavailable(), unavailable()])
        .client();
    let error = client.qris().get(1).send().await.unwrap_err();
    assert_eq!((error.stage(), error.attempts()), (Stage::Token, 3));
    // A refused credential: one.
    let client = Script::default().tokens([answer(401, "")]).client();
    let error = client.qris().get(1).send().await.unwrap_err();
    assert_eq!((error.stage(), error.attempts()), (Stage::Token, 1));
    // The call, whose token was had.
    let client = Script::new([unavailable(), unavailable(), unavailable()]).client();
    let error = client.qris().get(1).send().await.unwrap_err();
    assert_eq!((error.stage(), error.attempts()), (Stage::Answer, 3));
}
