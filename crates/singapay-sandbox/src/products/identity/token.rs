//! The identity host's token: scheme D, and an answer without an envelope.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{
    http::{call::Call, operation::Answer, refusal::Refusal},
    state::{Host, World, register},
    wire_time::{self, At},
};

const LIFETIME_SECONDS: u64 = 3_600;
const WINDOW_MILLIS: u64 = 300_000;

/// Every way to fail looks the same (seen live).
pub(super) fn create(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let text = |field: &str| {
        call.body
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let (client, timestamp, signature) = (text("client_id"), text("timestamp"), text("signature"));
    let row = world.credentials.row_of(&format!("identity:{client}"));
    let secret = row
        .and_then(|row| world.credentials.get(row))
        .map(|credential| credential.identity_client_secret.as_str());
    let in_time = timestamp.ends_with('Z')
        && timestamp.len() == 20
        && wire_time::parse_any(timestamp)
            .is_some_and(|At(at)| at.abs_diff(world.now.0) <= WINDOW_MILLIS);
    let signed = secret.is_some_and(|secret| is_signed(secret, client, timestamp, signature));
    let reason = match secret {
        None => "client id",
        Some(_) if !in_time => "timestamp outside five minutes",
        Some(_) => "signature",
    };
    let Some(row) = row.filter(|_| in_time && signed) else {
        let body = json!({
            "code": "UNAUTHORIZED",
            "message": "invalid credential or signature",
            "request_id": world.random.uuid(),
            "pricing": "FREE",
        });
        return Err(Refusal::Flat { http: 401, body }.because(reason));
    };
    Ok(json!({
        "access_token": register(world, Host::Identity, row, LIFETIME_SECONDS),
        "token_type": "Bearer",
        "expires_in": LIFETIME_SECONDS,
        "audience": "kyc-api",
    })
    .into())
}

fn is_signed(secret: &str, client: &str, timestamp: &str, signature: &str) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return false; // HMAC takes keys of any length
    };
    mac.update(format!("{client}:{timestamp}").as_bytes());
    hex::decode(signature).is_ok_and(|given| mac.verify_slice(&given).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scheme_d_of_the_worked_example() {
        let signature = "43fdd74cfd638f5436cdf061945af02fcf71a8256bbc14718843df4801b6730f";
        let at = "2026-08-21T01:00:00Z";
        assert!(is_signed("sec-demo", "kc_test_demo", at, signature));
        assert!(is_signed(
            "sec-demo",
            "kc_test_demo",
            at,
            &signature.to_uppercase()
        ));
        assert!(!is_signed(
            "sec-demo",
            "kc_test_demo",
            "2026-08-21T01:00:01Z",
            signature
        ));
    }
}
