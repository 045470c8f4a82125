//! The biller host: prepaid products, bills, and the deposit that pays for them.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Answer, Client};
use serde_json::{Value, json};
use singapay_core::{Clock, Timestamp};
use singapay_sandbox::{Fault, FaultAction, FaultPoint, Sandbox};

const PHONE: &str = "081200000001";

/// Days and months end when a test says so.
#[derive(Debug)]
struct Morning;

impl Clock for Morning {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_seconds(1_787_280_000)
    }
}

async fn start() -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().clock(Morning).start().await.unwrap();
    let client = Client::of_biller(&sandbox).await;
    (sandbox, client)
}

fn password(sandbox: &Sandbox) -> String {
    sandbox.biller_credentials().password.expose().to_owned()
}

async fn send(client: &Client, path: &str, command: &str, data: Value) -> Answer {
    let mut body = json!({"command": command});
    if !data.is_null() {
        body["data"] = data;
    }
    client.post(path, body).await
}

#[track_caller]
fn is(answer: &Answer, http: u16, code: &str) {
    let found = (answer.status, answer.body["response_code"].as_str());
    assert_eq!(found, (http, Some(code)), "{}", answer.body);
    assert!(answer.body["command"].is_string() && answer.body["response_text"].is_string());
}

async fn deposit(client: &Client) -> i64 {
    let answer = send(
        client,
        "/api/v1/check-balance",
        "check-balance",
        json!(null),
    )
    .await;
    is(&answer, 200, "00");
    assert_eq!(answer.data()["currency"], "IDR");
    let text = answer.data()["balance"].as_str().unwrap();
    text.strip_suffix(".00").unwrap().parse().unwrap()
}

async fn detail(client: &Client, made: &Value) -> Value {
    let data = json!({"transaction_id": made["transaction_id"]});
    let path = "/api/v1/detail-bill-transaction";
    let answer = send(client, path, "detail-bill-transaction", data).await;
    is(&answer, 200, "00");
    answer.body["data"].clone()
}

async fn list(client: &Client, data: Value) -> Value {
    let path = "/api/v1/list-bill-transaction";
    let answer = send(client, path, "list-bill-transaction", data).await;
    is(&answer, 200, "00");
    answer.body["data"].clone()
}

async fn reset(client: &Client) {
    let path = "/api/v1/reset-customer-id";
    let answer = send(client, path, "reset-customer-id", json!(null)).await;
    is(&answer, 200, "00");
    assert!(answer.body.get("data").is_none());
}

fn order(code: &str, customer: &str) -> Value {
    json!({"product_code": code, "customer_id": customer})
}

fn payment(sandbox: &Sandbox, code: &str, customer: &str, reference: &Value) -> Value {
    let mut data = order(code, customer);
    data["password"] = json!(password(sandbox));
    if !reference.is_null() {
        data["reference_number"] = reference.clone();
    }
    data
}

/// Buys without an inquiry; gives the answer's data.
async fn buy(sandbox: &Sandbox, client: &Client, customer: &str) -> Answer {
    let data = payment(sandbox, "SPTKMSF2G30", customer, &json!(null));
    send(client, "/api/v2/prepaid/payment", "data", data).await
}

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

#[tokio::test]
async fn a_lost_answer_is_found_in_the_list() {
    let (sandbox, client) = start().await;
    let reset = Fault::new(FaultPoint::AfterCommit, FaultAction::Html502);
    sandbox.add_fault(reset.on("pay_prepaid"));
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
