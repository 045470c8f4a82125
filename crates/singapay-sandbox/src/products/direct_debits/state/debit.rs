//! Direct debit: what is charged to bound cards.

use crate::{
    products::direct_debits::{
        record::{Binding, BindingStatus, Debit, DebitStatus, FUNDS, NewDebit, OTP, TRIES},
        webhook::{self, DebitEvent},
    },
    state::{Agenda, Cause, Due, World},
};

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

    /// Lets the bank answer an open charge, or its code come too late.
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
