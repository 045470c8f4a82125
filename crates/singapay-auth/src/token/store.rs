use std::{fmt, time::Duration};

use singapay_core::{BoxError, BoxFuture, Secret, Timestamp};
use zeroize::Zeroize;

use crate::endpoint::Endpoint;

/// Whose token it is: host, environment and client id. Two credentials never share a token.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TokenKey {
    endpoint: Endpoint,
    client_id: String,
}

impl TokenKey {
    /// The key of a credential on a host.
    pub fn new(endpoint: Endpoint, client_id: impl Into<String>) -> Self {
        Self {
            endpoint,
            client_id: client_id.into(),
        }
    }

    /// A name for stores: 64 hexadecimal digits that do not show the client id.
    pub fn digest(&self) -> String {
        use sha2::Digest;
        let text = format!("singapay-token\n{}\n{}", self.endpoint, self.client_id);
        hex::encode(sha2::Sha256::digest(text.as_bytes()))
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKey")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// Longest life that is believed, whoever says so.
pub(super) const LONGEST_LIFE: Duration = Duration::from_secs(24 * 3600);

/// In bytes; no server takes a longer header.
const LONGEST_TOKEN: usize = 8 * 1024;

/// True if a text can be sent behind `Bearer `.
pub(super) fn is_token(text: &str) -> bool {
    (1..=LONGEST_TOKEN).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A token and its lifetime, as stores keep it.
#[derive(Clone)]
pub struct StoredToken {
    value: Secret,
    obtained_at: Timestamp,
    expires_at: Timestamp,
}

impl StoredToken {
    /// A token that was asked for at `obtained_at` and ends at `expires_at`.
    pub fn new(value: Secret, obtained_at: Timestamp, expires_at: Timestamp) -> Self {
        Self {
            value,
            obtained_at,
            expires_at,
        }
    }

    /// The token.
    pub fn value(&self) -> &Secret {
        &self.value
    }

    /// Time at which it was asked for.
    pub fn obtained_at(&self) -> Timestamp {
        self.obtained_at
    }

    /// Time at which it ends.
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// True if both are the same token.
    pub fn is_same(&self, other: &Self) -> bool {
        self.value.expose() == other.value.expose()
    }

    /// True if it is a token, with a life that is believed: what was kept elsewhere can be anything.
    pub(super) fn is_sound(&self) -> bool {
        let life = self.expires_at.since(self.obtained_at);
        is_token(self.value.expose()) && !life.is_zero() && life <= LONGEST_LIFE
    }

    /// The same token, of a life that is believed.
    pub(super) fn bounded(mut self) -> Self {
        self.expires_at = self.expires_at.min(self.obtained_at.plus(LONGEST_LIFE));
        self
    }

    /// Three lines for a text store: obtained, expires (Unix milliseconds), token. Holds the token.
    pub fn to_text(&self) -> Secret {
        Secret::new(format!(
            "{}\n{}\n{}",
            self.obtained_at.unix_millis(),
            self.expires_at.unix_millis(),
            self.value.expose()
        ))
    }

    /// Reads what [`to_text`](Self::to_text) wrote.
    pub fn from_text(mut text: String) -> Option<Self> {
        let token = Self::parse(&text);
        text.zeroize();
        token
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.splitn(3, '\n');
        let mut millis = || lines.next()?.parse().ok().map(Timestamp::from_unix_millis);
        let (obtained_at, expires_at) = (millis()?, millis()?);
        let value = lines.next().filter(|value| !value.is_empty())?;
        Some(Self::new(Secret::new(value), obtained_at, expires_at))
    }
}

impl fmt::Debug for StoredToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredToken")
            .field("obtained_at", &self.obtained_at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// The right to fetch a token while others wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    owner: String,
}

impl Lease {
    /// A lease with a random owner.
    pub fn random() -> Self {
        Self {
            owner: format!("{:032x}", fastrand::u128(..)),
        }
    }

    /// Holder of the lease.
    pub fn owner(&self) -> &str {
        &self.owner
    }
}

/// Shares tokens between processes.
///
/// The manager keeps its own copy, bounds every call in time, and goes on without the store when
/// it fails; an error here never fails a payment. Stores hold the token itself: guard them like a
/// credential.
pub trait TokenStore: fmt::Debug + Send + Sync {
    /// The token of this key, if there is one. The manager takes none that cannot be sent or is said
    /// to live longer than a day, and removes it.
    fn load<'a>(
        &'a self,
        key: &'a TokenKey,
    ) -> BoxFuture<'a, Result<Option<StoredToken>, BoxError>>;

    /// Keeps a token until it ends, in place of the one before.
    fn save<'a>(
        &'a self,
        key: &'a TokenKey,
        token: &'a StoredToken,
    ) -> BoxFuture<'a, Result<(), BoxError>>;

    /// Removes the token, but only if it is still this one.
    fn remove<'a>(
        &'a self,
        key: &'a TokenKey,
        token: &'a StoredToken,
    ) -> BoxFuture<'a, Result<(), BoxError>>;

    /// Takes the lease if nobody holds it; it ends by itself after `duration`.
    fn lock<'a>(
        &'a self,
        key: &'a TokenKey,
        duration: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>, BoxError>>;

    /// Gives the lease back, but only if it is still this one.
    fn unlock<'a>(
        &'a self,
        key: &'a TokenKey,
        lease: &'a Lease,
    ) -> BoxFuture<'a, Result<(), BoxError>>;
}
