//! Faults at every point, and what has happened to the money by then.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::Client;
use serde_json::json;
use singapay_sandbox::{Fault, FaultAction, FaultError, FaultPoint, Sandbox};

const TOPUP: &str = "/api/v2.0/ewallet/trigger-topup";

/// Sends a top-up; `Err` when no whole answer came.
async fn topup(client: &Client, reference: &str) -> Result<(u16, String), reqwest::Error> {
    let now = singapay_core::Clock::now(&client.clock)
        .unix_seconds()
        .to_string();
    let body = client.topup(reference, 10_000);
    let answer = client.signed_request(TOPUP, &body, &now).send().await?;
    let status = answer.status().as_u16();
    Ok((status, answer.text().await?))
}

#[tokio::test]
async fn the_point_decides_whether_it_happened() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let actions = [
        FaultAction::Reset,
        FaultAction::Truncate,
        FaultAction::Redirect,
        FaultAction::Html502,
        FaultAction::Status(500),
        FaultAction::TooManyRequests { retry_after: 7 },
        FaultAction::WrongCode("SP777".to_owned()),
        FaultAction::Answer {
            status: 418,
            body: "{}".to_owned(),
        },
    ];
    let mut expected = client.available().await;
    for (at, action) in actions.into_iter().enumerate() {
        for (point, happened) in [
            (FaultPoint::BeforeCommit, false),
            (FaultPoint::AfterCommit, true),
            (FaultPoint::DuringResponse, true),
        ] {
            let reference = format!("R-{at}-{happened}-{point:?}");
            sandbox
                .add_fault(Fault::new(point, action.clone()).on("topup_ewallet"))
                .unwrap();
            let answer = topup(&client, &reference).await;
            match (&action, answer) {
                (FaultAction::Reset | FaultAction::Truncate, answer) => {
                    assert!(answer.is_err(), "{action:?} {point:?}: {answer:?}");
                }
                (FaultAction::Redirect, answer) => assert_eq!(answer.unwrap().0, 307),
                (FaultAction::Html502, answer) => {
                    let (status, text) = answer.unwrap();
                    assert!(status == 502 && text.starts_with("<html>"));
                }
                (FaultAction::Status(_), answer) => {
                    assert_eq!(answer.unwrap(), (500, String::new()));
                }
                (FaultAction::TooManyRequests { .. }, answer) => {
                    assert_eq!(answer.unwrap().0, 429);
                }
                (FaultAction::Answer { .. }, answer) => {
                    assert_eq!(answer.unwrap(), (418, "{}".to_owned()));
                }
                (_, answer) => assert!(answer.unwrap().1.contains("SP777")),
            }
            let inquiry = json!({"reference_number": reference});
            let status = client
                .post("/api/v2.0/ewallet/{account}/inquiry-status", inquiry)
                .await;
            assert_eq!(status.code(), if happened { "SP000" } else { "SP009" });
            expected -= if happened { 11_000 } else { 0 };
            assert_eq!(client.available().await, expected, "{action:?} {point:?}");
            let again = topup(&client, &reference).await.unwrap().0;
            assert_eq!(again, if happened { 400 } else { 200 });
            expected -= if happened { 0 } else { 11_000 };
        }
    }
    assert!(sandbox.audit().violations.is_empty());
    let followed = sandbox
        .requests()
        .iter()
        .any(|r| r.path.ends_with("/redirected"));
    assert!(!followed, "nobody followed the redirect");
}

#[tokio::test]
async fn a_delay_changes_nothing_but_the_time() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    for (reference, point) in [
        ("A", FaultPoint::BeforeCommit),
        ("B", FaultPoint::AfterCommit),
    ] {
        sandbox
            .add_fault(Fault::new(point, FaultAction::DelayMillis(20)))
            .unwrap();
        let started = std::time::Instant::now();
        assert_eq!(topup(&client, reference).await.unwrap().0, 200);
        assert!(started.elapsed() >= Duration::from_millis(20));
    }
}

#[tokio::test]
async fn faults_can_be_counted_aimed_and_cleared() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let fault = Fault::new(FaultPoint::BeforeCommit, FaultAction::Status(500));
    sandbox
        .add_fault(fault.clone().with_reference("B").after(1).times(2))
        .unwrap();
    let mut seen = Vec::new();
    for reference in ["A", "B", "B", "B", "B"] {
        seen.push(topup(&client, reference).await.unwrap().0);
    }
    assert_eq!(seen, [200, 200, 500, 500, 400]);
    // An unproven request meets no fault and uses none up.
    let mut stranger = Client::of(&sandbox).await;
    stranger.token.push('x');
    sandbox.add_fault(fault).unwrap();
    assert_eq!(topup(&stranger, "C").await.unwrap().0, 401);
    assert_eq!(topup(&client, "C").await.unwrap().0, 500);
    sandbox
        .add_fault(Fault::new(FaultPoint::BeforeCommit, FaultAction::Reset).times(9))
        .unwrap();
    sandbox.clear_faults();
    assert_eq!(topup(&client, "C").await.unwrap().0, 200);
}

#[tokio::test]
async fn a_reset_is_a_reset() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    sandbox
        .add_fault(Fault::new(FaultPoint::AfterCommit, FaultAction::Reset))
        .unwrap();
    let host = sandbox.base_url().trim_start_matches("http://").to_owned();
    let mut stream = tokio::net::TcpStream::connect(&host).await.unwrap();
    let request = format!(
        "GET /api/v1.0/balance-inquiry HTTP/1.1\r\nHost: {host}\r\nX-PARTNER-ID: {}\r\n\
         Authorization: Bearer {}\r\n\r\n",
        client.credentials.partner_id, client.token
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let error = stream.read_u8().await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
}

/// A test that waits for a fault which cannot come proves nothing.
#[tokio::test]
async fn a_fault_that_could_never_strike_is_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    let fault = || Fault::new(FaultPoint::AfterCommit, FaultAction::Reset);
    let refused = sandbox.add_fault(fault().on("transfer_disbursment"));
    let refused = refused.unwrap_err();
    assert!(
        matches!(&refused, FaultError::UnknownOperation { similar, .. }
            if similar.first() == Some(&"transfer_disbursement")),
        "{refused:?}"
    );
    let said = "no operation is called \"xyz\"";
    assert_eq!(
        sandbox
            .add_fault(fault().on("xyz"))
            .unwrap_err()
            .to_string(),
        said
    );
    for status in [0, 100, 199, 1000] {
        let body = String::new();
        for action in [
            FaultAction::Status(status),
            FaultAction::Answer { status, body },
        ] {
            let fault = Fault::new(FaultPoint::BeforeCommit, action);
            assert_eq!(sandbox.add_fault(fault), Err(FaultError::Status(status)));
        }
    }
    let about = sandbox.base_url().to_owned() + "/_sandbox";
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let post = |path: &str, body: serde_json::Value| {
        http.post(format!("{about}{path}"))
            .header("Content-Type", "application/json")
            .body(body.to_string())
    };
    let order =
        json!({"operation": "transfer_disbursment", "point": "after_commit", "action": "reset"});
    let answer = common::send(post("/faults", order)).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.body["error"], refused.to_string());
    let listed = common::send(http.get(format!("{about}/faults"))).await;
    assert_eq!(listed.body, json!([]));
    // Other orders that say something the sandbox does not know are not guessed at either.
    for (path, order) in [
        ("/clock", json!({"advance": 1})),
        (
            "/payouts/x/decide",
            json!({"failed_resaon": "No such account"}),
        ),
        (
            "/webhooks/transaction",
            json!({"ulr": "http://127.0.0.1:1/"}),
        ),
        ("/payment-links/x/pay", json!({"methd": "QRIS"})),
        ("/qris/x/pay", json!({"outcom": "failed"})),
    ] {
        assert_eq!(common::send(post(path, order)).await.status, 422, "{path}");
    }
}
