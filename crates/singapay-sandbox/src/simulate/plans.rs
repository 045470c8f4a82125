//! What subscribers do.

use crate::{
    sandbox::Sandbox,
    state::{CustomerError, Plan, Store, World},
};

impl Sandbox {
    /// The customer gives a card on the page of a plan; on a plan that has one already, another
    /// card. 4000000000000002 is declined at every charge, others are not.
    ///
    /// # Errors
    ///
    /// [`CustomerError::Unknown`], and [`CustomerError::AlreadyDecided`] when it is suspended or over.
    pub fn link_card(&self, plan_id: &str, card_number: &str) -> Result<(), CustomerError> {
        link_card(&self.store, plan_id, card_number)
    }

    /// The customer pays the difference that an upgrade made due.
    ///
    /// # Errors
    ///
    /// [`CustomerError::Unknown`], also when nothing is due, and [`CustomerError::AlreadyDecided`].
    pub fn pay_prorated_charge(&self, plan_id: &str) -> Result<(), CustomerError> {
        pay_prorated(&self.store, plan_id)
    }
}

fn named(world: &World, plan_id: &str) -> Result<u64, CustomerError> {
    let row = world.plans.row_of(&Plan::key(plan_id));
    row.ok_or_else(|| CustomerError::Unknown(plan_id.to_owned()))
}

pub(crate) fn link_card(store: &Store, plan_id: &str, number: &str) -> Result<(), CustomerError> {
    store.run(|world| {
        let row = named(world, plan_id)?;
        world.link_card(row, number)
    })
}

pub(crate) fn pay_prorated(store: &Store, plan_id: &str) -> Result<(), CustomerError> {
    store.run(|world| {
        let row = named(world, plan_id)?;
        world.pay_prorated(row)
    })
}
