//! The admin side's lists: objects with what can be done to each, accounts, tokens, what comes next.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Client, Receiver};
use serde_json::{Value, json};
use singapay_sandbox::{CustomerError, Fault, FaultAction, FaultPoint, Sandbox};

const LINK: &str = "/api/v2.0/payment-link/{account}";
const TOPUP: &str = "/api/v2.0/ewallet/trigger-topup";

async fn asked(client: &Client, path: &str) -> Value {
    let (status, body) = client.admin("GET", path, None).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}

/// Does what a list offers for an object.
async fn act(client: &Client, object: &Value, name: &str) -> (u16, Value) {
    let actions = object["actions"].as_array().unwrap();
    let action = actions
        .iter()
        .find(|action| action["name"] == name)
        .unwrap();
    let path = action["path"].as_str().unwrap();
    client
        .admin("POST", path, action.get("body").cloned())
        .await
}

fn names(object: &Value) -> Vec<&str> {
    let actions = object["actions"].as_array().unwrap();
    actions
        .iter()
        .map(|action| action["name"].as_str().unwrap())
        .collect()
}

async fn make_everything(client: &Client) {
    let link = json!({"reff_no": "L-1", "payment_link_type": "total", "total_amount": 50_000});
    client.post(LINK, link).await.ok();
    client.admin("POST", "/payment-links/L-1/open", None).await;
    let va = json!({"bank_code": "BRI", "kind": "permanent", "amount": 60_000});
    client
        .post("/api/v1.0/virtual-accounts/{account}", va)
        .await
        .ok();
    let code = json!({"amount": 70_000});
    client
        .post("/api/v1.0/qris-dynamic/{account}/generate-qr", code)
        .await
        .ok();
    client.signed(TOPUP, client.topup("T-1", 10_000)).await.ok();
}

#[tokio::test]
async fn every_action_that_is_offered_can_be_done() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    make_everything(&client).await;
    let mut done = Vec::new();
    for kind in asked(&client, "/objects").await.as_array().unwrap() {
        let path = format!("/objects/{}", kind["kind"].as_str().unwrap());
        let objects = asked(&client, &path).await;
        for object in objects.as_array().unwrap() {
            // Each ends the object or leaves it open: the first one does, the last one may.
            for name in names(object).into_iter().rev() {
                let (status, answer) = act(&client, object, name).await;
                assert_eq!(status, 200, "{path} {name}: {answer}");
                done.push(format!("{} {name}", kind["kind"].as_str().unwrap()));
                if name == "fail" {
                    break;
                }
            }
        }
    }
    assert!(
        [
            "payment_links pay",
            "virtual_accounts decline",
            "qris pay",
            "payouts fail"
        ]
        .iter()
        .all(|deed| done.contains(&(*deed).to_owned())),
        "{done:?}"
    );
    assert!(sandbox.audit().violations.is_empty());
    // What has ended offers nothing any more.
    for (kind, status) in [
        ("payment_links", "closed"),
        ("qris", "paid"),
        ("payouts", "Failed"),
    ] {
        let ended = asked(&client, &format!("/objects/{kind}")).await;
        assert_eq!(
            (&ended[0]["status"], names(&ended[0]).len()),
            (&json!(status), 0)
        );
    }
}

#[tokio::test]
async fn an_open_attempt_to_pay_a_link_is_declined_and_another_one_paid() {
    let receiver = Receiver::start().await;
    let sandbox = receiver.sandbox().await;
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    let link = json!({"reff_no": "L-1", "payment_link_type": "total", "total_amount": 50_000});
    client.post(LINK, link).await.ok();
    for _ in 0..3 {
        client.admin("POST", "/payment-links/L-1/open", None).await;
    }
    let attempts = async || asked(&client, "/objects/payment_link_attempts").await;
    let [third, second, first] = attempts()
        .await
        .as_array()
        .unwrap()
        .clone()
        .try_into()
        .unwrap();
    assert_eq!(names(&first), ["pay", "decline"]);
    assert_eq!(act(&client, &first, "decline").await.0, 200);
    let (status, again) = act(&client, &first, "pay").await;
    assert_eq!(
        (status, again),
        (409, json!({"error": "payment is already failed"}))
    );
    assert_eq!(act(&client, &second, "pay").await.0, 200);
    // The link is used up by one payment.
    let (status, late) = act(&client, &third, "decline").await;
    assert_eq!(
        (status, late),
        (409, json!({"error": "payment link is closed"}))
    );
    let told: Vec<(Value, usize)> = attempts()
        .await
        .as_array()
        .unwrap()
        .iter()
        .map(|attempt| (attempt["status"].clone(), names(attempt).len()))
        .collect();
    assert_eq!(
        told,
        [
            (json!("pending"), 0),
            (json!("paid"), 0),
            (json!("failed"), 0)
        ]
    );

    let history = client
        .get("/api/v1.0/payment-link-histories/{account}?status=failed")
        .await
        .ok();
    assert_eq!(
        (
            &history[0]["id"],
            &history[0]["status_computed"],
            &history[0]["payment_date"]
        ),
        (&first["row"], &json!("failed"), &Value::Null)
    );
    // By its own reference too, and a declined one stays so past its time.
    let reference = first["id"].as_str().unwrap();
    let again = sandbox.decide_link_attempt(reference, true);
    assert_eq!(
        again,
        Err(CustomerError::AlreadyDecided("failed".to_owned()))
    );
    assert_eq!(
        sandbox.decide_link_attempt("77", false),
        Err(CustomerError::Unknown("77".to_owned()))
    );
    sandbox.advance(Duration::from_secs(48 * 3600)).await;
    assert_eq!(attempts().await[2]["status"], "failed");
    assert_eq!(receiver.arrivals().len(), 1, "of the payment alone");
    assert!(sandbox.audit().violations.is_empty());
}

#[tokio::test]
async fn a_list_is_read_in_windows() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    for number in 1..=4 {
        let reference = format!("L-{number}");
        let link =
            json!({"reff_no": reference, "payment_link_type": "total", "total_amount": 50_000});
        client.post(LINK, link).await.ok();
    }
    let newest = asked(&client, "/objects/payment_links?limit=2").await;
    let references = |list: &Value| -> Vec<String> {
        let rows = list.as_array().unwrap().iter();
        rows.map(|row| row["reference"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(references(&newest), ["L-4", "L-3"]);
    let kinds = asked(&client, "/objects").await;
    let links = kinds
        .as_array()
        .unwrap()
        .iter()
        .find(|kind| kind["kind"] == "payment_links");
    assert_eq!(
        *links.unwrap(),
        json!({"kind": "payment_links", "flow": "in", "count": 4})
    );
    let before = format!("/objects/payment_links?limit=2&before={}", newest[1]["row"]);
    assert_eq!(references(&asked(&client, &before).await), ["L-2", "L-1"]);
    assert_eq!(client.admin("GET", "/objects/nonsense", None).await.0, 404);
}

#[tokio::test]
async fn what_comes_next_is_told_and_happens_when_the_clock_gets_there() {
    let receiver = Receiver::start().await;
    receiver.answer_with(500);
    let sandbox = receiver.sandbox().await;
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    client
        .post(
            LINK,
            json!({"reff_no": "L-1", "payment_link_type": "total", "total_amount": 50_000}),
        )
        .await
        .ok();
    client.admin("POST", "/payment-links/L-1/pay", None).await;
    sandbox.webhooks_sent().await;
    let now = asked(&client, "/clock").await["now_millis"]
        .as_i64()
        .unwrap();
    let events = async |event: &str| {
        let agenda = asked(&client, "/agenda").await;
        let mut all = agenda.as_array().unwrap().iter();
        all.find(|entry| entry["event"] == event).cloned()
    };
    let retry = events("retry").await.unwrap();
    assert_eq!(retry["subject"], "1");
    let by = retry["at_millis"].as_i64().unwrap() - now;
    client
        .admin("POST", "/clock", Some(json!({"advance_ms": by})))
        .await;
    assert_eq!(receiver.arrivals().len(), 2);
    let settlement = events("settlement").await.unwrap();
    let by = settlement["at_millis"].as_i64().unwrap() - now - by;
    client
        .admin("POST", "/clock", Some(json!({"advance_ms": by})))
        .await;
    assert_eq!(sandbox.balance_of(&client.account).unwrap().pending, 0);
    assert_eq!(events("settlement").await, None);
    assert_eq!(asked(&client, "/agenda?limit=0").await, json!([]));
}

#[tokio::test]
async fn what_was_decided_by_hand_is_no_longer_ahead() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    client.signed(TOPUP, client.topup("T-1", 10_000)).await.ok();
    let payouts = async || {
        let agenda = asked(&client, "/agenda").await;
        agenda
            .as_array()
            .unwrap()
            .iter()
            .filter(|entry| entry["event"] == "payout")
            .count()
    };
    assert_eq!(payouts().await, 1);
    let listed = asked(&client, "/objects/payouts").await;
    assert_eq!(act(&client, &listed[0], "complete").await.0, 200);
    assert_eq!(payouts().await, 0);
}

#[tokio::test]
async fn a_statement_is_followed_by_its_numbers() {
    let sandbox = Sandbox::builder()
        .account("Other", 7)
        .start()
        .await
        .unwrap();
    let client = Client::of(&sandbox).await;
    let accounts = asked(&client, "/accounts").await;
    assert_eq!(
        (&accounts[0]["id"], &accounts[1]["available"]),
        (&json!(client.account), &json!(7))
    );
    let after = format!("/accounts?after={}", accounts[0]["row"]);
    assert_eq!(asked(&client, &after).await[0]["name"], "Other");
    let path = format!("/accounts/{}/statement", client.account);
    let opening = asked(&client, &path).await;
    assert_eq!(opening["entries"][0]["kind"], "opening");
    client.signed(TOPUP, client.topup("T-1", 10_000)).await.ok();
    let newer = asked(&client, &format!("{path}?after={}", opening["last"])).await;
    let entries = newer["entries"].as_array().unwrap();
    assert_eq!((entries.len(), &entries[0]["debit"]), (2, &json!(10_000)));
    assert_eq!(entries[0]["reference"], "T-1");
    let balance = entries[1]["balance_after"].as_i64().unwrap();
    assert_eq!(
        balance,
        sandbox.balance_of(&client.account).unwrap().available
    );
    assert_eq!(
        client
            .admin("GET", "/accounts/nobody/statement", None)
            .await
            .0,
        404
    );
}

#[tokio::test]
async fn tokens_are_told_by_their_last_characters() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    Client::of_biller(&sandbox).await;
    Client::of_identity(&sandbox).await;
    let tokens = asked(&client, "/tokens").await;
    let of = |host: &str| {
        tokens
            .as_array()
            .unwrap()
            .iter()
            .find(|token| token["host"] == host)
            .unwrap()
    };
    assert_eq!(
        of("payment")["credential"],
        sandbox.credentials().name.as_str()
    );
    assert_eq!(
        of("biller")["credential"],
        sandbox.biller_credentials().partner_id.as_str()
    );
    assert_eq!(of("identity")["live"], true);
    assert!(!tokens.to_string().contains(&client.token));
    let told = tokens.as_array().unwrap().last().unwrap()["token"]
        .as_str()
        .unwrap();
    assert!(client.token.ends_with(told.trim_start_matches('…')) && told.chars().count() == 7);
    sandbox.advance(Duration::from_secs(86_400)).await;
    assert_eq!(asked(&client, "/tokens").await[0]["live"], false);
}

#[tokio::test]
async fn faults_are_counted_and_taken_away_one_by_one() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let fault = |action| {
        Fault::new(FaultPoint::BeforeCommit, action)
            .on("list_accounts")
            .times(9)
    };
    sandbox.add_fault(fault(FaultAction::Status(503))).unwrap();
    let (_, added) = client
        .admin(
            "POST",
            "/faults",
            Some(json!(fault(FaultAction::Status(500)))),
        )
        .await;
    assert_eq!(added, json!({"id": 2}));
    for _ in 0..2 {
        assert_eq!(client.get("/api/v1.0/accounts").await.status, 503);
    }
    let faults = asked(&client, "/faults").await;
    assert_eq!(
        (&faults[0]["struck"], &faults[0]["times"]),
        (&json!(2), &json!(7))
    );
    assert_eq!(client.admin("DELETE", "/faults/1", None).await.0, 200);
    assert_eq!(client.admin("DELETE", "/faults/1", None).await.0, 404);
    assert_eq!(client.get("/api/v1.0/accounts").await.status, 500);
    client.admin("DELETE", "/faults", None).await;
    let struck = json!([{"operation": "list_accounts", "point": "before_commit", "count": 3}]);
    assert_eq!(asked(&client, "/faults/struck").await, struck);
}

#[tokio::test]
async fn finance_can_be_played_from_outside() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    client
        .post(
            LINK,
            json!({"reff_no": "L-1", "payment_link_type": "total", "total_amount": 50_000}),
        )
        .await
        .ok();
    client.admin("POST", "/payment-links/L-1/pay", None).await;
    sandbox.advance(Duration::from_secs(3_600)).await;
    let settled = async || asked(&client, "/objects/settlements").await[0].clone();
    for (deed, status) in [("refund", "refunded"), ("cancel refund", "settled")] {
        assert_eq!(act(&client, &settled().await, deed).await.0, 200);
        assert_eq!(settled().await["status"], status);
    }
    assert!(sandbox.audit().violations.is_empty());
}
