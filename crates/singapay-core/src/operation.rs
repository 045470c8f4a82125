//! Facts about each gateway operation, as data.
//!
//! The generated operation table of `singapay-api` holds one [`Operation`] per operation; it comes
//! from the `x-singapay` metadata of the overlays (see `spec/README.md`).
//!
//! All of them: `crates/singapay-api/src/generated/operations.rs`.

/// Everything the pipeline and the facade need to know about an operation.
///
/// Values are made by generated code only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// Operation id, for example `topup_ewallet`.
    pub id: &'static str,
    /// Host that serves it.
    pub host: Host,
    /// HTTP method, upper case.
    pub method: &'static str,
    /// Path template, starting with `/api`.
    pub path: &'static str,
    /// Facade handle that offers it, for example `payment_links`.
    pub product: &'static str,
    /// Authentication of the request.
    pub authentication: Authentication,
    /// True if the request carries `X-Signature` and `X-Timestamp` (scheme C).
    pub signed: bool,
    /// Effect of the request, and so of a repetition.
    pub effect: Effect,
    /// Shape of the answer.
    pub envelope: Envelope,
    /// Field by which the merchant recognises the transaction, if there is one.
    pub reference: Option<Reference>,
    /// Operation that answers "what happened to it".
    pub inquiry: Option<&'static str>,
    /// Fields of the data without which an answer is useless, dotted where they are nested.
    pub essential: &'static [&'static str],
    /// Fields that say what a payout pays, and to whom.
    pub payout: Option<Payout>,
    /// True if the request may be sent without a body.
    pub optional_body: bool,
    /// Degree to which the operation has been proven.
    pub evidence: Evidence,
}

impl Operation {
    /// An unsigned read of the payment host of which nothing else is known: what rows that no
    /// document gives are completed from.
    #[doc(hidden)]
    pub const BARE: Self = Self {
        id: "raw_request",
        host: Host::Payment,
        method: "GET",
        path: "",
        product: "raw",
        authentication: Authentication::Bearer,
        signed: false,
        effect: Effect::Read,
        envelope: Envelope::V2,
        reference: None,
        inquiry: None,
        essential: &[],
        payout: None,
        optional_body: false,
        evidence: Evidence::Documented,
    };
}

/// Host of the gateway that serves an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Host {
    /// The merchant API.
    Payment,
    /// Bill payments (PPOB).
    Biller,
    /// Identity checks.
    Identity,
}

/// Authentication of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authentication {
    /// Bearer token of the host; payment and biller also send `X-PARTNER-ID`.
    Bearer,
    /// Scheme A: token v1.1, HMAC-SHA512 over client id, secret and the Jakarta date.
    SchemeA,
    /// Scheme B: token v1.0, HTTP Basic.
    SchemeB,
    /// Scheme D: identity token, HMAC-SHA256 inside the body.
    SchemeD,
}

/// Effect of an operation, and so of a second copy of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Changes nothing; may be repeated freely, also when it is a POST.
    Read,
    /// Changes state at the gateway, moves no money.
    Write,
    /// Collects money.
    MoneyIn,
    /// Pays money out.
    MoneyOut,
}

/// Shape of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Envelope {
    /// `{status, success, data}`.
    V1,
    /// `{response_code, response_message, data}`.
    V2,
    /// `{command, response_code, response_text, data}`.
    Biller,
    /// `{code, message, data, request_id, pricing}`.
    Identity,
    /// Fields at top level.
    Flat,
    /// Any of them, told by its members: for a request that is not modelled.
    Any,
}

/// The merchant's own reference in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// Body field, in the API's spelling.
    pub field: &'static str,
    /// Answer of the gateway to a reference that it has seen before.
    pub replay: Replay,
}

/// Fields that say what a payout pays, and to whom. Names of nested fields are dotted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payout {
    /// Body field that holds the amount.
    pub amount: Option<&'static str>,
    /// Body field that names the bank.
    pub bank: Option<&'static str>,
    /// Body field that names who is paid.
    pub beneficiary: &'static str,
    /// Fields of the answer that repeat it.
    pub echo: Echo,
}

/// Fields in the data of an answer that repeat what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Echo {
    /// Fields of which one repeats the amount, unless that is the gross one.
    pub amounts: &'static [&'static str],
    /// Field that holds the amount with the fee.
    pub gross: Option<&'static str>,
    /// Field that names the bank.
    pub bank: Option<&'static str>,
    /// Field that names who is paid.
    pub beneficiary: Option<&'static str>,
    /// Further body fields, and those of the answer that repeat them to the letter.
    pub same: &'static [(&'static str, &'static str)],
}

/// Behaviour of the gateway when a reference is sent a second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// The original is returned and nothing new happens: a repetition is safe.
    ReturnsOriginal,
    /// Refused as a duplicate; the original may have succeeded.
    RefusedAsDuplicate,
    /// No protection: a repetition creates another one.
    CreatesAnother,
    /// Nobody has seen what happens.
    Unknown,
}

/// Degree to which an operation has been proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// Seen to succeed against the real gateway.
    Live,
    /// Its product was swept live; this operation was not singled out.
    LiveGroup,
    /// Answers, but only refusals have been seen.
    LiveRefusal,
    /// Documented, not seen.
    Documented,
    /// Known from other clients only.
    PeerOnly,
}
