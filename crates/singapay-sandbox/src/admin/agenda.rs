//! What happens by itself, and when.

use axum::{
    Json,
    extract::{Query, State},
};
use serde::Serialize;
use serde_json::{Value, json};

use super::ask::Limit;
use crate::{
    app::App,
    payouts::Payout,
    state::{Due, World},
    webhook::DeliveryState,
};

/// Entries of the agenda that one question looks at: some of them have come to nothing meanwhile.
const SCANNED: usize = 5_000;

#[derive(Serialize)]
struct Upcoming {
    at_millis: i64,
    event: &'static str,
    /// Id of what it happens to.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
}

pub(super) async fn agenda(State(app): State<App>, Query(limit): Query<Limit>) -> Json<Value> {
    Json(app.store.run(|world| {
        let upcoming = world.upcoming().take(SCANNED).filter_map(|(at, due)| {
            let (event, subject) = tell(world, due)?;
            Some(Upcoming {
                at_millis: at.0,
                event,
                subject,
            })
        });
        json!(upcoming.take(limit.rows()).collect::<Vec<_>>())
    }))
}

/// Event and subject; `None` where nothing would happen any more.
fn tell(world: &World, due: Due) -> Option<(&'static str, Option<String>)> {
    let (event, subject) = match due {
        Due::Sweep => return Some(("expiry", None)),
        Due::Payout(row) => {
            let ahead = |payout: &&Payout| payout.is_pending() && payout.settle_at.is_some();
            let payout = world.payouts.get(row).filter(ahead)?;
            ("payout", payout.transaction_id.clone())
        }
        Due::Settlement(row) => {
            let collection = world.collections.get(row).filter(|c| !c.settled)?;
            ("settlement", collection.transaction_id.clone())
        }
        Due::CardlessExpiry(row) => {
            let withdrawal = world
                .cardless_withdrawals
                .get(row)
                .filter(|w| w.is_open())?;
            ("withdrawal_expiry", withdrawal.transaction_id.clone())
        }
        Due::Delivery(row) => {
            let delivery = world.deliveries.get(row)?;
            let waits = delivery.state == DeliveryState::Waiting;
            let event = match delivery.attempts.is_empty() {
                true => "delivery",
                false => "retry",
            };
            (event, waits.then(|| row.to_string())?)
        }
        Due::Binding(row) => ("binding", world.bindings.get(row)?.binding_id.clone()),
        Due::Debit(row) => {
            let debit = world.debits.get(row).filter(|d| d.due_at.is_some())?;
            ("direct_debit", debit.transaction_id.clone())
        }
        Due::Card(row) => {
            let card = world.cards.get(row).filter(|c| c.status.is_open())?;
            ("card", card.transaction_id.clone())
        }
        Due::Bill(row) => {
            let bill = world.bills.get(row).filter(|b| b.due_at.is_some())?;
            ("bill", bill.transaction_id.clone())
        }
        Due::Plan(row) => {
            let plan = world.plans.get(row).filter(|p| p.next_at.is_some())?;
            ("plan", plan.plan_id.clone())
        }
    };
    Some((event, Some(subject)))
}
