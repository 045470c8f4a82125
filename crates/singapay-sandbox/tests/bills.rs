//! The biller host: prepaid products, bills, and the deposit that pays for them.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::Client;
use common::bills::{PHONE, buy, deposit, detail, is, list, order, payment, reset, send, start};
use serde_json::{Value, json};
use singapay_sandbox::Sandbox;

#[tokio::test]
async fn a_direct_payment_is_pending_and_then_delivered() {
    let (sandbox, client) = start().await;
    let before = deposit(&client).await;
    let answer = buy(&sandbox, &client, PHONE).await;
    is(&answer, 200, "01");
    assert_eq!(answer.body["command"], "data");
    assert_eq!(answer.body["response_text"], "Payment pending");
    let made = answer.body["data"].clone();
    assert_eq!(made["amount"], "32500");
    assert_eq!(made["price"], "32500");
    assert!(made.get("customer_name").is_none() && made.get("token").is_none());
    assert_eq!(deposit(&client).await, before - 32_500);
    let shown = detail(&client, &made).await;
    assert_eq!(shown["status"], "pending");
    assert!(shown["inquired_at"].is_null());
    assert_eq!(shown["transaction_type"], "prepaid");
    assert_eq!(shown["net_price"], "32500");
    assert_eq!(shown["other_info"], json!({}));
    assert_eq!(shown["product"]["category"]["code"], "TELASD");
    // The reference of the example: product code, RJBL, 22 digits that end with the time.
    let reference = shown["reference_number"].as_str().unwrap();
    let digits = reference.strip_prefix("SPTKMSF2G30RJBL").unwrap();
    assert!(digits.len() == 22 && digits.bytes().all(|b| b.is_ascii_digit()));
    // The same instant in two zones.
    let at = |member: &str| {
        let text = shown[member].as_str().unwrap();
        chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap()
    };
    assert_eq!((at("paid_at") - at("created_at")).num_hours(), 7);
    sandbox.advance(Duration::from_secs(10)).await;
    assert_eq!(detail(&client, &made).await["status"], "success");
    assert_eq!(deposit(&client).await, before - 32_500);
}

#[tokio::test]
async fn a_token_is_bought_after_an_inquiry() {
    let (sandbox, client) = start().await;
    let before = deposit(&client).await;
    for (version, code, amount) in [("v1", "SPPLNTOK", 50_000), ("v2", "SPPLNTOK200", 200_000)] {
        let path = format!("/api/{version}/prepaid/inquiry");
        let answer = send(&client, &path, "plntok", order(code, "14012345678")).await;
        is(&answer, 200, "00");
        assert_eq!(answer.body["response_text"], "Inquiry success");
        let told = answer.body["data"].clone();
        assert_eq!(told["amount"], amount.to_string());
        assert_eq!(told["price"], (amount + 2_500).to_string());
        assert!(told.get("period").is_none() && told.get("late_fee").is_none());
        let path = format!("/api/{version}/prepaid/payment");
        let data = payment(&sandbox, code, "14012345678", &told["reference_number"]);
        let paid = send(&client, &path, "plntok", data.clone()).await;
        is(&paid, 200, "00");
        let paid = paid.body["data"].clone();
        assert_eq!(paid["customer_name"], told["customer_name"]);
        assert_eq!(paid["token"].as_str().unwrap().len(), 20);
        let shown = detail(&client, &paid).await;
        assert_eq!(shown["status"], "success");
        assert_eq!(shown["reference_number"], told["reference_number"]);
        assert_eq!(shown["other_info"]["token"], paid["token"]);
        assert!(shown["inquired_at"].is_string());
        // A reference is used once.
        let again = send(&client, &path, "plntok", data).await;
        is(&again, 404, "06");
        assert!(again.body.get("data").is_none());
        reset(&client).await;
    }
    assert_eq!(deposit(&client).await, before - 52_500 - 202_500);
}

#[tokio::test]
async fn every_kind_of_bill_is_inquired_and_paid_once_a_month() {
    let (sandbox, client) = start().await;
    let bills = [
        ("pdam", "SPPAMJYA", "000770163", 1_500),
        ("plnpos", "SPPLNPOS", "114676170021", 1_500),
        ("plnnon", "SPPLNNON", "5220117061994", 1_500),
        ("intv", "SPINTOPOKE", "512547917", 1_500),
        ("bpjsks", "SPBPJSKS", "8888800000017", 2_500),
        ("bputk", "SPBPJSTKBPU", "3171000000000011", 2_500),
        ("putk", "SPBPJSTKPU", "421021041000", 2_500),
        ("mobpos", "SPTKMSPOSH", "081200000011", 1_500),
    ];
    let number = |value: &Value| value.as_str().unwrap().parse::<i64>().unwrap();
    for (command, code, customer, admin) in bills {
        let mut data = order(code, customer);
        if ["bpjsks", "bputk"].contains(&command) {
            data["period"] = json!(3);
        }
        let ask = async |version: &str| {
            let path = format!("/api/{version}/postpaid/inquiry");
            send(&client, &path, command, data.clone()).await
        };
        let (old, new) = (ask("v1").await, ask("v2").await);
        is(&old, 200, "00");
        is(&new, 200, "00");
        let (old, new) = (old.body["data"].clone(), new.body["data"].clone());
        // Two spellings of one bill.
        assert!(old.get("late_fee").is_none());
        let late = number(&new["late_fee"]);
        assert_eq!(number(&new["amount"]) + late + admin, number(&new["price"]));
        assert_eq!(number(&old["amount"]) + admin, number(&old["price"]));
        assert_eq!(old["price"], new["price"], "{command}");
        let has_period = !["plnnon", "mobpos"].contains(&command);
        assert_eq!(
            new.get("period").is_some_and(Value::is_string),
            has_period,
            "{command}"
        );
        let before = deposit(&client).await;
        let path = "/api/v2/postpaid/payment";
        let mut data = payment(&sandbox, code, customer, &new["reference_number"]);
        data["phone_number"] = json!(PHONE);
        let paid = send(&client, path, command, data).await;
        is(&paid, 200, "00");
        assert_eq!(paid.data()["price"], new["price"]);
        assert_eq!(paid.data().get("period"), new.get("period"));
        assert!(paid.data().get("reference_number").is_none());
        assert_eq!(deposit(&client).await, before - number(&new["price"]));
        assert_eq!(
            detail(&client, paid.data()).await["transaction_type"],
            "postpaid"
        );
        // The other inquiry's reference is fresh, but the bill is paid.
        reset(&client).await;
        let data = payment(&sandbox, code, customer, &old["reference_number"]);
        let again = send(&client, "/api/v1/postpaid/payment", command, data).await;
        is(&again, 200, "07");
        is(&ask("v1").await, 200, "07");
    }
    // Another month, another bill.
    sandbox.advance(Duration::from_secs(32 * 86_400)).await;
    let client = Client::of_biller(&sandbox).await;
    let path = "/api/v1/postpaid/inquiry";
    let next = send(&client, path, "pdam", order("SPPAMJYA", "000770163")).await;
    is(&next, 200, "00");
    assert!(sandbox.audit().violations.is_empty());
}

#[tokio::test]
async fn games_tell_what_they_want() {
    let (sandbox, client) = start().await;
    let path = "/api/v2/prepaid/get-parameter-game-topup";
    let command = "get-parameter-game-topup";
    let told = send(&client, path, command, json!({"category_code": "GMARENA"})).await;
    is(&told, 200, "00");
    let parameter = &told.data()["parameters"][0];
    assert_eq!(parameter["name"], "server_id");
    let code = told.data()["products"][0]["code"].as_str().unwrap();
    let inquire = "/api/v2/prepaid/inquiry";
    let missing = send(&client, inquire, "topupg", order(code, "player-1")).await;
    is(&missing, 422, "04");
    assert!(missing.data()["data.server_id"].is_string());
    let mut data = order(code, "player-1");
    data["server_id"] = parameter["options"][0]["id"].clone();
    let asked = send(&client, inquire, "topupg", data).await;
    is(&asked, 200, "00");
    let data = payment(
        &sandbox,
        code,
        "player-1",
        &asked.data()["reference_number"],
    );
    let paid = send(&client, "/api/v2/prepaid/payment", "topupg", data).await;
    is(&paid, 200, "00");
    let unknown = send(&client, path, command, json!({"category_code": "CHESS"})).await;
    is(&unknown, 422, "04");
    // A voucher's code comes with its delivery.
    let data = payment(&sandbox, "SPVCARENA50", PHONE, &json!(null));
    let voucher = send(&client, "/api/v2/prepaid/payment", "vouchg", data).await;
    is(&voucher, 200, "01");
    sandbox.advance(Duration::from_secs(10)).await;
    let shown = detail(&client, voucher.data()).await;
    assert!(shown["other_info"]["voucher_code"].is_string());
}

#[tokio::test]
async fn the_customers_number_chooses_the_outcome() {
    let (sandbox, client) = start().await;
    let before = deposit(&client).await;
    let canceled = buy(&sandbox, &client, "081200000002").await;
    is(&canceled, 200, "02");
    let failed = list(&client, json!({"status": "failed"})).await;
    assert_eq!(failed["pagination"]["total"], 1);
    assert!(failed["bill_transactions"][0]["paid_at"].is_null());
    assert_eq!(deposit(&client).await, before);

    let refunded = buy(&sandbox, &client, "081200000003").await;
    is(&refunded, 200, "01");
    assert_eq!(deposit(&client).await, before - 32_500);
    let open = buy(&sandbox, &client, "081200000004").await;
    is(&open, 200, "01");
    sandbox.advance(Duration::from_secs(3600)).await;
    let client = Client::of_biller(&sandbox).await;
    assert_eq!(detail(&client, refunded.data()).await["status"], "refunded");
    assert_eq!(detail(&client, open.data()).await["status"], "pending");
    assert_eq!(deposit(&client).await, before - 32_500);
    let id = open.data()["transaction_id"].as_str().unwrap();
    sandbox.decide_bill(id, false).unwrap();
    assert!(sandbox.decide_bill(id, true).is_err());
    assert!(sandbox.decide_bill("nobody", true).is_err());
    assert_eq!(deposit(&client).await, before);
    let audit = sandbox.audit();
    assert!(audit.violations.is_empty() && audit.billed == 0);
    let nobody = buy(&sandbox, &client, "0000812345").await;
    is(&nobody, 404, "06");
    let letters = buy(&sandbox, &client, "08122a962721").await;
    is(&letters, 422, "04");
    assert!(
        letters.body["response_text"]
            .as_str()
            .unwrap()
            .contains("08122a962721")
    );
    assert!(letters.body.get("data").is_none());
}

#[tokio::test]
async fn a_customer_id_is_used_once_a_day() {
    let (sandbox, client) = start().await;
    is(&buy(&sandbox, &client, PHONE).await, 200, "01");
    is(&buy(&sandbox, &client, PHONE).await, 200, "07");
    is(&buy(&sandbox, &client, "081200000012").await, 200, "01");
    reset(&client).await;
    is(&buy(&sandbox, &client, PHONE).await, 200, "01");
    sandbox.advance(Duration::from_secs(86_400)).await;
    let client = Client::of_biller(&sandbox).await;
    is(&buy(&sandbox, &client, PHONE).await, 200, "01");
}

#[tokio::test]
async fn an_empty_deposit_proves_nothing_and_takes_nothing() {
    let sandbox = Sandbox::builder()
        .biller_deposit(40_000)
        .start()
        .await
        .unwrap();
    let client = Client::of_biller(&sandbox).await;
    is(&buy(&sandbox, &client, PHONE).await, 200, "01");
    is(&buy(&sandbox, &client, "081200000012").await, 200, "99");
    assert_eq!(deposit(&client).await, 7_500);
    assert_eq!(list(&client, json!(null)).await["pagination"]["total"], 1);
}
