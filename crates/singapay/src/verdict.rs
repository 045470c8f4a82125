//! What an answer says: success, or which kind of failure; and for money-out, what it proves.

use http::StatusCode;
use singapay_core::{
    Operation,
    envelope::{OPEN_CODES, Refusal},
    operation::{Effect, Envelope, Replay},
};

use crate::error::{
    ErrorKind,
    reason::{self, Reason, business_code},
};

/// What a failed money-out answer proves (design of the outcome table).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Nothing was processed.
    Refused,
    /// The reference is known already.
    Duplicate,
    /// Nothing is proven.
    Nothing,
}

/// Which kind of error an answer is that is not a success.
pub(crate) fn kind(operation: &Operation, refusal: &Refusal) -> ErrorKind {
    match kind_of(refusal, reason::reason(Some(operation), refusal)) {
        ErrorKind::Refused | ErrorKind::Credential if is_riddle(operation, refusal) => {
            ErrorKind::Gateway
        }
        kind => kind,
    }
}

/// The same for the refusal of a token request, whose codes have their general meaning.
pub(crate) fn kind_of_token(refusal: &Refusal) -> ErrorKind {
    match kind_of(refusal, reason::reason(None, refusal)) {
        ErrorKind::Refused => ErrorKind::Credential,
        kind => kind,
    }
}

fn kind_of(refusal: &Refusal, reason: Option<Reason>) -> ErrorKind {
    match reason {
        None if refusal.status.is_redirection() => ErrorKind::Redirect,
        None => ErrorKind::Decode,
        Some(Reason::RateLimited) => ErrorKind::RateLimited,
        Some(Reason::OutcomeUnknown) => ErrorKind::Gateway,
        Some(reason) if reason::is_about_caller(reason) => ErrorKind::Credential,
        Some(_) => ErrorKind::Refused,
    }
}

/// Whether what looks like a refusal leaves open what a write did.
fn is_riddle(operation: &Operation, refusal: &Refusal) -> bool {
    match operation.effect {
        Effect::Read => false,
        Effect::MoneyOut => proof(operation, refusal) == Proof::Nothing,
        _ if claims_success(refusal) => true,
        Effect::Write | Effect::MoneyIn => {
            let unrecognized =
                reason::reason(Some(operation), refusal) == Some(Reason::Unrecognized);
            unrecognized
                && (business_code(refusal).is_some()
                    || refusal.status == StatusCode::REQUEST_TIMEOUT)
        }
    }
}

/// Whether the body says success although the answer is none: it contradicts itself, and proves nothing.
fn claims_success(refusal: &Refusal) -> bool {
    let code = business_code(refusal);
    let biller = refusal.envelope == Some(Envelope::Biller);
    refusal.success == Some(true)
        || code == Some("SP000")
        || biller && matches!(code, Some("00" | "01"))
}

/// What a failed money-out answer proves. Whatever is not listed proves nothing.
pub(crate) fn proof(operation: &Operation, refusal: &Refusal) -> Proof {
    let (status, code) = (refusal.status, business_code(refusal));
    if status.is_redirection()
        || status.is_server_error()
        || status == StatusCode::TOO_MANY_REQUESTS
        || code.is_some_and(|code| OPEN_CODES.contains(&code))
        || claims_success(refusal)
        || reason::reason(Some(operation), refusal) == Some(Reason::OutcomeUnknown)
    {
        return Proof::Nothing;
    }
    match (status, code) {
        (_, Some("SP004")) => Proof::Duplicate,
        (_, Some(code)) if is_known_refusal(code) => Proof::Refused,
        (
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::UNPROCESSABLE_ENTITY,
            _,
        ) => Proof::Refused,
        (StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED, None) => Proof::Refused,
        (StatusCode::CONFLICT, None) if refuses_duplicates(operation) => Proof::Duplicate,
        _ => Proof::Nothing,
    }
}

fn refuses_duplicates(operation: &Operation) -> bool {
    operation
        .reference
        .is_some_and(|reference| reference.replay == Replay::RefusedAsDuplicate)
}

fn is_known_refusal(code: &str) -> bool {
    matches!(
        code,
        "SP003"
            | "SP006"
            | "SP007"
            | "SP008"
            | "SP010"
            | "SP011"
            | "SP012"
            | "SP013"
            | "SP014"
            | "SP015"
            | "SP016"
            | "SP017"
            | "SP018"
            | "SP020"
            | "SP403"
            | "4019900"
    )
}

#[cfg(test)]
mod tests {
    use singapay_api::operations::{
        CREATE_CARD_PAYMENT, DELETE_PAYMENT_LINK, GET_QRIS, PAY_PREPAID, TOPUP_EWALLET,
        TRANSFER_BETWEEN_ACCOUNTS,
    };

    use super::*;

    fn refusal(status: u16, body: &str) -> Refusal {
        Refusal::parse(StatusCode::from_u16(status).unwrap(), body.as_bytes())
    }

    fn v2(status: u16, code: &str) -> Refusal {
        let body = format!(r#"{{"response_code":"{code}","response_message":"x","data":null}}"#);
        refusal(status, &body)
    }

    fn proof_of(refusal: &Refusal) -> Proof {
        proof(&TOPUP_EWALLET, refusal)
    }

    #[test]
    fn business_codes_prove_a_refusal_whatever_the_status() {
        for code in [
            "SP003", "SP006", "SP007", "SP008", "SP010", "SP011", "SP012", "SP013", "SP014",
            "SP015", "SP016", "SP017", "SP018", "SP020", "SP403", "4019900",
        ] {
            for status in [200, 400, 403, 404] {
                assert_eq!(
                    proof_of(&v2(status, code)),
                    Proof::Refused,
                    "{status} {code}"
                );
            }
        }
        assert_eq!(proof_of(&v2(400, "SP004")), Proof::Duplicate);
    }

    #[test]
    fn ambiguous_and_unknown_codes_prove_nothing() {
        for code in [
            "SP001", "SP002", "SP005", "SP019", "SP000", "SP009", "SP777", "00",
        ] {
            for status in [200, 400] {
                assert_eq!(
                    proof_of(&v2(status, code)),
                    Proof::Nothing,
                    "{status} {code}"
                );
            }
        }
        for status in [401, 403, 404, 422] {
            for code in ["SP000", "SP001", "SP002", "SP005", "SP019", "5049900"] {
                let answer = v2(status, code);
                assert_eq!(proof_of(&answer), Proof::Nothing, "{status} {code}");
                assert_eq!(kind(&TOPUP_EWALLET, &answer), ErrorKind::Gateway);
            }
        }
        assert_eq!(proof_of(&v2(404, "SP777")), Proof::Nothing);
    }

    #[test]
    fn an_answer_that_contradicts_itself_proves_nothing() {
        let biller = |code| format!(r#"{{"command":"pulsa","response_code":"{code}"}}"#);
        for status in [401, 403, 404, 405, 409, 422] {
            let success = refusal(status, r#"{"status":200,"success":true,"data":{}}"#);
            let moved = &TRANSFER_BETWEEN_ACCOUNTS;
            assert_eq!(proof(moved, &success), Proof::Nothing, "{status}");
            for operation in [moved, &CREATE_CARD_PAYMENT, &DELETE_PAYMENT_LINK] {
                assert_eq!(kind(operation, &success), ErrorKind::Gateway, "{status}");
            }
            assert_ne!(kind(&GET_QRIS, &success), ErrorKind::Gateway, "{status}");
            for code in ["00", "0", "01", "03", "05", "99"] {
                let open = refusal(status, &biller(code));
                assert_eq!(
                    proof(&PAY_PREPAID, &open),
                    Proof::Nothing,
                    "{status} {code}"
                );
                assert_eq!(
                    kind(&PAY_PREPAID, &open),
                    ErrorKind::Gateway,
                    "{status} {code}"
                );
            }
            // Without the biller's envelope these are no codes of the biller.
            assert_eq!(proof_of(&v2(403, "00")), Proof::Refused);
        }
        assert_eq!(
            proof(&PAY_PREPAID, &refusal(422, &biller("04"))),
            Proof::Refused
        );
    }

    #[test]
    fn some_statuses_prove_nothing_even_with_a_refusal_code() {
        for status in [301, 302, 307, 308, 429, 500, 502, 503, 504] {
            for code in ["SP003", "SP004", "SP018"] {
                assert_eq!(
                    proof_of(&v2(status, code)),
                    Proof::Nothing,
                    "{status} {code}"
                );
            }
            assert_eq!(
                proof_of(&refusal(status, "<html>")),
                Proof::Nothing,
                "{status}"
            );
        }
    }

    #[test]
    fn without_a_code_only_some_statuses_prove_a_refusal() {
        for status in [401, 403, 404, 405, 422] {
            assert_eq!(proof_of(&refusal(status, "")), Proof::Refused, "{status}");
            // The v1 envelope repeats the status as its code.
            let v1 = format!(r#"{{"success":false,"error":{{"code":{status},"message":"x"}}}}"#);
            assert_eq!(proof_of(&refusal(status, &v1)), Proof::Refused, "{status}");
        }
        for status in [200, 202, 204, 400, 402, 408, 418] {
            assert_eq!(proof_of(&refusal(status, "")), Proof::Nothing, "{status}");
        }
    }

    #[test]
    fn a_conflict_is_a_duplicate_only_where_references_are_refused() {
        assert_eq!(proof_of(&refusal(409, "")), Proof::Duplicate);
        let conflict = proof(&TRANSFER_BETWEEN_ACCOUNTS, &refusal(409, ""));
        assert_eq!(conflict, Proof::Nothing);
    }

    #[test]
    fn sp001_is_a_refusal_on_a_card_and_a_riddle_on_a_payout() {
        let answer = v2(400, "SP001");
        assert_eq!(kind(&CREATE_CARD_PAYMENT, &answer), ErrorKind::Refused);
        assert_eq!(kind(&TOPUP_EWALLET, &answer), ErrorKind::Gateway);
    }

    #[test]
    fn a_code_that_nobody_knows_leaves_any_write_open() {
        for operation in [&CREATE_CARD_PAYMENT, &DELETE_PAYMENT_LINK] {
            assert_eq!(kind(operation, &v2(400, "SP777")), ErrorKind::Gateway);
            assert_eq!(kind(operation, &refusal(408, "")), ErrorKind::Gateway);
            assert_eq!(kind(operation, &refusal(400, "")), ErrorKind::Refused);
        }
        assert_eq!(kind(&GET_QRIS, &v2(400, "SP777")), ErrorKind::Refused);
    }

    #[test]
    fn an_answer_without_a_token_has_its_kind() {
        for (status, expected) in [
            (200, ErrorKind::Decode),
            (302, ErrorKind::Redirect),
            (400, ErrorKind::Credential),
            (401, ErrorKind::Credential),
            (403, ErrorKind::Credential),
            (422, ErrorKind::Credential),
            (429, ErrorKind::RateLimited),
            (502, ErrorKind::Gateway),
        ] {
            assert_eq!(kind_of_token(&refusal(status, "")), expected, "{status}");
        }
    }

    #[test]
    fn every_status_has_its_kind() {
        for (status, body, expected) in [
            (302, "", ErrorKind::Redirect),
            (429, "", ErrorKind::RateLimited),
            (502, "<html>", ErrorKind::Gateway),
            (401, "", ErrorKind::Credential),
            (403, "", ErrorKind::Credential),
            (404, "", ErrorKind::Refused),
            (422, "", ErrorKind::Refused),
            (200, "", ErrorKind::Decode),
            (200, "{", ErrorKind::Decode),
        ] {
            assert_eq!(
                kind(&TOPUP_EWALLET, &refusal(status, body)),
                expected,
                "{status}"
            );
        }
        assert_eq!(
            kind(&TOPUP_EWALLET, &v2(403, "SP403")),
            ErrorKind::Credential
        );
        assert_eq!(
            kind(&TOPUP_EWALLET, &v2(401, "4019900")),
            ErrorKind::Credential
        );
    }
}
