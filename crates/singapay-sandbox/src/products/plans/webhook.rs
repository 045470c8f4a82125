//! Subscription events.

use serde_json::json;

use crate::{
    state::World,
    webhook::{WebhookKind, announce, v1},
};

/// Events of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlanEvent {
    PaymentSuccess,
    PaymentFailed,
    StatusChanged,
}

impl PlanEvent {
    fn name(self) -> &'static str {
        match self {
            Self::PaymentSuccess => "subscription.cycle.payment_success",
            Self::PaymentFailed => "subscription.cycle.payment_failed",
            Self::StatusChanged => "subscription.plan.status_changed",
        }
    }
}

/// Money in: to the credential that owns the account.
pub(crate) fn announce_plan(world: &mut World, row: u64, event: PlanEvent) {
    let Some(plan) = world.plans.get(row) else {
        return;
    };
    let mut data = json!({"plan": {
        "id": plan.plan_id,
        "name": plan.name,
        "amount": plan.amount.to_string(),
        "currency": "IDR",
        "status": plan.status.word(),
        "subscription_id": plan.subscription_id,
        "merchant_reff_no": null,
        "payment_link_url": format!("{}/sub/{}", world.settings.base_url, plan.page),
        "metadata": {"description": plan.description},
    }});
    if let Some(reason) = &plan.cancellation_reason {
        data["plan"]["metadata"]["cancellation_reason"] = json!(reason);
    }
    if let Some(bill) = plan
        .bill
        .as_ref()
        .filter(|_| event != PlanEvent::StatusChanged)
    {
        let paid = event == PlanEvent::PaymentSuccess;
        data["bill"] = json!({
            "bill_number": bill.bill_number,
            "amount": plan.amount.to_string(),
            "status": if paid { "paid" } else { "failed" },
            "cycle": plan.cycle,
            "attempt": bill.attempts,
        });
    }
    let (owner, subject) = (
        world.credential_of(plan.account),
        plan.subscription_id.clone(),
    );
    let kind = WebhookKind::SubscriptionCycle;
    let body = v1(world, event.name(), data);
    announce(world, owner, kind, &subject, &body);
}
