//! Direct debit: cards that customers bound, and what was charged to them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Cause, CustomerError, Due, Record, World};
use crate::{
    webhook::{self, DebitEvent},
    wire_time::At,
};

/// The one-time code that the sandbox's banks send.
pub(crate) const OTP: &str = "123456";
/// Wrong codes after which a charge has failed.
const TRIES: u32 = 3;
/// Above this the bound card has no funds; the sandbox's own convention.
const FUNDS: i64 = 50_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum BindingStatus {
    PendingAuth,
    Active,
    Unbound,
    Failed,
    Expired,
}

impl BindingStatus {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::PendingAuth => "PENDING_AUTH",
            Self::Active => "ACTIVE",
            Self::Unbound => "UNBOUND",
            Self::Failed => "FAILED",
            Self::Expired => "EXPIRED",
        }
    }
}

/// A card on its way to be bound, bound, or no longer bound.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Binding {
    pub(crate) binding_id: String,
    pub(crate) customer_ref: String,
    /// Unknown until the customer picks a bank.
    pub(crate) bank_code: Option<String>,
    pub(crate) masked_card: Option<String>,
    pub(crate) status: BindingStatus,
    /// `WITH_OTP` or `WITHOUT_OTP`.
    pub(crate) payment_otp_mode: String,
    /// Last part of the page's address.
    pub(crate) page: String,
    pub(crate) expires_at: At,
    pub(crate) failure_reason: Option<String>,
    /// Where the page leads when the card is bound, and when it is not.
    pub(crate) leads_to: [Option<String>; 2],
    /// What has to come back with the code that confirms an unbinding.
    pub(crate) handoff: Option<Value>,
    /// When a confirmed unbinding takes effect.
    pub(crate) unbound_at: Option<At>,
    pub(crate) created_at: At,
    pub(crate) updated_at: At,
}

impl Binding {
    pub(crate) fn asks_for_codes(&self) -> bool {
        self.payment_otp_mode == "WITH_OTP"
    }

    pub(crate) fn key(binding_id: &str) -> String {
        format!("id:{binding_id}")
    }

    pub(crate) fn page_key(page: &str) -> String {
        format!("page:{page}")
    }
}

impl Record for Binding {
    const TABLE: &'static str = "binding";

    fn keys(&self) -> Vec<String> {
        vec![Self::key(&self.binding_id), Self::page_key(&self.page)]
    }
}

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

/// What a merchant says about a binding.
pub(crate) struct NewBinding {
    pub(crate) customer_ref: String,
    pub(crate) bank_code: Option<String>,
    pub(crate) payment_otp_mode: Option<String>,
    pub(crate) leads_to: [Option<String>; 2],
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
    /// A new binding, which waits for its customer.
    pub(crate) fn open_binding(&mut self, new: NewBinding) -> u64 {
        let expires_at = self.now.plus(self.settings.delays.binding_page);
        let row = self.bindings.insert(Binding {
            binding_id: self.random.uuid(),
            customer_ref: new.customer_ref,
            bank_code: new.bank_code,
            masked_card: None,
            status: BindingStatus::PendingAuth,
            payment_otp_mode: new
                .payment_otp_mode
                .unwrap_or_else(|| "WITH_OTP".to_owned()),
            page: self.random.token(40),
            expires_at,
            failure_reason: None,
            leads_to: new.leads_to,
            handoff: None,
            unbound_at: None,
            created_at: self.now,
            updated_at: self.now,
        });
        self.schedule(expires_at, Due::Binding(row));
        row
    }

    /// The customer answers the bank's page, once; `bank_code` counts where none was asked for.
    pub(crate) fn answer_binding(
        &mut self,
        row: u64,
        approved: bool,
        bank_code: Option<&str>,
    ) -> Result<(), CustomerError> {
        let now = self.now;
        let masked = format!(
            "{}xxxxxxxxx{}",
            self.random.digits(3),
            self.random.digits(4)
        );
        let binding = self
            .bindings
            .get_mut(row)
            .ok_or_else(|| CustomerError::Unknown(row.to_string()))?;
        if binding.status != BindingStatus::PendingAuth {
            let word = binding.status.word().to_owned();
            return Err(CustomerError::AlreadyDecided(word));
        }
        binding.updated_at = now;
        let event = if approved {
            let picked = bank_code.unwrap_or("008").to_owned();
            binding.bank_code.get_or_insert(picked);
            binding.masked_card = Some(masked);
            binding.status = BindingStatus::Active;
            DebitEvent::BindingSucceeded
        } else {
            binding.status = BindingStatus::Failed;
            binding.failure_reason = Some("Declined by the customer".to_owned());
            DebitEvent::BindingFailed
        };
        webhook::announce_binding(self, row, event);
        Ok(())
    }

    /// Starts to end an active binding. Gives what has to come back with the code, if one is asked.
    pub(crate) fn start_unbinding(&mut self, row: u64) -> Option<Value> {
        let asks = self.bindings.get(row).is_some_and(Binding::asks_for_codes);
        if !asks {
            self.confirm_unbinding(row);
            return None;
        }
        let handoff = json!({
            "external_id": self.random.uuid(),
            "partner_reference_no": self.random.ulid(self.now),
            "otp_token": self.random.token(32),
            "flow": "UNBINDING",
            "reference_no": self.random.digits(12),
        });
        let binding = self.bindings.get_mut(row)?;
        binding.handoff = Some(handoff.clone());
        Some(handoff)
    }

    /// The binding stays active until the bank has confirmed.
    pub(crate) fn confirm_unbinding(&mut self, row: u64) {
        let at = self.now.plus(self.settings.delays.direct_debit);
        let Some(binding) = self.bindings.get_mut(row) else {
            return;
        };
        binding.handoff = None;
        if binding.unbound_at.is_none() {
            binding.unbound_at = Some(at);
            self.schedule(at, Due::Binding(row));
        }
    }

    /// What happens to a binding by itself: its page expires, or its end takes effect.
    pub(super) fn bring_binding(&mut self, row: u64) {
        let now = self.now;
        let Some(binding) = self.bindings.get(row) else {
            return;
        };
        let (status, event) = match binding.status {
            BindingStatus::PendingAuth if binding.expires_at <= now => {
                (BindingStatus::Expired, DebitEvent::BindingExpired)
            }
            BindingStatus::Active if binding.unbound_at.is_some_and(|at| at <= now) => {
                (BindingStatus::Unbound, DebitEvent::UnbindingSucceeded)
            }
            _ => return,
        };
        if let Some(binding) = self.bindings.get_mut(row) {
            binding.status = status;
            binding.updated_at = now;
        }
        webhook::announce_binding(self, row, event);
        // Nobody can be asked for a code any more.
        let waiting: Vec<u64> = self
            .debits
            .iter()
            .filter(|(_, d)| d.binding == row && d.status == DebitStatus::PendingOtp)
            .map(|(debit, _)| debit)
            .collect();
        for debit in waiting {
            self.end_debit(debit, Err(("BINDING_ENDED", "The binding has ended")));
        }
    }

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
    pub(super) fn bring_debit(&mut self, row: u64) {
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

    /// Plans again what is still ahead, after a restart.
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code))] // only a kept state is restored
    pub(super) fn plan_direct_debits(&self, plan: &mut Vec<(At, Due)>) {
        for (row, binding) in self.bindings.iter() {
            match binding.status {
                BindingStatus::PendingAuth => plan.push((binding.expires_at, Due::Binding(row))),
                BindingStatus::Active => {
                    plan.extend(binding.unbound_at.map(|at| (at, Due::Binding(row))));
                }
                _ => {}
            }
        }
        for (row, debit) in self.debits.iter().filter(|(_, d)| d.status.is_open()) {
            plan.extend(debit.due_at.map(|at| (at, Due::Debit(row))));
        }
    }
}
