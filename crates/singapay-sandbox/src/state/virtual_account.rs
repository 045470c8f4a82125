//! Virtual accounts, and the bank transfers that pay them.

use serde::{Deserialize, Serialize};

use super::{Cause, CustomerError, PaymentOutcome, Record, World};
use crate::{webhook, wire_time, wire_time::At};

/// A bank that issues virtual accounts.
pub(crate) struct VaBank {
    /// As requests name it; the payment method is this with `VA_` before it.
    pub(crate) code: &'static str,
    pub(crate) short_name: &'static str,
    pub(crate) number: &'static str,
    pub(crate) swift: &'static str,
    /// Largest amount in rupiah.
    pub(crate) most: i64,
}

const fn bank(
    code: &'static str,
    short_name: &'static str,
    number: &'static str,
    swift: &'static str,
    most: i64,
) -> VaBank {
    VaBank {
        code,
        short_name,
        number,
        swift,
        most,
    }
}

/// The twelve that were accepted live. Four largest amounts are documented (fact sheet 03, section
/// 2.6), the others are assumed to be Mandiri's.
pub(crate) const VA_BANKS: [VaBank; 12] = [
    bank("BCA", "BCA", "014", "CENAIDJA", 20_000_000),
    bank("BNI", "BNI", "009", "BNINIDJA", 250_000_000),
    bank("BRI", "BRI", "002", "BRINIDJA", 250_000_000),
    bank("MANDIRI", "Mandiri", "008", "BMRIIDJA", 100_000_000),
    bank("PERMATA", "Permata", "013", "BBBAIDJA", 100_000_000),
    bank("MAYBANK", "Maybank", "016", "IBBKIDJA", 100_000_000),
    bank("CIMB", "CIMB", "022", "BNIAIDJA", 100_000_000),
    bank("BSI", "BSI", "451", "BSMDIDJA", 100_000_000),
    bank("MUAMALAT", "Muamalat", "147", "MUABIDJA", 100_000_000),
    bank("BNC", "BNC", "490", "YUDBIDJ1", 100_000_000),
    bank("OCBC", "OCBC", "028", "NISPIDJA", 100_000_000),
    bank("DANAMON", "Danamon", "011", "BDINIDJA", 100_000_000),
];

/// What a virtual account may be paid with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum VaAmount {
    /// This amount and no other.
    Closed(i64),
    /// Whatever the customer chooses between these, both included.
    Open { least: i64, most: i64 },
}

impl VaAmount {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Closed(_) => "closed",
            Self::Open { .. } => "open",
        }
    }
}

/// A number at a bank to which customers transfer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct VirtualAccount {
    pub(crate) account: u64,
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) bank_code: String,
    /// `temporary` or `permanent`.
    pub(crate) kind: String,
    pub(crate) amount: VaAmount,
    /// As the merchant set it: neither expiry (seen live) nor the last use changes it.
    pub(crate) status: String,
    pub(crate) current_usage: i64,
    /// None: as often as wanted.
    pub(crate) max_usage: Option<i64>,
    pub(crate) expired_at: Option<At>,
    /// That it is past its end was announced.
    #[serde(default)]
    pub(crate) end_was_told: bool,
    pub(crate) name: Option<String>,
    pub(crate) merchant_reff_no: Option<String>,
}

impl VirtualAccount {
    pub(crate) fn bank(&self) -> &'static VaBank {
        let found = VA_BANKS.iter().find(|bank| bank.code == self.bank_code);
        found.unwrap_or(&VA_BANKS[0])
    }

    /// Nothing in it says so: that is computed from its time alone.
    pub(crate) fn is_past_its_end(&self, now: At) -> bool {
        self.status == "active" && self.expired_at.is_some_and(|at| at <= now)
    }

    /// Why the bank would send a customer away.
    fn refusal(&self, now: At) -> Option<String> {
        if self.status != "active" {
            return Some(self.status.clone());
        }
        if self.is_past_its_end(now) {
            return Some("expired".to_owned());
        }
        let used_up = self.max_usage.is_some_and(|max| self.current_usage >= max);
        used_up.then(|| "used up".to_owned())
    }

    /// What the customer transfers; a closed amount needs no saying.
    fn amount_of(&self, given: Option<i64>) -> Result<i64, CustomerError> {
        let wanted = |wanted| CustomerError::WrongAmount { wanted };
        match (self.amount, given) {
            (VaAmount::Closed(amount), None) => Ok(amount),
            (VaAmount::Closed(amount), Some(given)) if given == amount => Ok(amount),
            (VaAmount::Closed(amount), Some(_)) => Err(wanted(format!("Rp {amount}"))),
            (VaAmount::Open { least, most }, Some(given)) if (least..=most).contains(&given) => {
                Ok(given)
            }
            (VaAmount::Open { least, most }, _) => {
                Err(wanted(format!("between Rp {least} and Rp {most}")))
            }
        }
    }
}

impl Record for VirtualAccount {
    const TABLE: &'static str = "virtual_account";

    fn keys(&self) -> Vec<String> {
        vec![self.id.clone(), format!("number:{}", self.number)]
    }
}

/// One transfer to a virtual account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct VaTransaction {
    pub(crate) account: u64,
    pub(crate) virtual_account: u64,
    pub(crate) transaction_id: String,
    pub(crate) va_number: String,
    pub(crate) merchant_reff_no: Option<String>,
    pub(crate) amount: i64,
    /// `unpaid`, `paid`, `failed` or `expired`.
    pub(crate) status: String,
    pub(crate) posted_at: At,
    pub(crate) processed_at: Option<At>,
    /// When it ends if the customer does not go on.
    pub(crate) expires_at: At,
}

impl VaTransaction {
    pub(crate) fn waits(&self) -> bool {
        self.status == "unpaid"
    }
}

impl Record for VaTransaction {
    const TABLE: &'static str = "va_transaction";

    fn keys(&self) -> Vec<String> {
        vec![self.transaction_id.clone()]
    }
}

impl World {
    /// A number of this bank's that nobody has had before.
    pub(crate) fn va_number(&mut self, bank: &VaBank) -> String {
        loop {
            let number = format!("9{}{}", bank.number, self.random.digits(12));
            let key = format!("number:{number}");
            if self.virtual_accounts.row_of(&key).is_none() {
                return number;
            }
        }
    }

    /// The customer enters the number at a bank, and what becomes of it.
    pub(crate) fn pay_va(
        &mut self,
        row: u64,
        amount: Option<i64>,
        outcome: PaymentOutcome,
    ) -> Result<u64, CustomerError> {
        let now = self.now;
        let va = self
            .virtual_accounts
            .get(row)
            .ok_or_else(|| CustomerError::Unknown(row.to_string()))?
            .clone();
        if let Some(refusal) = va.refusal(now) {
            return Err(CustomerError::CannotBePaid(refusal));
        }
        let amount = va.amount_of(amount)?;
        let time = wire_time::compact_time(now);
        let expires_at = now.plus(self.settings.delays.va_attempt);
        let transaction = self.va_transactions.insert(VaTransaction {
            account: va.account,
            virtual_account: row,
            transaction_id: format!("64111{time}{}", self.random.digits(9)),
            va_number: va.number,
            merchant_reff_no: va.merchant_reff_no,
            amount,
            status: "unpaid".to_owned(),
            posted_at: now,
            processed_at: None,
            expires_at: va.expired_at.map_or(expires_at, |at| at.min(expires_at)),
        });
        match outcome {
            PaymentOutcome::Paid => self.collect_va(transaction),
            PaymentOutcome::Failed => self.end_va(transaction, "failed"),
            PaymentOutcome::Expired => {
                let waiting = self.va_transactions.get(transaction);
                let end = waiting.map(|waiting| waiting.expires_at);
                self.sweep_after(end);
            }
        }
        Ok(transaction)
    }

    fn collect_va(&mut self, row: u64) {
        self.end_va(row, "paid");
        let Some(paid) = self.va_transactions.get(row).cloned() else {
            return;
        };
        if let Some(va) = self.virtual_accounts.get_mut(paid.virtual_account) {
            va.current_usage += 1;
        }
        let cause = Cause {
            transaction_id: &paid.transaction_id,
            merchant_reff_no: paid.merchant_reff_no.as_deref(),
            kind: "virtual-account",
        };
        let fee = self.settings.fees.virtual_account;
        self.collect(paid.account, paid.amount, fee, cause);
        webhook::announce_va_payment(self, row);
    }

    pub(super) fn end_va(&mut self, row: u64, status: &str) {
        let now = self.now;
        if let Some(transaction) = self.va_transactions.get_mut(row) {
            transaction.status = status.to_owned();
            transaction.processed_at = Some(now);
        }
    }
}
