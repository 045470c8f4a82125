//! The gate of every request: address, token, partner, signature.

use super::{
    call::Call,
    operation::{Operation, Proof, SignatureFailure},
    refusal::Refusal,
    verdict::RefusedSignature,
};
use crate::{
    state::{Host, World},
    verify::{self, ClockSkew, SignedCall},
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
                    Refusal::code(401, "SP016", "Signature Invalid").because("partner id")
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
    let refused = |reason: &'static str| Refusal::Unauthorized.because(reason);
    let token = token(call).ok_or_else(|| refused("no token"))?;
    let token = world.tokens.find(token);
    let token = token
        .filter(|token| token.is_live(world.now))
        .ok_or_else(|| refused("token unknown or expired"))?;
    let row = token.credential;
    let given = call.header("x-partner-id");
    let is_partner = match token.host {
        Host::Payment => (world.credentials.get(row)).is_some_and(|c| given == Some(&c.partner_id)),
        Host::Biller => (world.billers.get(row)).is_some_and(|b| given == Some(&b.partner_id)),
        Host::Identity => true,
    };
    if token.host != operation.envelope.host() {
        return Err(refused("token of another host"));
    }
    if !is_partner {
        return Err(refused("partner id"));
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
    let signed = SignedCall {
        secret,
        method: operation.method,
        endpoint: &call.endpoint,
        token: token(call).unwrap_or_default(),
        body_hash: &hash,
        timestamp,
    };
    let expected = signed.signature();
    let is_signed = verify::signature_matches(given, &expected);
    let skew = ClockSkew::check(timestamp, world.now).err();
    if is_signed && skew.is_none() {
        return Ok(());
    }
    let refusal = if listed {
        Refusal::code(401, "SP016", "Signature Invalid")
    } else {
        Refusal::code(401, "4019900", "Unauthorized. Signature mismatch")
    };
    let differs = match &skew {
        Some(skew) if is_signed => format!("timestamp: {}", skew.told(timestamp, world.now)),
        _ => {
            let host = call.header("host").unwrap_or_default();
            let others = world.secrets(call.credential);
            let suspect = verify::suspect(given, signed, &call.raw, host, &others);
            suspect.unwrap_or_else(|| verify::unexplained("secret, token, path or body"))
        }
    };
    let reason = match skew {
        Some(ClockSkew::OutsideWindow) => "timestamp outside five minutes",
        Some(ClockSkew::NotSeconds) => "timestamp is no Unix time in seconds",
        None => "signature",
    };
    let values = RefusedSignature {
        given: given.to_owned(),
        expected,
        timestamp: timestamp.to_owned(),
        endpoint: call.endpoint.clone(),
        string_to_sign: signed.string_to_sign(),
        differs,
        body_hash: hash,
    };
    Err(refusal.because_signed(reason, values))
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
