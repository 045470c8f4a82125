use bytes::Bytes;
use http::HeaderMap;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    envelope::{Biller, Flat, Identity, V1, V2},
    operation::{Authentication, Echo, Evidence, Payout, Reference},
};

const READ: Operation = Operation {
    id: "get_thing",
    host: Host::Payment,
    method: "GET",
    path: "/api/v1.0/thing",
    product: "things",
    authentication: Authentication::Bearer,
    signed: false,
    effect: Effect::Read,
    envelope: Envelope::V2,
    reference: None,
    inquiry: None,
    essential: &[],
    payout: None,
    optional_body: false,
    evidence: Evidence::Live,
};

const WRITE: Operation = Operation {
    id: "make_thing",
    effect: Effect::Write,
    ..READ
};

const CARD: Operation = Operation {
    id: "create_card_payment",
    product: "cards",
    effect: Effect::MoneyIn,
    ..READ
};

const TRANSFER: Operation = Operation {
    id: "transfer",
    method: "POST",
    product: "transfers",
    effect: Effect::MoneyOut,
    reference: Some(Reference {
        field: "reference_number",
        replay: Replay::RefusedAsDuplicate,
    }),
    essential: &["transaction_id", "transaction_status.code"],
    payout: Some(Payout {
        amount: Some("amount"),
        bank: Some("bank_code"),
        beneficiary: "account",
        echo: Echo {
            amounts: &["net_amount"],
            gross: Some("gross_amount"),
            bank: Some("bank.code"),
            beneficiary: Some("bank.account"),
            same: &[("reference_number", "reference_number")],
        },
    }),
    ..READ
};

const BILL: Operation = Operation {
    id: "pay_bill",
    host: Host::Biller,
    effect: Effect::MoneyOut,
    envelope: Envelope::Biller,
    ..READ
};

fn answer(status: u16, body: &str) -> Answer {
    Answer {
        status: StatusCode::from_u16(status).unwrap(),
        headers: HeaderMap::new(),
        body: Bytes::copy_from_slice(body.as_bytes()),
    }
}

fn judge(operation: &Operation, status: u16, body: &str) -> Judgement {
    Judgement::of(operation, b"", &answer(status, body), false)
}

fn failure(operation: &Operation, status: u16, body: &str) -> Failure {
    judge(operation, status, body).into_failure().unwrap()
}

fn proof(operation: &Operation, status: u16, body: &str) -> Proof {
    failure(operation, status, body).proof
}

fn kind(operation: &Operation, status: u16, body: &str) -> FailureKind {
    failure(operation, status, body).kind
}

fn v2(code: &str) -> String {
    json!({"response_code": code, "response_message": "x", "data": null}).to_string()
}

fn with(envelope: Envelope) -> Operation {
    let host = match envelope {
        Envelope::Biller => Host::Biller,
        Envelope::Identity => Host::Identity,
        _ => Host::Payment,
    };
    Operation {
        host,
        envelope,
        ..READ
    }
}

fn succeeds(operation: &Operation, status: u16, body: &str) -> bool {
    judge(operation, status, body).is_success()
}

#[test]
fn the_operations_own_envelope_decides() {
    use Envelope::{Any, Biller, Flat, Identity, V1, V2};
    for (envelope, status, body, success) in [
        (V2, 200, r#"{"response_code":"SP000","data":{}}"#, true),
        (V2, 400, r#"{"response_code":"SP000"}"#, false),
        (V2, 200, r#"{"response_code":"SP001"}"#, false),
        (V2, 200, r#"{"response_code":"SP0000"}"#, false),
        (V2, 200, r#"{"response_code":null}"#, false),
        (V2, 200, r#"{"status":200,"success":true}"#, false),
        (V2, 500, r#"{"response_code":"SP000"}"#, false),
        (V2, 302, r#"{"response_code":"SP000"}"#, false),
        (
            V2,
            200,
            r#"{"response_code":"SP000","success":false}"#,
            false,
        ),
        (
            V2,
            200,
            r#"{"response_code":"SP000","response_code":"SP001"}"#,
            false,
        ),
        (V2, 200, r#"{"data":{"response_code":"SP000"}}"#, false),
        (V1, 200, r#"{"status":200,"success":true}"#, true),
        (V1, 200, r#"{"success":1}"#, true),
        (V1, 200, r#"{"success":false}"#, false),
        (V1, 200, r#"{"status":200}"#, false),
        (V1, 500, r#"{"success":true}"#, false),
        (V1, 403, r#"{"response_code":"SP403"}"#, false),
        (
            V1,
            200,
            r#"{"success":true,"response_code":"SP403"}"#,
            false,
        ),
        (
            Biller,
            200,
            r#"{"command":"pulsa","response_code":"00"}"#,
            true,
        ),
        (
            Biller,
            200,
            r#"{"command":"pulsa","response_code":0}"#,
            true,
        ),
        (
            Biller,
            200,
            r#"{"command":"pulsa","response_code":"1"}"#,
            true,
        ),
        (
            Biller,
            404,
            r#"{"command":"pulsa","response_code":"6"}"#,
            false,
        ),
        (
            Biller,
            200,
            r#"{"command":"pulsa","response_code":"68"}"#,
            false,
        ),
        (
            Biller,
            401,
            r#"{"status":401,"success":false,"error":{}}"#,
            false,
        ),
        (
            Biller,
            200,
            r#"{"command":"pulsa","response_code":"SP000"}"#,
            false,
        ),
        (V2, 200, r#"{"response_code":"00"}"#, false),
        (Any, 204, "", true),
        (Any, 204, "{}", false),
        (Any, 200, "", false),
        (Any, 200, r#"{"response_code":"SP000"}"#, true),
        (Any, 200, r#"{"success":true}"#, true),
        (
            Any,
            200,
            r#"{"command":"pulsa","response_code":"00"}"#,
            false,
        ),
        (
            Identity,
            200,
            r#"{"code":"SUCCESS","request_id":"1"}"#,
            true,
        ),
        (Identity, 409, r#"{"code":"DUPLICATE_REFERENCE"}"#, false),
        (Identity, 200, r#"{"code":"DUPLICATE_REFERENCE"}"#, false),
        (Identity, 409, r#"{"code":"SUCCESS"}"#, false),
        (
            Biller,
            500,
            r#"{"command":"a","response_code":"00"}"#,
            false,
        ),
        (Biller, 200, r#"{"command":"a","response_code":"x"}"#, false),
        (V1, 200, r#"{"success":true,"response_code":"SP000"}"#, true),
        (Flat, 200, r#"{"access_token":"t"}"#, true),
        (
            Flat,
            401,
            r#"{"message":"invalid credential or signature"}"#,
            false,
        ),
        (Flat, 200, r#"{"success":false}"#, false),
        (Flat, 200, r#"{"error":{"code":401}}"#, false),
    ] {
        assert_eq!(
            succeeds(&with(envelope), status, body),
            success,
            "{envelope:?} {status} {body}"
        );
    }
}

#[test]
fn only_a_whole_object_is_looked_at() {
    for body in [
        "",
        "<html>502</html>",
        "[]",
        "null",
        r#""SP000""#,
        r#"{"response_code":"SP000","#,
        r#"{"response_code":"SP000"}}"#,
        r#"{"response_code":"SP000"} x"#,
    ] {
        assert!(!succeeds(&READ, 200, body), "{body}");
    }
}

#[test]
fn made_envelopes_are_successes() {
    let success = |envelope, body: Value| succeeds(&with(envelope), 200, &body.to_string());
    let value = |body: Result<Value, _>| body.unwrap();
    let data = json!({"id": "1"});
    for (envelope, body) in [
        (Envelope::V1, value(serde_json::to_value(V1::new(&data)))),
        (Envelope::V2, value(serde_json::to_value(V2::new(&data)))),
        (
            Envelope::Biller,
            value(serde_json::to_value(Biller::new("pulsa", &data))),
        ),
        (
            Envelope::Identity,
            value(serde_json::to_value(Identity::new(&data))),
        ),
        (Envelope::Flat, value(serde_json::to_value(Flat(&data)))),
    ] {
        assert!(success(envelope, body), "{envelope:?}");
    }
}

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
    // An earlier attempt that was left open may have been the one that paid.
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
fn an_answer_that_contradicts_itself_proves_nothing() {
    for status in [200, 400, 401, 403, 404, 405, 409, 422] {
        for body in [
            r#"{"response_code":"SP003","success":true}"#,
            r#"{"response_code":"SP013","data":{"transaction_id":"T1"}}"#,
            r#"{"response_code":"SP013","transaction_id":7}"#,
            r#"{"response_code":"SP018","data":{"transaction_status":{"code":"06"}}}"#,
            r#"{"response_code":"SP018","data":{"transaction_status":"success"}}"#,
            r#"{"response_code":"SP003","code":"SP000"}"#,
            r#"{"response_code":"SP003","code":"UNAUTHORIZED"}"#,
            r#"{"response_code":"SP013","error":{"code":"SP001"}}"#,
            r#"{"response_code":422,"code":"SP000"}"#,
            r#"{"response_code":"SP000","response_code":"SP003"}"#,
            r#"{"data":{"transaction_id":"1"},"response_code":"SP003","data":null}"#,
            r#"{"success":true,"success":false,"error":{"code":422}}"#,
            r#"{"response_code":"SP000","success":false,"data":{"transaction_id":"1"}}"#,
        ] {
            let failure = failure(&TRANSFER, status, body);
            assert_eq!(failure.proof, Proof::Nothing, "{status} {body}");
            assert!(!failure.rejects_token, "{status} {body}");
            let open = matches!(failure.kind, FailureKind::Gateway | FailureKind::Decode);
            assert!(open, "{status} {body}");
        }
    }
    // A refused card has its transaction all the same, and a rejected token has none.
    let declined = r#"{"response_code":"SP001","data":{"transaction_id":"T1"}}"#;
    assert_eq!(kind(&CARD, 400, declined), FailureKind::Refused);
    let rejected = r#"{"response_code":"SP013","data":{"transaction_id":"T1"}}"#;
    assert!(!failure(&CARD, 401, rejected).rejects_token);
    // What a field error or an empty thing names is no transaction.
    for data in [
        r#"{}"#,
        r#"[]"#,
        r#"{"errors":{"amount":["x"]}}"#,
        r#"{"transaction_id":["is required"]}"#,
        r#"{"transaction_id":"","transaction_status":{}}"#,
    ] {
        let body = format!(r#"{{"response_code":"SP013","data":{data}}}"#);
        assert_eq!(proof(&TRANSFER, 401, &body), Proof::Refused, "{data}");
        assert!(failure(&TRANSFER, 401, &body).rejects_token, "{data}");
    }
}

#[test]
fn a_body_that_is_there_and_cannot_be_read_proves_nothing() {
    let accepted = r#"{"response_code":"SP000","data":{"transaction_id":"T1"}}"#;
    for status in [401, 403, 404, 405, 422] {
        for body in [
            format!("\u{feff}{accepted}"),
            accepted[..30].to_owned(),
            format!("{accepted}\0"),
            "<html>blocked</html>".to_owned(),
            "[]".to_owned(),
            "null".to_owned(),
        ] {
            let failure = failure(&TRANSFER, status, &body);
            assert_eq!(failure.proof, Proof::Nothing, "{status} {body}");
            assert_eq!(failure.kind, FailureKind::Gateway, "{status} {body}");
            assert!(!failure.rejects_token, "{status} {body}");
            assert_eq!(
                kind(&WRITE, status, &body),
                FailureKind::Gateway,
                "{status} {body}"
            );
            assert_ne!(
                kind(&READ, status, &body),
                FailureKind::Gateway,
                "{status} {body}"
            );
        }
        // Nothing at all, or a body that says no more than the status, leaves the status alone to speak.
        for body in ["", " \n", "{}", r#"{"message":"Not found"}"#] {
            assert_eq!(
                proof(&TRANSFER, status, body),
                Proof::Refused,
                "{status} {body}"
            );
        }
        let v1 = format!(r#"{{"success":false,"error":{{"code":{status},"message":"x"}}}}"#);
        assert_eq!(proof(&TRANSFER, status, &v1), Proof::Refused, "{status}");
    }
    for status in [200, 202, 204, 400, 402, 408, 418] {
        assert_eq!(proof(&TRANSFER, status, ""), Proof::Nothing, "{status}");
    }
}

#[test]
fn under_some_statuses_no_code_is_believed() {
    for status in [
        301, 302, 307, 308, 406, 408, 425, 429, 500, 502, 503, 504, 600, 999,
    ] {
        for body in [
            v2("SP003"),
            v2("SP004"),
            v2("SP018"),
            v2("SP013"),
            "<html>".to_owned(),
        ] {
            let failure = failure(&TRANSFER, status, &body);
            assert_eq!(failure.proof, Proof::Nothing, "{status} {body}");
            assert!(!failure.rejects_token, "{status} {body}");
        }
        assert!(!succeeds(&READ, status, r#"{"response_code":"SP000"}"#));
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

#[test]
fn any_write_is_left_open_by_what_nobody_knows() {
    for operation in [&WRITE, &CARD] {
        for status in [400, 403, 404, 422] {
            assert_eq!(kind(operation, status, &v2("SP777")), FailureKind::Gateway);
        }
        assert_eq!(kind(operation, 408, ""), FailureKind::Gateway);
        assert_eq!(kind(operation, 400, ""), FailureKind::Refused);
        assert_eq!(kind(operation, 401, ""), FailureKind::Credential);
        let open = Judgement::of(operation, b"", &answer(422, &v2("SP018")), true);
        assert_eq!(open.failure().unwrap().kind, FailureKind::Gateway);
    }
    assert_eq!(kind(&READ, 400, &v2("SP777")), FailureKind::Refused);
    let later = Judgement::of(&READ, b"", &answer(422, &v2("SP018")), true);
    assert_eq!(later.failure().unwrap().kind, FailureKind::Refused);
}

#[test]
fn every_status_has_its_kind() {
    for (status, body, expected) in [
        (302, "", FailureKind::Redirect),
        (429, "", FailureKind::RateLimited),
        (502, "<html>", FailureKind::Gateway),
        (600, "", FailureKind::Gateway),
        (401, "", FailureKind::Credential),
        (403, "", FailureKind::Credential),
        (404, "", FailureKind::Refused),
        (422, "", FailureKind::Refused),
        (200, "", FailureKind::Decode),
        (200, "{", FailureKind::Decode),
    ] {
        assert_eq!(kind(&TRANSFER, status, body), expected, "{status}");
    }
    for (status, expected) in [
        (200, FailureKind::Decode),
        (302, FailureKind::Redirect),
        (400, FailureKind::Credential),
        (401, FailureKind::Credential),
        (422, FailureKind::Credential),
        (429, FailureKind::RateLimited),
        (502, FailureKind::Gateway),
    ] {
        assert_eq!(
            Failure::of_token(&answer(status, "")).kind,
            expected,
            "{status}"
        );
    }
    let refused = Failure::of_token(&answer(400, r#"{"code":"IP_NOT_ALLOWED"}"#));
    assert_eq!(refused.reason, Some(Reason::IpNotRegistered));
}

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
fn an_error_beside_an_accepted_payout_leaves_it_open() {
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
fn the_wait_that_the_gateway_asks_for_is_read_in_both_forms() {
    let with = |text: &str, date: Option<&str>| {
        let mut answer = answer(429, "");
        answer
            .headers
            .insert(http::header::RETRY_AFTER, text.parse().unwrap());
        if let Some(date) = date {
            answer
                .headers
                .insert(http::header::DATE, date.parse().unwrap());
        }
        answer
    };
    let seconds = |seconds| Some(std::time::Duration::from_secs(seconds));
    let (noon, later) = (
        "Fri, 27 Nov 2026 12:00:00 GMT",
        "Fri, 27 Nov 2026 12:00:30 GMT",
    );
    assert_eq!(with("7", None).retry_after(None), seconds(7));
    assert_eq!(with(later, Some(noon)).retry_after(None), seconds(30));
    assert_eq!(with(later, None).retry_after(None), None);
    assert_eq!(with("soon", Some(noon)).retry_after(None), None);
    assert_eq!(answer(429, "").retry_after(None), None);
}

/// Bodies in which members that matter meet, whole and broken.
fn bodies() -> BoxedStrategy<String> {
    let member = prop::sample::select(vec![
        r#""success":true"#,
        r#""success":false"#,
        r#""success":"x""#,
        r#""response_code":"SP000""#,
        r#""response_code":"SP013""#,
        r#""response_code":"SP003""#,
        r#""response_code":"SP777""#,
        r#""response_code":"00""#,
        r#""response_code":"06""#,
        r#""response_code":6"#,
        r#""response_code":"4019900""#,
        r#""response_code":null"#,
        r#""code":"SUCCESS""#,
        r#""code":"UNAUTHORIZED""#,
        r#""command":"pulsa""#,
        r#""request_id":"1""#,
        r#""error":{"code":401}"#,
        r#""error":{"code":"SP013"}"#,
        r#""transaction_id":"T1""#,
        r#""data":{"transaction_id":"T1","transaction_status":{"code":"03"}}"#,
        r#""data":{"transaction_status":"success"}"#,
        r#""data":{}"#,
        r#""data":null"#,
        r#""data":[]"#,
        r#""data":{"errors":{"amount":["x"]}}"#,
        r#""message":"x""#,
    ]);
    let ends = prop::sample::select(vec!["}", "}", "}", "}", "", "}}", "}\0", "} x"]);
    let starts = prop::sample::select(vec!["{", "{", "{", "{", "\u{feff}{", "[", "<html>"]);
    (starts, prop::collection::vec(member, 0..5), ends)
        .prop_map(|(start, members, end)| format!("{start}{}{end}", members.join(",")))
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// Any status with any body: a refusal of a payout is only what nothing in the answer speaks against.
    #[test]
    fn nothing_is_proven_against_what_the_answer_says(
        status in 200..1000_u16, common in prop::sample::select(vec![200, 400, 401, 403, 404, 409, 422]),
        usual in any::<bool>(), body in bodies(), bill in any::<bool>(), open in any::<bool>(),
    ) {
        let status = if usual { common } else { status };
        let operation = if bill { &BILL } else { &TRANSFER };
        let Some(failure) = Judgement::of(operation, b"{}", &answer(status, &body), open).into_failure()
        else {
            prop_assert!((200..300).contains(&status));
            return Ok(());
        };
        let speaks = ["T1", "\"success\":true", "SP000", "SUCCESS", "transaction_status\":\"success"];
        let readable = serde_json::from_str::<Map<String, Value>>(&body);
        let against = speaks.iter().any(|words| body.contains(words))
            || readable.is_err() && !body.is_empty()
            || status >= 500 || (300..400).contains(&status) || status == 429
            || body.contains("SP777")
            || bill && body.contains(r#""response_code":"SP0"#);
        if against {
            prop_assert_ne!(failure.proof, Proof::Refused, "{} {}", status, body);
            prop_assert!(!failure.rejects_token, "{} {}", status, body);
        }
        if open {
            prop_assert_ne!(failure.proof, Proof::Refused);
        }
        if failure.rejects_token {
            prop_assert!(status == 401 || body.contains("SP013"), "{} {}", status, body);
        }
    }

    #[test]
    fn nothing_panics_on_any_bytes(body in any::<Vec<u8>>(), status in 100..1000_u16) {
        let mut answer = answer(status, "");
        answer.body = body.into();
        for operation in [&READ, &TRANSFER, &BILL] {
            let _ = Judgement::of(operation, &answer.body, &answer, false);
        }
        let _ = Failure::of_token(&answer);
    }
}

#[test]
fn a_transaction_speaks_against_a_refusal_wherever_it_stands() {
    let transfer_v1 = Operation {
        envelope: Envelope::V1,
        essential: &["transaction_id", "status"],
        ..TRANSFER
    };
    for body in [
        r#"{"response_code":"SP013","data":[{"transaction_id":"T1"}]}"#,
        r#"{"response_code":"SP013","data":{"transaction":{"transaction_id":"T1"}}}"#,
        r#"{"response_code":"SP013","error":{"data":{"transaction_id":"T1"}}}"#,
        r#"{"response_code":"SP013","data":{"transaction_id":"T1","transaction_id":""}}"#,
        r#"{"response_code":"SP013","transaction_id":"T1","transaction_id":null}"#,
        r#"{"response_code":"SP013","data":{"transaction_status":{"code":"00"},"transaction_status":null}}"#,
        r#"{"response_code":null,"response_code":"SP013"}"#,
        r#"{"success":false,"error":{"code":401},"data":{"status":"success"}}"#,
    ] {
        for status in [401, 403, 422] {
            let failure = failure(&transfer_v1, status, body);
            assert_eq!(failure.proof, Proof::Nothing, "{status} {body}");
            assert!(!failure.rejects_token, "{status} {body}");
        }
    }
    let link = Operation {
        essential: &["id", "payment_url"],
        ..WRITE
    };
    let made = r#"{"success":false,"error":{"code":401},"data":{"id":7,"payment_url":"https://a.example"}}"#;
    assert!(!failure(&link, 401, made).rejects_token);
    for ordinary in [
        r#"{"success":false,"error":{"code":401,"message":"x","errors":{"transaction_id":"is required"}}}"#,
        r#"{"response_code":"SP013","data":{"errors":{"id":["x"]}}}"#,
        r#"{"response_code":"SP013","data":{"status":null,"id":""}}"#,
    ] {
        for operation in [&transfer_v1, &link] {
            assert!(
                failure(operation, 401, ordinary).rejects_token,
                "{ordinary}"
            );
        }
    }
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
