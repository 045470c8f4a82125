//! Customers and their banks, who answer bindings and charges.

use axum::Router;

use super::record::{Binding, Debit};
use crate::{
    admin::{Approval, with_order},
    app::App,
    customer::{CustomerError, known},
    sandbox::Sandbox,
    state::World,
};

impl Sandbox {
    /// The customer answers the bank's page of a binding.
    ///
    /// # Errors
    ///
    /// [`CustomerError::Unknown`] and [`CustomerError::AlreadyDecided`].
    pub fn answer_binding(&self, binding_id: &str, approve: bool) -> Result<(), CustomerError> {
        self.store.run(|world| answer(world, binding_id, approve))
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
        self.store
            .run(|world| decide(world, transaction_id, approve))
    }
}

pub(super) fn admin() -> Router<App> {
    with_order(
        "/bindings/{binding_id}/answer",
        |world, id, order: Approval| answer(world, id, order.approve),
    )
    .merge(with_order(
        "/direct-debits/{transaction_id}/decide",
        |world, id, order: Approval| decide(world, id, order.approve),
    ))
}

fn answer(world: &mut World, binding_id: &str, approve: bool) -> Result<(), CustomerError> {
    let row = known(world.bindings.row_of(&Binding::key(binding_id)), binding_id)?;
    world.answer_binding(row, approve, None)
}

fn decide(world: &mut World, transaction_id: &str, approve: bool) -> Result<(), CustomerError> {
    let row = known(
        world.debits.row_of(&Debit::key(transaction_id)),
        transaction_id,
    )?;
    let result = if approve {
        Ok(())
    } else {
        Err(("BANK_DECLINED", "Declined by the bank"))
    };
    if world.end_debit(row, result) {
        return Ok(());
    }
    let debit = world.debits.get(row);
    let word = debit.map_or("", |debit| debit.status.word());
    Err(CustomerError::AlreadyDecided(word.to_owned()))
}
