//! The sandbox's own verifier, written from the published rules and sharing no code with the
//! client: a mistake made by the client must be seen here.

mod canonical;
#[cfg(test)]
mod shared_vectors;
mod signature;
mod suspect;

pub(crate) use canonical::canonical;
pub(crate) use signature::{
    ClockSkew, body_hash, request_signature, signature_matches, token_signature,
};
pub(crate) use suspect::{SignedCall, suspect, suspect_of_token, unexplained};
