//! Proof of each code, by host and operation.

use super::*;

#[test]
fn codes_prove_what_the_table_says_whatever_the_status() {
    for row in CODES.iter().filter(|row| matches!(row.only, Only::All)) {
        let operation = Operation {
            host: row.host,
            envelope: Envelope::V2,
            ..TRANSFER
        };
        for status in [200, 400, 401, 403, 404, 409, 422] {
            let proof = match judge(&operation, status, &v2(row.code)).into_failure() {
                Some(failure) => failure.proof,
                None => Proof::Accepted,
            };
            let expected = match row.proof {
                // Without its data a payout is not accepted, and under a failing status it is none.
                Proof::Accepted => Proof::Nothing,
                proof => proof,
            };
            assert_eq!(proof, expected, "{status} {}", row.code);
        }
    }
}

#[test]
fn codes_of_another_host_and_unknown_ones_prove_nothing() {
    for status in [200, 400, 401, 403, 404, 405, 409, 422] {
        for (operation, code) in [
            (&TRANSFER, "SP777"),
            (&TRANSFER, "00"),
            (&TRANSFER, "04"),
            (&TRANSFER, "UNAUTHORIZED"),
            (&BILL, "SP003"),
            (&BILL, "SP013"),
            (&BILL, "68"),
            (&BILL, "03"),
            (&BILL, "5"),
            (&BILL, "99"),
        ] {
            let failure = failure(operation, status, &v2(code));
            assert_eq!(failure.proof, Proof::Nothing, "{status} {code}");
            assert!(!failure.rejects_token, "{status} {code}");
            assert_eq!(failure.kind, FailureKind::Gateway, "{status} {code}");
        }
    }
}

#[test]
fn the_billers_codes_are_its_own() {
    let said = |code: &str| json!({"command": "pulsa", "response_code": code}).to_string();
    for (code, expected) in [
        ("06", Proof::Refused),
        ("6", Proof::Refused),
        ("04", Proof::Refused),
        ("07", Proof::Duplicate),
        ("7", Proof::Duplicate),
        ("02", Proof::Nothing),
    ] {
        assert_eq!(proof(&BILL, 200, &said(code)), expected, "{code}");
    }
    // An earlier attempt whose outcome is ambiguous may have been the one that paid.
    let again = Judgement::of(&BILL, b"", &answer(200, &said("06")), true);
    assert_eq!(again.failure().unwrap().proof, Proof::Nothing);
    assert_eq!(again.failure().unwrap().kind, FailureKind::Gateway);
}

#[test]
fn the_older_apis_duplicates_and_refusals_are_what_they_are_called() {
    for (status, code, expected) in [
        (409, "4099901", Proof::Duplicate),
        (409, "4099902", Proof::Duplicate),
        (404, "4049911", Proof::Refused),
        (403, "4039914", Proof::Refused),
        (403, "4039915", Proof::Refused),
        (403, "4039923", Proof::Refused),
        (422, "4229901", Proof::Refused),
        (504, "5049900", Proof::Nothing),
        (400, "5049900", Proof::Nothing),
    ] {
        assert_eq!(proof(&TRANSFER, status, &v2(code)), expected, "{code}");
        let number = format!(r#"{{"response_code":{code}}}"#);
        assert_eq!(proof(&TRANSFER, status, &number), expected, "{code}");
    }
}

#[test]
fn a_conflict_is_a_duplicate_only_where_references_are_refused() {
    assert_eq!(proof(&TRANSFER, 409, ""), Proof::Duplicate);
    let other = Operation {
        reference: None,
        ..TRANSFER
    };
    assert_eq!(proof(&other, 409, ""), Proof::Nothing);
}

#[test]
fn one_code_means_different_things() {
    assert_eq!(kind(&CARD, 400, &v2("SP001")), FailureKind::Refused);
    assert_eq!(
        failure(&CARD, 400, &v2("SP001")).reason,
        Some(Reason::Declined)
    );
    assert_eq!(kind(&TRANSFER, 400, &v2("SP001")), FailureKind::Gateway);
    let cancel = Operation {
        id: "cancel_card_payment",
        ..WRITE
    };
    assert_eq!(
        failure(&cancel, 400, &v2("SP012")).reason,
        Some(Reason::WrongState)
    );
    assert_eq!(
        failure(&WRITE, 400, &v2("SP012")).reason,
        Some(Reason::BadRequest)
    );
}
