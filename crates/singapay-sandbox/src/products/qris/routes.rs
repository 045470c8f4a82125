//! QRIS money in.

use serde_json::{Value, json};

use super::{data, record::QrisCode};
use crate::{
    http::{
        call::Call,
        expiry::expiry_date,
        filter::Filter,
        list::{page, per_page},
        operation::{Answer, Operation},
        refusal::Refusal,
        validate::Fields,
    },
    settings::Fees,
    state::World,
    wire_time,
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::v1(
        "generate_qris",
        "POST",
        "/api/v1.0/qris-dynamic/{account_id}/generate-qr",
        generate,
    ),
    Operation::v1(
        "list_qris",
        "GET",
        "/api/v1.0/qris-dynamic/{account_id}",
        list,
    ),
    Operation::v1(
        "get_qris",
        "GET",
        "/api/v1.0/qris-dynamic/{account_id}/show/{id}",
        show,
    ),
    // Known from the contract of 2025 alone.
    Operation::v1(
        "delete_qris",
        "DELETE",
        "/api/v1.0/qris-dynamic/{id}/delete",
        delete,
    ),
];

fn generate(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.active_account(world)?;
    let mut fields = Fields::of(&call.body);
    let amount = fields.integer("amount", 1_000, 10_000_000);
    let expired_at = expiry_date(&mut fields, world.now);
    let merchant_reff_no = fields.optional_text("merchant_reff_no", 255);
    fields.finish()?;
    let reff_no = format!("66{}", world.random.ulid(world.now));
    let merchant = world.accounts.get(account).ok_or(Refusal::Bare(500))?;
    let basis_points = world.settings.fees.qris_basis_points;
    let row = world.open_qris(QrisCode {
        account,
        qr_data: data::write(&merchant.name, &merchant.number, amount, &reff_no),
        reff_no,
        merchant_reff_no,
        amount,
        basis_points,
        fee: amount * basis_points / 10_000,
        status: "open".to_owned(),
        expired_at,
        payer: None,
        paid_at: None,
        events: 0,
        created_at: world.now,
        updated_at: world.now,
    });
    let code = world.qris_codes.get(row).ok_or(Refusal::Bare(500))?;
    Ok(view(world, row, code).into())
}

fn list(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let filter = Filter(call);
    let mut rows: Vec<(u64, &QrisCode)> = world
        .qris_codes
        .iter()
        .filter(|(_, code)| code.account == account && takes(&filter, world, code))
        .collect();
    filter.sort(&mut rows, |(_, code)| code.amount);
    Ok(page(world, call, rows, per_page(call), |(row, code)| {
        view(world, row, code)
    }))
}

fn takes(filter: &Filter<'_>, world: &World, code: &QrisCode) -> bool {
    let settlement = world.collections.settled(&code.reff_no);
    Filter::reaches(world.now, code.created_at)
        && filter.part("reff_no", &code.reff_no)
        && filter.exactly("status", &code.status)
        && filter.exactly("type", data::kind(&code.qr_data))
        && filter.amount("amount", code.amount)
        && filter.amount("total_amount", code.amount)
        && filter.flag("has_settle", settlement.is_some())
        && filter.within("created_at", Some(code.created_at))
        && filter.within("expired_at", code.expired_at)
        && filter.within("settle_at", settlement.map(|c| c.settle_at))
}

fn show(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let (row, code) = named(world, call)?;
    if code.account != account {
        return Err(not_found());
    }
    Ok(view(world, row, code).into())
}

/// The path names no account; the code's owner is checked all the same.
fn delete(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let (row, code) = named(world, call)?;
    if world.credential_of(code.account) != Some(call.credential) {
        return Err(Refusal::NeedsOwnCredential);
    }
    if code.status_computed(world.now) != "open" {
        return Err(Refusal::v1(403, "Only open QRIS can be deleted"));
    }
    world.qris_codes.remove(row);
    Ok(json!({"message": "QRIS deleted successfully"}).into())
}

fn named<'a>(world: &'a World, call: &Call) -> Result<(u64, &'a QrisCode), Refusal> {
    let row = call.param("id").parse().map_err(|_| not_found())?;
    let code = world.qris_codes.get(row).ok_or_else(not_found)?;
    Ok((row, code))
}

fn not_found() -> Refusal {
    Refusal::v1(404, "QRIS not found")
}

fn view(world: &World, row: u64, code: &QrisCode) -> Value {
    let settlement = world.collections.settled(&code.reff_no);
    let settled_at = settlement.map(|collection| wire_time::iso(collection.settle_at));
    let payer = code.payer.as_ref();
    let margin = Fees::margin(code.fee);
    json!({
        "id": row,
        "reff_no": code.reff_no,
        "merchant_reff_no": code.merchant_reff_no,
        "status": code.status,
        "status_computed": code.status_computed(world.now),
        "is_expired": code.is_expired(world.now),
        "qr_data": code.qr_data,
        "kind": "on-us",
        "type": data::kind(&code.qr_data),
        "amount": code.amount,
        "total_amount": code.amount,
        "mdr_percentage": percent(code.basis_points),
        "mdr_cost": code.fee,
        "our_margin": margin,
        "vendor_fee": code.fee - margin,
        "settled_to_merchant_amount": code.amount - code.fee,
        "acquirer_name": "SingaPay",
        "acquirer_nns": data::NNS,
        "issuer_name": payer.map(|_| "SingaPay"),
        "issuer_nns": payer.map(|_| data::NNS),
        "customer_pan": payer.map(|payer| &payer.pan),
        "customer_name": payer.map(|payer| &payer.name),
        "customer_account_type": payer.map(|_| "UNSPECIFIED"),
        "customer_data": payer.map(|payer| json!({
            "pan": payer.pan, "name": payer.name, "account_type": "UNSPECIFIED",
        })),
        "has_reconcile": false,
        "reconcile_at": null,
        "reconcile_by": null,
        "had_settled_to_merchant": settlement.is_some(),
        "settled_to_merchant_at": settled_at,
        "has_settle": settlement.is_some(),
        "settle_at": settled_at,
        "created_at": wire_time::iso(code.created_at),
        "updated_at": wire_time::iso(code.updated_at),
        "expired_at": code.expired_at.map(wire_time::iso),
        "deleted_at": null,
        "events_count": code.events,
    })
}

/// A number with or without decimals, as PHP would write it.
fn percent(basis_points: i64) -> Value {
    if basis_points % 100 == 0 {
        json!(basis_points / 100)
    } else {
        json!(basis_points as f64 / 100.0)
    }
}
