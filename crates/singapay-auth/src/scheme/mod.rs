//! The gateway's four signature schemes.
//!
//! | Scheme | Proves | Text that is signed | Hash |
//! |---|---|---|---|
//! | A | token request v1.1 | `{client_id}_{client_secret}_{YYYYMMDD}`, day in Jakarta | HMAC-SHA512 |
//! | B | token request v1.0 | none: HTTP Basic | – |
//! | C | request and webhook | `{METHOD}:{path?query}:{token}:{sha256(body)}:{timestamp}` | HMAC-SHA512 |
//! | D | identity token request | `{client_id}:{timestamp}`, RFC 3339 in UTC | HMAC-SHA256 |
//!
//! In use, with the vectors of `spec/vectors`: `crates/singapay-auth/tests/vectors.rs`.

mod key;
mod request;
mod time;
mod token;

pub use key::{BodyHash, Signature, SigningKey};
pub use request::RequestToSign;
pub use time::{TimestampFormat, identity_timestamp, jakarta_date};
pub use token::{basic_authorization, identity_signature, token_signature};

#[cfg(test)]
mod tests;
