//! Direct-debit events. Only two names are documented; the others follow them, and the bodies are
//! those of the API.

use super::view::{binding_view, debit_view};
use crate::{
    state::World,
    webhook::{WebhookKind, announce, v1},
};

/// Events of a binding or a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DebitEvent {
    BindingSucceeded,
    BindingFailed,
    BindingExpired,
    UnbindingSucceeded,
    ChargeSucceeded,
    ChargeFailed,
    ChargeExpired,
}

impl DebitEvent {
    fn name(self) -> &'static str {
        match self {
            Self::BindingSucceeded => "direct-debit.binding.succeeded",
            Self::BindingFailed => "direct-debit.binding.failed",
            Self::BindingExpired => "direct-debit.binding.expired",
            Self::UnbindingSucceeded => "direct-debit.unbinding.succeeded",
            Self::ChargeSucceeded => "direct-debit.charge.succeeded",
            Self::ChargeFailed => "direct-debit.charge.failed",
            Self::ChargeExpired => "direct-debit.charge.expired",
        }
    }
}

pub(crate) fn announce_binding(world: &mut World, row: u64, event: DebitEvent) {
    if let Some(data) = world.bindings.get(row).map(binding_view) {
        tell(world, event, data);
    }
}

pub(crate) fn announce_debit(world: &mut World, row: u64, event: DebitEvent) {
    if let Some(data) = world.debits.get(row).map(|debit| debit_view(world, debit)) {
        tell(world, event, data);
    }
}

/// Always to the merchant-level address (seen live), which is the Default credential's.
fn tell(world: &mut World, event: DebitEvent, data: serde_json::Value) {
    // A binding and its charges are told in order.
    let subject = data["binding_id"].as_str().unwrap_or_default().to_owned();
    let body = v1(world, event.name(), data);
    let default = world.default_credential();
    announce(world, default, WebhookKind::DirectDebit, &subject, &body);
}
