//! The `x-singapay` metadata of an operation.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// Name of the extension.
pub const EXTENSION: &str = "x-singapay";

/// Metadata of an operation, from the overlays.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// Facade handle that offers the operation.
    pub product: String,
    /// Method on the handle.
    pub verb: String,
    /// Authentication of the request.
    pub auth: Auth,
    /// True if scheme C signs the request.
    #[serde(default)]
    pub signed: bool,
    /// Effect of the request, and so of a repetition.
    pub effect: Effect,
    /// Shape of the answer.
    pub envelope: Envelope,
    /// The merchant's own reference.
    pub reference: Option<Reference>,
    /// Operation that answers "what happened to it".
    pub inquiry: Option<String>,
    /// Place of the account id in the request.
    #[serde(default)]
    pub account: Account,
    /// Public name of the `data` object, or of one row of it.
    pub model: Option<String>,
    /// Fields of data without which the answer is useless.
    #[serde(default)]
    pub essential: Vec<String>,
    /// Fields that say what a payout pays, and to whom.
    pub payout: Option<Payout>,
    /// Degree to which the operation has been proven.
    pub evidence: Evidence,
    /// True until a person has looked at all this; the operation is not offered until then.
    #[serde(default)]
    pub unconfirmed: bool,
    /// True if the request may be sent without a body; set by lowering.
    #[serde(default)]
    pub optional_body: bool,
}

/// Authentication of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Auth {
    /// Bearer token of the host.
    Bearer,
    /// Token request v1.1.
    SchemeA,
    /// Token request v1.0.
    SchemeB,
    /// Identity token request.
    SchemeD,
}

/// Effect of a request, and so of a repetition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Changes nothing.
    Read,
    /// Changes state, moves no money.
    Write,
    /// Collects money.
    MoneyIn,
    /// Pays money out.
    MoneyOut,
}

/// Shape of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
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
}

/// The merchant's own reference in a request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// Body field.
    pub field: String,
    /// Answer of the gateway to a reference that it has seen before.
    pub replay: Replay,
}

/// Fields that say what a payout pays, and to whom. Names of nested fields are dotted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payout {
    /// Field of the request that holds the amount.
    pub amount: Option<String>,
    /// Field of the request that names the bank.
    pub bank: Option<String>,
    /// Field of the request that names who is paid.
    pub beneficiary: String,
    /// Fields of the answer that repeat it.
    pub echo: Echo,
}

/// Fields in the data of an answer that repeat what was asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Echo {
    /// Fields of which one repeats the amount, unless that is the gross one.
    pub amounts: Vec<String>,
    /// Field that holds the amount with the fee.
    pub gross: Option<String>,
    /// Field that names the bank.
    pub bank: Option<String>,
    /// Field that names who is paid.
    pub beneficiary: Option<String>,
    /// Further fields of the request, and those of the answer that repeat them to the letter.
    pub same: BTreeMap<String, String>,
}

impl Echo {
    /// Members of an answer's data that nothing is compared with any more.
    pub fn untold(&self, is_there: &dyn Fn(&str) -> bool) -> Vec<&str> {
        let alone = [&self.gross, &self.bank, &self.beneficiary];
        let alone = alone.into_iter().flatten().chain(self.same.values());
        let alone = alone.map(String::as_str);
        let mut untold: Vec<_> = alone.filter(|path| !is_there(path)).collect();
        // Of the amounts one is enough.
        if !self.amounts.iter().any(|path| is_there(path)) {
            untold.extend(self.amounts.first().map(String::as_str));
        }
        untold
    }
}

/// Behaviour of the gateway when a reference is sent a second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Replay {
    /// The original is returned.
    ReturnsOriginal,
    /// Refused; the original may have succeeded.
    RefusedAsDuplicate,
    /// Another one is created.
    CreatesAnother,
    /// Nobody has seen what happens.
    Unknown,
}

/// Place of the account id in a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Account {
    /// A path parameter.
    Path,
    /// A body field.
    Body,
    /// Nowhere.
    #[default]
    None,
}

/// Degree to which an operation has been proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// Seen to succeed against the real gateway.
    Live,
    /// Its product was swept live.
    LiveGroup,
    /// Only refusals have been seen.
    LiveRefusal,
    /// Documented, not seen.
    Documented,
    /// Known from other clients only.
    PeerOnly,
}

impl Metadata {
    /// Reads the metadata of an operation; `None` if it has none.
    pub fn of(operation: &Value) -> Option<Result<Self, serde_json::Error>> {
        operation.get(EXTENSION).map(Self::deserialize)
    }
}

/// Metadata of a webhook, from the overlays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EventMetadata {
    /// Canonical name.
    pub event: Option<String>,
    /// Names under which it comes.
    pub events: Vec<String>,
    /// Beginnings of its names that nobody has listed.
    pub families: Vec<String>,
    /// Members that tell it where the name is missing.
    pub marks: Vec<Mark>,
    /// `money-in` or `money-out`, if it reports a payment or a payout.
    pub effect: Option<Effect>,
    /// Public name of `data`.
    pub model: Option<String>,
    /// Shape of the body, in words.
    pub envelope: Option<String>,
    /// Members of `data` without which it is useless.
    pub essential: Vec<String>,
    /// Members that hold the merchant's own reference; the first that is there counts.
    pub merchant_reference: Vec<String>,
    /// Members that hold the gateway's id of what it is about; the first that is there counts.
    pub transaction_id: Vec<String>,
    /// Members that hold its status; the first that is there counts.
    pub status: Vec<String>,
    /// Members of one that reports success or failure, for deliveries of tests.
    pub states: EventStates,
    /// Members that hold amounts.
    pub amounts: EventAmounts,
    /// Reads that confirm it; the first whose id is there counts.
    pub resource: Vec<EventResource>,
    /// Reason for having no amount, reference or resource: `amount`, `merchant_reference`, `resource`.
    pub without: BTreeMap<String, String>,
    /// Members that tell two events apart.
    pub dedupe: Vec<String>,
    /// Setting that says where it is sent.
    pub notification_url: Option<String>,
    /// Credential whose key signs it.
    pub signer: Option<String>,
    /// Degree to which it has been proven.
    pub evidence: Option<Evidence>,
}

/// Members of an event that hold amounts; of each list the first that is there counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EventAmounts {
    /// Amount that the payer paid.
    pub gross: Vec<String>,
    /// Fee that the gateway takes of it.
    pub fee: Vec<String>,
    /// Amount that the payee gets.
    pub net: Vec<String>,
}

/// Texts of members by their paths, in an event that reports success or failure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EventStates {
    /// Of one that reports success.
    pub paid: BTreeMap<String, String>,
    /// Of one that reports failure.
    pub failed: BTreeMap<String, String>,
}

/// A read that confirms an event.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventResource {
    /// Id of the operation.
    pub operation: String,
    /// Member of the event by which it asks.
    pub id: String,
    /// Field of its body, or parameter of a list, that takes the id; none where the path does.
    pub by: Option<String>,
    /// Members of its data that repeat the amounts.
    #[serde(default)]
    pub amounts: EventAmounts,
    /// Members of its data that repeat the status.
    #[serde(default)]
    pub status: Vec<String>,
    /// Statuses in which it may be found instead of one that the event tells.
    #[serde(default)]
    pub later: BTreeMap<String, Vec<String>>,
    /// Members of its data of which one repeats the merchant's reference.
    #[serde(default)]
    pub reference: Vec<String>,
}

/// A member that only one event has.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// Its path in the body.
    pub at: String,
    /// Its texts; any value if there are none.
    #[serde(default)]
    pub is: Vec<String>,
    /// True if it tells more than the marks of other events.
    #[serde(default)]
    pub decisive: bool,
}
