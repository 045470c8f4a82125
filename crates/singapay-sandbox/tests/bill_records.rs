//! The biller host: what was paid is listed, fields and callers are checked, the deposit adds up.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::Client;
use common::bills::{PHONE, buy, deposit, is, list, order, payment, send, start};
use serde_json::{Value, json};
use singapay_sandbox::{Fault, FaultAction, FaultPoint};

#[tokio::test]
async fn a_lost_answer_is_found_in_the_list() {
    let (sandbox, client) = start().await;
    let reset = Fault::new(FaultPoint::AfterCommit, FaultAction::Html502);
    sandbox.add_fault(reset.on("pay_prepaid")).unwrap();
    assert_eq!(buy(&sandbox, &client, PHONE).await.status, 502);
    let found = list(&client, json!({"customer_id": PHONE})).await;
    assert_eq!(found["pagination"]["total"], 1);
    assert_eq!(found["bill_transactions"][0]["status"], "pending");
}

#[tokio::test]
async fn the_list_is_filtered_and_paged() {
    let (sandbox, client) = start().await;
    for at in 0..12 {
        is(
            &buy(&sandbox, &client, &format!("0812{at:02}001111")).await,
            200,
            "01",
        );
    }
    let first = list(&client, json!({"page": "1"})).await;
    let second = list(&client, json!({"page": "2", "status": "pending"})).await;
    let rows = |page: &Value| page["bill_transactions"].as_array().unwrap().clone();
    assert_eq!((rows(&first).len(), rows(&second).len()), (10, 2));
    assert_eq!(
        first["pagination"],
        json!({"current_page": 1, "last_page": 2, "per_page": 10, "total": 12})
    );
    // Newest first, without the category that only the detail has.
    assert_eq!(rows(&first)[0]["customer_id"], "081211001111");
    assert!(rows(&first)[0]["product"].get("category").is_none());
    let one = list(
        &client,
        json!({"transaction_id": rows(&second)[0]["transaction_id"]}),
    )
    .await;
    assert_eq!(rows(&one).len(), 1);
    let paid = rows(&first)[0]["paid_at"].as_str().unwrap()[..10].to_owned();
    let days = |first: &str, last: &str| json!({"start_date": first, "end_date": last});
    let found = list(&client, days(&paid, &paid)).await;
    assert_eq!(found["pagination"]["total"], 12);
    let found = list(&client, days("2020-01-01", "2020-01-31")).await;
    assert_eq!(
        found["pagination"],
        json!({"current_page": 1, "last_page": 1, "per_page": 10, "total": 0})
    );
    for (data, field) in [
        (json!({"start_date": "2026-01-01"}), "data.end_date"),
        (json!({"end_date": "2026-01-01"}), "data.start_date"),
        (days("1 June", "2026-01-01"), "data.start_date"),
        (json!({"status": "lost"}), "data.status"),
        (json!({"page": 1}), "data.page"),
        (json!("x"), "data"),
    ] {
        let path = "/api/v1/list-bill-transaction";
        let answer = send(&client, path, "list-bill-transaction", data).await;
        is(&answer, 422, "04");
        assert!(answer.data()[field].is_string(), "{field}: {}", answer.body);
    }
}

#[tokio::test]
async fn fields_are_checked_in_the_biller_shape() {
    let (sandbox, client) = start().await;
    let path = "/api/v1/detail-bill-transaction";
    let missing = client
        .post(path, json!({"command": "detail-bill-transaction"}))
        .await;
    assert_eq!(
        missing.body,
        json!({
            "command": "detail-bill-transaction", "response_code": "04",
            "response_text": "Rejected Format Error",
            "data": {
                "data": "The data field is required.",
                "data.transaction_id": "The data.transaction id field is required.",
            },
        })
    );
    let data = json!({"transaction_id": "01JWX2F2DZC68TC94XMNBJCC3H"});
    let unknown = send(&client, path, "detail-bill-transaction", data).await;
    assert_eq!(unknown.status, 404);
    assert_eq!(
        unknown.body,
        json!({
            "command": "detail-bill-transaction", "response_code": "6",
            "response_text": "Transaction not found",
        })
    );
    let pay = "/api/v1/prepaid/payment";
    let mut wrong = payment(&sandbox, "SPTKMSF2G30", PHONE, &json!(null));
    wrong["password"] = json!("not it");
    for (path, command, data, field) in [
        (pay, "data", wrong, "data.password"),
        (pay, "data", order("SPTKMSF2G30", PHONE), "data.password"),
        (
            pay,
            "pulsa",
            payment(&sandbox, "SPTKMSF2G30", PHONE, &json!(null)),
            "data.product_code",
        ),
        (
            pay,
            "vouchg",
            payment(&sandbox, "SPVCARENA50", PHONE, &json!(null)),
            "command",
        ),
        (
            pay,
            "plntok",
            payment(&sandbox, "SPPLNTOK", "14012345678", &json!(null)),
            "data.reference_number",
        ),
        (
            "/api/v1/postpaid/inquiry",
            "bputk",
            order("SPBPJSTKBPU", "3171000000000011"),
            "data.period",
        ),
        ("/api/v1/check-balance", "list", json!(null), "command"),
    ] {
        let answer = send(&client, path, command, data).await;
        is(&answer, 422, "04");
        assert!(answer.data()[field].is_string(), "{field}: {}", answer.body);
    }
    let before = deposit(&client).await;
    for (reference, customer) in [("nothing", "14012345678"), ("", "")] {
        let told = send(
            &client,
            "/api/v1/prepaid/inquiry",
            "plntok",
            order("SPPLNTOK", "14012345678"),
        )
        .await;
        let own = told.data()["reference_number"].clone();
        let reference = if reference.is_empty() {
            own
        } else {
            json!(reference)
        };
        let customer = if customer.is_empty() {
            "14012345679"
        } else {
            customer
        };
        let data = payment(&sandbox, "SPPLNTOK", customer, &reference);
        is(&send(&client, pay, "plntok", data).await, 404, "06");
    }
    let told = send(
        &client,
        "/api/v1/prepaid/inquiry",
        "plntok",
        order("SPPLNTOK", "14012345678"),
    )
    .await;
    sandbox.freeze_clock();
    sandbox.advance(Duration::from_secs(3600)).await;
    let client = Client::of_biller(&sandbox).await;
    let data = payment(
        &sandbox,
        "SPPLNTOK",
        "14012345678",
        &told.data()["reference_number"],
    );
    is(&send(&client, pay, "plntok", data).await, 404, "06");
    assert_eq!(deposit(&client).await, before);
}

#[tokio::test]
async fn the_host_knows_its_own_credential_alone() {
    let (sandbox, biller) = start().await;
    let payments = Client::of(&sandbox).await;
    // Tokens of one host are nothing to the other.
    let refused = send(
        &payments,
        "/api/v1/check-balance",
        "check-balance",
        json!(null),
    )
    .await;
    assert_eq!(
        (refused.status, refused.body["error"]["message"].clone()),
        (401, json!("Unauthorized merchant, please sign in"))
    );
    assert!(refused.body.get("command").is_none());
    assert_eq!(biller.get("/api/v1.0/accounts").await.status, 401);
    let mut mixed = Client::of_biller(&sandbox).await;
    mixed.credentials.partner_id = payments.credentials.partner_id.clone();
    assert_eq!(
        send(
            &mixed,
            "/api/v1/check-balance",
            "check-balance",
            json!(null)
        )
        .await
        .status,
        401
    );
    let wrong = common::send(mixed.basic_token_request()).await;
    assert_eq!(
        (wrong.status, wrong.body["error"]["message"].clone()),
        (403, json!("Invalid X-PARTNER-ID"))
    );
    mixed.credentials = biller.credentials.clone();
    mixed.credentials.client_secret = payments.credentials.client_secret.clone();
    assert_eq!(common::send(mixed.basic_token_request()).await.status, 401);
    // A token lives an hour.
    sandbox.advance(Duration::from_secs(3600)).await;
    let ended = send(
        &biller,
        "/api/v1/check-balance",
        "check-balance",
        json!(null),
    )
    .await;
    assert_eq!(ended.status, 401);
}

/// Whatever happens, the deposit is what it opened with less what was delivered or is on its way.
#[tokio::test]
async fn the_deposit_adds_up() {
    let (sandbox, client) = start().await;
    let opened = deposit(&client).await;
    for at in 0..40_usize {
        let customer = format!("08121{:03}{:04}", at, at % 6);
        buy(&sandbox, &client, &customer).await;
        if at % 7 == 0 {
            sandbox.advance(Duration::from_secs(5)).await;
        }
        let mut charged = 0;
        for page in 1..=4 {
            let rows = list(&client, json!({"page": page.to_string()})).await;
            for row in rows["bill_transactions"].as_array().unwrap() {
                if ["pending", "success"].contains(&row["status"].as_str().unwrap()) {
                    charged += row["net_price"].as_str().unwrap().parse::<i64>().unwrap();
                }
            }
        }
        assert_eq!(deposit(&client).await, opened - charged);
        let audit = sandbox.audit();
        assert_eq!((audit.billed, audit.violations), (charged, Vec::new()));
    }
}
