//! Choice of the credential that sends a call, and of its token.

use singapay_core::{CallErrorKind, Delivery};

use super::*;
use crate::{testing::answer, token::MemoryTokenStore};

#[tokio::test(start_paused = true)]
async fn the_account_chooses_the_credential_and_the_name_wins() {
    let sent_by = async |account: Option<&str>, credential: Option<&str>| {
        let options = CallOptions {
            account: account.map(str::to_owned),
            credential: credential.map(str::to_owned),
            ..CallOptions::default()
        };
        let rig = rig_with(scripted([]), options, |builder| builder);
        rig.read()
            .await
            .map(|_| rig.transport.header("x-partner-id").remove(0))
    };
    assert_eq!(sent_by(Some("ACC1"), None).await.unwrap(), "p1");
    assert_eq!(sent_by(Some("ACC2"), None).await.unwrap(), "canary-partner");
    assert_eq!(
        sent_by(Some("ACC1"), Some("default")).await.unwrap(),
        "canary-partner"
    );
    assert_eq!(sent_by(None, Some("shop")).await.unwrap(), "p1");
    let error = sent_by(None, Some("nobody")).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (CallErrorKind::Config, Delivery::NotSent)
    );
}

#[tokio::test(start_paused = true)]
async fn two_credentials_never_share_a_token() {
    let rig = rig(scripted([]));
    rig.read().await.unwrap();
    let options = CallOptions {
        account: Some("ACC1".into()),
        ..CallOptions::default()
    };
    let context = CallContext::new(options);
    let request = Request::get("https://pay.example/api/v1.0/accounts")
        .body(Bytes::new())
        .unwrap();
    rig.pipeline
        .execute(&READ, request, &context)
        .await
        .unwrap();
    assert_eq!(
        rig.transport.header("authorization"),
        ["Bearer token-1", "Bearer token-2"]
    );
}

#[tokio::test(start_paused = true)]
async fn biller_and_identity_have_tokens_of_their_own() {
    const BILL: Operation = Operation {
        host: Host::Biller,
        path: "/api/v1/check-balance",
        ..READ
    };
    const CHECK: Operation = Operation {
        host: Host::Identity,
        path: "/api/v1/kyc/bank/verify",
        ..READ
    };
    let rig = rig(scripted([]));
    rig.send(&BILL, "https://pay.example/api/v1/check-balance", "")
        .await
        .unwrap();
    rig.send(&CHECK, "https://id.example/api/v1/kyc/bank/verify", "")
        .await
        .unwrap();
    assert_eq!(rig.transport.header("x-partner-id"), ["bp", ""]);
    let tokens = rig.transport.token_calls();
    assert_eq!(tokens[0].uri().path(), "/api/v1.0/access-token/b2b");
    assert_eq!(tokens[0].headers()["authorization"], "Basic YmM6YnM=");
    assert_eq!(tokens[0].headers()["x-partner-id"], "bp");
    assert_eq!(
        tokens[1].uri(),
        "https://id.example/api/v1/kyc/auth/get-auth-token"
    );
    let body: serde_json::Value = serde_json::from_slice(tokens[1].body()).unwrap();
    assert_eq!(body["client_id"], "ic");
    assert_eq!(body["timestamp"], "2026-08-21T01:00:00Z");
    assert_eq!(body["signature"].as_str().unwrap().len(), 64);
    assert!(!tokens[1].headers().contains_key("x-partner-id"));
}

#[tokio::test(start_paused = true)]
async fn hosts_with_one_credential_take_no_other_name() {
    for (host, uri, own) in [
        (
            Host::Biller,
            "https://pay.example/api/v1.0/accounts",
            "biller",
        ),
        (
            Host::Identity,
            "https://id.example/api/v1.0/accounts",
            "identity",
        ),
    ] {
        let operation: &'static Operation = Box::leak(Box::new(Operation { host, ..READ }));
        for (name, fits) in [(own, true), ("default", false), ("shop", false)] {
            let options = CallOptions {
                credential: Some(name.to_owned()),
                ..CallOptions::default()
            };
            let rig = rig_with(scripted([]), options, |builder| builder);
            let sent = rig.send(operation, uri, "").await;
            assert_eq!(
                sent.map_err(|error| error.kind()).map(drop),
                match fits {
                    true => Ok(()),
                    false => Err(CallErrorKind::Config),
                }
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn credentials_of_one_store_have_tokens_of_their_own() {
    let store = Arc::new(MemoryTokenStore::default());
    for (account, token) in [
        ("ACC1", "token-1"),
        ("ACC2", "token-2"),
        ("ACC1", "token-1"),
    ] {
        let options = CallOptions {
            account: Some(account.to_owned()),
            ..CallOptions::default()
        };
        let rig = rig_with(scripted([]), options, |builder| {
            builder.token_store(store.clone())
        });
        let first = answer(
            200,
            r#"{"data":{"access_token":"token-1","expires_in":3600}}"#,
        );
        let second = answer(
            200,
            r#"{"data":{"access_token":"token-2","expires_in":3600}}"#,
        );
        rig.transport
            .tokens([if account == "ACC1" { first } else { second }]);
        rig.read().await.unwrap();
        assert_eq!(
            rig.transport.header("authorization"),
            [format!("Bearer {token}")]
        );
    }
}
