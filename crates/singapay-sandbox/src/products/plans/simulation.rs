//! Subscribers, who give a card and pay what an upgrade made due.

use axum::Router;
use serde::Deserialize;

use super::record::Plan;
use crate::{
    admin::{with_order, without_order},
    app::App,
    customer::{CustomerError, known},
    sandbox::Sandbox,
    state::World,
};

impl Sandbox {
    /// The customer gives a card on the page of a plan; on a plan that has one already, another
    /// card. 4000000000000002 is declined at every charge, others are not.
    ///
    /// # Errors
    ///
    /// [`CustomerError::Unknown`], and [`CustomerError::AlreadyDecided`] when it is suspended or over.
    pub fn link_card(&self, plan_id: &str, card_number: &str) -> Result<(), CustomerError> {
        self.store.run(|world| link(world, plan_id, card_number))
    }

    /// The customer pays the difference that an upgrade made due.
    ///
    /// # Errors
    ///
    /// [`CustomerError::Unknown`], also when nothing is due, and [`CustomerError::AlreadyDecided`].
    pub fn pay_prorated_charge(&self, plan_id: &str) -> Result<(), CustomerError> {
        self.store.run(|world| pay_prorated(world, plan_id))
    }
}

pub(super) fn admin() -> Router<App> {
    with_order("/plans/{plan_id}/link-card", |world, id, card: Card| {
        link(world, id, &card.card_number)
    })
    .merge(without_order(
        "/plans/{plan_id}/pay-prorated",
        |world, id, ()| pay_prorated(world, id),
    ))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Card {
    card_number: String,
}

fn named(world: &World, plan_id: &str) -> Result<u64, CustomerError> {
    known(world.plans.row_of(&Plan::key(plan_id)), plan_id)
}

fn link(world: &mut World, plan_id: &str, number: &str) -> Result<(), CustomerError> {
    let row = named(world, plan_id)?;
    world.link_card(row, number)
}

fn pay_prorated(world: &mut World, plan_id: &str) -> Result<(), CustomerError> {
    let row = named(world, plan_id)?;
    world.pay_prorated(row)
}
