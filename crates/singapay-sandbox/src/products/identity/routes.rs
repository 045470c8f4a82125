//! The identity host: its token, and checks of a name against a bank account or a wallet.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{likeness, token};
use crate::{
    banks,
    http::{
        call::Call,
        operation::{Answer, Operation},
        refusal::Refusal,
        validate::Fields,
    },
    sample_names,
    state::World,
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::flat(
        "create_identity_token",
        "POST",
        "/api/v1/kyc/auth/get-auth-token",
        token::create,
    ),
    Operation::identity("verify_bank_account", "/api/v1/kyc/bank/verify", bank),
    Operation::identity(
        "verify_ewallet_account",
        "/api/v1/kyc/ewallet/verify",
        ewallet,
    ),
];

/// Registers in which a name is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Register {
    Bank,
    Wallet,
}

fn bank(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let mut fields = Fields::of(&call.body);
    let request_id = fields.text("request_id", 255);
    let number = fields.text("account_number", 20);
    let plausible = is_digits(&number) && number.len() >= 6;
    if !number.is_empty() && !plausible {
        fields.bad_format("account_number");
    }
    let code = fields.text("bank_code", 3);
    let known = is_digits(&code) && banks::by_any_code(&code).is_some();
    if !code.is_empty() && !known {
        fields.invalid("bank_code");
    }
    let name = fields.text("name", 200);
    fields.finish()?;
    let asked = ["bank", &number, &code, &name];
    check(world, &request_id, &asked, Register::Bank, |name| {
        // The sandbox's own convention, as on the payment host.
        if number.starts_with("0000") {
            return json!({"status": "not found", "similarity": 0, "suggestion": "reject"});
        }
        compared("found", name, &sample_names::holder(&number))
    })
}

fn ewallet(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let mut fields = Fields::of(&call.body);
    let request_id = fields.text("request_id", 255);
    let phone = fields.text("phone_number", 20);
    let local = match phone.strip_prefix("62") {
        Some(rest) => format!("0{rest}"),
        None => phone.clone(),
    };
    // ^(0|62)[1-9][0-9]{7,11}$
    let rest = local.strip_prefix('0').unwrap_or_default();
    let plausible = is_digits(rest) && !rest.starts_with('0') && (8..=12).contains(&rest.len());
    if !phone.is_empty() && !plausible {
        fields.bad_format("phone_number");
    }
    let name = fields.text("name", 200);
    fields.required("ewallet_code");
    let code = fields.one_of("ewallet_code", &["DANA", "SHOPEEPAY", "GOPAY", "OVO"]);
    fields.finish()?;
    let asked = ["ewallet", &phone, &code.unwrap_or_default(), &name];
    check(world, &request_id, &asked, Register::Wallet, |name| {
        if local.starts_with("0899") {
            json!({"status": "not found", "similarity": 0, "suggestion": "reject"})
        } else if local.starts_with("0898") {
            json!({"status": "found without kyc", "similarity": 0, "suggestion": "review"})
        } else {
            compared("found with kyc", name, &sample_names::holder(&local))
        }
    })
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// One check per request id: a repetition gets the first answer and is not billed again, another
/// question under the same id is refused. `asked` ends with the name.
fn check(
    world: &mut World,
    request_id: &str,
    asked: &[&str; 4],
    register: Register,
    look: impl FnOnce(&str) -> Value,
) -> Result<Answer, Refusal> {
    let digest = hex::encode(Sha256::digest(json!(asked).to_string()));
    let earlier = world.identity_checks.find(request_id);
    if let Some(earlier) = earlier {
        // A wallet's failure leaves nothing behind that could differ (documented).
        let counts = earlier.answer.is_some() || register == Register::Bank;
        if earlier.digest != digest && counts {
            return Err(Refusal::code(
                409,
                "DUPLICATE_REFERENCE",
                "duplicate request id",
            ));
        }
        if let Some(answer) = &earlier.answer {
            return Ok(answer.clone().into());
        }
    }
    if world.identity_balance() < world.settings.fees.identity_check {
        return Err(Refusal::code(
            402,
            "INSUFFICIENT_BALANCE",
            "insufficient balance",
        ));
    }
    // The sandbox's own convention: fails at the first try of every request id.
    if earlier.is_none() && asked[1].ends_with("0502") {
        world.note_check(request_id, digest, None);
        return Err(Refusal::code(502, "SERVER_ERROR", "upstream error"));
    }
    let answer = look(asked[3]);
    world.note_check(request_id, digest, Some(answer.clone()));
    Ok(answer.into())
}

/// The bounds between the suggestions are the sandbox's own.
fn compared(status: &str, name: &str, holder: &str) -> Value {
    let tenths = likeness::tenths(name, holder);
    let suggestion = match tenths {
        800.. => "pass",
        500..800 => "review",
        _ => "reject",
    };
    // An integer where it is whole, as documented.
    let similarity = if tenths.is_multiple_of(10) {
        json!(tenths / 10)
    } else {
        json!(f64::from(tenths) / 10.0)
    };
    json!({"status": status, "similarity": similarity, "suggestion": suggestion})
}
