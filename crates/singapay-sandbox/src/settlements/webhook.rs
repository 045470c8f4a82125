//! Settlement events. The batch is documented in full; the refund's members are those that receivers
//! of it read.

use serde_json::{Value, json};

use super::{
    record::{Collection, Settlement},
    settles,
};
use crate::{
    settings::Fees,
    state::World,
    webhook::{WebhookKind, announce, v1},
    wire_time,
};

/// Events of a batch; a refund names the row that was collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SettlementEvent {
    Completed,
    Refunded(u64),
    RefundCancelled(u64),
}

/// The approver here; batches that nobody looked at are approved by `SYSTEM`.
const FINANCE: &str = "Sandbox Finance";

/// Told to the account's credential, as its payments are; the gateway's own choice is unknown.
pub(crate) fn announce_settlement(world: &mut World, row: u64, event: SettlementEvent) {
    let Some((account, body)) = body(world, row, event) else {
        return;
    };
    let owner = world.credential_of(account);
    let subject = format!("settlement {row}");
    announce(world, owner, WebhookKind::Settlement, &subject, &body);
}

/// The account, and what its credential is told.
fn body(world: &World, row: u64, event: SettlementEvent) -> Option<(u64, Value)> {
    let settlement = world.settlements.get(row)?;
    let mut data = json!({"settlement": batch(world, row, settlement)?});
    let name = match event {
        SettlementEvent::Completed => {
            data["total_transactions"] = json!(settlement.covers.len());
            "settlement.completed"
        }
        SettlementEvent::Refunded(detail) => {
            data["refund"] = refund(world, detail)?;
            "settlement.refunded"
        }
        SettlementEvent::RefundCancelled(detail) => {
            data["refund"] = refund(world, detail)?;
            "settlement.refund_cancelled"
        }
    };
    Some((settlement.account, v1(world, name, data)))
}

fn batch(world: &World, row: u64, settlement: &Settlement) -> Option<Value> {
    let account = world.accounts.get(settlement.account)?;
    let covered: Vec<&Collection> = settlement
        .covers
        .iter()
        .filter_map(|row| world.collections.get(*row))
        .collect();
    let sum = |of: fn(&Collection) -> i64| covered.iter().map(|c| of(c)).sum::<i64>();
    let (net, fees) = (sum(Collection::net), sum(|c| c.fee));
    let margin = sum(|c| Fees::margin(c.fee));
    let times = || covered.iter().filter_map(|c| c.collected_at);
    let from = wire_time::text(times().min().unwrap_or(settlement.at));
    let to = wire_time::text(times().max().unwrap_or(settlement.at));
    let day = |text: &str| text.get(..11).unwrap_or_default().to_owned();
    let first = covered.first().map_or("", |c| c.kind.as_str());
    let is_mixed = covered.iter().any(|c| c.kind != first);
    let kind = settles(&world.hooks, first).filter(|_| !is_mixed);
    Some(json!({
        "id": row,
        "reference_no": format!("SETTLEMENT-{row}-{}", settlement.suffix),
        "title": format!("Settlement {} ({} - {})", account.name, day(&from), day(&to)),
        "status": "completed",
        "settlement_type": kind.map_or("ALL", |kind| kind.settlement_type),
        "settlement_method": "auto-balance",
        "is_auto_created": true,
        "start_date": from,
        "end_date": to,
        "amount": net,
        "total_admin_fee": fees,
        "total_vendor_fee": fees - margin,
        "total_our_margin": margin,
        "settlement_fee": 0,
        "total_to_transfer": net,
        "total_refunded": sum(|c| if c.is_gone() { c.net() } else { 0 }),
        "currency": "IDR",
        "transfer_status": null,
        "approved_by": "SYSTEM",
        "approved_at": wire_time::text(settlement.at),
        "recipient": {"bank_code": null, "account_number": null, "account_name": null},
    }))
}

fn refund(world: &World, detail: u64) -> Option<Value> {
    let collection = world.collections.get(detail)?;
    let taken = collection.taken_back.as_ref()?;
    let account = world.accounts.get(collection.account)?;
    let id = &collection.transaction_id;
    let kind = settles(&world.hooks, &collection.kind)?;
    let undone = taken.undone_at;
    Some(json!({
        "settlement_detail_id": detail,
        "transaction_type": kind.transaction_type,
        "transaction_id": (kind.row_of)(world, id),
        "transaction_reff": id,
        "account_id": account.id,
        "net_amount": {"value": collection.net(), "currency": "IDR"},
        "is_refunded": undone.is_none(),
        "is_refund_cancelled": undone.is_some(),
        "refunded_by": FINANCE,
        "refunded_at": wire_time::text(taken.at),
        "refund_cancelled_by": undone.map(|_| FINANCE),
        "refund_cancelled_at": undone.map(wire_time::text),
        "actor": FINANCE,
    }))
}
