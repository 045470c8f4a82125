//! Payment links, version 1.

use super::{
    fields::{SMALLEST, items, metadata, reff_no, whitelist},
    lookup::of_account,
    record::{Customer, PaymentLink},
    view::view_v1,
};
use crate::{
    http::{
        call::Call,
        expiry::expiry_millis,
        list::{PAGE, paginate},
        operation::Answer,
        refusal::Refusal,
        validate::Fields,
    },
    state::World,
};

pub(super) fn create(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.active_account(world)?;
    let mut fields = Fields::of(&call.body);
    let reff_no = reff_no(&mut fields, world);
    let title = fields.text("title", 255);
    let max_usage = fields.integer("max_usage", 1, 1_000_000);
    let total_amount = fields.integer("total_amount", SMALLEST, i64::MAX);
    fields.required("items");
    let items = items(&mut fields);
    let sum = items
        .iter()
        .fold(0_i64, |sum, item| sum.saturating_add(item.subtotal()));
    if total_amount != 0 && !items.is_empty() && sum != total_amount {
        fields.fail(
            "total_amount",
            "The total amount must equal the sum of the item subtotals.",
        );
    }
    fields.required("required_customer_detail");
    let required_customer_detail = fields.optional_bool("required_customer_detail");
    let expired_at = expiry_millis(&mut fields, world.now);
    let whitelist = whitelist(&mut fields);
    let redirect_url = fields.url("redirect_url", 2048);
    let optional_metadata = metadata(&mut fields).unwrap_or_default();
    fields.finish()?;
    let row = world.open_link(PaymentLink {
        account,
        reff_no,
        title,
        description: None,
        source: "api v1".to_owned(),
        status: "open".to_owned(),
        required_customer_detail: required_customer_detail.unwrap_or(false),
        required_customer_number: None,
        required_customer_email: None,
        max_usage,
        current_usage: 0,
        expired_at,
        end_was_told: false,
        total_amount,
        items,
        whitelist,
        redirect_url,
        expired_redirect_url: None,
        customer: Customer::default(),
        optional_metadata,
        payment_date: None,
        created_at: world.now,
        updated_at: world.now,
    });
    view_v1(world, row).map(Answer::from)
}

pub(super) fn show(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let row = of_account(world, account, call)?;
    view_v1(world, row).map(Answer::from)
}

/// Lists links of both versions.
pub(super) fn list(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let links = world
        .links
        .iter()
        .rev()
        .filter(|(_, link)| link.account == account);
    let rows: Vec<u64> = links.map(|(row, _)| row).collect();
    let (rows, beside) = paginate(world, call, rows, PAGE);
    let data = rows
        .iter()
        .map(|row| view_v1(world, *row))
        .collect::<Result<_, _>>()?;
    Ok(Answer {
        http: 200,
        data,
        beside,
    })
}

/// Only `status` has an effect; the rest is accepted and ignored (seen live).
pub(super) fn update(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let row = of_account(world, account, call)?;
    let mut fields = Fields::of(&call.body);
    if fields.value("status").is_none() {
        fields.fail("status", "Status is required");
    }
    let status = fields.optional_text("status", 20).unwrap_or_default();
    if !status.is_empty() && !["open", "closed", "expired"].contains(&status.as_str()) {
        fields.invalid("status");
    }
    fields.url("redirect_url", 2048);
    fields.finish()?;
    let now = world.now;
    if let Some(link) = world.links.get_mut(row) {
        link.status = status;
        link.updated_at = now;
    }
    view_v1(world, row).map(Answer::from)
}
