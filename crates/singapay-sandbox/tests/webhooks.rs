//! Webhook delivery in its corners: redirects, retries, quirks, a bounded log.

#![allow(clippy::unwrap_used)]

mod common;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, http::StatusCode, response::IntoResponse, routing::post};
use common::{Client, Receiver};
use serde_json::json;
use singapay_sandbox::{DeliveryState, Payer, Sandbox, StartError, WebhookKind};

async fn paid(sandbox: &Sandbox) -> Client {
    sandbox.freeze_clock();
    let client = Client::of(sandbox).await;
    let link = json!({
        "reff_no": "L-1", "payment_link_type": "total", "total_amount": 50_000, "max_usage": 0,
        "expired_at": "2099-01-01",
    });
    client
        .post("/api/v2.0/payment-link/{account}", link)
        .await
        .ok();
    sandbox
        .pay_payment_link("L-1", Payer::with("QRIS"))
        .unwrap();
    sandbox.webhooks_sent().await;
    client
}

#[tokio::test]
async fn retries_carry_the_first_signature_or_a_new_one() {
    for keep in [true, false] {
        let receiver = Receiver::start().await;
        receiver.answer_with(503);
        let sandbox = Sandbox::builder()
            .webhook_url(WebhookKind::Transaction, receiver.url("/hook"))
            .quirks(|q| q.retries_keep_signature = keep)
            .start()
            .await
            .unwrap();
        paid(&sandbox).await;
        sandbox.advance(Duration::from_secs(60)).await;
        let arrivals = receiver.arrivals();
        assert_eq!(arrivals.len(), 2);
        assert!(
            arrivals
                .iter()
                .all(|a| a.is_signed_by(sandbox.credentials()))
        );
        let same = arrivals[0].header("x-timestamp") == arrivals[1].header("x-timestamp");
        assert_eq!(same, keep);
    }
}

#[tokio::test]
async fn a_401_is_tried_nine_times_more_unless_told_otherwise() {
    for (documented, tries) in [(false, 10), (true, 6)] {
        let receiver = Receiver::start().await;
        receiver.answer_with(401);
        let sandbox = Sandbox::builder()
            .webhook_url(WebhookKind::Transaction, receiver.url("/hook"))
            .quirks(|q| q.nine_retries_after_401 &= !documented)
            .start()
            .await
            .unwrap();
        paid(&sandbox).await;
        sandbox.advance(Duration::from_secs(3600)).await;
        assert_eq!(receiver.arrivals().len(), tries);
        let attempts = &sandbox.deliveries()[0].attempts;
        let minutes = (attempts[tries - 1].at_millis - attempts[0].at_millis) / 60_000;
        assert_eq!(minutes, i64::try_from(tries).unwrap() - 1, "one a minute");
    }
}

/// A server whose `/from` points elsewhere, and counts what comes to `/to`.
async fn redirecting(status: u16, location: Option<String>) -> (String, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let hits = Arc::new(AtomicUsize::new(0));
    let counted = hits.clone();
    let location = location.unwrap_or_else(|| "/to".to_owned());
    let router = Router::new()
        .route(
            "/from",
            post(move || {
                let status = StatusCode::from_u16(status).unwrap();
                std::future::ready((status, [("location", location.clone())]).into_response())
            }),
        )
        .route(
            "/to",
            post(move || {
                counted.fetch_add(1, Ordering::SeqCst);
                std::future::ready("ok")
            }),
        );
    tokio::spawn(async move { axum::serve(listener, router).await });
    (base, hits)
}

#[tokio::test]
async fn only_307_and_308_are_followed_and_only_on_the_given_host() {
    for (status, followed) in [(307, 1), (308, 1), (301, 0), (302, 0), (303, 0)] {
        let (base, hits) = redirecting(status, None).await;
        let sandbox = Sandbox::builder()
            .webhook_url(WebhookKind::Transaction, format!("{base}/from"))
            .start()
            .await
            .unwrap();
        paid(&sandbox).await;
        assert_eq!(hits.load(Ordering::SeqCst), followed, "{status}");
        let state = sandbox.deliveries()[0].state;
        let expected = if followed == 1 {
            DeliveryState::Delivered
        } else {
            DeliveryState::GivenUp
        };
        assert_eq!(state, expected, "{status}");
    }
    let (elsewhere, hits) = redirecting(307, None).await;
    let (base, _) = redirecting(307, Some(format!("{elsewhere}/to"))).await;
    let sandbox = Sandbox::builder()
        .webhook_url(WebhookKind::Transaction, format!("{base}/from"))
        .start()
        .await
        .unwrap();
    paid(&sandbox).await;
    sandbox.advance(Duration::from_secs(600)).await;
    assert_eq!(
        hits.load(Ordering::SeqCst),
        0,
        "nothing goes where it was not told to go"
    );
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_tried_once_more() {
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let sandbox = Sandbox::builder()
        .webhook_url(WebhookKind::Transaction, format!("http://{gone}/hook"))
        .start()
        .await
        .unwrap();
    paid(&sandbox).await;
    sandbox.advance(Duration::from_secs(600)).await;
    let report = &sandbox.deliveries()[0];
    let statuses: Vec<_> = report
        .attempts
        .iter()
        .map(|attempt| attempt.status)
        .collect();
    assert_eq!(
        (report.state, statuses),
        (DeliveryState::GivenUp, vec![None, None])
    );
}

#[tokio::test]
async fn the_log_is_bounded() {
    let receiver = Receiver::start().await;
    let sandbox = receiver.sandbox().await;
    let client = paid(&sandbox).await;
    for _ in 0..11 {
        for _ in 0..100 {
            sandbox
                .pay_payment_link("L-1", Payer::with("QRIS"))
                .unwrap();
        }
        sandbox.webhooks_sent().await;
    }
    sandbox
        .pay_payment_link("L-1", Payer::with("QRIS"))
        .unwrap();
    let deliveries = sandbox.deliveries();
    assert_eq!(deliveries.len(), 1_000);
    assert_eq!(deliveries.last().unwrap().id, 1_102);
    for _ in 0..1_100 {
        client.get("/api/v1.0/balance-inquiry").await.ok();
    }
    assert_eq!(sandbox.requests().len(), 1_000);
}

#[tokio::test]
async fn long_lists_can_be_hashed_as_literal_php_does() {
    let receiver = Receiver::start().await;
    let sandbox = Sandbox::builder()
        .webhook_url(WebhookKind::TransactionExpiration, receiver.url("/hook"))
        .quirks(|q| q.long_lists_become_objects = true)
        .start()
        .await
        .unwrap();
    paid(&sandbox).await;
    for rows in [1, 11] {
        for _ in 0..rows {
            sandbox
                .open_payment_link("L-1", Payer::with("QRIS"))
                .unwrap();
        }
        sandbox.advance(Duration::from_secs(25 * 3600)).await;
        let last = receiver.arrivals().last().unwrap().clone();
        // The plain form still matches a short list, and no longer a long one.
        assert_eq!(last.is_signed_by(sandbox.credentials()), rows == 1);
    }
}

#[tokio::test]
async fn addresses_that_cannot_be_used_are_refused_at_the_start() {
    for url in ["ftp://127.0.0.1/x", "127.0.0.1:80", "nonsense"] {
        let started = Sandbox::builder()
            .webhook_url(WebhookKind::Transaction, url)
            .start()
            .await;
        assert!(
            matches!(started, Err(StartError::WebhookUrl { .. })),
            "{url}"
        );
    }
    #[cfg(not(feature = "tls"))]
    {
        let url = "https://127.0.0.1/x";
        let started = Sandbox::builder()
            .webhook_url(WebhookKind::Transaction, url)
            .start()
            .await;
        assert!(started.unwrap_err().to_string().contains("tls"));
    }
}

/// Nobody asks and nobody moves the clock: the payout ends and is announced all the same.
#[tokio::test]
async fn due_things_happen_by_themselves() {
    let receiver = Receiver::start().await;
    let sandbox = Sandbox::builder()
        .webhook_url(WebhookKind::Disbursement, receiver.url("/out"))
        .delays(|delays| delays.payout = Duration::from_millis(20))
        .start()
        .await
        .unwrap();
    let client = Client::of(&sandbox).await;
    client
        .signed(
            "/api/v2.0/ewallet/trigger-topup",
            client.topup("R-1", 10_000),
        )
        .await
        .ok();
    let arrived = receiver.arrived.notified();
    tokio::time::timeout(Duration::from_secs(30), arrived)
        .await
        .expect("a webhook");
    assert_eq!(
        receiver.arrivals()[0].json()["data"]["transaction_status"]["code"],
        "00"
    );
}

#[tokio::test]
async fn a_replay_goes_to_the_address_of_today() {
    let before = Receiver::start().await;
    let sandbox = before.sandbox().await;
    let client = paid(&sandbox).await;
    let set = async |url: Option<String>| {
        let order = json!({"url": url});
        let set = client.admin("POST", "/webhooks/transaction", Some(order));
        assert_eq!(set.await.0, 200);
    };
    let replay = async |expected: &Receiver, path: &str| {
        let count = expected.arrivals().len();
        let replay = client.admin("POST", "/deliveries/1/replay", None);
        assert_eq!(replay.await.0, 200);
        sandbox.webhooks_sent().await;
        let arrivals = expected.arrivals();
        assert_eq!(arrivals.len(), count + 1);
        // Signed for the path that it went to.
        assert!(arrivals[count].is_signed_by(sandbox.credentials()));
        let id = sandbox.deliveries().last().unwrap().id;
        let (_, told) = client
            .admin("GET", &format!("/deliveries/{id}"), None)
            .await;
        assert_eq!(told["url"], json!(expected.url(path)));
    };
    replay(&before, "/hook").await;
    let after = Receiver::start().await;
    set(Some(after.url("/anew"))).await;
    replay(&after, "/anew").await;
    set(None).await;
    replay(&before, "/hook").await;
    let (_, first) = client.admin("GET", "/deliveries/1", None).await;
    assert_eq!(first["url"], json!(before.url("/hook")));
}
