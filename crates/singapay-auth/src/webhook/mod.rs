//! Webhook verification, without an HTTP client: raw bytes, headers and path in, a verified
//! delivery out.
//!
//! The text that is signed is scheme C with method `POST`, the path **as registered** in the
//! dashboard, the throw-away token of the `Authorization` header, the hash of the body and the
//! time. Which form of the body was hashed is proven for small objects only, so a [`Verifier`]
//! tries every [`Form`](crate::canonical::Form) that a sender can have meant, then the raw bytes.
//!
//! In the book: `docs/book/src/webhooks.md#when-something-goes-wrong`.

mod body;
mod error;
mod explain;
mod key;
mod parts;
mod sign;
mod source;
mod verifier;

pub use body::SignedForm;
pub use error::VerifyError;
pub use explain::{Explanation, Suspect};
pub use key::WebhookKey;
pub use sign::{SignedDelivery, sign_delivery};
pub use source::{HeaderSource, HeaderValues};
pub use verifier::{Verified, Verifier, VerifierBuilder, VerifierError};

#[cfg(test)]
mod tests;
