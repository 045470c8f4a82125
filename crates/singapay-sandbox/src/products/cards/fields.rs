//! The fields of a card payment.

use serde_json::Value;

use crate::http::{call::Call, refusal::Refusal, validate::Fields};

/// Pages give 5,000 and 10,000; what one of them allows is not refused.
const SMALLEST: i64 = 5_000;

/// A card payment as requested; the security code is looked at and forgotten.
pub(super) struct NewCard {
    pub(super) amount: i64,
    pub(super) number: String,
    pub(super) expiry: String,
    pub(super) reference: Option<String>,
    pub(super) installment_month: Option<u8>,
}

pub(super) fn read(call: &Call) -> Result<NewCard, Refusal> {
    let mut fields = Fields::of(&call.body);
    let amount = fields.integer("amount", SMALLEST, 999_999_999);
    for (field, max) in [
        ("goods_name", 255),
        ("customer_name", 255),
        ("customer_phone", 50),
        ("customer_address", 500),
        ("customer_city", 100),
        ("customer_state", 100),
        ("customer_postal_code", 20),
        ("card_holder_name", 45),
    ] {
        fields.text(field, max);
    }
    fields.email("customer_email", 255);
    fields.email("card_holder_email", 100);
    let country = fields.text("customer_country", 2);
    if !country.is_empty() && country.len() != 2 {
        fields.fail(
            "customer_country",
            "The customer country field must be 2 characters.",
        );
    } else if !country.bytes().all(|letter| letter.is_ascii_alphabetic()) {
        fields.invalid("customer_country");
    }
    let number = fields.text("card_number", 20).replace(' ', "");
    let expiry = fields.text("card_expiry", 4);
    if !expiry.is_empty() && expiry.len() != 4 {
        fields.fail("card_expiry", "The card expiry field must be 4 characters.");
    }
    fields.text("card_cvv", 4);
    let reference = fields.optional_text("reference_no", 100);
    fields.optional_text("description", 500);
    let installment_month = installment(&mut fields);
    // Validation on this product is HTTP 400.
    fields.finish().map_err(|refusal| match refusal {
        Refusal::Fields(errors) => Refusal::FieldsAs(400, errors),
        other => other,
    })?;
    Ok(NewCard {
        amount,
        number,
        expiry,
        reference,
        installment_month,
    })
}

fn installment(fields: &mut Fields<'_>) -> Option<u8> {
    let wanted = fields.optional_bool("installment").unwrap_or(false);
    let month = match fields.value("installment_month") {
        None => {
            if wanted {
                fields.fail(
                    "installment_month",
                    "The installment month field is required when installment is true.",
                );
            }
            return None;
        }
        Some(Value::String(text)) => text.as_str(),
        Some(_) => "",
    };
    let month = match month {
        "3" => 3,
        "6" => 6,
        "12" => 12,
        _ => {
            fields.invalid("installment_month");
            return None;
        }
    };
    wanted.then_some(month)
}
