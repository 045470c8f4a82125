//! A gateway that keeps every request as it came, and gives prepared answers.

use http::StatusCode;
use serde_json::Value;
use singapay::{Clock, Singapay, SingapayBuilder, Timestamp};
pub use singapay_test_gateways::wire::Recorded;
use singapay_test_gateways::wire::{Do, Wire, reply};

use crate::{driver::Clients, rig::ACCOUNT};

/// Client id and secret that the clients of a [`Recorder`] have; the partner id is `partner-1`.
pub const CREDENTIAL: (&str, &str) = ("client-1", "secret-1");
/// The token that a [`Recorder`] gives.
pub const TOKEN: &str = "token-1";
/// The time of a [`Recorder`]'s clients: 2026-08-21 03:00:00 UTC, in seconds.
pub const NOW: i64 = 1_787_281_200;

/// Paths of the four token operations.
pub const TOKEN_PATHS: [&str; 3] = [
    "/api/v1.1/access-token/b2b",
    "/api/v1.0/access-token/b2b",
    "/api/v1/kyc/auth/get-auth-token",
];

/// A server on a port of its own.
pub struct Recorder(Wire);

impl Recorder {
    /// Starts a server that answers token requests with a token, and all others with this.
    pub async fn start(status: StatusCode, answer: &Value) -> Self {
        let answer = reply(status.as_u16(), answer.to_string());
        let answer = answer.header("content-type", "application/json");
        Self(Wire::always(TOKEN, Do::Answer(answer)).await)
    }

    /// A client of all three hosts, at a time that stands still.
    ///
    /// # Panics
    ///
    /// The settings do not fit together.
    pub fn clients(&self) -> Clients {
        Clients::of(client(self.0.base_url()))
    }

    /// All requests so far.
    pub fn all(&self) -> Vec<Recorded> {
        self.0.requests()
    }

    /// All requests but those for tokens.
    pub fn calls(&self) -> Vec<Recorded> {
        self.0.calls()
    }
}

/// A client of a gateway at one address, at a time that stands still, with an account of its own.
///
/// # Panics
///
/// The settings do not fit together.
pub fn client(base_url: &str) -> Singapay {
    settings(base_url).account(ACCOUNT).build().unwrap()
}

/// The settings of such a client, without an account.
pub fn settings(base_url: &str) -> SingapayBuilder {
    let (id, secret) = CREDENTIAL;
    Singapay::builder()
        .base_url(base_url)
        .credential("partner-1", id, secret)
        .biller_credential("partner-2", id, secret)
        .identity_credential(id, secret)
        .clock(StandingClock)
}

#[derive(Debug)]
struct StandingClock;

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_seconds(NOW)
    }
}
