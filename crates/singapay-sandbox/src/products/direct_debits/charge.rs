//! Charges, and the one-time codes that confirm charges and unbindings.

use serde_json::{Value, json};

use super::{
    lookup::{binding, route_id},
    record::{BindingStatus, Debit, DebitStatus, NewDebit, OTP},
    view::{binding_view, debit_view},
};
use crate::{
    http::{call::Call, operation::Answer, refusal::Refusal, validate::Fields},
    state::World,
};

/// The document says 1; a client's notes say 10,000, which nobody has seen.
const SMALLEST: i64 = 1;
const LARGEST: i64 = 999_999_999;

pub(super) fn charge(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let mut fields = Fields::of(&call.body);
    let account_id = fields.text("account_id", 64);
    let binding_id = fields.text("binding_id", 64);
    let merchant_reference = fields.text("merchant_reference", 100);
    let amount = fields.integer("amount", SMALLEST, LARGEST);
    fields.one_of("currency", &["IDR"]);
    let description = fields.optional_text("description", 512);
    fields.finish()?;

    let account = call.own(world, &account_id)?;
    if let Some(earlier) = world
        .debits
        .find(&Debit::reference_key(&merchant_reference))
    {
        return Err(Refusal::Code {
            http: 409,
            code: "SP_DD_DUPLICATE_REFERENCE",
            message: "Duplicate merchant reference".to_owned(),
            data: json!({"transaction_id": earlier.transaction_id}),
        });
    }
    let binding = match binding(world, &binding_id) {
        Ok((row, binding)) if binding.status == BindingStatus::Active => row,
        _ => {
            let message = "The selected binding id is invalid.";
            return Err(Refusal::field("binding_id", message));
        }
    };
    let row = world.open_debit(NewDebit {
        account,
        binding,
        merchant_reference,
        amount,
        description,
    });
    let debit = world.debits.get(row).ok_or(Refusal::Bare(500))?;
    let waits = debit.status == DebitStatus::PendingOtp;
    Ok(Answer {
        http: if waits { 202 } else { 200 },
        ..debit_view(world, debit).into()
    })
}

pub(super) fn get(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let id = route_id(call, "transaction_id")?;
    let (_, debit) = owned(world, call, id)?;
    Ok(debit_view(world, debit).into())
}

/// A charge whose account this credential may use.
fn owned<'a>(world: &'a World, call: &Call, id: &str) -> Result<(u64, &'a Debit), Refusal> {
    let row = world.debits.row_of(&Debit::key(id));
    let (row, debit) = row
        .and_then(|row| Some((row, world.debits.get(row)?)))
        .ok_or_else(Refusal::transaction_not_found)?;
    if world.credential_of(debit.account) != Some(call.credential) {
        return Err(Refusal::NeedsOwnCredential);
    }
    Ok((row, debit))
}

/// Confirms a charge, or an unbinding: exactly one of them.
pub(super) fn verify(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let mut fields = Fields::of(&call.body);
    let otp = fields.text("otp", 8);
    if !otp.is_empty() && otp.chars().count() < 4 {
        fields.fail("otp", "The otp field must be at least 4 characters.");
    }
    let transaction = fields.optional_text("transaction_id", 64);
    let binding = fields.optional_text("binding_id", 64);
    let context = fields.value("unbind_context");
    if context.is_some_and(|value| !value.is_object() && !value.is_array()) {
        fields.fail(
            "unbind_context",
            "The unbind context field must be an array.",
        );
    }
    let unbinds = binding.is_some() || context.is_some();
    if transaction.is_some() == unbinds {
        fields.fail(
            "transaction_id",
            "Send either transaction id, or binding id with unbind context.",
        );
    } else if unbinds {
        fields.required("binding_id");
        fields.required("unbind_context");
    }
    fields.finish()?;
    match (transaction, binding, context) {
        (Some(id), ..) => confirm_charge(world, call, &id, &otp),
        (None, Some(id), Some(context)) => confirm_unbinding(world, &id, context, &otp),
        _ => Err(Refusal::Bare(500)),
    }
}

fn wrong_code() -> Refusal {
    Refusal::field("otp", "The otp is incorrect.")
}

fn confirm_charge(world: &mut World, call: &Call, id: &str, otp: &str) -> Result<Answer, Refusal> {
    let (row, debit) = owned(world, call, id)?;
    if debit.status != DebitStatus::PendingOtp {
        let message = "The selected transaction id is invalid.";
        return Err(Refusal::field("transaction_id", message));
    }
    if !world.enter_code(row, otp) {
        return Err(wrong_code());
    }
    let debit = world.debits.get(row).ok_or(Refusal::Bare(500))?;
    Ok(debit_view(world, debit).into())
}

fn confirm_unbinding(
    world: &mut World,
    id: &str,
    context: &Value,
    otp: &str,
) -> Result<Answer, Refusal> {
    let (row, binding) = binding(world, id)?;
    if binding.handoff.as_ref() != Some(context) || binding.status != BindingStatus::Active {
        let message = "The selected unbind context is invalid.";
        return Err(Refusal::field("unbind_context", message));
    }
    if otp != OTP {
        return Err(wrong_code());
    }
    world.confirm_unbinding(row);
    let binding = world.bindings.get(row).ok_or(Refusal::Bare(500))?;
    Ok(binding_view(binding).into())
}
