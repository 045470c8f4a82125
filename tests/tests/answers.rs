//! Answers that are no success: what the caller can find out, and what the error's text keeps back.

#![allow(clippy::unwrap_used)]

use singapay::{Delivery, Error, ErrorKind};
use singapay_tests::{
    rig,
    wire::{Do, Reply, Wire, code, reply},
};

/// Text that stands for what a gateway may say about people.
const PRIVATE: &str = "Rina Wijaya 3174 0000";

/// A payment link is made, the gateway answers this, and that is what the caller gets.
async fn write(answer: impl Into<Reply>) -> Error {
    let wire = Wire::start([Do::Token("t"), Do::Answer(answer.into())]).await;
    let error = rig::link(&rig::client(wire.base_url()))
        .send()
        .await
        .unwrap_err();
    assert_eq!(wire.calls().len(), 1, "a write is sent once");
    error
}

/// The same for a balance read that may be sent once.
async fn read(answer: Reply) -> Error {
    let wire = Wire::start([Do::Token("t"), answer.into()]).await;
    let singapay = rig::client(wire.base_url());
    let call = singapay.balances().merchant().with_max_attempts(1);
    call.send().await.unwrap_err()
}

/// The same for a call whose token request gets this answer.
async fn token(answer: Reply) -> Error {
    let wire = Wire::start([answer.into()]).await;
    let singapay = rig::client(wire.base_url());
    let error = singapay.balances().merchant().send().await.unwrap_err();
    assert!(wire.calls().is_empty());
    error
}

#[track_caller]
fn assert_text(error: &Error) {
    let text = error.to_string();
    assert!(!text.contains('\n'), "one line: {text}");
    assert!(text.starts_with(error.operation().unwrap()), "{text}");
    if let Some(status) = error.status() {
        assert!(text.contains(&format!("HTTP {status}")), "{text}");
    }
    for shown in [text, format!("{error:?}")] {
        assert!(!shown.contains("Rina"), "{shown}");
        assert!(!shown.contains("html"), "{shown}");
    }
}

#[tokio::test]
async fn a_bad_gateway_in_html() {
    let html = format!("<html>\n<h1>502 Bad Gateway</h1>{PRIVATE}</html>");
    for error in [
        write(reply(502, &*html)).await,
        read(reply(502, &*html)).await,
    ] {
        assert_eq!(error.kind(), ErrorKind::Gateway);
        assert_eq!(
            (error.status(), error.code(), error.message()),
            (Some(502), None, None)
        );
        assert_eq!(error.delivery(), Delivery::Answered);
        assert_eq!(error.raw_body().unwrap(), &html);
        assert_text(&error);
    }
}

#[tokio::test]
async fn what_says_success_but_cannot_be_read() {
    let bodies = [
        // truncated
        &*format!(r#"{{"status":200,"success":true,"data":{{"id":1,"title":"{PRIVATE}"#),
        // essential fields are missing
        &*format!(r#"{{"status":200,"success":true,"data":{{"title":"{PRIVATE}"}}}}"#),
        r#"{"status":200,"success":true,"data":{}}"#,
        r#"{"status":200,"success":true,"data":null}"#,
        r#"{"status":200,"success":true}"#,
        // other types than promised
        &*format!(r#"{{"status":200,"success":true,"data":"{PRIVATE}"}}"#),
        r#"{"status":200,"success":true,"data":5}"#,
        r#"{"status":200,"success":true,"data":[1,2]}"#,
        r#"{"status":200,"success":true,"data":{"id":{"a":1},"status":[],"payment_url":7}}"#,
        r#"{"status":200,"success":true,"data":{"id":"Rina","status":"open","payment_url":"x"}}"#,
        // nothing, and no JSON object
        "",
        "null",
        "[]",
        "\"Rina\"",
        "<html>maintenance</html>",
        "\u{feff}{}",
    ];
    for body in bodies {
        let error = write(reply(200, body)).await;
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert_eq!((error.status(), error.code()), (Some(200), None), "{body}");
        assert_eq!(error.delivery(), Delivery::Answered, "{body}");
        assert_eq!(error.raw_body().unwrap(), body);
        assert_text(&error);
    }
    let error = write(reply(204, "")).await;
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Decode, Some(204))
    );
}

#[tokio::test]
async fn invalid_utf8_and_deep_nesting() {
    let mut broken = br#"{"status":200,"success":true,"data":{"title":""#.to_vec();
    broken.extend_from_slice(&[0xff, 0xfe]);
    let deep = format!(
        r#"{{"success":true,"data":{}1{}}}"#,
        "[".repeat(999),
        "]".repeat(999)
    );
    for body in [broken, deep.into_bytes()] {
        let error = write(reply(200, body.clone())).await;
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(error.raw_body().unwrap(), &body);
        assert_text(&error);
    }
}

#[tokio::test]
async fn an_answer_without_end_is_not_kept() {
    let body = vec![b' '; 16 * 1024 * 1024 + 1];
    let error = write(reply(200, body)).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.delivery(), Delivery::MaybeSent);
    assert!(error.raw_body().is_none());
    assert!(
        error.to_string().contains("larger than the limit"),
        "{error}"
    );
    assert_text(&error);
}

#[tokio::test]
async fn a_refusal_under_a_success_status() {
    let body = format!(r#"{{"status":200,"success":false,"message":"{PRIVATE}"}}"#);
    let error = write(reply(200, &*body)).await;
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Refused, Some(200))
    );
    assert_eq!((error.code(), error.message()), (None, Some(PRIVATE)));
    assert_eq!(error.raw_body().unwrap(), &body);
    assert_text(&error);

    let body = r#"{"status":200,"success":false,"error":{"code":422,"message":"Rina","errors":{"title":["Rina"]}}}"#;
    let error = write(reply(200, body)).await;
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Refused, Some("422"))
    );
    assert_eq!(error.field_errors()[0].field, "title");
    assert_text(&error);
}

#[tokio::test]
async fn fields_that_the_gateway_holds_against_a_request() {
    let v2 = r#"{"response_code":"SP018","response_message":"Validation Rina","data":{"errors":{"amount":["Rina must be at least 10000","x"],"bank.code":["unknown"]}}}"#;
    let v1 = r#"{"status":422,"success":false,"error":{"code":422,"message":"Rina","errors":{"amount":["a","b"],"bank.code":["c"]}}}"#;
    // A name is nothing to print, a plain word is.
    let of_v2 = "fields: amount, bank.code (unknown)";
    let of_v1 = "fields: amount (a), bank.code (c)";
    for (status, body, code, printed) in [
        (400, v2, "SP018", of_v2),
        (422, v2, "SP018", of_v2),
        (422, v1, "422", of_v1),
    ] {
        let error = write(reply(status, body)).await;
        assert_eq!(
            (error.kind(), error.code()),
            (ErrorKind::Refused, Some(code))
        );
        let fields = error.field_errors();
        assert_eq!(
            (fields[0].field.as_str(), fields[0].messages.len()),
            ("amount", 2)
        );
        assert_eq!(
            (fields[1].field.as_str(), fields[1].messages.len()),
            ("bank.code", 1)
        );
        let text = error.to_string();
        assert!(text.contains(code) && text.ends_with(printed), "{text}");
        assert_text(&error);
    }
}

#[tokio::test]
async fn every_shape_of_403_is_about_the_credential() {
    for (body, code) in [
        (
            &*format!(
                r#"{{"status":403,"success":false,"error":{{"code":403,"message":"{PRIVATE}"}}}}"#
            ),
            Some("403"),
        ),
        (
            &*format!(r#"{{"success":false,"message":"{PRIVATE}"}}"#),
            None,
        ),
        (&*format!(r#"{{"message":"{PRIVATE}"}}"#), None),
        (
            r#"{"response_code":"SP403","response_message":"Rina","data":null}"#,
            Some("SP403"),
        ),
        (
            r#"{"response_code":"SP017","response_message":"Rina","data":[]}"#,
            Some("SP017"),
        ),
        ("<html>Forbidden</html>", None),
        ("", None),
    ] {
        let writes = match body.starts_with('<') {
            // An answer that cannot be read proves nothing of a write.
            true => ErrorKind::Gateway,
            false => ErrorKind::Credential,
        };
        for (error, kind) in [
            (write(reply(403, body)).await, writes),
            (read(reply(403, body)).await, ErrorKind::Credential),
        ] {
            assert_eq!(error.kind(), kind, "{body}");
            assert_eq!((error.status(), error.code()), (Some(403), code), "{body}");
            assert_eq!(error.raw_body().unwrap(), body);
            assert_text(&error);
        }
    }
}

#[tokio::test]
async fn a_refused_address_shows_at_the_token() {
    let body = format!(
        r#"{{"status":403,"success":false,"error":{{"code":403,"message":"IP {PRIVATE} not allowed"}}}}"#
    );
    let error = token(reply(403, &*body)).await;
    assert_eq!(error.kind(), ErrorKind::Credential);
    assert_eq!((error.status(), error.code()), (Some(403), Some("403")));
    assert_eq!((error.delivery(), error.attempts()), (Delivery::NotSent, 1));
    assert!(error.message().unwrap().starts_with("IP"));
    assert_eq!(error.raw_body().unwrap(), &body);
    assert_text(&error);
}

#[tokio::test]
async fn a_token_that_cannot_be_read_is_kept_back() {
    for body in [
        r#"{"status":200,"success":true,"data":{"access_token":"Rina"}}"#,
        r#"{"status":200,"success":true,"data":{"access_token":"Rina","#,
        r#"{"status":200,"success":true,"data":{"access_token":"","expires_in":"60"}}"#,
    ] {
        let error = token(reply(200, body)).await;
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert_eq!(
            (error.delivery(), error.status()),
            (Delivery::NotSent, Some(200))
        );
        assert!(
            error.raw_body().unwrap().is_empty(),
            "half a token is a secret, too"
        );
        assert_text(&error);
    }
}

#[tokio::test]
async fn too_many_requests_say_how_long_to_wait() {
    let error = write(reply(429, "{}").header("retry-after", "7")).await;
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after().unwrap().as_secs(), 7);
    for odd in ["soon", "-1", ""] {
        let error = write(reply(429, "{}").header("retry-after", odd)).await;
        assert_eq!(error.retry_after(), None, "{odd}");
    }
}

#[tokio::test]
async fn only_what_looks_like_a_code_is_printed() {
    for known in ["SP018", "4019900", "04", "400", "CLIENT_ERROR"] {
        let error = write(code(400, known)).await;
        assert!(
            error.to_string().contains(&format!("code {known})")),
            "{error}"
        );
        assert!(format!("{error:?}").contains(known), "{error:?}");
    }
    let long = "A".repeat(60);
    let cvv_and_others = ["123", "7319", "864207", "081200000001", "4111111111111111"];
    for strange in ["SP18", "a b", "\\u001b[31m", "s3cret", "secret", &long]
        .iter()
        .chain(&cvv_and_others)
    {
        let error = write(code(400, strange)).await;
        // Nobody knows what it says about the money that was to be collected.
        assert_eq!(error.kind(), ErrorKind::Gateway);
        assert!(error.code().is_some());
        assert!(!error.to_string().contains("code"), "{error}");
        assert!(format!("{error:?}").contains("code: None"), "{error:?}");
    }
}

#[tokio::test]
async fn only_what_looks_like_a_field_is_printed() {
    let body = |name: &str| {
        format!(r#"{{"response_code":"SP018","data":{{"errors":{{"{name}":["x"]}}}}}}"#)
    };
    for known in ["amount", "items.0.unit_price", "items[12].name"] {
        let error = write(reply(400, body(known))).await;
        assert!(
            error.to_string().ends_with(&format!("fields: {known} (x)")),
            "{error}"
        );
    }
    for strange in [
        "864207",
        "a.7319",
        "s3cret",
        "a b",
        "\\u001b[31m",
        "A",
        "eyJ.hbG",
    ] {
        let error = write(reply(400, body(strange))).await;
        assert_eq!(error.field_errors().len(), 1);
        assert!(!error.to_string().contains("fields"), "{error}");
    }
}
