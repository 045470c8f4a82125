use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use redis::{
    Client, Script,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use singapay_auth::token::{Lease, StoredToken, TokenKey, TokenStore};
use singapay_core::{BoxError, BoxFuture};
use tokio::runtime::{Handle, Id};

/// Shares access tokens, and the right to fetch one, through Redis.
///
/// Needs Redis 2.6.12 or newer, and connects when it is first used. A Redis that is slow, down or
/// wrong costs a moment, never a payment: the token manager then goes on alone.
///
/// The tokens lie in Redis as they are. Who can read them can call the gateway until they end, so
/// guard this Redis like a credential. For `rediss://` addresses, switch on the feature
/// `tokio-rustls-comp` of the crate `redis` (version 1) in your program and install a rustls
/// crypto provider.
///
/// In the book: `docs/book/src/processes.md`.
pub struct RedisTokenStore {
    client: Client,
    prefix: String,
    /// With the runtime that drives it, without which it says nothing.
    connection: Mutex<Option<(Id, ConnectionManager)>>,
    lock: Script,
    remove: Script,
    unlock: Script,
}

/// The address is not one of a Redis, or its password is empty.
///
/// Of [`RedisTokenStore`].
#[derive(Debug, thiserror::Error)]
#[error("not the address of a Redis, such as redis://127.0.0.1:6379/0, or with an empty password")]
pub struct RedisAddressError(());

/// Longer than the manager waits, so that its bound decides.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(2);

/// Takes the lease if nobody holds it. One that would outlast ours, or never ends, is not of our
/// making: it ends when ours would.
const LOCK: &str = r"
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
    return 1
end
local left = redis.call('PTTL', KEYS[1])
if left < 0 or left > tonumber(ARGV[2]) then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0";

/// Deletes the token if it is still the one that was given. The token is what follows the last of
/// the two line breaks.
const REMOVE: &str = r"
local kept = redis.call('GET', KEYS[1])
if kept and string.match(kept, '^[^\n]*\n[^\n]*\n(.*)$') == ARGV[1] then
    return redis.call('DEL', KEYS[1])
end
return 0";

/// Deletes the lease if it is still ours.
const UNLOCK: &str = r"
if redis.call('GET', KEYS[1]) == ARGV[1] then
    return redis.call('DEL', KEYS[1])
end
return 0";

impl RedisTokenStore {
    /// A store at an address such as `redis://user:password@127.0.0.1:6379/0`.
    ///
    /// # Errors
    ///
    /// An address that cannot be read, or whose password is empty: Redis would be asked without one.
    /// The address is not tried.
    pub fn new(address: &str) -> Result<Self, RedisAddressError> {
        if has_empty_password(address) {
            return Err(RedisAddressError(()));
        }
        Ok(Self {
            // The error repeats the address, and so its password.
            client: Client::open(address).map_err(|_| RedisAddressError(()))?,
            prefix: "singapay".to_owned(),
            connection: Mutex::default(),
            lock: Script::new(LOCK),
            remove: Script::new(REMOVE),
            unlock: Script::new(UNLOCK),
        })
    }

    /// Another prefix of its keys. Default `singapay`.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    fn token_name(&self, key: &TokenKey) -> String {
        format!("{}:token:{}", self.prefix, key.digest())
    }

    fn lease_name(&self, key: &TokenKey) -> String {
        format!("{}:lease:{}", self.prefix, key.digest())
    }

    /// The one connection; it reconnects by itself. Another runtime has another one: the one before
    /// may have ended, or stand still.
    fn connection(&self) -> Result<ConnectionManager, BoxError> {
        let mut connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let runtime = Handle::try_current()?.id();
        if let Some((_, connection)) = connection.as_ref().filter(|(of, _)| *of == runtime) {
            return Ok(connection.clone());
        }
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_response_timeout(Some(RESPONSE_TIMEOUT))
            .set_connection_timeout(Some(RESPONSE_TIMEOUT));
        let new = ConnectionManager::new_lazy_with_config(self.client.clone(), config)?;
        *connection = Some((runtime, new.clone()));
        Ok(new)
    }
}

impl fmt::Debug for RedisTokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisTokenStore")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

fn has_empty_password(address: &str) -> bool {
    let rest = address.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let password = authority
        .rsplit_once('@')
        .and_then(|(user, _)| user.split_once(':'));
    password.is_some_and(|(_, password)| password.trim().is_empty())
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis())
        .unwrap_or(u64::MAX)
        .max(1)
}

impl TokenStore for RedisTokenStore {
    fn load<'a>(
        &'a self,
        key: &'a TokenKey,
    ) -> BoxFuture<'a, Result<Option<StoredToken>, BoxError>> {
        Box::pin(async move {
            let mut connection = self.connection()?;
            let bytes: Result<Option<Vec<u8>>, _> = redis::cmd("GET")
                .arg(self.token_name(key))
                .query_async(&mut connection)
                .await;
            let bytes = match bytes {
                // No text at all: absent, and saving a token replaces it.
                Err(error) if error.code() == Some("WRONGTYPE") => None,
                bytes => bytes?,
            };
            let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
            Ok(text.and_then(StoredToken::from_text))
        })
    }

    fn save<'a>(
        &'a self,
        key: &'a TokenKey,
        token: &'a StoredToken,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            let mut connection = self.connection()?;
            let life = token.expires_at().since(token.obtained_at());
            Ok(redis::cmd("SET")
                .arg(self.token_name(key))
                .arg(token.to_text().expose())
                .arg("PX")
                .arg(millis(life))
                .query_async(&mut connection)
                .await?)
        })
    }

    fn remove<'a>(
        &'a self,
        key: &'a TokenKey,
        token: &'a StoredToken,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            let mut connection = self.connection()?;
            let mut call = self.remove.key(self.token_name(key));
            call.arg(token.value().expose());
            let _: i64 = call.invoke_async(&mut connection).await?;
            Ok(())
        })
    }

    fn lock<'a>(
        &'a self,
        key: &'a TokenKey,
        duration: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>, BoxError>> {
        Box::pin(async move {
            let mut connection = self.connection()?;
            let lease = Lease::random();
            let mut call = self.lock.key(self.lease_name(key));
            call.arg(lease.owner()).arg(millis(duration));
            let taken: bool = call.invoke_async(&mut connection).await?;
            Ok(taken.then_some(lease))
        })
    }

    fn unlock<'a>(
        &'a self,
        key: &'a TokenKey,
        lease: &'a Lease,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            let mut connection = self.connection()?;
            let mut call = self.unlock.key(self.lease_name(key));
            call.arg(lease.owner());
            let _: i64 = call.invoke_async(&mut connection).await?;
            Ok(())
        })
    }
}
