//! Contradictions of a refusal, so that it proves nothing.

use super::*;

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
            r#"{"response_code":"SP003","code":423}"#,
            r#"{"response_code":"SP000","response_code":"SP003"}"#,
            r#"{"data":{"transaction_id":"1"},"response_code":"SP003","data":null}"#,
            r#"{"success":true,"success":false,"error":{"code":422}}"#,
            r#"{"response_code":"SP000","success":false,"data":{"transaction_id":"1"}}"#,
        ] {
            let failure = failure(&TRANSFER, status, body);
            assert_eq!(failure.proof, Proof::Nothing, "{status} {body}");
            assert!(!failure.rejects_token, "{status} {body}");
            let ambiguous = matches!(failure.kind, FailureKind::Gateway | FailureKind::Decode);
            assert!(ambiguous, "{status} {body}");
        }
    }
    // A refused card has its transaction all the same, and a rejected token has none.
    let declined = r#"{"response_code":"SP001","data":{"transaction_id":"T1"}}"#;
    assert_eq!(kind(&CARD, 400, declined), FailureKind::Refused);
    let rejected = r#"{"response_code":"SP013","data":{"transaction_id":"T1"}}"#;
    assert!(!failure(&CARD, 401, rejected).rejects_token);
    // A transaction is not named by a field error or an empty thing.
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
fn what_nobody_knows_is_ambiguous_to_any_write() {
    for operation in [&WRITE, &CARD] {
        for status in [400, 403, 404, 422] {
            assert_eq!(kind(operation, status, &v2("SP777")), FailureKind::Gateway);
        }
        assert_eq!(kind(operation, 408, ""), FailureKind::Gateway);
        assert_eq!(kind(operation, 400, ""), FailureKind::Refused);
        assert_eq!(kind(operation, 401, ""), FailureKind::Credential);
        let later = Judgement::of(operation, b"", &answer(422, &v2("SP018")), true);
        assert_eq!(later.failure().unwrap().kind, FailureKind::Gateway);
    }
    assert_eq!(kind(&READ, 400, &v2("SP777")), FailureKind::Refused);
    let later = Judgement::of(&READ, b"", &answer(422, &v2("SP018")), true);
    assert_eq!(later.failure().unwrap().kind, FailureKind::Refused);
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
        r#"{"response_code":"SP003","data":{"transactionId":"T1"}}"#,
        r#"{"response_code":"SP003","TransactionStatus":"paid"}"#,
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
fn a_success_that_no_reader_reads_whole_is_none() {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let body = |extra: &str| {
        format!(
            r#"{{"response_code":"SP000","data":{{"transaction_id":"T-1","transaction_status":{{"code":"00"}}}},"x":{extra}}}"#
        )
    };
    let judged = |extra: &str| judge(&TRANSFER, 200, &body(extra)).into_failure();
    assert!(judged("[]").is_none());
    let failure = judged(&deep).unwrap();
    assert_eq!(failure.proof, Proof::Nothing);
}
