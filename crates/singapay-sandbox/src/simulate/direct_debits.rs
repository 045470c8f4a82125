//! What customers and their banks do with direct debit.

use crate::{
    sandbox::Sandbox,
    state::{Binding, CustomerError, Debit, Store},
};

impl Sandbox {
    /// The customer answers the bank's page of a binding.
    ///
    /// # Errors
    ///
    /// [`CustomerError::Unknown`] and [`CustomerError::AlreadyDecided`].
    pub fn answer_binding(&self, binding_id: &str, approve: bool) -> Result<(), CustomerError> {
        answer_binding(&self.store, binding_id, approve)
    }

    /// The bank answers an open direct-debit charge now, code or not. Charges end by themselves
    /// too: above 50,000,000 rupiah they fail, others succeed.
    ///
    /// # Errors
    ///
    /// [`CustomerError::Unknown`] and [`CustomerError::AlreadyDecided`].
    pub fn decide_direct_debit(
        &self,
        transaction_id: &str,
        approve: bool,
    ) -> Result<(), CustomerError> {
        decide_direct_debit(&self.store, transaction_id, approve)
    }
}

pub(crate) fn answer_binding(
    store: &Store,
    binding_id: &str,
    approve: bool,
) -> Result<(), CustomerError> {
    store.run(|world| {
        let row = world
            .bindings
            .row_of(&Binding::key(binding_id))
            .ok_or_else(|| CustomerError::Unknown(binding_id.to_owned()))?;
        world.answer_binding(row, approve, None)
    })
}

pub(crate) fn decide_direct_debit(
    store: &Store,
    transaction_id: &str,
    approve: bool,
) -> Result<(), CustomerError> {
    store.run(|world| {
        let row = world
            .debits
            .row_of(&Debit::key(transaction_id))
            .ok_or_else(|| CustomerError::Unknown(transaction_id.to_owned()))?;
        let result = if approve {
            Ok(())
        } else {
            Err(("BANK_DECLINED", "Declined by the bank"))
        };
        if world.end_debit(row, result) {
            return Ok(());
        }
        let status = world
            .debits
            .get(row)
            .map_or("", |debit| debit.status.word());
        Err(CustomerError::AlreadyDecided(status.to_owned()))
    })
}
