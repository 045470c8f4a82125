//! Asking what became of a payout, on virtual time.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use singapay::{
    AbsenceRule, Clock, Ending, MoneyOut, MoneyOutPolicy, Outcome, Resolution, RetryPolicy, Rupiah,
    Singapay, TransportErrorKind, Unresolved,
    types::{EwalletCode, PrepaidPaymentCommand},
};
use support::{ACCOUNT, Script, Step, answer, refused, time::PausedTime, v1, v2};

fn client(script: &Script, time: &PausedTime) -> Singapay {
    let builder = script.builder().clock(time.clone()).timer(time.clone());
    builder.retry(RetryPolicy::never()).build().unwrap()
}

fn handle(script: &Script, time: &PausedTime) -> MoneyOut {
    let client = client(script, time);
    client.money_out(MoneyOutPolicy::new()).unwrap()
}

fn unknown<T>(outcome: Outcome<T>) -> Unresolved {
    match outcome {
        Outcome::Unknown(unresolved) | Outcome::Duplicate(unresolved) => unresolved,
        Outcome::Accepted(_) => panic!("it was accepted"),
        Outcome::Refused(error) => panic!("it was refused: {error}"),
    }
}

/// A bank transfer whose answer is lost; what comes after it is what its inquiries meet.
async fn lost_transfer(script: &Script, time: &PausedTime) -> Unresolved {
    let call = handle(script, time).transfer_disbursement();
    let call = call
        .account_id(ACCOUNT)
        .reference_number("R-1")
        .amount(Rupiah::new(10_000))
        .bank_code("002")
        .bank_account_number("1234567890");
    unknown(call.send().await.unwrap())
}

fn lost() -> Step {
    Step::Break(TransportErrorKind::Interrupted)
}

/// The transfer as its inquiry tells it; the bank has its short name there.
fn transfer(status: &str) -> Value {
    json!({
        "transaction_id": "T1", "reference_number": "R-1", "transaction_status": {"code": status},
        "bank": {"code": "BRI", "account_number": "1234567890"},
        "net_amount": {"value": "10000.00", "currency": "IDR"},
        "gross_amount": {"value": "11000.00", "currency": "IDR"},
    })
}

fn with(mut data: Value, path: &str, value: Value) -> Value {
    *data.pointer_mut(path).unwrap() = value;
    data
}

/// The rule in a word.
fn word(resolution: &Resolution) -> &'static str {
    match resolution {
        Resolution::Found(_) => "found",
        Resolution::Conflict(_) => "conflict",
        Resolution::Absent(_) => "absent",
        Resolution::Open(_) => "open",
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_paid_is_found_under_every_name_of_its_bank() {
    let time = PausedTime::new();
    let script = Script::new([lost(), refused(500, "SP019"), v2(transfer("00"))]);
    let unresolved = lost_transfer(&script, &time).await;
    let Resolution::Found(payout) = unresolved.resolve().await else {
        panic!("it should be found")
    };
    assert_eq!(payout.ending(), Some(Ending::Paid));
    assert_eq!(payout.transaction_id(), Some("T1"));
    assert_eq!(payout.gross_amount(), Some(Rupiah::new(11_000)));
    let inquiry = &script.sent()[2];
    assert_eq!(
        inquiry.target,
        format!("/api/v2.0/disbursement/{ACCOUNT}/inquiry-status")
    );
}

#[tokio::test(start_paused = true)]
async fn a_status_is_found_under_a_code_of_failure_too() {
    for code in ["SP001", "SP009", "SP005"] {
        let time = PausedTime::new();
        let body = json!({"response_code": code, "response_message": "x", "data": transfer("06")});
        let script = Script::new([lost(), answer(400, body)]);
        let unresolved = lost_transfer(&script, &time).await;
        let Resolution::Found(payout) = unresolved.resolve().await else {
            panic!("{code}: it should be found")
        };
        assert_eq!(payout.ending(), Some(Ending::Failed), "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn another_payout_under_the_reference_is_a_conflict() {
    for (path, value) in [
        ("/net_amount/value", json!("20000.00")),
        ("/bank/code", json!("014")),
        ("/bank/account_number", json!("1234567891")),
        ("/reference_number", json!("R-2")),
    ] {
        let time = PausedTime::new();
        let script = Script::new([lost(), v2(with(transfer("00"), path, value))]);
        let unresolved = lost_transfer(&script, &time).await;
        let resolution = unresolved.resolve().await;
        assert_eq!(word(&resolution), "conflict", "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_does_not_tell_whose_it_is_stays_open() {
    for path in ["/net_amount", "/bank", "/transaction_status"] {
        let time = PausedTime::new();
        let mut data = with(transfer("00"), path, Value::Null);
        if path == "/net_amount" {
            // More than was asked for: nobody knows the fee.
            data["gross_amount"] = json!({"value": "11000.00", "currency": "IDR"});
        }
        let script = Script::new([lost()]).rest(v2(data));
        let unresolved = lost_transfer(&script, &time).await;
        let resolution = unresolved.resolve().await;
        assert_eq!(word(&resolution), "open", "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn absence_takes_spaced_inquiries_over_the_documented_time() {
    let time = PausedTime::new();
    let script = Script::new([lost()]).rest(refused(404, "SP009"));
    let unresolved = lost_transfer(&script, &time).await;
    let sent = time.now();
    let resolution = unresolved.resolve().await;
    let Resolution::Absent(absence) = resolution else {
        panic!("it should be absent: {resolution:?}")
    };
    assert_eq!(absence.inquiries, 5);
    // A call that sets no bound may take a minute; two more are the margin.
    assert!(absence.first.unwrap().since(sent) >= Duration::from_secs(180));
    assert!(time.now().since(sent) >= Duration::from_secs(180 + 15 * 60));
}

#[tokio::test(start_paused = true)]
async fn nothing_else_counts_as_not_found() {
    let v1_404 = || {
        let body = json!({"status": 404, "success": false, "error": {"code": 404, "message": "x"}});
        answer(404, body)
    };
    for (name, step) in [
        ("403", answer(403, "")),
        ("404", answer(404, "")),
        ("404 of version 1", v1_404()),
        ("SP014", refused(404, "SP014")),
        ("SP020", refused(404, "SP020")),
        ("SP017", refused(403, "SP017")),
        ("SP009 under 500", refused(500, "SP009")),
        ("SP009 under 429", refused(429, "SP009")),
        ("SP001", refused(400, "SP001")),
        ("nothing", answer(200, "")),
        ("SP000 without data", v2(Value::Null)),
        (
            "a success beside it",
            answer(404, json!({"response_code": "SP009", "success": true})),
        ),
        (
            "another code beside it",
            answer(404, json!({"response_code": "SP009", "code": "SP005"})),
        ),
        (
            "a transaction beside it",
            answer(
                404,
                json!({"response_code": "SP009", "data": {"transaction_id": "T-1"}}),
            ),
        ),
        (
            "an error beside it",
            answer(404, json!({"response_code": "SP009", "error": {}})),
        ),
        ("silence", lost()),
    ] {
        let time = PausedTime::new();
        let script = Script::new([lost()]).rest(step);
        let unresolved = lost_transfer(&script, &time).await;
        let resolution = unresolved.resolve().await;
        assert_eq!(word(&resolution), "open", "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_rule_and_the_patience_are_the_callers() {
    let time = PausedTime::new();
    let script = Script::new([lost()]).rest(refused(404, "SP009"));
    let unresolved = lost_transfer(&script, &time).await;
    let second = Duration::from_secs(1);
    let rule = AbsenceRule::new(2, second, Duration::ZERO);
    let resolution = unresolved.resolve().with_rule(rule).await;
    assert_eq!(word(&resolution), "absent");
    let impatient = unresolved.resolve().with_patience(second);
    assert_eq!(word(&impatient.await), "open");
}

#[tokio::test(start_paused = true)]
async fn what_shows_up_late_is_found_although_it_was_missed() {
    let time = PausedTime::new();
    let missed = std::iter::repeat_n(refused(404, "SP009"), 9);
    let steps = [lost()]
        .into_iter()
        .chain(missed)
        .chain([v2(transfer("03"))]);
    let script = Script::new(steps);
    let unresolved = lost_transfer(&script, &time).await;
    let Resolution::Found(payout) = unresolved.resolve().await else {
        panic!("it should be found")
    };
    assert_eq!(payout.ending(), None);
}

#[tokio::test(start_paused = true)]
async fn top_ups_and_codes_have_inquiries_of_their_own() {
    let time = PausedTime::new();
    let topup = json!({
        "transaction_id": "T1", "reference_number": "R-1", "transaction_status": {"code": "00"},
        "ewallet": {"code": "DANA", "customer_number": "081200000001"},
        "amount": {"value": "10000.00", "currency": "IDR"},
    });
    let script = Script::new([lost(), v2(topup)]);
    let call = handle(&script, &time).topup_ewallet().account_id(ACCOUNT);
    let call = call
        .reference_number("R-1")
        .ewallet_code(EwalletCode::Dana)
        .customer_number("081200000001")
        .amount(singapay::Money::idr(Rupiah::new(10_000)));
    let unresolved = unknown(call.send().await.unwrap());
    assert_eq!(word(&unresolved.resolve().await), "found");

    let credit = json!({
        "transaction_id": "T1", "reference_number": "R-1", "transaction_status": {"code": "03"},
        "qr_data": "00020101021226620015ID", "gross_amount": {"value": "10000", "currency": "IDR"},
    });
    let script = Script::new([lost(), v2(credit)]);
    let call = handle(&script, &time).pay_qris().account_id(ACCOUNT);
    let call = call
        .reference_number("R-1")
        .amount(Rupiah::new(10_000))
        .qr_data("00020101021226620015ID")
        .customer_name("Rina Wijaya");
    let unresolved = unknown(call.send().await.unwrap());
    assert_eq!(word(&unresolved.resolve().await), "found");
    assert!(
        script.sent()[1]
            .body
            .windows(6)
            .any(|part| part == b"issuer")
    );
}

async fn lost_withdrawal(script: &Script, time: &PausedTime) -> Unresolved {
    let call = handle(script, time).create_cardless_withdrawal();
    let call = call
        .account_id(ACCOUNT)
        .reference_number("R-1")
        .amount(Rupiah::new(50_000))
        .customer_id("081200000001")
        .customer_name("Rina Wijaya")
        .vendor_code("CLWD_BRI");
    unknown(call.send().await.unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_withdrawal_that_is_not_there_is_looked_up_in_the_list() {
    let row = |reference: Value, created: &str| {
        json!({
            "reference_number": reference, "status": "open", "amount": 50_000,
            "created_at": created,
        })
    };
    let (now, before) = ("2026-08-21T16:21:00+07:00", "2026-08-20T16:21:00+07:00");
    for (rows, expected) in [
        (json!([]), "absent"),
        (json!([row(json!("R-2"), now)]), "absent"),
        (json!([row(Value::Null, before)]), "absent"),
        (json!([row(Value::Null, now)]), "open"),
        (json!([row(json!("R-1"), now)]), "found"),
        (
            json!([with(row(json!("R-1"), now), "/amount", json!(100_000))]),
            "conflict",
        ),
    ] {
        let time = PausedTime::new();
        let not_there = answer(
            404,
            json!({"status": 404, "success": false, "error": {"code": 404}}),
        );
        let list = json!({
            "status": 200, "success": true, "data": rows, "pagination": {
                "total": rows.as_array().unwrap().len(), "perPage": 25, "currentPage": 1,
                "totalPages": 1,
            },
        });
        let looks = (0..40).flat_map(|_| [not_there.clone(), answer(200, &list)]);
        let script = Script::new([lost()].into_iter().chain(looks));
        let unresolved = lost_withdrawal(&script, &time).await;
        assert_eq!(word(&unresolved.resolve().await), expected, "{rows}");
    }
}

#[tokio::test(start_paused = true)]
async fn account_transfers_and_bills_are_looked_up_in_lists() {
    let time = PausedTime::new();
    let row = |amount: i64| {
        json!({
            "transaction_id": "T1", "merchant_ref_no": "R-1", "status": "success",
            "amount": {"value": amount, "currency": "IDR"},
            "beneficiary": {"account_number": "123456789012"},
        })
    };
    for (rows, expected) in [
        (json!([row(10_000)]), "found"),
        (json!([row(9_000)]), "conflict"),
        (json!([]), "absent"),
    ] {
        let script = Script::new([lost()]).rest(v1(rows));
        let call = handle(&script, &time).transfer_between_accounts();
        let call = call
            .amount(Rupiah::new(10_000))
            .beneficiary_account_number("123456789012")
            .merchant_ref_no("R-1");
        let unresolved = unknown(call.send().await.unwrap());
        assert_eq!(word(&unresolved.resolve().await), expected);
    }
    let bill = |status: &str, paid: Value| {
        json!([{
            "transaction_id": "T1", "reference_number": "R-1", "customer_id": "081200000001",
            "status": status, "paid_at": paid, "product": {"code": "PLN20"},
        }])
    };
    for (rows, expected) in [
        (bill("success", json!("2026-08-21 16:20:00")), "found"),
        (bill("pending", Value::Null), "open"),
        (json!([]), "absent"),
    ] {
        let list = json!({
            "command": "list-bill-transaction", "response_code": "00", "response_text": "x",
            "data": {"bill_transactions": rows, "pagination": {
                "current_page": 1, "last_page": 1, "per_page": 10,
                "total": rows.as_array().unwrap().len(),
            }},
        });
        let script = Script::new([lost()]).rest(answer(200, list));
        let call = handle(&script, &time).pay_prepaid();
        let call = call
            .command(PrepaidPaymentCommand::Plntok)
            .customer_id("081200000001")
            .password("pw")
            .product_code("PLN20")
            .reference_number("R-1");
        let unresolved = unknown(call.send().await.unwrap());
        assert_eq!(word(&unresolved.resolve().await), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn what_has_no_reference_is_never_found_and_never_absent() {
    let time = PausedTime::new();
    let script = Script::new([lost()]);
    let call = handle(&script, &time).pay_prepaid();
    let call = call
        .command(PrepaidPaymentCommand::Pulsa)
        .customer_id("081200000001")
        .password("pw")
        .product_code("TSEL5");
    let unresolved = unknown(call.send().await.unwrap());
    assert_eq!(word(&unresolved.resolve().await), "open");
    let raw = support::payout(&handle(&script, &time));
    let unresolved = unknown(raw.send().await.unwrap());
    assert_eq!(word(&unresolved.resolve().await), "open");
    assert_eq!(script.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_accepted_payout_is_waited_for_like_a_charge() {
    let time = PausedTime::new();
    let script = Script::new([v2(transfer("03")), v2(transfer("03")), v2(transfer("00"))]);
    let read = client(&script, &time).disbursements().get_status();
    let ended = read.reference_number("R-1").wait().await.unwrap();
    assert!(ended.is_paid());
    assert_eq!(script.count(), 3);
}
