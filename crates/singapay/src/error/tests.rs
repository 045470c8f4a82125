mod codes;

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use singapay_api::operations::{
    CANCEL_CARD_PAYMENT, CHARGE_DIRECT_DEBIT, CREATE_CARD_PAYMENT, CREATE_EWALLET_ORDER,
    CREATE_PAYMENT_LINK, DELETE_VIRTUAL_ACCOUNT, GET_QRIS, INQUIRE_PREPAID, LIST_ACCOUNTS,
    TOPUP_EWALLET, TRANSFER_DISBURSEMENT, UPDATE_PLAN, VERIFY_BANK_ACCOUNT,
};
use singapay_core::{Answer, Judgement, Operation};

use super::*;

fn answered(operation: &'static Operation, status: u16, body: &str) -> Error {
    with_headers(operation, status, body, HeaderMap::new())
}

fn with_headers(
    operation: &'static Operation,
    status: u16,
    body: &str,
    headers: HeaderMap,
) -> Error {
    let answer = Answer {
        status: StatusCode::from_u16(status).unwrap(),
        headers,
        body: Bytes::copy_from_slice(body.as_bytes()),
    };
    let failure = Judgement::of(operation, b"", &answer, false)
        .into_failure()
        .unwrap();
    let exchange = Exchange {
        operation,
        answer,
        page: None,
        attempts: 1,
        elapsed: Duration::from_millis(5),
    };
    Error::from_answer(operation, failure, exchange)
}

fn v1(status: u16, message: &str) -> String {
    format!(
        r#"{{"status":{status},"success":false,"error":{{"code":{status},"message":"{message}"}}}}"#
    )
}

fn v2(code: &str) -> String {
    format!(r#"{{"response_code":"{code}","response_message":"text","data":null}}"#)
}

fn biller(code: &str) -> String {
    format!(r#"{{"command":"pulsa","response_code":"{code}","response_text":"text"}}"#)
}

#[test]
fn a_code_means_what_it_means_for_the_operation() {
    use ErrorKind::{Credential, Gateway, Refused};
    for (operation, status, body, kind, reason) in [
        (
            &CREATE_CARD_PAYMENT,
            400,
            v2("SP001"),
            Refused,
            Reason::Declined,
        ),
        (
            &TOPUP_EWALLET,
            400,
            v2("SP001"),
            Gateway,
            Reason::OutcomeUnknown,
        ),
        (
            &CREATE_PAYMENT_LINK,
            400,
            v2("SP019"),
            Gateway,
            Reason::OutcomeUnknown,
        ),
        (
            &CANCEL_CARD_PAYMENT,
            400,
            v2("SP012"),
            Refused,
            Reason::WrongState,
        ),
        (
            &CREATE_CARD_PAYMENT,
            400,
            v2("SP012"),
            Refused,
            Reason::BadRequest,
        ),
        (&UPDATE_PLAN, 409, v2("SP102"), Refused, Reason::WrongState),
        (&UPDATE_PLAN, 409, v1(409, "x"), Refused, Reason::WrongState),
        (
            &CHARGE_DIRECT_DEBIT,
            409,
            v2("SP_DD_DUPLICATE_REFERENCE"),
            Refused,
            Reason::DuplicateReference,
        ),
        (
            &INQUIRE_PREPAID,
            200,
            biller("4"),
            Refused,
            Reason::Validation,
        ),
        (
            &INQUIRE_PREPAID,
            404,
            biller("6"),
            Refused,
            Reason::NotFound,
        ),
        (
            &INQUIRE_PREPAID,
            200,
            biller("05"),
            Gateway,
            Reason::OutcomeUnknown,
        ),
        (
            &INQUIRE_PREPAID,
            200,
            biller("68"),
            Gateway,
            Reason::Unrecognized,
        ),
        (
            &VERIFY_BANK_ACCOUNT,
            403,
            r#"{"code":"IP_NOT_ALLOWED","request_id":"1"}"#.to_owned(),
            Credential,
            Reason::IpNotRegistered,
        ),
        (
            &VERIFY_BANK_ACCOUNT,
            402,
            r#"{"code":"INSUFFICIENT_BALANCE","request_id":"1"}"#.to_owned(),
            Refused,
            Reason::InsufficientBalance,
        ),
        (
            &CREATE_EWALLET_ORDER,
            400,
            v1(400, "Nomor tidak terdaftar"),
            Refused,
            Reason::CustomerRefused,
        ),
        (
            &GET_QRIS,
            404,
            v1(404, "Not found"),
            Refused,
            Reason::NotFound,
        ),
        (
            &GET_QRIS,
            404,
            v1(404, "The route api/v1.0/x could not be found."),
            Refused,
            Reason::NoSuchRoute,
        ),
        (&GET_QRIS, 405, String::new(), Refused, Reason::NoSuchRoute),
        (
            &GET_QRIS,
            503,
            "<html>".to_owned(),
            Gateway,
            Reason::OutcomeUnknown,
        ),
        (&GET_QRIS, 400, v2("SP777"), Refused, Reason::Unrecognized),
        (
            &CREATE_PAYMENT_LINK,
            400,
            v2("SP777"),
            Gateway,
            Reason::Unrecognized,
        ),
        (
            &CREATE_PAYMENT_LINK,
            408,
            String::new(),
            Gateway,
            Reason::Unrecognized,
        ),
        (
            &CREATE_PAYMENT_LINK,
            402,
            String::new(),
            Refused,
            Reason::Unrecognized,
        ),
    ] {
        let error = answered(operation, status, &body);
        let found = (error.kind(), error.reason());
        assert_eq!(
            found,
            (kind, Some(reason)),
            "{} {status} {body}",
            operation.id
        );
        assert_eq!(error.delivery(), Delivery::Answered);
        assert_eq!(error.stage(), Stage::Answer);
    }
}

#[test]
fn field_errors_come_from_all_three_places() {
    for (operation, status, body) in [
        (
            &CREATE_PAYMENT_LINK,
            422,
            r#"{"status":422,"success":false,"error":{"code":422,"message":"Validation error",
                "errors":{"bank_code":["The selected bank code is invalid."]}}}"#,
        ),
        (
            &CREATE_CARD_PAYMENT,
            400,
            r#"{"response_code":"SP018","response_message":"Validation error",
                "data":{"errors":{"bank_code":"The bank code field is required."}}}"#,
        ),
        (
            &INQUIRE_PREPAID,
            422,
            r#"{"command":"pulsa","response_code":"04","response_text":"Rejected",
                "data":{"bank_code":"The bank code field is required."}}"#,
        ),
    ] {
        let error = answered(operation, status, body);
        assert_eq!(error.reason(), Some(Reason::Validation));
        let fields: Vec<_> = error
            .field_errors()
            .iter()
            .map(|field| &field.field)
            .collect();
        assert_eq!(fields, ["bank_code"], "{body}");
        assert!(
            error.to_string().ends_with("; fields: bank_code"),
            "{error}"
        );
        assert!(!error.to_string().contains("required"), "{error}");
    }
}

#[test]
fn a_refused_ip_address_is_recognised_in_both_shapes() {
    let message = "Your IP address (203.0.113.9) is not registered";
    let shapes = [
        (403, v1(403, message)),
        (
            403,
            format!(r#"{{"response_code":"SP017","response_message":"{message}"}}"#),
        ),
    ];
    for (status, body) in shapes {
        let error = answered(&CREATE_PAYMENT_LINK, status, &body);
        assert_eq!(error.kind(), ErrorKind::Credential);
        assert_eq!(error.reason(), Some(Reason::IpNotRegistered));
        assert_eq!(error.ip_address(), "203.0.113.9".parse().ok());
        assert!(error.to_string().contains("203.0.113.9 is not registered"));
    }
    let v6 = answered(&GET_QRIS, 403, &v1(403, "IP 2001:db8::7: not whitelisted"));
    assert_eq!(v6.ip_address(), "2001:db8::7".parse().ok());
    let unnamed = answered(&GET_QRIS, 400, &v2("SP017"));
    assert_eq!(
        (unnamed.reason(), unnamed.ip_address()),
        (Some(Reason::IpNotRegistered), None)
    );
}

#[test]
fn a_refused_account_is_a_question_of_the_credential() {
    for body in [
        v2("SP403"),
        v1(403, "Access denied to this account."),
        String::new(),
    ] {
        let error = answered(&LIST_ACCOUNTS, 403, &body);
        assert_eq!(error.kind(), ErrorKind::Credential);
        assert_eq!(error.reason(), Some(Reason::AccountNeedsCredential));
        assert!(error.to_string().contains("`with_credential`"), "{error}");
        assert_eq!(error.ip_address(), None);
    }
    // A thing that cannot be deleted because it was used is no question of the credential.
    let body = v1(403, "This Virtual Account has have transactions");
    let error = answered(&DELETE_VIRTUAL_ACCOUNT, 403, &body);
    assert_eq!(
        (error.kind(), error.reason()),
        (ErrorKind::Refused, Some(Reason::WrongState))
    );
    let body = v1(403, "Access denied to this account.");
    let error = answered(&DELETE_VIRTUAL_ACCOUNT, 403, &body);
    assert_eq!(error.kind(), ErrorKind::Credential);
}

#[test]
fn the_original_of_a_duplicate_is_named() {
    let body = r#"{"response_code":"SP_DD_DUPLICATE_REFERENCE","data":{"transaction_id":"7c2e"}}"#;
    let error = answered(&CHARGE_DIRECT_DEBIT, 409, body);
    assert_eq!(error.transaction_id().as_deref(), Some("7c2e"));
    assert_eq!(error.inquiry(), Some("get_direct_debit_transaction"));
    let number = answered(
        &CHARGE_DIRECT_DEBIT,
        409,
        r#"{"data":{"transaction_id":7}}"#,
    );
    assert_eq!(number.transaction_id().as_deref(), Some("7"));
    for body in [
        "",
        "[]",
        r#"{"data":null}"#,
        r#"{"data":{"transaction_id":""}}"#,
    ] {
        assert_eq!(
            answered(&CHARGE_DIRECT_DEBIT, 409, body).transaction_id(),
            None
        );
    }
}

#[test]
fn retry_after_is_read_in_seconds_and_as_a_date() {
    let at = |pairs: &[(header::HeaderName, &'static str)]| {
        let pairs = pairs.iter().cloned();
        let headers = pairs.map(|(name, value)| (name, HeaderValue::from_static(value)));
        with_headers(&GET_QRIS, 429, "", headers.collect()).retry_after()
    };
    let retry = header::RETRY_AFTER;
    assert_eq!(at(&[(retry.clone(), " 7 ")]), Some(Duration::from_secs(7)));
    let date = (header::DATE, "Sat, 21 Nov 2026 07:00:00 GMT");
    let later = (retry.clone(), "Sat, 21 Nov 2026 07:00:30 GMT");
    assert_eq!(
        at(&[date.clone(), later.clone()]),
        Some(Duration::from_secs(30))
    );
    assert_eq!(at(&[later]), None, "without a date to count from");
    assert_eq!(at(&[date, (retry, "soon")]), None);
}

#[test]
fn only_what_cannot_happen_twice_is_safe_to_repeat() {
    assert!(answered(&GET_QRIS, 503, "").is_safe_to_repeat());
    assert!(!answered(&GET_QRIS, 404, "").is_safe_to_repeat());
    assert!(!answered(&CREATE_PAYMENT_LINK, 503, "").is_safe_to_repeat());
    assert!(!answered(&CREATE_PAYMENT_LINK, 429, "").is_safe_to_repeat());
}

#[test]
fn nothing_of_an_answer_is_printed() {
    let body = r#"{"response_code":"4111111111111111","response_message":"canary-text",
        "data":{"errors":{"4111111111111111":["canary-value"],"card_cvv":["canary"]}}}"#;
    let error = answered(&CREATE_CARD_PAYMENT, 400, body);
    for text in [
        error.to_string(),
        format!("{error:?}"),
        format!("{error:#?}"),
    ] {
        assert!(!text.contains("4111") && !text.contains("canary"), "{text}");
        assert!(
            !text.contains('\n') || text.starts_with("Error {"),
            "{text}"
        );
    }
    assert!(error.to_string().contains("card_cvv"));
}

#[test]
fn a_write_without_proof_of_refusal_may_have_taken_effect() {
    for (operation, status, body, ambiguous) in [
        (&CREATE_PAYMENT_LINK, 502, "<html>".to_owned(), true),
        (&CREATE_PAYMENT_LINK, 307, String::new(), true),
        (&CREATE_PAYMENT_LINK, 429, String::new(), true),
        (&CREATE_PAYMENT_LINK, 200, "{".to_owned(), true),
        (&CREATE_PAYMENT_LINK, 400, v2("SP002"), true),
        (&CREATE_PAYMENT_LINK, 400, v2("SP018"), false),
        (&CREATE_PAYMENT_LINK, 403, String::new(), false),
        (&CREATE_CARD_PAYMENT, 400, v2("SP001"), false),
        (&TOPUP_EWALLET, 400, v2("SP001"), true),
        // The original may have succeeded.
        (&TOPUP_EWALLET, 400, v2("SP004"), true),
        (&TRANSFER_DISBURSEMENT, 409, String::new(), true),
        (&GET_QRIS, 502, String::new(), false),
    ] {
        let error = answered(operation, status, &body);
        assert_eq!(error.may_have_taken_effect(), ambiguous, "{error}");
    }
}
