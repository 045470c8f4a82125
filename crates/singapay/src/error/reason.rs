//! What a refusal means for the operation that was called.

use http::StatusCode;
use singapay_core::{
    Operation,
    envelope::{OPEN_BILLER_CODES, OPEN_CODES, Refusal},
    operation::{Effect, Envelope, Replay},
};

/// What the gateway's answer means, for the operation that was called.
///
/// One code can mean different things: SP001 is the issuer's refusal on a card, and says nothing
/// about the outcome of a payout (fact sheet 01, section 7; seen live). Match on this rather than
/// on codes; [`Error::code`](crate::Error::code) keeps the code itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// A field is missing, malformed or out of range (422, SP018, biller `04`). Correct what
    /// [`Error::field_errors`](crate::Error::field_errors) names.
    Validation,
    /// The request makes no sense to the gateway (SP012). Read the message; the same request will be
    /// refused again.
    BadRequest,
    /// The account has too little money (SP003). Fund it before the next attempt.
    InsufficientBalance,
    /// The reference was used before; the original may have succeeded (SP004, 409). Ask what became
    /// of it by that reference; do not send again under a new one.
    DuplicateReference,
    /// A limit of the beneficiary would be exceeded (SP006). A smaller amount may pass, or a later
    /// one.
    BeneficiaryLimit,
    /// A limit of the paying account would be exceeded (SP007). A smaller amount may pass, or a
    /// later one.
    AccountLimit,
    /// The reference is malformed or not known (SP008). Correct it.
    InvalidReference,
    /// There is no such transaction or resource (404, SP009, SP014, biller `06`). Check the id and
    /// the account. Of a payout just sent it is no proof: ask again later.
    NotFound,
    /// The gateway serves no such route, or not with this method (404, 405). Check the base URL.
    NoSuchRoute,
    /// The beneficiary's account or wallet does not exist or cannot be reached (SP010). Ask the
    /// beneficiary for the right one.
    BeneficiaryNotFound,
    /// The bank or wallet is not available (SP011). Choose another one, or try later.
    VendorInactive,
    /// The merchant's own account does not exist (SP020). Check the account id.
    AccountNotFound,
    /// The card's issuer or its daily limit refused (SP001 on a card; seen live). Let the payer use
    /// another card.
    Declined,
    /// The wallet refused the customer, for example an unregistered OVO number. The message is meant
    /// for the payer (a code-less 400 of an e-wallet checkout; seen live).
    CustomerRefused,
    /// The resource is in a state that does not allow it: already settled, not active, has
    /// transactions (SP102, SP012 of a cancellation, 409). Fetch it to see its state.
    WrongState,
    /// The token was refused twice, or the credential itself was (401, SP013). Check client id and
    /// secret, and that they belong to this environment.
    Unauthorized,
    /// The signature was refused (SP016, 4019900): wrong secret, or a clock that is off. Correct
    /// either; another attempt as it is will fail too.
    SignatureRefused,
    /// The calling IP address is not registered with the gateway (SP017, `IP_NOT_ALLOWED`, or a 403
    /// of the token endpoint; seen live). [`Error::ip_address`](crate::Error::ip_address) is the
    /// one to register, if the gateway named it.
    IpNotRegistered,
    /// The account is assigned to a Specific credential and was called with another one (SP403, or
    /// a 403 without a code; seen live). Configure that credential with its accounts, or name it
    /// with `with_credential`.
    AccountNeedsCredential,
    /// The credential may not do this (SP015, other 403s). Use one that may, or ask the gateway.
    Forbidden,
    /// Too many requests (429). Wait for [`Error::retry_after`](crate::Error::retry_after); a write
    /// may have happened, so ask by reference first.
    RateLimited,
    /// Processing failed somewhere, and nobody can say whether before or after it took effect (5xx,
    /// SP001, SP002, SP005, SP019). Ask by reference before repeating a write.
    OutcomeUnknown,
    /// A code or status without a known meaning. For a write the outcome is unknown: ask by
    /// reference before repeating it.
    Unrecognized,
}

impl Reason {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Validation => "a field is invalid",
            Self::BadRequest => "bad request",
            Self::InsufficientBalance => "insufficient balance",
            Self::DuplicateReference => "the reference was used before",
            Self::BeneficiaryLimit => "a limit of the beneficiary is exceeded",
            Self::AccountLimit => "a limit of the account is exceeded",
            Self::InvalidReference => "invalid reference",
            Self::NotFound => "not found",
            Self::NoSuchRoute => "the gateway has no such route",
            Self::BeneficiaryNotFound => "the beneficiary was not found",
            Self::VendorInactive => "the bank or wallet is not available",
            Self::AccountNotFound => "the merchant account was not found",
            Self::Declined => "the card was declined",
            Self::CustomerRefused => "the wallet refused the customer",
            Self::WrongState => "the state of the resource does not allow it",
            Self::Unauthorized => "token or credential not accepted",
            Self::SignatureRefused => "signature not accepted",
            Self::IpNotRegistered => "the calling IP address is not registered",
            Self::AccountNeedsCredential => {
                "the account belongs to another credential: configure that one with its accounts, \
                 or name it with `with_credential`"
            }
            Self::Forbidden => "not allowed",
            Self::RateLimited => "rate limit",
            Self::OutcomeUnknown => "processing failed, the outcome is not known",
            Self::Unrecognized => "unrecognized answer",
        }
    }
}

/// What an answer means that is neither a success nor a redirect. `None` if it says nothing at all.
///
/// A token's refusal has no operation: codes then have their general meaning.
pub(crate) fn reason(operation: Option<&Operation>, refusal: &Refusal) -> Option<Reason> {
    let status = refusal.status;
    if status.is_redirection() {
        return None;
    }
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Some(Reason::RateLimited);
    }
    if status.is_server_error() {
        return Some(Reason::OutcomeUnknown);
    }
    let code = business_code(refusal);
    code.and_then(|code| of_code(operation, refusal.envelope, code))
        .or_else(|| of_status(operation, refusal, code))
}

/// The gateway's code, unless it only repeats an HTTP status, as the v1 envelope does.
pub(crate) fn business_code(refusal: &Refusal) -> Option<&str> {
    let is_status = |code: &str| {
        code == refusal.status.as_str()
            || refusal.envelope == Some(Envelope::V1)
                && code.len() == 3
                && code.bytes().all(|byte| byte.is_ascii_digit())
    };
    refusal.code.as_deref().filter(|code| !is_status(code))
}

/// The meaning of a code. Codes of the biller are padded to two digits.
fn of_code(
    operation: Option<&Operation>,
    envelope: Option<Envelope>,
    code: &str,
) -> Option<Reason> {
    if envelope == Some(Envelope::Biller) {
        return Some(match code {
            "02" => Reason::WrongState,
            "04" => Reason::Validation,
            "06" => Reason::NotFound,
            "07" => Reason::DuplicateReference,
            code if OPEN_BILLER_CODES.contains(&code) => Reason::OutcomeUnknown,
            _ => return None,
        });
    }
    let cancels = operation.is_some_and(|operation| operation.id.starts_with("cancel_"));
    let on_card = operation.is_some_and(|operation| operation.product == "cards");
    Some(match code {
        // Fact sheet 02, section 3.1, seen live.
        "SP001" if on_card => Reason::Declined,
        code if OPEN_CODES.contains(&code) => Reason::OutcomeUnknown,
        "SP003" | "4039914" | "INSUFFICIENT_BALANCE" => Reason::InsufficientBalance,
        "SP004" | "4099901" | "4099902" | "SP_DD_DUPLICATE_REFERENCE" | "DUPLICATE_REFERENCE" => {
            Reason::DuplicateReference
        }
        "SP006" => Reason::BeneficiaryLimit,
        "SP007" | "4039923" => Reason::AccountLimit,
        "SP008" => Reason::InvalidReference,
        "SP009" | "SP014" => Reason::NotFound,
        "SP010" | "4049911" => Reason::BeneficiaryNotFound,
        "SP011" => Reason::VendorInactive,
        // `Cannot cancel: transaction status is success` (fact sheet 02, section 3.2, seen live).
        "SP012" if cancels => Reason::WrongState,
        "SP012" => Reason::BadRequest,
        "SP013" | "UNAUTHORIZED" => Reason::Unauthorized,
        "SP015" | "4039915" => Reason::Forbidden,
        "SP016" | "4019900" => Reason::SignatureRefused,
        "SP017" | "IP_NOT_ALLOWED" => Reason::IpNotRegistered,
        "SP018" | "4229901" | "CLIENT_ERROR" => Reason::Validation,
        "SP020" => Reason::AccountNotFound,
        "SP102" => Reason::WrongState,
        "SP403" => Reason::AccountNeedsCredential,
        _ => return None,
    })
}

/// The meaning of a status when the code says nothing.
fn of_status(
    operation: Option<&Operation>,
    refusal: &Refusal,
    code: Option<&str>,
) -> Option<Reason> {
    let message = refusal.message.as_deref().unwrap_or_default();
    Some(match refusal.status {
        StatusCode::UNAUTHORIZED => Reason::Unauthorized,
        StatusCode::FORBIDDEN if is_about_ip(message) => Reason::IpNotRegistered,
        StatusCode::FORBIDDEN => forbidden(operation, message, code),
        StatusCode::NOT_FOUND if is_about_route(message) => Reason::NoSuchRoute,
        StatusCode::METHOD_NOT_ALLOWED => Reason::NoSuchRoute,
        StatusCode::NOT_FOUND => Reason::NotFound,
        StatusCode::CONFLICT if refuses_duplicates(operation) => Reason::DuplicateReference,
        StatusCode::CONFLICT => Reason::WrongState,
        StatusCode::UNPROCESSABLE_ENTITY => Reason::Validation,
        status if !refusal.fields.is_empty() && !status.is_server_error() => Reason::Validation,
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
    // Refused by rule, not by credential (fact sheets 02, section 1.6, and 03, sections 2.5, 6.4).
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

/// Whether a refusal of this kind says "wrong caller" rather than "wrong request".
pub(crate) fn is_about_caller(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::Unauthorized
            | Reason::SignatureRefused
            | Reason::IpNotRegistered
            | Reason::AccountNeedsCredential
            | Reason::Forbidden
    )
}

fn refuses_duplicates(operation: Option<&Operation>) -> bool {
    operation
        .and_then(|operation| operation.reference)
        .is_some_and(|reference| reference.replay == Replay::RefusedAsDuplicate)
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

/// The address that the gateway named in a message.
pub(crate) fn ip_address(message: &str) -> Option<std::net::IpAddr> {
    message
        .split(|c: char| !(c.is_ascii_hexdigit() || c == '.' || c == ':'))
        .flat_map(|word| [word, word.trim_matches(['.', ':'])])
        .find_map(|word| word.parse().ok())
}
