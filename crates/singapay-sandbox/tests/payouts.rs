//! E-wallet top-up and QRIS credit: money moves, and comes back when it must.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Client, Receiver};
use serde_json::{Value, json};
use singapay_sandbox::{PayoutOutcome, Sandbox, WebhookKind};

const TOPUP: &str = "/api/v2.0/ewallet/trigger-topup";
const TOPUP_STATUS: &str = "/api/v2.0/ewallet/{account}/inquiry-status";
const CREDIT: &str = "/api/v2.0/qris/issuer/mpm/payment-credit";
const QRIS_STATUS: &str = "/api/v2.0/qris/status/{account}";

fn credit(client: &Client, reference: &str, amount: i64) -> Value {
    json!({
        "account_id": client.account, "reference_number": reference, "amount": amount,
        "qr_data": "000201010212530336054061000005802ID", "customer_name": "Sari",
    })
}

#[tokio::test]
async fn a_topup_settles_and_is_announced() {
    let receiver = Receiver::start().await;
    let sandbox = Sandbox::builder()
        .webhook_url(WebhookKind::Disbursement, receiver.url("/out"))
        .start()
        .await
        .unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    let before = client.available().await;
    let made = client
        .signed(TOPUP, client.topup("REF-1", 10_000))
        .await
        .ok();
    assert_eq!(
        made["transaction_status"],
        json!({"code": "03", "desc": "Pending"})
    );
    assert_eq!(made["net_amount"]["value"], "10000.00");
    assert_eq!(made["fee"]["value"], "1000.00");
    assert_eq!(made["gross_amount"]["value"], "11000.00");
    assert_eq!(
        made["balance_after"]["value"],
        format!("{}.00", before - 11_000)
    );
    assert_eq!(made["processed_timestamp"], "");
    assert_eq!(client.available().await, before - 11_000);

    let inquiry = json!({"reference_number": "REF-1"});
    let pending = client.post(TOPUP_STATUS, inquiry.clone()).await.ok();
    assert_eq!(pending["transaction_status"]["code"], "03");
    assert_eq!(
        (
            pending["amount"]["value"].clone(),
            pending["fee_amount"]["value"].clone()
        ),
        (json!("10000.00"), json!("1000.00"))
    );
    sandbox.advance(Duration::from_secs(2)).await;
    let done = client.post(TOPUP_STATUS, inquiry).await.ok();
    assert_eq!(done["transaction_status"]["code"], "00");
    assert!(
        done["processed_timestamp"]
            .as_str()
            .unwrap()
            .ends_with("+07:00")
    );

    let event = receiver.arrivals()[0].clone();
    assert!(event.is_signed_by(sandbox.credentials()));
    let event = event.json();
    assert_eq!(
        (event["response_code"].clone(), event["event"].clone()),
        (json!("SP000"), json!("ewallet-topup"))
    );
    assert_eq!(event["data"]["transaction_id"], made["transaction_id"]);
    assert!(
        event["data"]["processed_timestamp"]
            .as_str()
            .unwrap()
            .parse::<i64>()
            .unwrap()
            > 0
    );
}

#[tokio::test]
async fn a_failed_payout_gives_the_money_back() {
    let receiver = Receiver::start().await;
    let sandbox = Sandbox::builder()
        .webhook_url_for_all(&receiver.url("/out"))
        .start()
        .await
        .unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    let before = client.available().await;
    let made = client
        .signed(CREDIT, credit(&client, "Q-1", 100_000))
        .await
        .ok();
    assert_eq!(
        (made["type"].clone(), made["scope"].clone()),
        (json!("mpm-dynamic"), json!("issuer"))
    );
    assert_eq!(client.available().await, before - 100_500);
    let id = made["transaction_id"].as_str().unwrap();
    let failed = PayoutOutcome::Failed {
        reason: "Merchant closed".to_owned(),
    };
    sandbox.decide_payout(id, failed.clone()).unwrap();
    assert!(sandbox.decide_payout(id, failed).is_err());
    assert_eq!(client.available().await, before);
    let inquiry = json!({"reference_number": "Q-1", "scope": "issuer"});
    let status = client.post(QRIS_STATUS, inquiry).await.ok();
    assert_eq!(
        status["transaction_status"],
        json!({"code": "06", "desc": "Failed"})
    );
    sandbox.webhooks_sent().await;
    let event = receiver.arrivals()[0].json();
    assert_eq!(
        (event["response_code"].clone(), event["event"].clone()),
        (json!("SP001"), json!("qris-issuer"))
    );
    assert_eq!(event["data"]["failed_reason"], "Merchant closed");
    assert_eq!(event["data"]["balance_after"]["value"], "0");
    sandbox.advance(Duration::from_secs(60)).await;
    assert_eq!(client.available().await, before);
}

#[tokio::test]
async fn a_reference_is_taken_once() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut client = Client::of(&sandbox).await;
    let before = client.available().await;
    client
        .signed(TOPUP, client.topup("REF-1", 10_000))
        .await
        .ok();
    client
        .signed(CREDIT, credit(&client, "REF-1", 100_000))
        .await
        .ok();
    for (path, body) in [
        (TOPUP, client.topup("REF-1", 20_000)),
        (CREDIT, credit(&client, "REF-1", 100_000)),
    ] {
        let again = client.signed(path, body).await;
        assert_eq!(
            (again.status, again.code(), again.data()),
            (400, "SP004", &json!({}))
        );
    }
    assert_eq!(client.available().await, before - 11_000 - 100_500);
    // A top-up's reference is remembered for a day.
    sandbox.advance(Duration::from_secs(24 * 3600)).await;
    client.login().await;
    client
        .signed(TOPUP, client.topup("REF-1", 10_000))
        .await
        .ok();
}

#[tokio::test]
async fn refusals_move_nothing() {
    let sandbox = Sandbox::builder().balance(50_000).start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let mut bare = client.topup("A", 10_000);
    bare["amount"] = json!(10_000);
    let mut small = client.topup("B", 9_999);
    small["ewallet_code"] = json!("OVO");
    let mut notes = client.topup("C", 10_000);
    notes["notes"] = json!("top-up!");
    let mut no_cents = client.topup("D", 10_000);
    no_cents["amount"]["value"] = json!("10000");
    let mut foreign = client.topup("E", 10_000);
    foreign["account_id"] = json!("01K946KF851RK7FX075GJHBVKF");
    let cases = [
        (TOPUP, bare, 422, "SP018"),
        (TOPUP, small, 422, "SP018"),
        (TOPUP, notes, 422, "SP018"),
        (TOPUP, no_cents, 422, "SP018"),
        (TOPUP, foreign, 404, "SP020"),
        (TOPUP, client.topup("F", 49_001), 400, "SP003"),
        (TOPUP, client.topup("G", 20_000_001), 422, "SP018"),
        (CREDIT, credit(&client, "H", 99_999), 422, "SP018"),
        (CREDIT, credit(&client, "I", 100_000), 400, "SP003"),
    ];
    for (path, body, status, code) in cases {
        let answer = client.signed(path, body.clone()).await;
        assert_eq!(
            (answer.status, answer.code()),
            (status, code),
            "{body}: {}",
            answer.body
        );
    }
    assert_eq!(client.available().await, 50_000);
    for (path, body) in [
        (TOPUP_STATUS, json!({"reference_number": "F"})),
        (
            QRIS_STATUS,
            json!({"reference_number": "I", "scope": "issuer"}),
        ),
    ] {
        let answer = client.post(path, body).await;
        assert_eq!((answer.status, answer.code()), (404, "SP009"));
    }
}

#[tokio::test]
async fn measured_quirks_can_be_switched_on() {
    let sandbox = Sandbox::builder()
        .quirks(|quirks| {
            quirks.qris_not_provisioned = true;
            quirks.documented_wallet_unreachable = true;
            quirks.v2_errors_as_text = true;
            quirks.payout_times_in_millis = true;
        })
        .start()
        .await
        .unwrap();
    let client = Client::of(&sandbox).await;
    assert_eq!(
        client
            .signed(CREDIT, credit(&client, "Q", 100_000))
            .await
            .code(),
        "SP019"
    );
    let mut body = client.topup("A", 10_000);
    body["customer_number"] = json!("085733347341");
    assert_eq!(client.signed(TOPUP, body).await.code(), "SP010");
    let missing = client
        .signed(TOPUP, json!({"account_id": client.account}))
        .await;
    assert_eq!(
        missing.data()["errors"]["ewallet_code"],
        "The ewallet code field is required."
    );
    let made = client.signed(TOPUP, client.topup("B", 10_000)).await.ok();
    assert!(
        made["post_timestamp"]
            .as_str()
            .unwrap()
            .parse::<i64>()
            .is_ok()
    );
}
