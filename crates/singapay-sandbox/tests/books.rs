//! The law of the books: whatever is asked in whatever order, with whatever going wrong, no money
//! is made or lost, and a reference pays out once.

#![allow(clippy::unwrap_used)]

mod common;

use std::{collections::HashMap, time::Duration};

use common::{
    Client,
    steps::{OUTCOMES, PREFIXES, Step, VENDORS, step},
};
use proptest::{prelude::*, test_runner::Config};
use serde_json::{Value, json};
use singapay_sandbox::{Fault, FaultAction, FaultPoint, Payer, PayoutOutcome, Sandbox};

/// A caller's memory of the money-out requests that it sent.
#[derive(Default)]
struct Seen {
    accepted: HashMap<String, String>,
    withdrawals: HashMap<u8, String>,
    payouts: Vec<String>,
    /// Number, and the largest amount of an open one.
    vas: Vec<(String, Option<i64>)>,
    codes: Vec<String>,
    wallets: Vec<u64>,
}

/// Sends a signed request; `None` when a fault hid the answer.
async fn signed(client: &Client, path: &str, body: &Value) -> Option<(u16, Value)> {
    let path = path.replace("{account}", &client.account);
    let now = singapay_core::Clock::now(&client.clock)
        .unix_seconds()
        .to_string();
    let answer = client.signed_request(&path, body, &now).send().await.ok()?;
    let status = answer.status().as_u16();
    let text = answer.text().await.ok()?;
    Some((status, serde_json::from_str(&text).unwrap_or(Value::Null)))
}

/// The thing that was made; null if a fault hid the answer.
async fn created(client: &Client, path: &str, body: &Value) -> Value {
    let request = client.request("POST", path).body(body.to_string());
    let text = match request.send().await {
        Ok(answer) => answer.text().await.unwrap_or_default(),
        Err(_) => String::new(),
    };
    let answer: Value = serde_json::from_str(&text).unwrap_or_default();
    answer["data"].clone()
}

/// Any of those that are there.
fn one_of<T>(rows: &[T], at: usize) -> Option<&T> {
    rows.get(at.checked_rem(rows.len())?)
}

impl Seen {
    fn note(&mut self, key: String, answer: Option<(u16, Value)>) {
        let Some((200, body)) = answer else { return };
        let Some(id) = body["data"]["transaction_id"].as_str() else {
            return;
        };
        self.payouts.push(id.to_owned());
        let first = self.accepted.insert(key.clone(), id.to_owned());
        assert!(first.is_none(), "{key} was accepted twice");
    }
}

async fn play(
    sandbox: &Sandbox,
    client: &Client,
    second: &(String, String),
    step: Step,
    seen: &mut Seen,
) {
    match step {
        Step::Topup { reference, rupiah } => {
            let body = client.topup(&format!("T{reference}"), rupiah);
            let answer = signed(client, "/api/v2.0/ewallet/trigger-topup", &body).await;
            seen.note(format!("topup {reference}"), answer);
        }
        Step::Credit { reference, rupiah } => {
            let body = json!({
                "account_id": client.account, "reference_number": format!("Q{reference}"),
                "amount": rupiah, "qr_data": "000201010211", "customer_name": "Sari",
            });
            let path = "/api/v2.0/qris/issuer/mpm/payment-credit";
            seen.note(
                format!("credit {reference}"),
                signed(client, path, &body).await,
            );
        }
        Step::Disburse {
            reference,
            rupiah,
            prefix,
        } => {
            let body = json!({
                "account_id": client.account, "reference_number": format!("D{reference}"),
                "bank_code": "002", "amount": rupiah,
                "bank_account_number": format!("{}00000000001", PREFIXES[prefix]),
            });
            let path = "/api/v2.0/disbursement/transfer";
            seen.note(
                format!("disburse {reference}"),
                signed(client, path, &body).await,
            );
        }
        Step::Transfer {
            reference,
            rupiah,
            back,
        } => {
            let main = &sandbox.accounts()[0];
            let (from, to) = if back {
                (&second.0, &main.number)
            } else {
                (&client.account, &second.1)
            };
            let body = json!({
                "amount": rupiah, "beneficiary_account_number": to,
                "merchant_ref_no": format!("M{reference}"),
            });
            let path = format!("/api/v1.0/account-transfer/{from}/transfer");
            signed(client, &path, &body).await;
        }
        Step::Cash { reference, notes } => {
            let body = json!({
                "account_id": client.account, "reference_number": format!("C{reference}"),
                "customer_name": "Budi", "customer_id": "C-1", "amount": notes * 50_000,
                "vendor_code": "CLWD_BRI",
            });
            let path = "/api/v1.0/cardless-withdrawals/create";
            if let Some((200, answer)) = signed(client, path, &body).await {
                let id = answer["data"]["transaction_id"]
                    .as_str()
                    .unwrap()
                    .to_owned();
                assert!(
                    seen.withdrawals.insert(reference, id).is_none(),
                    "withdrawal {reference} twice"
                );
            }
        }
        Step::CancelCash { reference } => {
            let body = json!({
                "account_id": client.account, "reference_number": format!("C{reference}"),
                "reason": "x",
            });
            let request = client.request("POST", "/api/v1.0/cardless-withdrawals/cancel");
            let _ = request.body(body.to_string()).send().await;
        }
        Step::FetchCash { reference } => {
            if let Some(id) = seen.withdrawals.get(&reference) {
                let _ = sandbox.complete_cardless_withdrawal(id);
            }
        }
        Step::Link { reference, rupiah } => {
            let body = json!({
                "reff_no": format!("L{reference}"), "payment_link_type": "total",
                "total_amount": rupiah, "max_usage": 0,
            });
            let path = format!("/api/v2.0/payment-link/{}", client.account);
            let _ = client
                .request("POST", &path)
                .body(body.to_string())
                .send()
                .await;
        }
        Step::Pay { reference } => {
            let _ = sandbox.pay_payment_link(&format!("L{reference}"), Payer::default());
        }
        Step::Va { rupiah, is_open } => {
            let mut body = json!({
                "bank_code": "BNI", "kind": "permanent", "amount": rupiah,
                "min_amount": 10_000, "max_amount": rupiah,
            });
            body["amount_type"] = json!(if is_open { "open" } else { "closed" });
            let path = format!("/api/v1.0/virtual-accounts/{}", client.account);
            let made = created(client, &path, &body).await;
            let most = is_open.then_some(rupiah);
            let number = made["number"].as_str();
            seen.vas
                .extend(number.map(|number| (number.to_owned(), most)));
        }
        Step::PayVa {
            at,
            rupiah,
            outcome,
        } => {
            if let Some((number, most)) = one_of(&seen.vas, at) {
                let amount = most.map(|most| rupiah.clamp(10_000, most));
                let _ = sandbox.pay_virtual_account(number, amount, OUTCOMES[outcome]);
            }
        }
        Step::Qris { rupiah } => {
            let path = format!("/api/v1.0/qris-dynamic/{}/generate-qr", client.account);
            let made = created(client, &path, &json!({"amount": rupiah})).await;
            seen.codes
                .extend(made["reff_no"].as_str().map(str::to_owned));
        }
        Step::PayQris { at, outcome } => {
            if let Some(code) = one_of(&seen.codes, at) {
                let _ = sandbox.pay_qris(code, OUTCOMES[outcome]);
            }
        }
        Step::Wallet { rupiah, vendor } => {
            let body = json!({
                "account_id": client.account, "amount": rupiah, "ewallet_vendor": VENDORS[vendor],
                "customer_phone": "081200000001",
            });
            let made = created(client, "/api/v2.0/ewallet-native/create-order", &body).await;
            seen.wallets.extend(made["id"].as_u64());
        }
        Step::PayWallet { at, outcome } => {
            if let Some(id) = one_of(&seen.wallets, at) {
                let _ = sandbox.pay_ewallet(&id.to_string(), OUTCOMES[outcome]);
            }
        }
        Step::Inquire { at } => {
            if let Some(id) = one_of(&seen.wallets, at) {
                let account = &client.account;
                let path = format!("/api/v1.0/ewallet-native/{account}/inquiry-status/{id}");
                let _ = client.request("GET", &path).send().await;
            }
        }
        Step::TakeBack { at, undo } => {
            if let Some(code) = one_of(&seen.codes, at) {
                let _ = if undo {
                    sandbox.cancel_settlement_refund(code)
                } else {
                    sandbox.refund_settlement(code)
                };
            }
        }
        Step::Fail { at } => {
            if let Some(id) = seen.payouts.get(at) {
                let outcome = PayoutOutcome::Failed {
                    reason: "decided".to_owned(),
                };
                let _ = sandbox.decide_payout(id, outcome);
            }
        }
        Step::Advance { seconds } => sandbox.advance(Duration::from_secs(seconds)).await,
        Step::Fault { point, action } => {
            let points = [
                FaultPoint::BeforeCommit,
                FaultPoint::AfterCommit,
                FaultPoint::DuringResponse,
            ];
            let actions = [
                FaultAction::Reset,
                FaultAction::Truncate,
                FaultAction::Html502,
                FaultAction::WrongCode("SP999".to_owned()),
            ];
            sandbox
                .add_fault(Fault::new(points[point], actions[action].clone()))
                .unwrap();
        }
    }
}

async fn check(steps: Vec<Step>, waits: bool) {
    let sandbox = Sandbox::builder()
        .balance(5_000_000)
        .account("Second", 1_000_000)
        .quirks(|q| q.ewallets_wait_for_inquiry = waits)
        .start()
        .await
        .unwrap();
    sandbox.freeze_clock();
    let mut client = Client::of(&sandbox).await;
    let account = sandbox.accounts()[1].clone();
    let second = (account.id, account.number);
    let mut seen = Seen::default();
    for step in steps {
        let told = format!("{step:?}");
        play(&sandbox, &client, &second, step, &mut seen).await;
        let audit = sandbox.audit();
        assert!(
            audit.violations.is_empty(),
            "after {told}: {:?}",
            audit.violations
        );
    }
    sandbox.clear_faults();
    client.login().await;
    // What the caller was told is still there under its reference.
    for (key, id) in &seen.accepted {
        if let Some(reference) = key.strip_prefix("disburse ") {
            let inquiry = json!({"reference_number": format!("D{reference}")});
            let path = "/api/v2.0/disbursement/{account}/inquiry-status";
            assert_eq!(
                client.post(path, inquiry).await.ok()["transaction_id"],
                json!(id)
            );
        }
    }
    let merchant = client.get("/api/v1.0/balance-inquiry").await.ok();
    let told = format!("{}.00", sandbox.audit().in_accounts);
    assert_eq!(merchant["balance"]["value"], told);
}

proptest! {
    #![proptest_config(Config { cases: 64, failure_persistence: None, ..Config::default() })]

    #[test]
    fn the_books_balance(steps in prop::collection::vec(step(), 1..40), waits: bool) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(check(steps, waits));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_pay_a_reference_out_once() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = std::sync::Arc::new(Client::of(&sandbox).await);
    let before = client.available().await;
    let tasks: Vec<_> = (0..32)
        .map(|at| {
            let client = client.clone();
            tokio::spawn(async move {
                let body = client.topup(&format!("R-{}", at % 4), 10_000);
                client
                    .signed("/api/v2.0/ewallet/trigger-topup", body)
                    .await
                    .status
            })
        })
        .collect();
    let mut accepted = 0;
    for task in tasks {
        accepted += usize::from(task.await.unwrap() == 200);
    }
    assert_eq!(accepted, 4);
    assert_eq!(client.available().await, before - 4 * 11_000);
}
