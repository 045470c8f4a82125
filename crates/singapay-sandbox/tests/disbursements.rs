//! Bank transfers.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Client, Receiver};
use serde_json::{Value, json};
use singapay_sandbox::{Sandbox, WebhookKind};

const TRANSFER: &str = "/api/v2.0/disbursement/transfer";
const STATUS: &str = "/api/v2.0/disbursement/{account}/inquiry-status";
const LIST: &str = "/api/v1.0/disbursement/{account}";

fn transfer(client: &Client, reference: &str, number: &str) -> Value {
    json!({
        "account_id": client.account, "reference_number": reference, "bank_code": "002",
        "bank_account_number": number, "amount": 10_000,
    })
}

#[tokio::test]
async fn the_account_number_decides_the_outcome() {
    let receiver = Receiver::start().await;
    let sandbox = Sandbox::builder()
        .webhook_url(WebhookKind::Disbursement, receiver.url("/out"))
        .start()
        .await
        .unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    let opening = client.available().await;
    let table = [
        ("1000", "00", 2, ""),
        ("1001", "06", 2, "ACCOUNT-Bad Request"),
        ("1002", "00", 2, ""),
        ("1003", "06", 2, "ACCOUNT-Insufficient Funds"),
        ("1004", "06", 480, "ACCOUNT-INTERNAL_SERVER_ERROR"),
        ("1005", "06", 480, "Invalid beneficiary account"),
        ("1006", "00", 2, ""),
        ("1007", "00", 2, ""),
        ("1008", "00", 2, ""),
        ("4000", "00", 2, ""),
    ];
    for (prefix, code, seconds, reason) in table {
        let before = client.available().await;
        let number = format!("{prefix}00000000001");
        let made = client
            .signed(TRANSFER, transfer(&client, prefix, &number))
            .await
            .ok();
        assert_eq!(
            made["transaction_status"],
            json!({"code": "03", "desc": "Pending"})
        );
        assert_eq!(made["fee"]["value"], "1000");
        assert_eq!(
            (made["gross_amount"]["value"].clone(), made["notes"].clone()),
            (json!("11000.00"), json!(""))
        );
        assert_eq!(client.available().await, before - 11_000);
        sandbox.advance(Duration::from_secs(seconds - 1)).await;
        let inquiry = json!({"reference_number": prefix});
        let early = client.post(STATUS, inquiry.clone()).await.ok();
        assert_eq!(early["transaction_status"]["code"], "03", "{prefix}");
        sandbox.advance(Duration::from_secs(1)).await;
        let done = client.post(STATUS, inquiry).await.ok();
        assert_eq!(done["transaction_status"]["code"], code, "{prefix}");
        let event = receiver.arrivals().last().unwrap().json();
        assert_eq!(event["event"], "disbursement");
        assert_eq!(
            event["data"], done,
            "the webhook tells what the inquiry tells"
        );
        if code == "06" {
            assert_eq!(event["response_code"], "SP001");
            assert!(done["failed_reason"].as_str().unwrap().contains(reason));
            assert_eq!(
                (
                    done["processed_timestamp"].clone(),
                    done["bank"]["account_name"].clone()
                ),
                (json!(""), json!(""))
            );
            assert_eq!(client.available().await, before);
        } else {
            assert_eq!(event["response_code"], "SP000");
            assert!(done.get("failed_reason").is_none());
            assert_eq!(client.available().await, before - 11_000);
        }
    }
    assert_eq!(client.available().await, opening - 6 * 11_000);
    assert!(sandbox.audit().violations.is_empty());
}

#[tokio::test]
async fn other_numbers_stay_pending_for_ever_unless_the_quirk_is_off() {
    for (quirk, code) in [(true, "03"), (false, "00")] {
        let sandbox = Sandbox::builder()
            .quirks(|q| q.outcome_by_account_prefix = quirk)
            .start()
            .await
            .unwrap();
        let mut client = Client::of(&sandbox).await;
        client
            .signed(TRANSFER, transfer(&client, "R", "123456789012"))
            .await
            .ok();
        sandbox.advance(Duration::from_secs(60 * 24 * 3600)).await;
        client.login().await;
        let status = client
            .post(STATUS, json!({"reference_number": "R"}))
            .await
            .ok();
        assert_eq!(status["transaction_status"]["code"], code);
    }
}

#[tokio::test]
async fn version_1_reads_what_version_2_wrote() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let made = client
        .signed(TRANSFER, transfer(&client, "R-1", "100000000000001"))
        .await
        .ok();
    let id = made["transaction_id"].as_str().unwrap();
    assert!(id.len() == 31 && id.bytes().all(|b| b.is_ascii_digit()));
    let list = client.get(LIST).await;
    assert_eq!(list.body["pagination"]["perPage"], 25);
    let row = &list.body["data"][0];
    assert_eq!(
        (row["status"].clone(), row["bank"]["code"].clone()),
        (json!("pending"), json!("BRI"))
    );
    assert_eq!(
        row["fee"],
        json!({"name": "Transfer Fee", "value": "1000.00", "currency": "IDR"})
    );
    assert_eq!(client.get(&format!("{LIST}/{id}")).await.ok(), *row);
    let missing = client.get(&format!("{LIST}/check-beneficiary")).await;
    assert_eq!(missing.status, 404);
    assert_eq!(
        missing.body["error"]["message"],
        "Disbursement Transaction not found"
    );

    let body = json!({
        "reference_number": "R-2", "amount": 20_000, "bank_swift_code": "CENAIDJA",
        "bank_account_number": "1000123456", "notes": "Payment for services",
    });
    let path = format!("{LIST}/transfer");
    let made = client.post(&path, body.clone()).await;
    assert_eq!(
        (made.status, made.data()["status"].clone()),
        (202, json!("pending"))
    );
    let again = client.post(&path, body.clone()).await;
    assert_eq!(
        (again.status, again.body["error"]["code"].clone()),
        (409, json!(409))
    );
    sandbox.advance(Duration::from_secs(2)).await;
    let inquiry = format!("{LIST}/inquiry-status");
    let status = client
        .post(&inquiry, json!({"reference_number": "R-2"}))
        .await;
    assert_eq!(status.code(), "SP000");
    assert_eq!(status.data()["bank"]["code"], "014");
    // One name space for both versions.
    let crossed = client
        .signed(TRANSFER, transfer(&client, "R-2", "100000000000001"))
        .await;
    assert_eq!((crossed.status, crossed.code()), (400, "SP004"));
}

#[tokio::test]
async fn version_1_tells_refusals_by_http_status() {
    let sandbox = Sandbox::builder().balance(20_999).start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let path = format!("{LIST}/transfer");
    let mut body = json!({
        "reference_number": "R-1", "amount": 20_000, "bank_swift_code": "CENAIDJA",
        "bank_account_number": "1000123456",
    });
    assert_eq!(client.post(&path, body.clone()).await.status, 403);
    body["bank_swift_code"] = json!("014");
    assert_eq!(client.post(&path, body).await.status, 422);
    assert_eq!(client.available().await, 20_999);
}

#[tokio::test]
async fn transfers_are_checked() {
    let sandbox = Sandbox::builder().balance(100_000).start().await.unwrap();
    let client = Client::of(&sandbox).await;
    for (field, value) in [
        ("bank_code", Value::Null),
        ("bank_code", json!("999")),
        ("bank_account_number", json!("12345")),
        ("bank_account_number", json!("12345x")),
        ("bank_account_number", json!(100_000_000_000_001_i64)),
        ("amount", json!({"value": "10000.00", "currency": "IDR"})),
        ("amount", json!(9_999)),
        ("amount", json!(250_000_001)),
        ("amount", json!(10_000.5)),
        ("reference_number", json!("x".repeat(65))),
        ("notes", json!("x".repeat(101))),
    ] {
        let mut body = transfer(&client, "R", "100000000000001");
        body[field] = value.clone();
        // Fractions are refused by the field check only when the signature is right.
        let answer = client.signed(TRANSFER, body).await;
        assert_eq!(
            (answer.status, answer.code()),
            (422, "SP018"),
            "{field} = {value}"
        );
        assert!(answer.data()["errors"][field][0].is_string());
    }
    let mut swift_only = transfer(&client, "R", "100000000000001");
    swift_only.as_object_mut().unwrap().remove("bank_code");
    swift_only["bank_swift_code"] = json!("BRINIDJA");
    let answer = client.signed(TRANSFER, swift_only).await;
    assert_eq!(
        answer.data()["errors"]["bank_code"][0],
        "The bank code field is required."
    );
    let mut poor = transfer(&client, "R", "100000000000001");
    poor["amount"] = json!(99_001);
    assert_eq!(client.signed(TRANSFER, poor).await.code(), "SP003");
    let mut by_swift = transfer(&client, "R", "100000000000001");
    by_swift["bank_code"] = json!("BRINIDJA");
    client.signed(TRANSFER, by_swift).await.ok();
    let missing = client
        .post(STATUS, json!({"reference_number": "NOPE"}))
        .await;
    assert_eq!((missing.status, missing.code()), (404, "SP009"));
}

#[tokio::test]
async fn fee_and_beneficiary_can_be_asked_first() {
    let sandbox = Sandbox::builder().balance(100_000).start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let fee = format!("{LIST}/check-fee");
    let quote = client
        .post(
            &fee,
            json!({"bank_swift_code": "BRINIDJA", "amount": 50_000}),
        )
        .await;
    assert_eq!(
        quote.ok(),
        json!({
            "gross_amount": "51000.00", "transfer_fee": "1000.00", "net_amount": "50000.00",
            "currency": "IDR",
            "beneficiary": {"full_name": "Bank Rakyat Indonesia", "short_name": "BRI"},
        })
    );
    for (field, body) in [
        (
            "amount",
            json!({"bank_swift_code": "BRINIDJA", "amount": 5_000}),
        ),
        (
            "amount",
            json!({"bank_swift_code": "BRINIDJA", "amount": {"value": "50000.00"}}),
        ),
        (
            "bank_swift_code",
            json!({"bank_swift_code": "002", "amount": 50_000}),
        ),
        (
            "bank_swift_code",
            json!({"bank_swift_code": "JAGBIDJA", "amount": 50_000}),
        ),
        (
            "bank_swift_code",
            json!({"bank_code": "002", "amount": 50_000}),
        ),
    ] {
        let answer = client.post(&fee, body).await;
        assert_eq!(answer.status, 422);
        assert!(answer.body["error"]["errors"][field][0].is_string());
    }
    let poor = client
        .post(
            &fee,
            json!({"bank_swift_code": "BRINIDJA", "amount": 100_000}),
        )
        .await;
    assert_eq!(poor.status, 400);

    let v1 = "/api/v1.0/disbursement/check-beneficiary";
    let v2 = "/api/v2.0/disbursement/check-beneficiary";
    let ask = |number: &str| json!({"bank_swift_code": "BRINIDJA", "bank_code": "002", "bank_account_number": number});
    let known = client.post(v1, ask("100000000000001")).await.ok();
    assert_eq!(
        (known["status"].clone(), known["bank_number_code"].clone()),
        (json!("valid"), json!("002"))
    );
    let same = client.post(v2, ask("100000000000001")).await.ok();
    assert_eq!(same["bank_account_name"], known["bank_account_name"]);
    assert_eq!(
        client.post(v1, ask("000000000000001")).await.ok()["status"],
        "invalid"
    );
    let unknown = client.post(v2, ask("000000000000001")).await;
    assert_eq!((unknown.status, unknown.code()), (404, "SP014"));
    assert_eq!(
        client
            .post(v1, json!({"bank_account_number": "123456"}))
            .await
            .status,
        422
    );
}

#[tokio::test]
async fn check_beneficiary_v2_has_three_descriptions() {
    let v2 = "/api/v2.0/disbursement/check-beneficiary";
    let ask = |number: &str| json!({"bank_code": "002", "bank_account_number": number});
    let sandbox = Sandbox::builder()
        .quirks(|q| q.invalid_beneficiary_is_an_answer = true)
        .start()
        .await
        .unwrap();
    let client = Client::of(&sandbox).await;
    let answer = client.post(v2, ask("000000000000001")).await.ok();
    assert_eq!(answer["status"], "invalid");
    assert_eq!(answer["message"], "Invalid account:Account inactive");
    let sandbox = Sandbox::builder()
        .quirks(|q| q.check_beneficiary_v2_not_found = true)
        .start()
        .await
        .unwrap();
    let client = Client::of(&sandbox).await;
    assert_eq!(
        client.post(v2, ask("100000000000001")).await.code(),
        "SP014"
    );
}
