//! A plan as answers show it.

use serde_json::{Value, json};

use super::record::{Plan, PlanStatus};
use crate::{state::World, wire_time::iso};

pub(super) fn plan_view(world: &World, plan: &Plan) -> Value {
    let schedule = &plan.schedule;
    // Before there is a card, the first payment is expected at the start.
    let next = match plan.status {
        PlanStatus::PendingCardLinking => Some(schedule.start_time),
        _ => plan.next_at,
    };
    // PHP writes an empty map as a list.
    let extra = match &plan.cancellation_reason {
        Some(reason) => json!({"cancellation_reason": reason}),
        None => json!([]),
    };
    let action = if plan.retry.stops {
        "stop_plan"
    } else {
        "continue_plan"
    };
    let base = &world.settings.base_url;
    let mut data = json!({
        "id": plan.plan_id,
        "name": plan.name,
        "amount": plan.amount.to_string(),
        "currency": "IDR",
        "created_at": iso(plan.created_at),
        "schedule": {
            "interval": schedule.interval,
            "interval_unit": schedule.unit,
            "current_interval": plan.cycle,
            "total_interval": schedule.total,
            "start_time": iso(schedule.start_time),
            "previous_payment_at": plan.previous_at.map(iso),
            "next_payment_at": next.map(iso),
        },
        "status": plan.status.word(),
        // Always null, also when one was asked for (seen live); so is the reference below.
        "payment_type": null,
        "retry_policy": {
            "max_attempts": plan.retry.max_attempts,
            "interval_days": plan.retry.interval_days,
            "failed_payment_action": action,
        },
        "metadata": {"description": plan.description, "extra": extra},
        "subscription_id": plan.subscription_id,
        "merchant_reff_no": null,
        "payment_link_url": format!("{base}/sub/{}", plan.page),
        "parent_plan_id": plan.parent_plan_id,
        "created_from": null,
    });
    if let Some(items) = &plan.items {
        data["items"] = items.clone();
    }
    if plan.parent_plan_id.is_some() {
        let charge = plan.prorated.as_ref().map(|prorated| {
            json!({
                "bill_id": prorated.bill_id,
                "amount": prorated.amount.to_string(),
                "status": if prorated.paid { "paid" } else { "pending" },
                "payment_link_url": format!("{base}/sub/bill/{}", prorated.bill_id),
            })
        });
        data["upgrade"] = json!({"prorated_charge": charge});
    }
    data
}
