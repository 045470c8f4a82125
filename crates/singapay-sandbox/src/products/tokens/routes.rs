//! Token operations of the payment host.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::{
    http::{
        call::Call,
        operation::{Answer, Operation},
        refusal::Refusal,
        verdict::RefusedSignature,
    },
    state::{Credential, Host, World, register},
    verify, wire_time,
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::v1(
        "create_access_token",
        "POST",
        "/api/v1.1/access-token/b2b",
        v1_1,
    )
    .proving_itself(),
    Operation::v1(
        "create_access_token_basic",
        "POST",
        "/api/v1.0/access-token/b2b",
        v1_0,
    )
    .proving_itself(),
];

fn v1_1(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    address(world, call)?;
    let header = |name: &'static str| call.header(name).ok_or_else(|| refused(name));
    let (partner, client) = (header("x-partner-id")?, header("x-client-id")?);
    let signature = header("x-signature")?;
    let (row, credential) = credential(world, client)?;
    if credential.partner_id != partner {
        return Err(refused("partner id"));
    }
    let expected = verify::token_signature(client, &credential.client_secret, world.now);
    if !verify::signature_matches(signature, &expected) {
        return Err(wrong_signature(world, call, row, signature, expected));
    }
    grant_type(call)?;
    Ok(issue(
        world,
        row,
        world.settings.delays.token_v1_1.as_secs(),
    ))
}

fn v1_0(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    address(world, call)?;
    let (client, secret) = basic(call).ok_or_else(|| refused("no basic authorization"))?;
    if let Some(row) = world.billers.row_of(&client) {
        return biller(world, call, row, &secret);
    }
    let (row, credential) = credential(world, &client)?;
    if call.header("x-partner-id") != Some(credential.partner_id.as_str()) {
        return Err(refused("partner id"));
    }
    if !verify::signature_matches(&secret, &credential.client_secret) {
        return Err(refused("client secret"));
    }
    grant_type(call)?;
    Ok(issue(
        world,
        row,
        world.settings.delays.token_v1_0.as_secs(),
    ))
}

/// Every way to fail looks the same; the request log tells them apart.
fn refused(reason: &'static str) -> Refusal {
    Refusal::v1(401, "Invalid credentials").because(reason)
}

fn credential<'a>(world: &'a World, client: &str) -> Result<(u64, &'a Credential), Refusal> {
    let row = world.credentials.row_of(&format!("client:{client}"));
    let found = row.and_then(|row| Some((row, world.credentials.get(row)?)));
    found.ok_or_else(|| refused("client id"))
}

fn wrong_signature(world: &World, call: &Call, row: u64, given: &str, expected: String) -> Refusal {
    let (client, secret) = world.credentials.get(row).map_or(("", ""), |credential| {
        (
            credential.client_id.as_str(),
            credential.client_secret.as_str(),
        )
    });
    let day = wire_time::compact_date(world.now);
    let others = world.secrets(row);
    let suspect = verify::suspect_of_token(given, client, secret, world.now, &others);
    let values = RefusedSignature {
        given: given.to_owned(),
        expected,
        endpoint: call.endpoint.clone(),
        body_hash: String::new(),
        string_to_sign: format!("{client}_…_{day}"),
        differs: suspect.unwrap_or_else(|| verify::unexplained("client id, secret or day")),
        timestamp: day,
    };
    Refusal::v1(401, "Invalid credentials").because_signed("signature", values)
}

/// The biller host has the same path, and tells a wrong partner apart (seen live).
fn biller(world: &mut World, call: &Call, row: u64, secret: &str) -> Result<Answer, Refusal> {
    let biller = world.billers.get(row).ok_or_else(|| refused("client id"))?;
    if call.header("x-partner-id") != Some(biller.partner_id.as_str()) {
        return Err(Refusal::v1(403, "Invalid X-PARTNER-ID").because("partner id"));
    }
    if !verify::signature_matches(secret, &biller.client_secret) {
        return Err(refused("client secret"));
    }
    grant_type(call)?;
    let lifetime = world.settings.delays.token_v1_0.as_secs();
    Ok(answer(
        &register(world, Host::Biller, row, lifetime),
        lifetime,
    ))
}

/// A wrong server meets this first (seen live).
fn address(world: &World, call: &Call) -> Result<(), Refusal> {
    let allowed = &world.settings.allowed_ips;
    if allowed.is_empty() || allowed.contains(&call.caller) {
        return Ok(());
    }
    let message = format!("Your IP address ({}) is not registered", call.caller);
    Err(Refusal::v1(403, message).because("address"))
}

fn grant_type(call: &Call) -> Result<(), Refusal> {
    match call.body.get("grant_type").and_then(Value::as_str) {
        Some("client_credentials") => Ok(()),
        Some(text) if !text.is_empty() => Err(Refusal::field(
            "grant_type",
            "The selected grant type is invalid.",
        )),
        _ => Err(Refusal::field(
            "grant_type",
            "The grant type field is required.",
        )),
    }
}

fn basic(call: &Call) -> Option<(String, String)> {
    let (scheme, encoded) = call.header("authorization")?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (client, secret) = text.split_once(':')?;
    Some((client.to_owned(), secret.to_owned()))
}

fn issue(world: &mut World, credential: u64, lifetime: u64) -> Answer {
    let token = register(world, Host::Payment, credential, lifetime);
    answer(&token, lifetime)
}

/// Seconds as a string, on these hosts.
fn answer(token: &str, lifetime: u64) -> Answer {
    json!({
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": lifetime.to_string(),
    })
    .into()
}
