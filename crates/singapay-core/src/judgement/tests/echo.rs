//! An accepted payout is the one that was asked for.

use super::*;

fn accepted(change: impl FnOnce(&mut Value)) -> Judgement {
    let asked =
        json!({"reference_number": "R1", "amount": 10_000, "bank_code": "002", "account": "0123"});
    let mut told = json!({"response_code": "SP000", "data": {
        "transaction_id": "T1", "transaction_status": {"code": "03"}, "reference_number": "R1",
        "net_amount": {"value": "10000.00"}, "gross_amount": {"value": "11000.00"},
        "bank": {"code": "BRI", "account": "0123"},
    }});
    change(&mut told["data"]);
    let answer = answer(200, &told.to_string());
    Judgement::of(&TRANSFER, asked.to_string().as_bytes(), &answer, false)
}

#[test]
fn an_accepted_payout_is_the_one_that_was_asked_for() {
    assert!(accepted(|_| {}).is_success());
    for (name, value) in [
        ("net_amount", json!(10_000)),
        ("net_amount", json!("10000")),
        ("net_amount", json!(null)),
        ("bank", json!({"code": "002", "account": "0123"})),
        ("bank", json!({"code": "BRINIDJA", "account": " 0123 "})),
        ("bank", json!({"code": "", "account": "01*3"})),
        ("bank", json!(null)),
        ("reference_number", json!(null)),
    ] {
        assert!(
            accepted(|data| data[name] = value.clone()).is_success(),
            "{name} {value}"
        );
    }
    // The old reading: what was asked is the gross amount.
    let gross = accepted(|data| {
        data["net_amount"] = json!("7000");
        data["gross_amount"] = json!(10_000);
    });
    assert!(gross.is_success());
    for (name, value) in [
        ("net_amount", json!(5_000)),
        ("bank", json!({"code": "014", "account": "0123"})),
        ("bank", json!({"code": "BRI", "account": "0124"})),
        ("reference_number", json!("R2")),
    ] {
        let judgement = accepted(|data| data[name] = value.clone());
        let failure = judgement.into_failure().unwrap();
        assert_eq!(failure.proof, Proof::Duplicate, "{name} {value}");
        assert_eq!(failure.reason, Some(Reason::DuplicateReference));
    }
}

#[test]
fn a_payout_without_what_identifies_it_is_not_accepted() {
    for (name, value) in [
        ("transaction_id", json!(null)),
        ("transaction_id", json!(" ")),
        ("transaction_status", json!(null)),
        ("transaction_status", json!({"code": ""})),
        ("transaction_status", json!([])),
    ] {
        let failure = accepted(|data| data[name] = value.clone())
            .into_failure()
            .unwrap();
        assert_eq!(failure.proof, Proof::Nothing, "{name} {value}");
        assert_eq!(failure.kind, FailureKind::Decode);
    }
}

#[test]
fn an_error_beside_an_accepted_payout_is_ambiguous() {
    for (name, value) in [
        ("error", json!({"code": 500, "message": "failed"})),
        ("error", json!("failed")),
        ("status", json!(500)),
    ] {
        let body = |value: Value| {
            let mut body = json!({"response_code": "SP000", "data": {
                "transaction_id": "T1", "transaction_status": {"code": "03"},
            }});
            body[name] = value;
            body.to_string()
        };
        let failure = failure(&TRANSFER, 200, &body(value));
        assert_eq!(failure.proof, Proof::Nothing, "{name}");
        assert!(succeeds(&TRANSFER, 200, &body(json!(null))), "{name}");
    }
}

#[test]
fn a_telephone_is_the_same_with_and_without_its_prefix() {
    let wallet = Operation {
        payout: TRANSFER.payout.map(|payout| Payout {
            bank: None,
            ..payout
        }),
        ..TRANSFER
    };
    let bare = json!({"code": "BRI", "account": "+62 812-3"});
    let judgement = |asked: &str| {
        let asked = json!({"account": asked}).to_string();
        let told = json!({"response_code": "SP000", "data": {
            "transaction_id": "T1", "transaction_status": {"code": "03"}, "bank": bare,
        }});
        let answer = answer(200, &told.to_string());
        Judgement::of(&wallet, asked.as_bytes(), &answer, false)
    };
    for same in ["08123", "628123", "+628123", "8123"] {
        assert!(judgement(same).is_success(), "{same}");
    }
    assert!(!judgement("08124").is_success());
}

#[test]
fn amounts_that_differ_by_cents_or_below_what_was_asked_are_others() {
    for (name, value) in [
        (
            "net_amount",
            json!({"value": "99999.50", "currency": "IDR"}),
        ),
        ("net_amount", json!("10000.01")),
        ("net_amount", json!(9_999.5)),
        (
            "net_amount",
            json!({"value": "10000.00", "currency": "USD"}),
        ),
    ] {
        let judgement = accepted(|data| data[name] = value.clone());
        let failure = judgement.into_failure().unwrap();
        assert_eq!(failure.proof, Proof::Duplicate, "{name} {value}");
    }
    // A gross amount is never less than what reaches the beneficiary.
    let less = accepted(|data| {
        data["net_amount"] = json!(null);
        data["gross_amount"] = json!("9999.00");
    });
    assert_eq!(less.into_failure().unwrap().proof, Proof::Duplicate);
}

#[test]
fn a_mask_hides_digits_and_no_difference() {
    let to = |asked: &str, told: Value| {
        let asked = json!({"account": asked}).to_string();
        let told = json!({"response_code": "SP000", "data": {
            "transaction_id": "T1", "transaction_status": {"code": "03"}, "bank": {"account": told},
        }});
        let answer = answer(200, &told.to_string());
        Judgement::of(&TRANSFER, asked.as_bytes(), &answer, false).is_success()
    };
    for (asked, told, same) in [
        ("1234567890", json!("******7890"), true),
        ("1234567890", json!("123XXXX890"), true),
        ("1234567890", json!("******7891"), false),
        ("1234567890", json!("223XXXX890"), false),
        ("1234567890", json!("**********"), true),
        ("00020101EXXON1", json!("00020101EXXON2"), false),
        ("00020101EXXON1", json!("00020101EXXON1"), true),
        // A number loses its zeros; a text that lacks them is another account.
        ("0012345678", json!(12_345_678), true),
        ("0012345678", json!("12345678"), false),
        // These are two accounts of one bank.
        ("081234567890", json!("6281234567890"), false),
        ("081234567890", json!("81234567890"), false),
    ] {
        assert_eq!(to(asked, told.clone()), same, "{asked} {told}");
    }
}

#[test]
fn what_is_no_identifier_identifies_nothing() {
    for value in [json!(false), json!(true), json!([]), json!({"id": "T1"})] {
        let failure = accepted(|data| data["transaction_id"] = value.clone()).into_failure();
        assert_eq!(
            failure.map(|failure| failure.proof),
            Some(Proof::Nothing),
            "{value}"
        );
    }
}
