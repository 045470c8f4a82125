//! Payouts by method and path: judged by the policy, ended by an outcome.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use serde_json::{Value, json};
use singapay::{
    Error, Host, MoneyOut, MoneyOutPolicy, Outcome, Reason, Rupiah, Singapay, TransportErrorKind,
};
use support::{ACCOUNT, NEW_PAYOUT, Script, Step, answer, payout, refused, v1, v2};

fn payer(script: &Script, policy: MoneyOutPolicy) -> MoneyOut {
    script.client().money_out(policy).unwrap()
}

#[tokio::test]
async fn a_payout_ends_in_an_outcome() {
    for (step, expected) in [
        (v2(json!({"transaction_id": "1"})), "accepted"),
        (v1(json!({"transaction_id": "1"})), "accepted"),
        (v2(Value::Null), "unknown"),
        (v2(json!([])), "unknown"),
        (v2(json!({})), "unknown"),
        (v2(json!("")), "unknown"),
        (answer(200, json!({"transaction_id": "1"})), "unknown"),
        (answer(204, ""), "unknown"),
        (answer(200, ""), "unknown"),
        (refused(400, "SP003"), "refused"),
        (refused(400, "SP004"), "duplicate"),
        (refused(400, "SP001"), "unknown"),
        (refused(400, "SP777"), "unknown"),
        (answer(502, "<html>"), "unknown"),
        (answer(429, ""), "unknown"),
        (answer(307, ""), "unknown"),
        (Step::Break(TransportErrorKind::Interrupted), "unknown"),
        (Step::Break(TransportErrorKind::Timeout), "unknown"),
    ] {
        let script = Script::new([step.clone()]);
        let outcome = payout(&payer(&script, MoneyOutPolicy::new()))
            .send()
            .await
            .unwrap();
        let found = match &outcome {
            Outcome::Accepted(_) => "accepted",
            Outcome::Refused(_) => "refused",
            Outcome::Duplicate(unresolved) | Outcome::Unknown(unresolved) => {
                assert_eq!(unresolved.reference(), Some("PAY-1"));
                assert_eq!(unresolved.account_id(), Some(ACCOUNT));
                if matches!(outcome, Outcome::Unknown(_)) {
                    "unknown"
                } else {
                    "duplicate"
                }
            }
        };
        assert_eq!((found, script.count()), (expected, 1), "{outcome:?}");
    }
    let script = Script::new([
        Step::Break(TransportErrorKind::Connect),
        v2(json!({"id": 1})),
    ]);
    let outcome = payout(&payer(&script, MoneyOutPolicy::new()))
        .send()
        .await
        .unwrap();
    assert!(outcome.accepted().is_some());
}

#[tokio::test]
async fn the_policy_judges_what_is_stated_and_the_body_must_agree() {
    let script = Script::new([]);
    let fields = |error: Error| -> Vec<String> {
        let fields = error.field_errors().iter();
        fields.map(|field| field.field.clone()).collect()
    };
    let strict = MoneyOutPolicy::new()
        .max_amount(Rupiah::new(49_999))
        .allow_banks(["009"])
        .allow_beneficiaries(["1"]);
    let error = payout(&payer(&script, strict)).send().await.unwrap_err();
    assert_eq!(fields(error), ["amount", "bank", "beneficiary"]);

    let free = payer(&script, MoneyOutPolicy::new());
    let lying = payout(&free)
        .amount(1)
        .bank("009")
        .beneficiary("1")
        .reference("x");
    let error = lying
        .account_id("01K946KF851RK7FX075GJHBVKG")
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        fields(error),
        ["account_id", "amount", "beneficiary", "bank", "reference"]
    );
    let hidden = payout(&free).body(json!({"data": [{"amount": {"value": "60000"}}]}));
    assert_eq!(fields(hidden.send().await.unwrap_err()), ["amount"]);
    let dotted = payout(&free).body(json!({"amount": 50_000, "amount.value": "60000"}));
    assert_eq!(fields(dotted.send().await.unwrap_err()), ["amount"]);
    let silent = free.request("POST", NEW_PAYOUT).body(json!({}));
    assert_eq!(
        fields(silent.send().await.unwrap_err()),
        ["amount", "reference"]
    );
    let harmless = free.request("GET", "/api/v1.0/accounts");
    assert_eq!(fields(harmless.send().await.unwrap_err()), ["path"]);
    let path = "/api/v1.0/account-transfer/01K946KF851RK7FX075GJHBVKG/transfer";
    let other = free.request("POST", path).account_id(ACCOUNT);
    assert_eq!(fields(other.send().await.unwrap_err()), ["account_id"]);
    assert_eq!(script.token_requests(), 0);
}

/// A fact that a modelled payout does not say cannot be stated for it: limits and lists would be passed unseen.
#[tokio::test]
async fn what_is_stated_of_a_modelled_payout_is_in_its_body() {
    let script = Script::new([]);
    let policy = MoneyOutPolicy::new()
        .max_amount(Rupiah::new(50_000))
        .allow_banks(["014"])
        .allow_beneficiaries(["1234567890"]);
    let handle = payer(&script, policy);
    for (host, path) in [
        (Host::Payment, "/api/v2.0/disbursement/transfer"),
        (Host::Biller, "/api/v2/postpaid/payment"),
    ] {
        for body in [
            json!({}),
            json!({"amount": null, "bank_code": null, "customer_id": null}),
            json!({"notes": "x", "other": 1}),
        ] {
            let request = handle.request("POST", path).host(host).body(body);
            let request = request.amount(1).bank("014").beneficiary("1234567890");
            let error = request.send().await.unwrap_err();
            let fields: Vec<_> = error.field_errors().iter().map(|it| &it.field).collect();
            assert_eq!(fields, ["amount", "bank", "beneficiary"], "{path}");
        }
    }
    assert_eq!(script.token_requests(), 0);
}

/// The name that another payout has for it is no place where this one would look.
#[tokio::test]
async fn a_modelled_payout_is_read_where_the_operation_table_says() {
    let script = Script::new([]);
    let policy = MoneyOutPolicy::new()
        .allow_banks(["CENAIDJA"])
        .allow_beneficiaries(["1234567890"]);
    let handle = payer(&script, policy);
    let call = handle
        .request("POST", "/api/v2.0/disbursement/transfer")
        .account_id(ACCOUNT)
        .amount(50_000)
        .bank("CENAIDJA")
        .beneficiary("1234567890")
        .reference("PAY-1")
        .body(json!({
            "account_id": ACCOUNT, "amount": 50_000, "reference_number": "PAY-1",
            "bank_swift_code": "CENAIDJA", "beneficiary": {"bank_account_number": "1234567890"},
        }));
    let error = call.send().await.unwrap_err();
    let fields: Vec<_> = error.field_errors().iter().map(|it| &it.field).collect();
    assert_eq!(fields, ["bank", "beneficiary"]);
    assert_eq!(script.token_requests(), 0);
}

#[tokio::test]
async fn a_modelled_payout_keeps_its_metadata() {
    let script = Script::new([Step::Break(TransportErrorKind::Interrupted)]);
    let handle = payer(&script, MoneyOutPolicy::new());
    let outcome = handle
        .request("POST", "/api/v2.0/disbursement/transfer")
        .body(json!({"account_id": ACCOUNT, "amount": 50_000, "reference_number": "PAY-1"}))
        .account_id(ACCOUNT)
        .amount(50_000)
        .reference("PAY-1")
        .send()
        .await
        .unwrap();
    let Outcome::Unknown(unresolved) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(unresolved.operation(), "transfer_disbursement");
    assert_eq!(unresolved.inquiry(), Some("get_disbursement_status"));
    assert_eq!(script.count(), 1);
    assert!(script.sent()[0].header("x-signature").is_some());
}

#[tokio::test]
async fn a_gateway_takes_it() {
    let sandbox = singapay_sandbox::Sandbox::start().await.unwrap();
    let credentials = sandbox.credentials();
    let client = Singapay::builder()
        .base_url(sandbox.base_url())
        .credential(
            &credentials.partner_id,
            &credentials.client_id,
            credentials.client_secret.clone(),
        )
        .clock(sandbox.clock())
        .build()
        .unwrap();
    let account = sandbox.account_id();
    let path = format!("/api/v1.0/payment-link-manage/{account}");
    let list = client.request("GET", path).query("per_page", "5");
    let list = list.account_id(account).send().await.unwrap();
    assert_eq!(list.as_array().map(Vec::len), Some(0));
    assert!(list.page().is_some());

    let absent = client.request("GET", "/api/v9.0/nothing").send().await;
    assert_eq!(absent.unwrap_err().reason(), Some(Reason::NoSuchRoute));

    let handle = client.money_out(MoneyOutPolicy::new()).unwrap();
    let outcome = handle
        .request("POST", "/api/v2.0/disbursement/transfer")
        .account_id(account)
        .amount(50_000)
        .bank("002")
        .beneficiary("100000000000001")
        .reference("PAY-1")
        .body(json!({
            "account_id": account, "amount": 50_000, "bank_code": "002",
            "bank_account_number": "100000000000001", "reference_number": "PAY-1",
        }))
        .send()
        .await
        .unwrap();
    let paid = outcome.accepted().unwrap();
    assert_eq!(paid["reference_number"], "PAY-1");
    let status = format!("/api/v2.0/disbursement/{account}/inquiry-status");
    let status = client
        .request("POST", status)
        .body(json!({"reference_number": "PAY-1"}));
    let status = status.send().await.unwrap();
    assert_eq!(status["transaction_id"], paid["transaction_id"]);
}
