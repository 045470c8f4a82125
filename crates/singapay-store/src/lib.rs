//! Stores that several processes share, each behind a feature.
//!
//! | Feature | Store |
//! |---|---|
//! | `redis` | `RedisTokenStore`: one access token and one refresh for all processes |

#[cfg(feature = "redis")]
mod redis_tokens;

#[cfg(feature = "redis")]
pub use redis_tokens::{RedisAddressError, RedisTokenStore};
