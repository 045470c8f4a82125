//! Every success and error example that is documented for these operations can be provoked, and
//! has the documented members and types. People and numbers in the examples are invented.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Answer, Client};
use serde_json::{Value, json};
use singapay_sandbox::{Fault, FaultAction, FaultPoint, Payer, PaymentOutcome, Sandbox};

/// Every member of the example is in the answer, with the same type; null stands for any.
fn compare(example: &Value, answer: &Value, path: &str) {
    match (example, answer) {
        (Value::Null, _) | (_, Value::Null) => {}
        (Value::Object(example), Value::Object(answer)) => {
            for (key, value) in example {
                let Some(found) = answer.get(key) else {
                    panic!("{path}.{key} is missing")
                };
                compare(value, found, &format!("{path}.{key}"));
            }
        }
        (Value::Array(example), Value::Array(answer)) => {
            if let (Some(example), Some(answer)) = (example.first(), answer.first()) {
                compare(example, answer, &format!("{path}[0]"));
            }
        }
        _ => assert_eq!(
            std::mem::discriminant(example),
            std::mem::discriminant(answer),
            "{path}: {example} and {answer}"
        ),
    }
}

#[track_caller]
fn like(example: &str, answer: &Answer) {
    let example: Value = serde_json::from_str(example).unwrap();
    compare(&example, &answer.body, "answer");
    for decided in ["response_code", "status", "success"] {
        assert_eq!(
            example.get(decided),
            answer.body.get(decided),
            "{}",
            answer.body
        );
    }
}

const TRANSFER: &str = "/api/v2.0/disbursement/transfer";
const LINKS: &str = "/api/v1.0/payment-link-manage/{account}";

fn transfer(client: &Client, reference: &str, number: &str) -> Value {
    json!({
        "account_id": client.account, "reference_number": reference, "bank_code": "002",
        "bank_account_number": number, "amount": 10_004, "notes": "test transfer",
    })
}

#[tokio::test]
async fn money_in_examples() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let token = client
        .token_request()
        .body(r#"{"grant_type":"client_credentials"}"#);
    like(
        r#"{"status":200,"success":true,"data":{"access_token":"eyJ0","token_type":"Bearer","expires_in":"216000"}}"#,
        &common::send(token).await,
    );
    let body = json!({
        "reff_no": "PL20250121001", "title": "Invoice Pembelian Laptop", "max_usage": 10,
        "total_amount": 100_000, "required_customer_detail": true,
        "expired_at": "4102444800000", "redirect_url": "https://example.com/thank-you",
        "whitelisted_payment_method": ["VA_BRI", "QRIS", "INDOMARET"],
        "items": [
            {"name": "Laptop", "quantity": 1, "unit_price": 50_000},
            {"name": "Mouse Wireless", "quantity": 1, "unit_price": 50_000},
        ],
    });
    let link = r#"{"status":200,"success":true,"data":{"id":104,"reff_no":"PL20250121001","title":"Invoice Pembelian Laptop","payment_url":"http://localhost:3000/b2b/PL20250121001","status":"open","status_computed":"open","required_customer_detail":true,"max_usage":10,"current_usage":0,"expired_at":"2025-02-01T00:00:00+07:00","is_expired":false,"total_amount":"100000.00","items":[{"name":"Laptop","quantity":1,"unit_price":50000,"subtotal":50000}],"whitelisted_payment_method":["VA_BRI"],"redirect_url":"https://example.com/thank-you","payment_date":null,"created_at":"2025-10-21T18:29:13+07:00","updated_at":"2025-10-21T18:29:13+07:00","account":{"id":"01K7P073Q8RE2A9PQT8Q7MXPN4","name":"Toko","email":null,"phone":null,"status":"active"}}}"#;
    let made = client.post(LINKS, body).await;
    like(link, &made);
    like(
        link,
        &client.get(&format!("{LINKS}/{}", made.data()["id"])).await,
    );
    like(
        r#"{"status":200,"success":true,"data":[{"id":103,"optional_metadata":{},"account":{"status":"active"}}],"pagination":{"total":47,"count":25,"perPage":25,"currentPage":1,"totalPages":2,"links":{}}}"#,
        &client.get(LINKS).await,
    );
    like(
        r#"{"status":200,"success":true,"data":{"payment_methods":[{"code":"QRIS","name":"QRIS","group":"qris","desc":null}],"available_codes":["QRIS"]}}"#,
        &client
            .get("/api/v1.0/payment-link-manage/payment-methods")
            .await,
    );
    let body =
        json!({"reff_no": "INV-2026-001", "payment_link_type": "total", "total_amount": 150_000});
    like(
        r#"{"status":200,"success":true,"data":{"id":103,"reff_no":"INV-2026-001","title":"INV-2026-001","payment_url":"https://sandbox/b2b/INV-2026-001","status":"open","max_usage":1,"current_usage":0,"total_amount":150000,"customer_pays_fee":false,"expired_at":"2026-09-08T13:00:00+07:00","created_at":"2026-09-08T12:00:00+07:00"}}"#,
        &client.post("/api/v2.0/payment-link/{account}", body).await,
    );
    sandbox
        .pay_payment_link("PL20250121001", Payer::with("VA_BRI"))
        .unwrap();
    sandbox.advance(Duration::from_secs(3600)).await;
    like(
        r#"{"status":200,"success":true,"data":[{"id":85,"reff_no":"12917720251024134439474","payment_link_reff_no":"PL-1","payment_method_name":"VA BRI","payment_method_value":"5588867273870397","payment_method_additional":null,"expired_at":"2025-10-25T13:44:39+07:00","amount":"1200000.00","payment_date":"2025-10-24T13:45:07+07:00","balance_after":"2500000.00","status":"paid","status_computed":"paid","is_expired":true,"customer_name":"","customer_email":"","customer_phone":"","ip_address":"127.0.0.1","locations":{},"processed_timestamp":"2025-10-24T13:45:07+07:00","has_settle":true,"settle_at":"2025-10-24T15:00:00+07:00","optional_metadata":{},"created_at":"2025-10-24T13:44:39+07:00","updated_at":"2025-10-29T11:12:17+07:00"}],"pagination":{}}"#,
        &client
            .get("/api/v1.0/payment-link-histories/{account}")
            .await,
    );
}

#[tokio::test]
async fn customer_examples() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let body = json!({
        "bank_code": "BRI", "kind": "temporary", "amount_type": "closed", "amount": 100_000,
        "expired_at": "4102444800000", "max_usage": 1, "name": "Bakso Enak",
        "merchant_reff_no": "INV-2026-001",
    });
    let va = r#"{"status":200,"success":true,"data":{"id":"01K946KF851RK7FX075GJHBVKF","number":"9090583126022726","code":"VA_BRI","bank":{"short_name":"BRI","number":"002","swift_code":"BRINIDJA"},"amount":{"value":"100000.00","currency":"IDR"},"amount_type":"closed","status":"active","kind":"temporary","current_usage":0,"expired_at":1774000000000,"name":"Bakso Enak","merchant_reff_no":"INV-2026-001","min_amount":null,"max_amount":null}}"#;
    let vas = "/api/v1.0/virtual-accounts/{account}";
    let made = client.post(vas, body).await;
    like(va, &made);
    let number = made.data()["number"].as_str().unwrap();
    let paid = sandbox.pay_virtual_account(number, None, PaymentOutcome::Paid);
    let id = paid.unwrap().transaction_id;
    sandbox.advance(Duration::from_secs(3600)).await;
    let path = format!("{vas}/{}", made.data()["id"].as_str().unwrap());
    like(
        r#"{"status":403,"success":false,"error":{"code":403,"message":"This Virtual Account has have transactions"}}"#,
        &client.call("DELETE", &path, json!({})).await,
    );
    like(
        r#"{"status":200,"success":true,"data":{"transaction_id":"VA-20251024-0001H9X8ZK","merchant_reff_no":"INV/2025/10/0001","va_number":"88810012345678","account":{"id":"01H9X8ZK3M7QF4N2VTB6RYJWPC","name":"Toko","email":"finance@example.com","phone":"081200000001"},"bank":{"short_name":"BRI","number":"002","swift_code":"BRINIDJA","bank_code":"BRI"},"notes":"Pembayaran order #1024","status":"paid","fees":{"name":"BRI Virtual Account","amount":4500,"currency":"IDR"},"amount":{"value":"100000.00","currency":"IDR"},"post_timestamp":"1729748679474","processed_timestamp":"1729748707000","has_settle":true,"settle_at":1729753200000}}"#,
        &client
            .get(&format!("/api/v1.0/va-transactions/{{account}}/{id}"))
            .await,
    );

    let body = json!({"amount": 10_000, "merchant_reff_no": "INV-1", "expired_at": "2099-01-01"});
    let path = "/api/v1.0/qris-dynamic/{account}/generate-qr";
    let code = client.post(path, body).await.ok();
    let id = code["id"].to_string();
    sandbox.pay_qris(&id, PaymentOutcome::Paid).unwrap();
    sandbox.advance(Duration::from_secs(3600)).await;
    like(
        r#"{"status":200,"success":true,"data":{"id":103,"reff_no":"INV20240513001","merchant_reff_no":"INV20240513001","status":"open","status_computed":"open","is_expired":false,"qr_data":"0002","kind":"on-us","type":"mpm-dynamic","amount":10000,"total_amount":10000,"mdr_percentage":1.5,"mdr_cost":150,"our_margin":50,"vendor_fee":150,"settled_to_merchant_amount":9750,"acquirer_name":"SingaPay","acquirer_nns":"1234567890","issuer_name":"SingaPay","issuer_nns":"1234567890","customer_pan":"1234567890","customer_name":"Rina","customer_account_type":"UNSPECIFIED","customer_data":{"pan":"1234567890","name":"Rina","account_type":"UNSPECIFIED"},"has_reconcile":false,"reconcile_at":"2024-05-13T00:00:00Z","reconcile_by":"SYSTEM","had_settled_to_merchant":true,"settled_to_merchant_at":"2024-05-13T00:00:00Z","has_settle":true,"settle_at":"2024-05-13T00:00:00Z","created_at":"2024-05-13T00:00:00Z","updated_at":"2024-05-13T00:00:00Z","expired_at":"2024-05-13T00:00:00Z","deleted_at":null,"events_count":1}}"#,
        &client
            .get(&format!("/api/v1.0/qris-dynamic/{{account}}/show/{id}"))
            .await,
    );

    let body = common::ewallets::order(&client, "EWALLET_GOPAY");
    let wallet = r#"{"status":200,"success":true,"data":{"id":2001,"account_id":42,"reff_no":"EW20260402001","merchant_reff_no":"INV-2026-001","status":"open","status_computed":"open","is_expired":false,"ewallet_vendor":"EWALLET_DANA","amount":100000,"total_amount":100000,"merchant_fee":1500,"net_amount":98500,"checkout_url":"https://checkout.example.com/pay/abc123","checkout_url_app":"dana://checkout/abc123","vendor_reference_no":"DANA-REF-987654","merchant_redirect_url":"https://merchant.example.com/payment/return","additional_info":null,"customer_name":"Rina","customer_email":"rina@example.com","customer_phone":"081200000001","has_recon":false,"recon_at":null,"has_settle":false,"settle_at":null,"has_settle_request":false,"settle_request_at":null,"payment_channel":null,"payment_vendor_code":null,"settlement_method":null,"processed_timestamp":null,"expired_at":"2026-04-02T23:59:59+07:00","created_at":"2026-04-02T10:30:00+07:00","updated_at":"2026-04-02T10:30:00+07:00","deleted_at":null,"events_count":1}}"#;
    let data = serde_json::from_str::<Value>(wallet).unwrap()["data"].take();
    let order = json!({"response_code": "SP000", "response_message": "Successfully", "data": data});
    let made = client.post(common::ewallets::CHECKOUT, body.clone()).await;
    like(wallet, &made);
    let made = client.post(common::ewallets::ORDER, body).await;
    like(&order.to_string(), &made);
    like(
        &wallet.replace("{\"id\"", "[{\"id\"").replace("}}", "}]}"),
        &client.get(common::ewallets::LIST).await,
    );
}

#[tokio::test]
async fn account_examples() {
    let sandbox = Sandbox::builder()
        .account("B", 500_000)
        .start()
        .await
        .unwrap();
    let client = Client::of(&sandbox).await;
    let account = r#"{"status":200,"success":true,"data":{"id":"01K946KF851RK7FX075GJHBVKF","account_number":"000000000123","name":"Toko","status":"active","account_type":"owned","kyb_status":null,"business_type":null,"legal_name":null,"brand_name":null,"kyb_onboarding_url":null,"invite_members":["john@example.com"]}}"#;
    let body = json!({"name": "Toko", "invite_members": ["john@example.com"]});
    like(account, &client.post("/api/v1.0/accounts", body).await);
    like(account, &client.get("/api/v1.0/accounts/{account}").await);
    like(
        r#"{"status":200,"success":true,"data":{"held_balance":{"value":"0.00","currency":"IDR"},"available_balance":{"value":"7500.00","currency":"IDR"},"pending_balance":{"value":"0.00","currency":"IDR"},"balance":{"value":"7500.00","currency":"IDR"},"account_id":"01HZX9K3P2J4M6N8Q0R2T4V6W8"}}"#,
        &client.get("/api/v1.0/balance-inquiry/{account}").await,
    );
    let number = sandbox.accounts()[1].number.clone();
    let body = json!({
        "amount": 500_000, "beneficiary_account_number": number, "merchant_ref_no": "PF-INV-1",
    });
    like(
        r#"{"status":200,"success":true,"data":{"transaction_id":"12301AM20240609120000123","merchant_ref_no":"PF-INV-1","status":"success","amount":{"currency":"IDR","value":"500000"},"remitter":{"account_id":"01K946KF851RK7FX075GJHBVKF","account_name":"A","account_number":"000000000123","balance_after":"1000000"},"beneficiary":{"account_id":"01HZX9K3P2J4M6N8Q0R2T4V6W8","account_name":"B","account_number":"123456789012","balance_after":"500000"},"processed_timestamp":"1717920000123","created_at":"1717920000456"}}"#,
        &client
            .signed("/api/v1.0/account-transfer/{account}/transfer", body)
            .await,
    );
    like(
        r#"{"status":200,"success":true,"data":[{"transaction_id":"6601K3GDEQVPHBBP4GRYQADG0KXT","merchant_reff_no":"INV-2026-0042","type":"debit","kind":"disbursement","balance_after":{"value":1203500,"currency":"IDR"},"debit":{"value":2500,"currency":"IDR"},"credit":{"value":"0.00","currency":"IDR"}}]}"#,
        &client.get("/api/v1.0/statements/{account}").await,
    );
}

#[tokio::test]
async fn money_out_examples() {
    // Nothing to wait for: the answer tells the end, as the documented ones do.
    let sandbox = Sandbox::builder()
        .delays(|delays| {
            delays.payout = Duration::ZERO;
            delays.slow_payout = Duration::ZERO;
        })
        .start()
        .await
        .unwrap();
    let client = Client::of(&sandbox).await;
    let before = client.available().await;
    like(
        r#"{"response_code":"SP000","response_message":"Successfully","data":{"transaction_id":"101222025122910292195055674","reference_number":"11111111118","transaction_status":{"code":"00","desc":"Success"},"post_timestamp":"1766978961000","processed_timestamp":"1766978962000","bank":{"code":"002","name":"BRI","account_name":"Dummy","account_number":"11111111118"},"gross_amount":{"currency":"IDR","value":"12504.00"},"fee":{"currency":"IDR","value":"2500"},"net_amount":{"currency":"IDR","value":"10004.00"},"balance_after":{"currency":"IDR","value":"829988"},"notes":"test transfer"}}"#,
        &client
            .signed(TRANSFER, transfer(&client, "OK", "100000000000001"))
            .await,
    );
    let failed = client
        .signed(TRANSFER, transfer(&client, "333", "100500000000001"))
        .await;
    assert_eq!(failed.status, 400);
    like(
        r#"{"response_code":"SP001","response_message":"Transaction Failure","data":{"transaction_id":"121222025122617513896515436","reference_number":"333","transaction_status":{"code":"06","desc":"Failed"},"post_timestamp":"1766746298000","processed_timestamp":"","bank":{"code":"002","name":"BRI","account_name":"","account_number":"091701064838533"},"gross_amount":{"currency":"IDR","value":"12501.00"},"fee":{"currency":"IDR","value":"2500"},"net_amount":{"currency":"IDR","value":"10001.00"},"balance_after":{"currency":"IDR","value":"0"},"notes":"test transfer","failed_reason":"Transaction Failure : Invalid beneficiary account: Account inactive","failed_code":"SP001"}}"#,
        &failed,
    );
    assert_eq!(
        client.available().await,
        before - 11_004,
        "a failed transfer costs nothing"
    );
    let v1 = json!({
        "reference_number": "V1", "amount": 50_000, "bank_swift_code": "BRINIDJA",
        "bank_account_number": "100000000000001",
    });
    let path = "/api/v1.0/disbursement/{account}/transfer";
    let record = r#"{"status":200,"success":true,"data":{"transaction_id":"331222025121209092460774035","reference_number":"V1","status":"success","bank":{"code":"BRI","account_name":"Dummy","account_number":"1234567890000"},"gross_amount":{"currency":"IDR","value":"51000.00"},"fee":{"name":"Transfer Fee","value":"1000.00","currency":"IDR"},"net_amount":{"currency":"IDR","value":"50000.00"},"post_timestamp":"1765505364000","processed_timestamp":"1765505365000","balance_after":{"value":"1000000.00","currency":"IDR"},"notes":"Transfer payment"}}"#;
    let made = client.post(path, v1.clone()).await;
    like(record, &made);
    let id = made.data()["transaction_id"].as_str().unwrap();
    like(
        record,
        &client
            .get(&format!("/api/v1.0/disbursement/{{account}}/{id}"))
            .await,
    );
    let mut failing = v1;
    failing["reference_number"] = json!("V1-2");
    failing["bank_account_number"] = json!("100100000000001");
    assert_eq!(client.post(path, failing).await.status, 500);

    let wallet = r#"{"response_code":"SP000","response_message":"Successful","data":{"transaction_id":"EWT-1","transaction_status":{"code":"00","desc":"Success"},"reference_number":"REF-001","notes":"Top up DANA","ewallet":{"code":"DANA","customer_number":"085700000001","customer_name":"Dummy"},"post_timestamp":"2026-04-02T10:30:00+07:00","processed_timestamp":"2026-04-02T10:30:05+07:00","balance_after":{"value":"10000.00","currency":"IDR"},"net_amount":{"value":"10000.00","currency":"IDR"},"fee":{"value":"10000.00","currency":"IDR"},"gross_amount":{"value":"10000.00","currency":"IDR"}}}"#;
    let mut body = client.topup("REF-001", 10_000);
    body["notes"] = json!("Top up DANA");
    like(
        wallet,
        &client.signed("/api/v2.0/ewallet/trigger-topup", body).await,
    );
    like(
        &wallet
            .replace("net_amount", "amount")
            .replace("\"fee\"", "\"fee_amount\""),
        &client
            .post(
                "/api/v2.0/ewallet/{account}/inquiry-status",
                json!({"reference_number": "REF-001"}),
            )
            .await,
    );
    let body = json!({
        "account_id": client.account, "reference_number": "INV-1", "amount": 100_000,
        "qr_data": "000201010212", "customer_name": "Sari",
    });
    like(
        r#"{"response_code":"SP000","response_message":"Successful","data":{"transaction_id":"112220251111135424691","transaction_status":{"code":"03","desc":"Pending"},"qr_data":"0002","type":"mpm-dynamic","scope":"issuer","reference_number":"INV-1","post_timestamp":"2023-11-30T12:34:56Z","processed_timestamp":"2023-11-30T12:45:00Z","balance_after":{"value":"100000.00","currency":"IDR"},"net_amount":{"value":"95000.00","currency":"IDR"},"fee":{"value":"5000.00","currency":"IDR"},"gross_amount":{"value":"100000.00","currency":"IDR"}}}"#,
        &client
            .signed("/api/v2.0/qris/issuer/mpm/payment-credit", body)
            .await,
    );
    assert!(sandbox.audit().violations.is_empty());
}

/// Codes that no request can bring about here are brought about by faults.
#[tokio::test]
async fn every_documented_code_can_be_met() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    for code in [
        "SP001",
        "SP002",
        "SP003",
        "SP004",
        "SP005",
        "SP006",
        "SP007",
        "SP008",
        "SP009",
        "SP010",
        "SP011",
        "SP012",
        "SP013",
        "SP014",
        "SP015",
        "SP016",
        "SP017",
        "SP018",
        "SP019",
        "SP020",
        "SP403",
        "4019900",
        "SP_DD_DUPLICATE_REFERENCE",
    ] {
        let action = FaultAction::WrongCode(code.to_owned());
        sandbox
            .add_fault(Fault::new(FaultPoint::BeforeCommit, action).on("transfer_disbursement"))
            .unwrap();
        let answer = client
            .signed(TRANSFER, transfer(&client, "R", "100000000000001"))
            .await;
        assert_eq!(answer.code(), code);
    }
    for status in [500, 502, 503, 504] {
        let fault = Fault::new(FaultPoint::BeforeCommit, FaultAction::Status(status));
        sandbox.add_fault(fault).unwrap();
        let answer = client
            .signed(TRANSFER, transfer(&client, "R", "100000000000001"))
            .await;
        assert_eq!((answer.status, answer.body), (status, json!("")));
    }
    client
        .signed(TRANSFER, transfer(&client, "R", "100000000000001"))
        .await
        .ok();
}
