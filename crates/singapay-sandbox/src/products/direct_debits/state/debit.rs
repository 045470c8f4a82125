//! Direct debit: what is charged to bound cards.

use serde::{Deserialize, Serialize};

use super::super::webhook::{self, DebitEvent};
use super::{Binding, BindingStatus};
use crate::{
    part::Agenda,
    state::{Cause, Due, Record, World},
    wire_time::At,
};

/// The one-time code that the sandbox's banks send.
pub(crate) const OTP: &str = "123456";
/// Wrong codes after which a charge has failed.
const TRIES: u32 = 3;
/// Above this the bound card has no funds; the sandbox's own convention.
const FUNDS: i64 = 50_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum DebitStatus {
    Pending,
    PendingOtp,
    Success,
    Failed,
    Expired,
}

impl DebitStatus {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::PendingOtp => "PENDING_OTP",
            Self::Success => "SUCCESS",
            Self::Failed => "FAILED",
            Self::Expired => "EXPIRED",
        }
    }

    fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::PendingOtp)
    }
}

/// One charge.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Debit {
    pub(crate) account: u64,
    pub(crate) binding: u64,
    pub(crate) transaction_id: String,
    pub(crate) merchant_reference: String,
    pub(crate) amount: i64,
    pub(crate) fee: i64,
    pub(crate) description: Option<String>,
    pub(crate) status: DebitStatus,
    pub(crate) requires_otp: bool,
    wrong_codes: u32,
    /// When an open charge changes by itself.
    pub(crate) due_at: Option<At>,
    pub(crate) paid_at: Option<At>,
    /// Code and text.
    pub(crate) failure: Option<(String, String)>,
    pub(crate) created_at: At,
    pub(crate) updated_at: At,
}

impl Debit {
    pub(crate) fn key(transaction_id: &str) -> String {
        format!("id:{transaction_id}")
    }

    pub(crate) fn reference_key(merchant_reference: &str) -> String {
        format!("ref:{merchant_reference}")
    }
}

impl Record for Debit {
    const TABLE: &'static str = "direct_debit";

    fn keys(&self) -> Vec<String> {
        vec![
            Self::key(&self.transaction_id),
            Self::reference_key(&self.merchant_reference),
        ]
    }
}

/// What is needed to take a charge; every check has been made.
pub(crate) struct NewDebit {
    pub(crate) account: u64,
    pub(crate) binding: u64,
    pub(crate) merchant_reference: String,
    pub(crate) amount: i64,
    pub(crate) description: Option<String>,
}

impl World {
    /// Takes a charge; the money comes when the bank has confirmed.
    pub(crate) fn open_debit(&mut self, new: NewDebit) -> u64 {
        let asks = self
            .bindings
            .get(new.binding)
            .is_some_and(Binding::asks_for_codes);
        let delays = &self.settings.delays;
        let (status, due_at) = if asks {
            (DebitStatus::PendingOtp, self.now.plus(delays.debit_code))
        } else {
            (DebitStatus::Pending, self.now.plus(delays.direct_debit))
        };
        let row = self.debits.insert(Debit {
            account: new.account,
            binding: new.binding,
            transaction_id: self.random.uuid(),
            merchant_reference: new.merchant_reference,
            amount: new.amount,
            fee: self.settings.fees.direct_debit.min(new.amount),
            description: new.description,
            status,
            requires_otp: asks,
            wrong_codes: 0,
            due_at: Some(due_at),
            paid_at: None,
            failure: None,
            created_at: self.now,
            updated_at: self.now,
        });
        self.schedule(due_at, Due::Debit(row));
        row
    }

    /// The customer's one-time code for a charge that waits for it; `false` when it is wrong.
    pub(crate) fn enter_code(&mut self, row: u64, code: &str) -> bool {
        let (now, delay) = (self.now, self.settings.delays.direct_debit);
        let Some(debit) = self.debits.get_mut(row) else {
            return false;
        };
        debit.updated_at = now;
        if code != OTP {
            debit.wrong_codes += 1;
            if debit.wrong_codes >= TRIES {
                self.end_debit(row, Err(("OTP_INVALID", "Too many wrong codes")));
            }
            return false;
        }
        let at = now.plus(delay);
        debit.status = DebitStatus::Pending;
        debit.due_at = Some(at);
        self.schedule(at, Due::Debit(row));
        true
    }

    /// What happens to an open charge by itself: the bank answers, or no code came in time.
    pub(crate) fn bring_debit(&mut self, row: u64) {
        let now = self.now;
        let Some(debit) = self.debits.get(row) else {
            return;
        };
        if debit.due_at.is_none_or(|at| at > now) {
            return; // a plan of before the code was entered
        }
        let result = match debit.status {
            DebitStatus::PendingOtp => Err(("OTP_EXPIRED", "No code was entered in time")),
            _ if debit.amount > FUNDS => Err(("INSUFFICIENT_FUNDS", "Insufficient funds")),
            _ => Ok(()),
        };
        self.end_debit(row, result);
    }

    /// Ends an open charge; `false` when it has ended before.
    pub(crate) fn end_debit(&mut self, row: u64, result: Result<(), (&str, &str)>) -> bool {
        let now = self.now;
        let Some(debit) = self.debits.get_mut(row).filter(|d| d.status.is_open()) else {
            return false;
        };
        debit.due_at = None;
        debit.updated_at = now;
        let event = match result {
            Ok(()) => {
                debit.status = DebitStatus::Success;
                debit.paid_at = Some(now);
                DebitEvent::ChargeSucceeded
            }
            Err((code, text)) => {
                debit.failure = Some((code.to_owned(), text.to_owned()));
                if code == "OTP_EXPIRED" {
                    debit.status = DebitStatus::Expired;
                    DebitEvent::ChargeExpired
                } else {
                    debit.status = DebitStatus::Failed;
                    DebitEvent::ChargeFailed
                }
            }
        };
        let debit = debit.clone();
        if debit.status == DebitStatus::Success {
            let cause = Cause {
                transaction_id: &debit.transaction_id,
                merchant_reff_no: Some(&debit.merchant_reference),
                kind: "direct-debit",
            };
            self.collect(debit.account, debit.amount, debit.fee, cause);
        }
        webhook::announce_debit(self, row, event);
        true
    }
}

/// Plans again what is still ahead, after a restart.
pub(crate) fn resume(world: &World, agenda: &mut Agenda) {
    for (row, binding) in world.bindings.iter() {
        match binding.status {
            BindingStatus::PendingAuth => agenda.push((binding.expires_at, Due::Binding(row))),
            BindingStatus::Active => {
                agenda.extend(binding.unbound_at.map(|at| (at, Due::Binding(row))));
            }
            _ => {}
        }
    }
    for (row, debit) in world.debits.iter().filter(|(_, d)| d.status.is_open()) {
        agenda.extend(debit.due_at.map(|at| (at, Due::Debit(row))));
    }
}
