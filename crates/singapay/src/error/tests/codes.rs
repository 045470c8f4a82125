//! Meanings of codes and statuses, one by one, and which of them may be printed.

use singapay_api::operations::{
    DELETE_PAYMENT_LINK, LIST_EWALLET_TRANSACTIONS, TRANSFER_BETWEEN_ACCOUNTS, UPDATE_ACCOUNT,
};

use super::*;

#[test]
fn every_known_code_has_its_meaning() {
    use Reason::*;
    for (reason, codes) in [
        (
            OutcomeUnknown,
            &["SP001", "SP002", "SP005", "SP019", "5049900"][..],
        ),
        (InsufficientBalance, &["SP003", "4039914"]),
        (DuplicateReference, &["SP004", "4099901", "4099902"]),
        (DuplicateReference, &["SP_DD_DUPLICATE_REFERENCE"]),
        (BeneficiaryLimit, &["SP006"]),
        (AccountLimit, &["SP007", "4039923"]),
        (InvalidReference, &["SP008"]),
        (TransactionNotFound, &["SP009"]),
        (NotFound, &["SP014"]),
        (BeneficiaryNotFound, &["SP010", "4049911"]),
        (VendorInactive, &["SP011"]),
        (BadRequest, &["SP012"]),
        (Unauthorized, &["SP013"]),
        (Forbidden, &["SP015", "4039915"]),
        (SignatureRefused, &["SP016", "4019900"]),
        (IpNotRegistered, &["SP017"]),
        (Validation, &["SP018", "4229901"]),
        (AccountNotFound, &["SP020"]),
        (WrongState, &["SP102"]),
        (AccountNeedsCredential, &["SP403"]),
        // Codes of another host mean nothing here.
        (Unrecognized, &["SP777", "400x", "UNAUTHORIZED", "04"]),
    ] {
        for code in codes {
            let error = answered(&TOPUP_EWALLET, 400, &v2(code));
            assert_eq!(error.reason(), Some(reason), "{code}");
            assert_eq!((error.code(), error.status()), (Some(*code), Some(400)));
        }
    }
    for (reason, code) in [
        (Validation, "CLIENT_ERROR"),
        (Unauthorized, "UNAUTHORIZED"),
        (InsufficientBalance, "INSUFFICIENT_BALANCE"),
        (IpNotRegistered, "IP_NOT_ALLOWED"),
        (DuplicateReference, "DUPLICATE_REFERENCE"),
        (OutcomeUnknown, "INTERNAL_ERROR"),
        (OutcomeUnknown, "SERVER_ERROR"),
        (Unrecognized, "SP003"),
    ] {
        let body = format!(r#"{{"code":"{code}","request_id":"1"}}"#);
        let error = answered(&VERIFY_BANK_ACCOUNT, 400, &body);
        assert_eq!(error.reason(), Some(reason), "{code}");
    }
    for (reason, codes) in [
        (WrongState, &["02"][..]),
        (Validation, &["04", "4"]),
        (NotFound, &["06"]),
        (DuplicateReference, &["07"]),
        (OutcomeUnknown, &["03", "05", "99"]),
        // Codes of the payment host mean nothing there.
        (Unrecognized, &["68", "SP003"]),
    ] {
        for code in codes {
            let error = answered(&INQUIRE_PREPAID, 200, &biller(code));
            assert_eq!(error.reason(), Some(reason), "{code}");
        }
    }
}

#[test]
fn without_a_code_the_status_means_something() {
    let fields = r#"{"success":false,"error":{"errors":{"amount":["x"]}}}"#;
    let failed = r#"{"success":false}"#;
    for (operation, status, body, reason) in [
        (&GET_QRIS, 401, String::new(), Some(Reason::Unauthorized)),
        (&GET_QRIS, 403, v2("SP777"), Some(Reason::Forbidden)),
        (
            &GET_QRIS,
            403,
            v1(403, "Your IP has changed"),
            Some(Reason::AccountNeedsCredential),
        ),
        (
            &GET_QRIS,
            403,
            v1(403, "The ship is registered"),
            Some(Reason::AccountNeedsCredential),
        ),
        (
            &GET_QRIS,
            403,
            v1(403, "IP not allowed"),
            Some(Reason::IpNotRegistered),
        ),
        (
            &GET_QRIS,
            403,
            v1(403, "unauthorised ip, authorize it"),
            Some(Reason::IpNotRegistered),
        ),
        (
            &DELETE_PAYMENT_LINK,
            403,
            String::new(),
            Some(Reason::WrongState),
        ),
        (
            &UPDATE_ACCOUNT,
            403,
            String::new(),
            Some(Reason::WrongState),
        ),
        (
            &GET_QRIS,
            404,
            v1(404, "The route is long"),
            Some(Reason::NotFound),
        ),
        (
            &GET_QRIS,
            404,
            v1(404, "Account could not be found"),
            Some(Reason::NotFound),
        ),
        (
            &TOPUP_EWALLET,
            409,
            String::new(),
            Some(Reason::DuplicateReference),
        ),
        (
            &TRANSFER_BETWEEN_ACCOUNTS,
            409,
            String::new(),
            Some(Reason::WrongState),
        ),
        (&GET_QRIS, 422, String::new(), Some(Reason::Validation)),
        (&GET_QRIS, 400, fields.to_owned(), Some(Reason::Validation)),
        (
            &CREATE_PAYMENT_LINK,
            400,
            v1(400, "x"),
            Some(Reason::Unrecognized),
        ),
        (
            &LIST_EWALLET_TRANSACTIONS,
            400,
            v1(400, "x"),
            Some(Reason::Unrecognized),
        ),
        (
            &CREATE_EWALLET_ORDER,
            400,
            v2("SP777"),
            Some(Reason::Unrecognized),
        ),
        (
            &GET_QRIS,
            200,
            failed.to_owned(),
            Some(Reason::Unrecognized),
        ),
        (&TOPUP_EWALLET, 200, failed.to_owned(), None),
        (&GET_QRIS, 302, String::new(), None),
        // The v1 envelope repeats a status; anything else is a code.
        (
            &TRANSFER_BETWEEN_ACCOUNTS,
            404,
            v1(400, "x"),
            Some(Reason::NotFound),
        ),
        (
            &GET_QRIS,
            400,
            r#"{"success":false,"error":{"code":4019900}}"#.to_owned(),
            Some(Reason::SignatureRefused),
        ),
    ] {
        let error = answered(operation, status, &body);
        assert_eq!(error.reason(), reason, "{} {status} {body}", operation.id);
    }
}

#[test]
fn only_what_has_the_form_of_a_code_is_printed() {
    let (most, more) = ("A".repeat(40), "A".repeat(41));
    for (code, status, printed) in [
        ("SP018", 400, true),
        ("SP01", 400, false),
        ("SP0181", 400, false),
        ("04", 200, true),
        ("422", 422, true),
        ("422", 400, false),
        ("4019900", 401, true),
        ("5049900", 504, true),
        ("3019900", 400, false),
        ("40199001", 400, false),
        ("SP_DD_DUPLICATE_REFERENCE", 409, true),
        (&*most, 400, true),
        (&*more, 400, false),
        ("Client", 400, false),
        ("SP01A", 400, false),
        ("", 400, false),
    ] {
        assert_eq!(is_printable_code(code, status), printed, "{code}");
    }
    let (most, more) = ("a".repeat(80), "a".repeat(81));
    for (name, printed) in [
        ("items.0.unit_price", true),
        ("items[12].name", true),
        ("items.123", false),
        ("item1", false),
        ("Bank", false),
        ("a b", false),
        (&*most, true),
        (&*more, false),
    ] {
        assert_eq!(is_printable_field(name), printed, "{name}");
    }
}

#[test]
fn the_text_says_what_where_and_how_it_was_answered() {
    let declined = answered(&CREATE_CARD_PAYMENT, 400, &v2("SP001"));
    assert_eq!(
        declined.to_string(),
        "create_card_payment: request refused: the card was declined (HTTP 400, code SP001)"
    );
    assert_eq!(
        (declined.attempts(), declined.elapsed().as_millis()),
        (1, 5)
    );
    let failed = answered(&GET_QRIS, 503, "<html>");
    assert_eq!(
        failed.to_string(),
        "get_qris: the gateway failed: processing failed, the outcome is not known (HTTP 503)"
    );
    let local = Error::local(ErrorKind::Config, "no key");
    assert_eq!(local.to_string(), "invalid configuration: no key");
    assert_eq!((local.attempts(), local.status()), (0, None));
}
