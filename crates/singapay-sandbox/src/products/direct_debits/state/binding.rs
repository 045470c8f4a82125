//! Cards that customers bound for direct debit.

use serde_json::{Value, json};

use crate::{
    customer::CustomerError,
    products::direct_debits::{
        record::{Binding, BindingStatus, DebitStatus, NewBinding},
        webhook::{self, DebitEvent},
    },
    state::{Due, World},
};

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

    /// Lets a binding's page expire, or its end take effect.
    pub(crate) fn bring_binding(&mut self, row: u64) {
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
}
