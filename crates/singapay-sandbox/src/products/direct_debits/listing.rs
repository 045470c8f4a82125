//! Bindings and charges, as the admin side lists them.

use serde_json::json;

use super::record::{Binding, BindingStatus, Debit};
use crate::{
    listing::{Listed, Listing, listing},
    state::World,
};

pub(super) const LISTINGS: &[Listing] = &[
    listing!("bindings", In, bindings, show_binding),
    listing!("direct_debits", In, debits, show_debit),
];

fn show_binding(world: &World, row: u64, binding: &Binding) -> Listed {
    let waits = binding.status == BindingStatus::PendingAuth;
    let answer = format!("/bindings/{}/answer", binding.binding_id);
    let page = format!("{}/dd/bind/{}", world.settings.base_url, binding.page);
    let card = binding.masked_card.as_deref().unwrap_or_default();
    let end = if waits {
        Some(binding.expires_at)
    } else {
        binding.unbound_at
    };
    let goes_on = waits || binding.status == BindingStatus::Active;
    Listed::new(row, &binding.binding_id, binding.status.word())
        .reference(Some(&binding.customer_ref))
        .about(card)
        .at(binding.created_at)
        .next(goes_on, "end", end)
        .page(waits.then_some(page))
        .can(waits, "approve", &answer, json!({"approve": true}))
        .can(waits, "decline", &answer, json!({"approve": false}))
}

fn show_debit(world: &World, row: u64, debit: &Debit) -> Listed {
    let open = debit.status.is_open();
    let decide = format!("/direct-debits/{}/decide", debit.transaction_id);
    Listed::new(row, &debit.transaction_id, debit.status.word())
        .of(world, debit.account)
        .reference(Some(&debit.merchant_reference))
        .amount(debit.amount)
        .about(debit.description.as_deref().unwrap_or_default())
        .at(debit.created_at)
        .next(open, "end", debit.due_at)
        .can(open, "approve", &decide, json!({"approve": true}))
        .can(open, "decline", &decide, json!({"approve": false}))
}
