//! Contents of requests: credentials, headers, signatures, and what is refused before.

use singapay_core::{CallErrorKind, Delivery, Secret};

use super::*;
use crate::{
    scheme::{BodyHash, RequestToSign, SigningKey, token_signature},
    testing::START,
    token::TokenSettings,
};

#[tokio::test(start_paused = true)]
async fn a_read_carries_token_and_partner_id_only() {
    let rig = rig(scripted([]));
    assert_eq!(rig.read().await.unwrap().status, 200);
    let calls = rig.transport.calls();
    let headers = calls[0].headers();
    assert_eq!(headers["authorization"], "Bearer token-1");
    assert!(headers["authorization"].is_sensitive());
    assert_eq!(headers["x-partner-id"], "canary-partner");
    assert_eq!(headers["accept"], "application/json");
    assert_eq!(headers.len(), 3);
    let tokens = rig.transport.token_calls();
    let headers = tokens[0].headers();
    assert_eq!(
        tokens[0].uri(),
        "https://pay.example/api/v1.1/access-token/b2b"
    );
    assert_eq!(tokens[0].body(), r#"{"grant_type":"client_credentials"}"#);
    let signature = token_signature(
        "canary-client",
        &Secret::new("canary-secret"),
        rig.clock.now(),
    )
    .to_hex();
    assert_eq!(headers["x-signature"], signature.as_str());
    assert_eq!(headers["x-client-id"], "canary-client");
    assert_eq!(headers["x-partner-id"], "canary-partner");
    assert_eq!(headers["accept"], "application/json");
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(headers.len(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_signed_call_sends_the_bytes_that_it_signed() {
    let rig = rig(scripted([]));
    let uri = "https://pay.example/api/v2.0/ewallet/trigger-topup?x=%20y";
    rig.send(&TOPUP, uri, r#"{ "b": "\u00e9\/", "a": 1 }"#)
        .await
        .unwrap();
    let calls = rig.transport.calls();
    assert_eq!(calls[0].body(), r#"{"a":1,"b":"é/"}"#);
    let headers = calls[0].headers();
    let timestamp = START.to_string();
    assert_eq!(headers["x-timestamp"], timestamp.as_str());
    let to_sign = RequestToSign {
        method: "POST",
        path: "/api/v2.0/ewallet/trigger-topup?x=%20y",
        token: "token-1",
        body: BodyHash::of(calls[0].body()),
        timestamp: &timestamp,
    };
    let signature = to_sign
        .sign(&SigningKey::new(&Secret::new("canary-secret")))
        .to_hex();
    assert_eq!(headers["x-signature"], signature.as_str());
    assert!(headers["x-signature"].is_sensitive());
    assert_eq!(headers["content-type"], "application/json");
}

#[tokio::test(start_paused = true)]
async fn timestamps_can_be_iso() {
    let iso = |builder: AuthPipelineBuilder| builder.timestamp_format(TimestampFormat::Iso8601);
    let rig = rig_with(scripted([]), CallOptions::default(), iso);
    rig.topup().await.unwrap();
    assert_eq!(
        rig.transport.header("x-timestamp"),
        ["2026-08-21T01:00:00Z"]
    );
}

#[tokio::test(start_paused = true)]
async fn explicit_token_calls_use_their_scheme_and_no_bearer() {
    const A: Operation = Operation {
        id: "create_access_token",
        method: "POST",
        path: "/api/v1.1/access-token/b2b",
        authentication: Authentication::SchemeA,
        effect: Effect::Write,
        ..READ
    };
    const B: Operation = Operation {
        path: "/api/v1.0/access-token/b2b",
        authentication: Authentication::SchemeB,
        ..A
    };
    const D: Operation = Operation {
        path: "/api/v1/kyc/auth/get-auth-token",
        authentication: Authentication::SchemeD,
        host: Host::Identity,
        ..A
    };
    const WRONG: Operation = Operation {
        host: Host::Payment,
        ..D
    };
    let rig = rig(scripted([]));
    rig.send(&A, "https://pay.example/api/v1.1/access-token/b2b", "{}")
        .await
        .unwrap();
    rig.send(&B, "https://pay.example/api/v1.0/access-token/b2b", "")
        .await
        .unwrap();
    rig.send(
        &D,
        "https://id.example/api/v1/kyc/auth/get-auth-token",
        "{}",
    )
    .await
    .unwrap();
    {
        let tokens = rig.transport.token_calls();
        assert!(tokens[0].headers().contains_key("x-signature"));
        assert!(
            tokens[1].headers()["authorization"]
                .to_str()
                .unwrap()
                .starts_with("Basic ")
        );
        assert!(tokens[2].body().starts_with(b"{\"client_id\":\"ic\""));
        assert_eq!(tokens.len(), 3, "nothing else was asked");
    }
    let uri = "https://pay.example/api/v1/kyc/auth/get-auth-token";
    assert!(rig.send(&WRONG, uri, "").await.is_err());
}

async fn refused(operation: &'static Operation, uri: &str) {
    let rig = rig(scripted([]));
    let error = rig.send(operation, uri, "").await.unwrap_err();
    assert_eq!(error.kind(), CallErrorKind::Config, "{uri}");
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert_eq!((rig.calls(), rig.transport.token_count()), (0, 0), "{uri}");
}

/// Whoever built the request: the path is that of the operation, segment by segment.
#[tokio::test(start_paused = true)]
async fn a_path_that_is_not_that_of_the_operation_is_refused() {
    const RAW: Operation = Operation { path: "", ..READ };
    const TRANSFER: Operation = Operation {
        path: "/api/v1.0/account-transfer/{account_id}/transfer",
        ..TOPUP
    };
    for path in [
        "",
        "/",
        "/api/v1.0/account-transfer/A",
        "/api/v1.0/account-transfer/A/transfer/",
        "/api/v1.0/account-transfer/A/B/transfer",
        "/api/v1.0/account-transfer//transfer",
        "/api/v1.0/account-transfer/../transfer",
        "/api/v1.0/account-transfer/%2E%2e/transfer",
        "/api/v1.0/account-transfer/A%2FB/transfer",
        "/api/v1.0/account-transfer/A%20B/transfer",
        "/api/v1.0/account-transfer/{account_id}/transfer",
        "/api/v1.0/account-transfer/A;b/transfer",
        "/api/v1.0/Account-Transfer/A/transfer",
        "/v0/api/v1.0/account-transfer/A/transfer",
        "/api/v1.0/balance-inquiry/A",
    ] {
        refused(&TRANSFER, &format!("https://pay.example{path}")).await;
    }
    for path in [
        "/",
        "/x",
        "/api/",
        "/api/x/",
        "/api//x",
        "/api/../x",
        "/api/%78",
        "/api/x;y",
    ] {
        refused(&RAW, &format!("https://pay.example{path}")).await;
    }
    for (operation, path) in [
        (&TRANSFER, "/api/v1.0/account-transfer/.A-1_~./transfer"),
        (&RAW, "/api/v9.0/.x/..y/a.b"),
    ] {
        let rig = rig(scripted([]));
        let uri = format!("https://pay.example{path}");
        rig.send(operation, &uri, "").await.unwrap();
        assert_eq!(rig.transport.calls()[0].uri(), uri.as_str());
    }
}

#[tokio::test(start_paused = true)]
async fn requests_to_other_places_are_refused() {
    for uri in [
        "https://evil.example/api/v1.0/accounts",
        "https://pay.example:8443/api/v1.0/accounts",
        "http://pay.example/api/v1.0/accounts",
        "https://user@pay.example/api/v1.0/accounts",
        "/api/v1.0/accounts",
        "https://pay.example/api/v1.0/accounts?x='",
    ] {
        refused(&READ, uri).await;
    }
    let rig = rig(scripted([]));
    let uri = "https://pay.example/api/v1.0/accounts?x=%27..";
    rig.send(&READ, uri, "").await.unwrap();
    let request = Request::post("https://pay.example/api/v1.0/accounts")
        .body(Bytes::new())
        .unwrap();
    let result = rig.pipeline.execute(&READ, request, &rig.context).await;
    assert_eq!(
        result.unwrap_err().kind(),
        CallErrorKind::Config,
        "another method"
    );
}

#[tokio::test(start_paused = true)]
async fn headers_of_authentication_cannot_be_set() {
    for name in [
        "authorization",
        "x-partner-id",
        "x-client-id",
        "x-signature",
        "x-timestamp",
        "host",
        "content-length",
        "content-type",
    ] {
        let header = (name.parse().unwrap(), "1".parse().unwrap());
        let options = CallOptions {
            headers: vec![header],
            ..CallOptions::default()
        };
        let rig = rig_with(scripted([]), options, |builder| builder);
        assert_eq!(
            rig.read().await.unwrap_err().kind(),
            CallErrorKind::Config,
            "{name}"
        );
        assert_eq!(rig.calls(), 0);
    }
    let header = ("x-trace".parse().unwrap(), "1".parse().unwrap());
    let options = CallOptions {
        headers: vec![header],
        ..CallOptions::default()
    };
    let rig = rig_with(scripted([]), options, |builder| builder);
    rig.read().await.unwrap();
    assert_eq!(rig.transport.header("x-trace"), ["1"]);
}

#[tokio::test(start_paused = true)]
async fn headers_of_the_request_itself_are_checked_too() {
    let send = async |name: &str| {
        let rig = rig(scripted([]));
        let request =
            Request::get("https://pay.example/api/v1.0/accounts").header(name, "text/html");
        let request = request.body(Bytes::new()).unwrap();
        let sent = rig.pipeline.execute(&READ, request, &rig.context).await;
        sent.map(|_| rig.transport.header("content-type").remove(0))
    };
    for name in ["authorization", "x-partner-id", "x-signature"] {
        let error = send(name).await.unwrap_err();
        assert_eq!(error.kind(), CallErrorKind::Config, "{name}");
    }
    // Without a body there is no type of one.
    assert_eq!(send("content-type").await.unwrap(), "");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_signed_is_not_sent() {
    let rig = rig(scripted([]));
    let uri = "https://pay.example/api/v2.0/ewallet/trigger-topup";
    let error = rig
        .send(&TOPUP, uri, r#"{"amount":{"value":1.5}}"#)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (CallErrorKind::Signing, Delivery::NotSent)
    );
    assert!(error.to_string().contains("$.amount.value"), "{error}");
    assert_eq!((rig.calls(), rig.transport.token_count()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn nothing_here_prints_a_secret() {
    let rig = rig(scripted([]));
    rig.topup().await.unwrap();
    let uri = "https://pay.example/api/v2.0/ewallet/trigger-topup?canary";
    let error = rig
        .send(&TOPUP, uri, r#"{"a":"canary\u2028"}"#)
        .await
        .unwrap_err();
    let printed = format!("{:?}{:?}{error:?}{error}", rig.pipeline, rig.context);
    assert!(!printed.contains("canary"), "{printed}");
}

#[test]
fn settings_that_make_no_sense_are_errors() {
    let build = |change: fn(AuthPipelineBuilder) -> AuthPipelineBuilder| {
        let credentials = Credentials::builder().identity("ic", "is").build().unwrap();
        let endpoints = Endpoints::single("https://pay.example").unwrap();
        let transport = scripted([]);
        let timer = Arc::new(TokioTimer);
        let builder = AuthPipeline::builder(
            credentials,
            endpoints,
            Arc::new(transport),
            ManualClock::new(),
            timer,
        );
        change(builder).build().map(drop)
    };
    // No runtime is needed to build.
    assert_eq!(build(|builder| builder), Ok(()));
    assert_eq!(
        build(|builder| builder.timeout(Duration::ZERO)),
        Err(ConfigError::ZeroTimeout)
    );
    let none = |builder: AuthPipelineBuilder| {
        builder.retry(RetryPolicy {
            max_attempts: 0,
            ..RetryPolicy::default()
        })
    };
    assert_eq!(build(none), Err(ConfigError::ZeroAttempts));
    let no_time = |builder: AuthPipelineBuilder| {
        builder.token_settings(TokenSettings {
            fetch_timeout: Duration::ZERO,
            ..TokenSettings::default()
        })
    };
    assert_eq!(build(no_time), Err(ConfigError::ZeroTokenTimeout));
}
