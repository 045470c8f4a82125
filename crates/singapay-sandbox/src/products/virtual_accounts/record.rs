//! Virtual accounts, and the bank transfers that pay them.

use serde::{Deserialize, Serialize};

use crate::{customer::CustomerError, table::Record, wire_time::At};

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

/// The twelve that were accepted live. Four largest amounts are documented, the others are assumed
/// to be Mandiri's.
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

/// Amounts with which a virtual account may be paid.
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

    /// Reason for which the bank would send a customer away.
    pub(crate) fn refusal(&self, now: At) -> Option<String> {
        if self.status != "active" {
            return Some(self.status.clone());
        }
        if self.is_past_its_end(now) {
            return Some("expired".to_owned());
        }
        let used_up = self.max_usage.is_some_and(|max| self.current_usage >= max);
        used_up.then(|| "used up".to_owned())
    }

    /// Amount that the customer transfers; a closed one needs no saying.
    pub(crate) fn amount_of(&self, given: Option<i64>) -> Result<i64, CustomerError> {
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
