//! Subscribers, who give a card and pay what an upgrade made due.

use axum::{
    Json, Router,
    extract::{Path, State},
    response::Response,
    routing::post,
};
use serde::Deserialize;

use super::record::Plan;
use crate::{
    admin::customer,
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
    Router::new()
        .route("/plans/{plan_id}/link-card", post(link_now))
        .route("/plans/{plan_id}/pay-prorated", post(pay_now))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Card {
    card_number: String,
}

async fn link_now(
    State(app): State<App>,
    Path(plan_id): Path<String>,
    Json(card): Json<Card>,
) -> Response {
    customer(
        app.store
            .run(|world| link(world, &plan_id, &card.card_number)),
    )
}

async fn pay_now(State(app): State<App>, Path(plan_id): Path<String>) -> Response {
    customer(app.store.run(|world| pay_prorated(world, &plan_id)))
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
