//! Direct debit: binding a card, and charging it.

use serde_json::json;

use super::{
    charge,
    lookup::named,
    record::BANKS,
    record::{BindingStatus, NewBinding},
    view::binding_view,
};
use crate::{
    http::{
        call::Call,
        operation::{Answer, Operation, SignatureFailure},
        refusal::Refusal,
        validate::Fields,
    },
    state::World,
    wire_time,
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::v2(
        "bind_card",
        "POST",
        "/api/v2.0/direct-debit/binding",
        "Binding initiated",
        bind,
    ),
    Operation::v2(
        "get_binding",
        "GET",
        "/api/v2.0/direct-debit/binding/{binding_id}",
        "OK",
        get,
    ),
    Operation::v2(
        "unbind_card",
        "POST",
        "/api/v2.0/direct-debit/binding/{binding_id}/unbind",
        "Unbinding initiated",
        unbind,
    ),
    Operation::v2(
        "charge_direct_debit",
        "POST",
        "/api/v2.0/direct-debit/charge",
        "Charge accepted",
        charge::charge,
    )
    .signed(SignatureFailure::Internal),
    Operation::v2(
        "verify_direct_debit_otp",
        "POST",
        "/api/v2.0/direct-debit/verify-otp",
        "OTP accepted; awaiting settlement callback",
        charge::verify,
    ),
    Operation::v2(
        "get_direct_debit_transaction",
        "GET",
        "/api/v2.0/direct-debit/transaction/{transaction_id}",
        "OK",
        charge::get,
    ),
];

fn bind(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let mut fields = Fields::of(&call.body);
    let customer_ref = fields.text("customer_ref", 255);
    if !customer_ref.is_empty() && customer_ref.chars().count() < 4 {
        fields.fail(
            "customer_ref",
            "The customer ref field must be at least 4 characters.",
        );
    }
    let phone_no = fields.text("phone_no", 20);
    let digits = phone_no.strip_prefix('+').unwrap_or(&phone_no);
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        fields.bad_format("phone_no");
    }
    let bank_code = fields.one_of("bank_code", &BANKS);
    let payment_otp_mode = fields.one_of("payment_otp_mode", &["WITH_OTP", "WITHOUT_OTP"]);
    let leads_to =
        ["success_redirect_url", "failure_redirect_url"].map(|field| fields.url(field, 512));
    fields.finish()?;
    if customer_ref.chars().count() > 15 {
        // Names no field (seen live).
        return Err(Refusal::code(422, "SP018", "Validation error"));
    }
    if phone_no.starts_with('+') {
        // Seen live, although the documented example begins so.
        return Err(Refusal::code(500, "SP002", "General Failure"));
    }
    let row = world.open_binding(NewBinding {
        customer_ref,
        bank_code,
        payment_otp_mode,
        leads_to,
    });
    let binding = world.bindings.get(row).ok_or(Refusal::Bare(500))?;
    Ok(json!({
        "binding_id": binding.binding_id,
        "status": binding.status.word(),
        "customer_ref": binding.customer_ref,
        "bank_code": binding.bank_code,
        "redirect_url": format!("{}/dd/bind/{}", world.settings.base_url, binding.page),
        "expires_at": wire_time::iso(binding.expires_at),
        "payment_otp_mode": binding.payment_otp_mode,
    })
    .into())
}

fn get(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let (_, binding) = named(world, call)?;
    Ok(binding_view(binding).into())
}

fn unbind(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let (row, binding) = named(world, call)?;
    if binding.status != BindingStatus::Active {
        // Seen live for a binding that never became active.
        return Err(Refusal::code(500, "SP002", "General Failure"));
    }
    if let Some(handoff) = world.start_unbinding(row) {
        return Ok(Answer {
            http: 202,
            ..json!({"otp_required": true, "otp_handoff": handoff}).into()
        });
    }
    get(world, call)
}
