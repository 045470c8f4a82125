//! Meaning of an answer that is no success, for the operation that was called.

use http::StatusCode;

use super::{Code, Reason, refuses_duplicates};
use crate::{
    envelope::Refusal,
    operation::{Effect, Envelope, Operation},
};

/// `None` if it says nothing at all. A token's refusal has no operation.
pub(super) fn reason(
    operation: Option<&Operation>,
    refusal: &Refusal,
    row: Option<&Code>,
) -> Option<Reason> {
    let status = refusal.status;
    if status.is_redirection() {
        return None;
    }
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Some(Reason::RateLimited);
    }
    if status.as_u16() >= 500 {
        return Some(Reason::OutcomeUnknown);
    }
    row.and_then(|row| row.reason)
        .or_else(|| of_status(operation, refusal))
}

/// The meaning of a status when the code says nothing.
fn of_status(operation: Option<&Operation>, refusal: &Refusal) -> Option<Reason> {
    let code = refusal.business_code();
    let message = refusal.message.as_deref().unwrap_or_default();
    Some(match refusal.status {
        StatusCode::UNAUTHORIZED => Reason::Unauthorized,
        StatusCode::FORBIDDEN if is_about_ip(message) => Reason::IpNotRegistered,
        StatusCode::FORBIDDEN => forbidden(operation, message, code),
        StatusCode::NOT_FOUND if is_about_route(message) => Reason::NoSuchRoute,
        StatusCode::METHOD_NOT_ALLOWED => Reason::NoSuchRoute,
        StatusCode::NOT_FOUND => Reason::NotFound,
        StatusCode::CONFLICT if operation.is_some_and(refuses_duplicates) => {
            Reason::DuplicateReference
        }
        StatusCode::CONFLICT => Reason::WrongState,
        StatusCode::UNPROCESSABLE_ENTITY => Reason::Validation,
        _ if !refusal.fields.is_empty() => Reason::Validation,
        StatusCode::BAD_REQUEST if code.is_none() && is_wallet_checkout(operation) => {
            Reason::CustomerRefused
        }
        status if status.is_client_error() || code.is_some() => Reason::Unrecognized,
        // `success: false`, and nothing else.
        _ if refusal.envelope == Some(Envelope::V1)
            && operation.is_some_and(|operation| {
                matches!(operation.envelope, Envelope::V1 | Envelope::Any)
            }) =>
        {
            Reason::Unrecognized
        }
        _ => return None,
    })
}

/// A 403 without a meaning of its own: usually the account belongs to a Specific credential.
fn forbidden(operation: Option<&Operation>, message: &str, code: Option<&str>) -> Reason {
    if contains(message, "access denied") {
        return Reason::AccountNeedsCredential;
    }
    let Some(operation) = operation else {
        return Reason::Forbidden;
    };
    // Refused by rule, not by credential, as seen live.
    if matches!(
        operation.id,
        "delete_payment_link" | "delete_virtual_account" | "update_account"
    ) {
        return Reason::WrongState;
    }
    match code {
        None => Reason::AccountNeedsCredential,
        Some(_) => Reason::Forbidden,
    }
}

fn is_wallet_checkout(operation: Option<&Operation>) -> bool {
    operation.is_some_and(|operation| {
        operation.product == "ewallets" && operation.effect == Effect::MoneyIn
    })
}

/// Wording seen live: `Your IP address (192.0.2.1) is not registered`.
fn is_about_ip(message: &str) -> bool {
    let words = message.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .into_iter()
        .any(|word| word.eq_ignore_ascii_case("ip"))
        && ["regist", "whitelist", "allow", "authori"]
            .iter()
            .any(|word| contains(message, word))
}

/// Wording seen live: `The route api/v1.0/x could not be found.`
fn is_about_route(message: &str) -> bool {
    contains(message, "the route ") && contains(message, "could not be found")
}

fn contains(text: &str, part: &str) -> bool {
    text.to_ascii_lowercase().contains(part)
}
