//! Bearer tokens of all hosts.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::Sha256;

use super::World;
use crate::{table::Record, wire_time::At};

/// Live tokens that one merchant can have at a time; the oldest give way.
const LIVE_TOKENS: usize = 10_000;

/// The gateway's hosts, which know nothing of each other's tokens. The sandbox has one address for
/// all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum Host {
    #[default]
    Payment,
    Biller,
    Identity,
}

/// A bearer token.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(crate) token: String,
    #[serde(default)]
    pub(crate) host: Host,
    /// Row of the credential, of the kind that its host knows.
    pub(crate) credential: u64,
    pub(crate) expires_at: At,
}

impl Token {
    pub(crate) fn is_live(&self, now: At) -> bool {
        now < self.expires_at
    }
}

impl Record for Token {
    const TABLE: &'static str = "token";

    fn keys(&self) -> Vec<String> {
        vec![self.token.clone()]
    }
}

/// Makes a token and remembers whose it is.
pub(crate) fn register(world: &mut World, host: Host, credential: u64, lifetime: u64) -> String {
    let now = world.now;
    let ended: Vec<u64> = world
        .tokens
        .iter()
        .take_while(|(_, token)| !token.is_live(now))
        .map(|(row, _)| row)
        .collect();
    for row in ended {
        world.tokens.remove(row);
    }
    if world.tokens.len() >= LIVE_TOKENS {
        let oldest = world.tokens.iter().next().map(|(row, _)| row);
        oldest.and_then(|row| world.tokens.remove(row));
    }
    let token = jwt(world, lifetime);
    world.tokens.insert(Token {
        token: token.clone(),
        host,
        credential,
        expires_at: now.plus(std::time::Duration::from_secs(lifetime)),
    });
    token
}

/// Looks like the gateway's JWT; callers treat it as opaque.
fn jwt(world: &mut World, lifetime: u64) -> String {
    let now = world.now.seconds();
    let claims = json!({
        "iss": format!("{}/api/v1.1/access-token/b2b", world.settings.base_url),
        "iat": now,
        "exp": now.saturating_add_unsigned(lifetime),
        "nbf": now,
        "jti": world.random.token(16),
        "sub": "1",
        "prv": world.random.hex(40),
    });
    let head = URL_SAFE_NO_PAD.encode(br#"{"typ":"JWT","alg":"HS256"}"#);
    let text = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let key = world.random.token(32);
    let signature = match Hmac::<Sha256>::new_from_slice(key.as_bytes()) {
        Ok(mut mac) => {
            mac.update(text.as_bytes());
            mac.finalize().into_bytes().to_vec()
        }
        Err(_) => Vec::new(), // HMAC takes keys of any length
    };
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}
