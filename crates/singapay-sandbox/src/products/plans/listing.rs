//! Subscriptions, as the admin side lists them.

use serde_json::json;

use super::record::{Plan, PlanStatus, Prorated};
use crate::{
    listing::{Listed, Listing, listing},
    state::World,
};

/// Numbers of the README's table: the first is charged, the second declined at every charge.
const CARDS: [&str; 2] = ["5555555555554444", "4000000000000002"];

pub(super) const LISTING: Listing = listing!("plans", In, plans, show);

fn show(world: &World, row: u64, plan: &Plan) -> Listed {
    let takes_cards = !plan.status.is_final() && plan.status != PlanStatus::Suspended;
    let way = |deed: &str| format!("/plans/{}/{deed}", plan.plan_id);
    let [good, declining] = CARDS.map(|number| json!({"card_number": number}));
    let owes = matches!(plan.prorated, Some(Prorated { paid: false, .. }));
    let page = format!("{}/sub/{}", world.settings.base_url, plan.page);
    Listed::new(row, &plan.plan_id, plan.status.word())
        .of(world, plan.account)
        .reference(Some(&plan.subscription_id))
        .amount(plan.amount)
        .about(&format!("{} (cycle {})", plan.name, plan.cycle))
        .at(plan.created_at)
        .next(takes_cards, "charge", plan.next_at)
        .page(takes_cards.then_some(page))
        .can(takes_cards, "link card", &way("link-card"), good)
        .can(
            takes_cards,
            "link declining card",
            &way("link-card"),
            declining,
        )
        .can(owes, "pay difference", &way("pay-prorated"), None)
}
