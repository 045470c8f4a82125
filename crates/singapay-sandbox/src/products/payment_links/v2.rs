//! Payment links, version 2.

use std::time::Duration;

use super::{
    fields::{SMALLEST, customer, items, metadata, reff_no, whitelist},
    lookup::of_caller,
    record::PaymentLink,
    view::view_v2,
};
use crate::{
    http::{
        call::Call, expiry::expiry_date, operation::Answer, refusal::Refusal, validate::Fields,
    },
    state::World,
};

const LIFETIME: Duration = Duration::from_secs(24 * 3600);
const MOST_USES: i64 = 1_000_000;

pub(super) fn create(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.active_account(world)?;
    let mut fields = Fields::of(&call.body);
    let reff_no = reff_no(&mut fields, world);
    let kind = fields.text("payment_link_type", 20);
    // Items are read also where they do not count.
    let items = items(&mut fields);
    let (total_amount, items) = match kind.as_str() {
        "total" => (
            fields.integer("total_amount", SMALLEST, i64::MAX),
            Vec::new(),
        ),
        "items" => {
            fields.required("items");
            let sum = items
                .iter()
                .fold(0_i64, |sum, item| sum.saturating_add(item.subtotal()));
            if !items.is_empty() && sum < SMALLEST {
                fields.fail(
                    "items",
                    format!("The total amount must be at least {SMALLEST}."),
                );
            }
            (sum, items)
        }
        "" => (0, Vec::new()),
        _ => {
            fields.invalid("payment_link_type");
            (0, Vec::new())
        }
    };
    let description = fields.optional_text("description", 1000);
    let max_usage = fields
        .optional_integer("max_usage", 0, MOST_USES)
        .unwrap_or(1);
    let expired_at = expiry_date(&mut fields, world.now);
    let whitelist = whitelist(&mut fields);
    let success_url = fields.url("success_redirect_url", 2048);
    let expired_redirect_url = fields.url("expired_redirect_url", 2048);
    let customer = customer(&mut fields, max_usage);
    let number = multi_use_flag(&mut fields, "required_customer_number", max_usage);
    let email = multi_use_flag(&mut fields, "required_customer_email", max_usage);
    let optional_metadata = metadata(&mut fields).unwrap_or_default();
    fields.finish()?;
    let row = world.open_link(PaymentLink {
        account,
        title: reff_no.clone(),
        reff_no,
        description,
        source: "api v2".to_owned(),
        status: "open".to_owned(),
        required_customer_detail: false,
        required_customer_number: number,
        required_customer_email: email,
        max_usage,
        current_usage: 0,
        expired_at: Some(expired_at.unwrap_or(world.now.plus(LIFETIME))),
        end_was_told: false,
        total_amount,
        items,
        whitelist,
        redirect_url: success_url,
        expired_redirect_url,
        customer,
        optional_metadata,
        payment_date: None,
        created_at: world.now,
        updated_at: world.now,
    });
    view_v2(world, row).map(Answer::from)
}

pub(super) fn show(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let row = of_caller(world, call)?;
    view_v2(world, row).map(Answer::from)
}

/// Keeps all that is left out; a whitelist of null or none selects every method again.
pub(super) fn update(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let row = of_caller(world, call)?;
    let link = world.links.get(row).ok_or(Refusal::Bare(500))?;
    let mut fields = Fields::of(&call.body);
    let status = fields.optional_text("status", 20);
    if status
        .as_deref()
        .is_some_and(|word| !["open", "closed", "expired"].contains(&word))
    {
        fields.invalid("status");
    }
    let description = fields.optional_text("description", 1000);
    let max_usage = fields.optional_integer("max_usage", 0, MOST_USES);
    if max_usage.is_some_and(|max| max != 0 && max < link.current_usage) {
        let used = link.current_usage;
        fields.fail(
            "max_usage",
            format!("The max usage field must be at least {used}."),
        );
    }
    let expired_at = expiry_date(&mut fields, world.now);
    let list = call.body.contains_key("whitelisted_payment_method");
    let list = list.then(|| whitelist(&mut fields));
    let success_url = fields.url("success_redirect_url", 2048);
    let expired_redirect_url = fields.url("expired_redirect_url", 2048);
    let uses = max_usage.unwrap_or(link.max_usage);
    let number = multi_use_flag(&mut fields, "required_customer_number", uses);
    let email = multi_use_flag(&mut fields, "required_customer_email", uses);
    let optional_metadata = metadata(&mut fields);
    fields.finish()?;
    let now = world.now;
    world.sweep_after(expired_at);
    if let Some(link) = world.links.get_mut(row) {
        put(&mut link.status, status);
        put(&mut link.max_usage, max_usage);
        put(&mut link.whitelist, list);
        put(&mut link.optional_metadata, optional_metadata);
        put_some(&mut link.description, description);
        link.end_was_told &= expired_at.is_none();
        put_some(&mut link.expired_at, expired_at);
        put_some(&mut link.redirect_url, success_url);
        put_some(&mut link.expired_redirect_url, expired_redirect_url);
        put_some(&mut link.required_customer_number, number);
        put_some(&mut link.required_customer_email, email);
        link.updated_at = now;
    }
    view_v2(world, row).map(Answer::from)
}

fn put<T>(into: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *into = value;
    }
}

fn put_some<T>(into: &mut Option<T>, value: Option<T>) {
    if value.is_some() {
        *into = value;
    }
}

/// A flag that only makes sense for links that are used more than once.
fn multi_use_flag(fields: &mut Fields<'_>, field: &str, max_usage: i64) -> Option<bool> {
    let flag = fields.optional_bool(field)?;
    if max_usage == 1 {
        fields.fail(
            field,
            format!(
                "The {} field is only for multiple use links.",
                field.replace('_', " ")
            ),
        );
    }
    Some(flag)
}
