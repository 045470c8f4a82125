//! The gate of every request: address, token, partner, signature.

use super::{
    call::Call,
    operation::{Operation, Proof, SignatureFailure},
    refusal::Refusal,
};
use crate::{
    state::{Host, World},
    verify::{self, ClockSkew},
};

/// Lets a request through and notes which credential sent it.
pub(crate) fn pass(world: &World, operation: &Operation, call: &mut Call) -> Result<(), Refusal> {
    match operation.proof {
        Proof::Own => Ok(()),
        Proof::Bearer => {
            address(world, call)?;
            call.credential = bearer(world, operation, call)?;
            Ok(())
        }
        Proof::SignedIfGiven => {
            address(world, call)?;
            call.credential = bearer(world, operation, call)?;
            let given = |name| call.header(name).is_some();
            match given("x-signature") || given("x-timestamp") {
                true => signature(
                    world,
                    operation,
                    call,
                    world.settings.quirks.disputed_signatures_are_sp016,
                ),
                false => Ok(()),
            }
        }
        Proof::Signed(failure) => {
            address(world, call)?;
            let listed = match failure {
                SignatureFailure::Internal => false,
                SignatureFailure::Listed => true,
                SignatureFailure::Disputed => world.settings.quirks.disputed_signatures_are_sp016,
            };
            let credential = bearer(world, operation, call).map_err(|refusal| {
                if listed && is_unknown_partner(world, call) {
                    Refusal::code(401, "SP016", "Signature Invalid")
                } else {
                    refusal
                }
            })?;
            call.credential = credential;
            signature(world, operation, call, listed)
        }
    }
}

fn address(world: &World, call: &Call) -> Result<(), Refusal> {
    let allowed = &world.settings.allowed_ips;
    if allowed.is_empty() || allowed.contains(&call.caller) {
        return Ok(());
    }
    Err(Refusal::Address(call.caller))
}

fn is_unknown_partner(world: &World, call: &Call) -> bool {
    let partner = call.header("x-partner-id").unwrap_or_default();
    world
        .credentials
        .find(&format!("partner:{partner}"))
        .is_none()
}

/// The token must be live and of this host, and the partner id that of the credential it was given
/// to. The identity host knows no partner id.
fn bearer(world: &World, operation: &Operation, call: &Call) -> Result<u64, Refusal> {
    let token = token(call).ok_or(Refusal::Unauthorized)?;
    let token = world.tokens.find(token).ok_or(Refusal::Unauthorized)?;
    let row = token.credential;
    let given = call.header("x-partner-id");
    let is_partner = match token.host {
        Host::Payment => (world.credentials.get(row)).is_some_and(|c| given == Some(&c.partner_id)),
        Host::Biller => (world.billers.get(row)).is_some_and(|b| given == Some(&b.partner_id)),
        Host::Identity => true,
    };
    let is_of_host = token.host == operation.envelope.host();
    if !token.is_live(world.now) || !is_of_host || !is_partner {
        return Err(Refusal::Unauthorized);
    }
    Ok(row)
}

fn token(call: &Call) -> Option<&str> {
    let value = call.header("authorization")?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

fn signature(
    world: &World,
    operation: &Operation,
    call: &Call,
    listed: bool,
) -> Result<(), Refusal> {
    let (Some(given), Some(timestamp)) = (call.header("x-signature"), call.header("x-timestamp"))
    else {
        return Err(missing(call, listed));
    };
    let secret = world
        .credentials
        .get(call.credential)
        .map_or("", |credential| &credential.client_secret);
    let hash = verify::body_hash(&call.raw, world.settings.quirks.long_lists_become_objects);
    let expected = verify::request_signature(
        secret,
        operation.method,
        &call.endpoint,
        token(call).unwrap_or_default(),
        &hash,
        timestamp,
    );
    let in_time = ClockSkew::check(timestamp, world.now).is_ok();
    if in_time && verify::signature_matches(given, &expected) {
        return Ok(());
    }
    Err(if listed {
        Refusal::code(401, "SP016", "Signature Invalid")
    } else {
        Refusal::code(401, "4019900", "Unauthorized. Signature mismatch")
    })
}

fn missing(call: &Call, listed: bool) -> Refusal {
    if !listed {
        return Refusal::code(400, "4019900", "Missing X-Signature or X-Timestamp header");
    }
    let errors = [
        ("X-Signature", "x-signature"),
        ("X-Timestamp", "x-timestamp"),
    ]
    .into_iter()
    .filter(|(_, header)| call.header(header).is_none())
    .map(|(name, _)| (name.to_owned(), format!("The {name} header is required.")))
    .collect();
    Refusal::Fields(errors)
}
