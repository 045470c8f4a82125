//! Finding of an inquiry.

use std::fmt;

use serde_json::Value;
use singapay_core::{
    Amount, Money, Operation, Rupiah, TransactionStatusCode, operation::Payout, tolerant,
};

use super::Absence;
use crate::{
    error::{Error, ErrorKind},
    raw::RawData,
    waiting::Ending,
};

/// End of a payout's inquiry, as far as the gateway tells.
///
/// In the book: `docs/book/src/payouts.md#without-a-store`.
#[derive(Debug)]
#[must_use = "a payout whose end nobody reads may be paid twice"]
pub enum Resolution {
    /// The gateway has it: [`FoundPayout::ending`] says how it stands.
    Found(FoundPayout),
    /// The gateway has another payout under this reference: amount, bank, beneficiary or account is not
    /// the one that was asked for. A person decides; nothing may be sent.
    Conflict(FoundPayout),
    /// Proven by [`AbsenceRule`](super::AbsenceRule): the gateway never received it.
    Absent(Absence),
    /// Nobody knows yet. Ask again later, and send nothing.
    Open(Undecided),
}

/// Reason for which nobody knows yet what became of a payout.
///
/// In the book: `docs/book/src/payouts.md#without-a-store`.
#[derive(Debug)]
pub struct Undecided {
    why: &'static str,
    error: Option<Error>,
    heals: bool,
}

impl Undecided {
    /// The answer proves nothing; a later one may.
    pub(crate) fn yet(why: &'static str) -> Self {
        Self {
            why,
            error: None,
            heals: true,
        }
    }

    /// No answer will ever tell.
    pub(crate) fn ever(why: &'static str) -> Self {
        Self {
            heals: false,
            ..Self::yet(why)
        }
    }

    /// True if asking again later may go better.
    pub fn may_heal(&self) -> bool {
        self.heals
    }

    /// Error of the last question, if it had one.
    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }
}

impl From<Error> for Undecided {
    fn from(error: Error) -> Self {
        let kind = error.kind();
        Self {
            why: "its inquiry failed",
            heals: kind.may_pass() || matches!(kind, ErrorKind::Decode | ErrorKind::Paging),
            error: Some(error),
        }
    }
}

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.why)?;
        match &self.error {
            Some(error) => write!(f, ": {error}"),
            None => Ok(()),
        }
    }
}

impl Resolution {
    /// The payout, if it was found and is the one that was asked for.
    pub fn found(self) -> Option<FoundPayout> {
        match self {
            Self::Found(payout) => Some(payout),
            _ => None,
        }
    }
}

/// A payout as the gateway has it.
///
/// In the book: `docs/book/src/payouts.md#without-a-store`.
#[derive(Clone)]
#[must_use]
pub struct FoundPayout {
    ending: Option<Ending>,
    status: String,
    transaction_id: Option<String>,
    gross: Option<Rupiah>,
    data: RawData,
}

impl FoundPayout {
    /// Reads it; `None` if it tells no status, and so nothing.
    pub(crate) fn read(payout: &Payout, data: &Value) -> Option<Self> {
        let status = status(data)?;
        let id = data.get("transaction_id").cloned();
        let gross = payout.echo.gross.and_then(|name| data.get(name));
        let money = gross.and_then(|gross| {
            serde_json::from_value::<Money<Amount>>(gross.clone())
                .ok()?
                .rupiah()
        });
        Some(Self {
            ending: ending(data, &status),
            status,
            transaction_id: id.and_then(tolerant::text_of).filter(|id| !id.is_empty()),
            gross: money,
            data: RawData::new(data.clone()),
        })
    }

    /// Reads the answer of the call that made it, which of bills tells the status by its code alone.
    pub(crate) fn accepted(
        operation: &Operation,
        data: &Value,
        code: Option<&str>,
    ) -> Option<Self> {
        let payout = operation.payout.as_ref()?;
        if let Some(found) = Self::read(payout, data) {
            return Some(found);
        }
        let code = code.filter(|_| operation.product == "bills")?;
        let data = data.clone();
        let mut told = data.clone();
        told.as_object_mut()?
            .insert("status".to_owned(), Value::from(code));
        let mut found = Self::read(payout, &told)?;
        // Success has the same digits in both tables; the others of the biller's end nothing.
        let paid = TransactionStatusCode::other(code) == TransactionStatusCode::Success;
        found.ending = paid.then_some(Ending::Paid);
        found.data = RawData::new(data);
        Some(found)
    }

    /// Ending of the payout; `None` while it has none, and for a status that this version does not know.
    pub fn ending(&self) -> Option<Ending> {
        self.ending
    }

    /// True if the money has moved.
    pub fn is_paid(&self) -> bool {
        self.ending == Some(Ending::Paid)
    }

    /// The gateway's own status: two digits, or a word.
    pub fn status(&self) -> &str {
        &self.status
    }

    /// The gateway's id of it.
    pub fn transaction_id(&self) -> Option<&str> {
        self.transaction_id.as_deref()
    }

    /// Amount that leaves the account, the fee included, if it is told.
    pub fn gross_amount(&self) -> Option<Rupiah> {
        self.gross
    }

    /// All that was told of it. It holds personal data.
    pub fn data(&self) -> &RawData {
        &self.data
    }
}

impl fmt::Debug for FoundPayout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FoundPayout")
            .field("ending", &self.ending)
            .finish_non_exhaustive()
    }
}

/// True if data tells that there is a transaction.
pub(crate) fn tells_status(data: &Value) -> bool {
    data.get("transaction_status")
        .is_some_and(|status| code(status).is_some())
}

fn status(data: &Value) -> Option<String> {
    match data.get("transaction_status") {
        Some(status) => code(status),
        None => word(data.get("status")?),
    }
}

fn code(status: &Value) -> Option<String> {
    word(status.get("code").unwrap_or(status))
}

fn word(value: &Value) -> Option<String> {
    let text = tolerant::text_of(value.clone())?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn ending(data: &Value, status: &str) -> Option<Ending> {
    match data.get("transaction_status") {
        Some(_) => ending_of_code(&TransactionStatusCode::other(status)),
        None => ending_of_word(status),
    }
}

/// Ending of a payout with this status.
pub(crate) fn ending_of_code(code: &TransactionStatusCode) -> Option<Ending> {
    match code {
        TransactionStatusCode::Success => Some(Ending::Paid),
        TransactionStatusCode::Refunded => Some(Ending::Refunded),
        TransactionStatusCode::Canceled => Some(Ending::Canceled),
        // The bank or wallet does not know it: nothing was paid.
        TransactionStatusCode::Failed | TransactionStatusCode::NotFound => Some(Ending::Failed),
        _ => None,
    }
}

/// The same of those that have a word.
pub(crate) fn ending_of_word(word: &str) -> Option<Ending> {
    match word {
        "success" => Some(Ending::Paid),
        "failed" => Some(Ending::Failed),
        "expired" => Some(Ending::Expired),
        "refunded" => Some(Ending::Refunded),
        "canceled" | "cancelled" => Some(Ending::Canceled),
        _ => None,
    }
}

/// Fields in which an operation's inquiry, list or event repeats what was asked; the answer of a withdrawal's
/// read has other names than that of the call.
pub(crate) fn places(operation: &Operation) -> Option<Payout> {
    let mut payout = operation.payout?;
    if operation.id == "create_cardless_withdrawal" {
        payout.echo.amounts = &["amount", "net_amount"];
        payout.echo.gross = Some("total_paid");
        // Not among the members that are documented of a read; compared where it is told.
        payout.echo.beneficiary = None;
        payout.echo.same = &[
            ("reference_number", "reference_number"),
            ("customer_id", "customer_id"),
        ];
    }
    if operation.product == "bills" {
        payout.echo.same = &[
            ("data.reference_number", "reference_number"),
            ("data.product_code", "product.code"),
        ];
    }
    Some(payout)
}
