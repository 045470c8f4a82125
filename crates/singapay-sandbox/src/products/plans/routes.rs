//! Recurring plans: create, read, change, cancel.

use super::{
    fields,
    record::{Plan, PlanStatus},
    view::plan_view,
};
use crate::{
    http::{
        call::Call,
        operation::{Answer, Operation},
        refusal::Refusal,
        validate::Fields,
    },
    state::World,
};

const SUCCESS: &str = "Successfully";

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::v2(
        "create_plan",
        "POST",
        "/api/v2.0/recurring/plans",
        SUCCESS,
        create,
    ),
    Operation::v2(
        "get_plan",
        "GET",
        "/api/v2.0/recurring/plans/{id}",
        SUCCESS,
        get,
    ),
    Operation::v2(
        "update_plan",
        "PATCH",
        "/api/v2.0/recurring/plans/{id}",
        SUCCESS,
        update,
    ),
    Operation::v2(
        "cancel_plan",
        "POST",
        "/api/v2.0/recurring/plans/cancel/{id}",
        SUCCESS,
        cancel,
    ),
];

fn create(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let mut fields = Fields::of(&call.body);
    let name = fields.text("name", 255);
    fields.text("customer_name", 255);
    fields.email("customer_email", 255);
    fields.text("customer_phone", 50);
    let account_id = fields.text("account_id", 64);
    let schedule = fields::schedule(&mut fields);
    let price = fields::price(&mut fields);
    if fields.value("amount").is_none() && fields.value("items").is_none() {
        fields.fail(
            "amount",
            "The amount field is required when items is not present.",
        );
    }
    let subscription_id = fields.optional_text("subscription_id", 100);
    if let Some(id) = &subscription_id
        && world.plans.row_of(&Plan::subscription_key(id)).is_some()
    {
        let message = "The subscription id has already been taken.";
        fields.fail("subscription_id", message);
    }
    fields.optional_text("merchant_reff_no", 255);
    fields.optional_text("customer_id", 255);
    fields.one_of("currency", &["IDR"]);
    fields.one_of("payment_type", &["credit_card", "gopay"]);
    fields.url("return_url", 2_048);
    let retry = fields::retry_policy(&mut fields);
    let charge_immediately = fields.optional_bool("charge_immediately").unwrap_or(false);
    fields.optional_bool("allow_manual_payment");
    fields.optional_bool("allow_user_notification");
    let description = fields::description(&mut fields);
    fields.finish()?;

    let account = call.own(world, &account_id)?;
    let (Some(schedule), Some(price)) = (schedule, price) else {
        return Err(Refusal::Bare(500)); // its absence was refused above
    };
    let subscription_id =
        subscription_id.unwrap_or_else(|| format!("SUB-{}", world.random.ulid(world.now)));
    let plan = Plan {
        account,
        plan_id: world.random.uuid(),
        subscription_id,
        name,
        amount: price.amount,
        items: price.items,
        description,
        anchor: (1, schedule.start_time),
        schedule,
        retry,
        charge_immediately,
        status: PlanStatus::PendingCardLinking,
        page: world.random.token(24),
        parent_plan_id: None,
        prorated: None,
        cancellation_reason: None,
        cycle: 1,
        previous_at: None,
        next_at: None,
        bill: None,
        card_declines: false,
        created_at: world.now,
    };
    let row = world.plans.insert(plan);
    Ok(Answer {
        http: 201,
        ..shown(world, row)?
    })
}

fn shown(world: &World, row: u64) -> Result<Answer, Refusal> {
    let plan = world.plans.get(row).ok_or(Refusal::Bare(500))?;
    Ok(plan_view(world, plan).into())
}

/// The plan in the path, whose account this credential may use.
fn named<'a>(world: &'a World, call: &Call) -> Result<(u64, &'a Plan), Refusal> {
    let row = world.plans.row_of(&Plan::key(call.param("id")));
    let (row, plan) = row
        .and_then(|row| Some((row, world.plans.get(row)?)))
        .ok_or_else(|| Refusal::code(404, "SP014", "Not Found"))?;
    if world.credential_of(plan.account) != Some(call.credential) {
        return Err(Refusal::NeedsOwnCredential);
    }
    Ok((row, plan))
}

fn get(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let (row, _) = named(world, call)?;
    shown(world, row)
}

fn conflict(message: &str) -> Refusal {
    Refusal::code(409, "SP102", message)
}

/// In place, unless the price changes: then another plan follows.
fn update(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let (row, plan) = named(world, call)?;
    let mut fields = Fields::of(&call.body);
    let name = fields.optional_text("name", 255);
    // Taken and lost, as on create (seen live).
    fields.optional_text("merchant_reff_no", 255);
    let price = fields::price(&mut fields);
    let mode = fields.one_of("prorated_charge_mode", &["auto", "manual"]);
    let by_hand = fields.optional_integer("prorated_charge_amount", 0, 999_999_999);
    if mode.as_deref() == Some("manual") && by_hand.is_none() {
        fields.required("prorated_charge_amount");
    }
    let description = fields::description(&mut fields);
    fields.finish()?;
    // Both texts were seen live; that a plan without a card cannot be renamed either was not.
    let is_active = plan.status == PlanStatus::Active;
    if !is_active && price.is_some() {
        return Err(conflict(
            "Plan must be active to perform an upgrade or downgrade",
        ));
    }
    let owes = plan.prorated.as_ref().is_some_and(|charge| !charge.paid);
    if !is_active || owes {
        return Err(conflict("Plan cannot be updated in its current state"));
    }
    let Some(price) = price else {
        let plan = world.plans.get_mut(row).ok_or(Refusal::Bare(500))?;
        plan.name = name.unwrap_or_else(|| plan.name.clone());
        plan.description = description.or(plan.description.take());
        return shown(world, row);
    };
    if price.items.is_some() != plan.items.is_some() {
        return Err(conflict(
            "Plan has another shape: amount and items do not mix",
        ));
    }
    let difference = match mode.as_deref() {
        Some("manual") => by_hand.unwrap_or(0),
        _ => price.amount - plan.amount,
    };
    let charge = Some(difference).filter(|amount| *amount > 0);
    let new = world.replace_plan(row, price.amount, price.items, charge);
    let new = new.ok_or(Refusal::Bare(500))?;
    let plan = world.plans.get_mut(new).ok_or(Refusal::Bare(500))?;
    plan.name = name.unwrap_or_else(|| plan.name.clone());
    plan.description = description.or(plan.description.take());
    shown(world, new)
}

fn cancel(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let (row, plan) = named(world, call)?;
    let mut fields = Fields::of(&call.body);
    let reason = fields.optional_text("reason", 255);
    fields.finish()?;
    if plan.status.is_final() {
        return Err(conflict("Plan cannot be cancelled in its current state"));
    }
    let reason = reason.unwrap_or_else(|| "merchant_api_cancel".to_owned());
    world.end_plan(row, PlanStatus::Cancelled, Some(&reason));
    shown(world, row)
}
