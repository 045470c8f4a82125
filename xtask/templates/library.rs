//! The client of a foreign document.

/// State of the client: nothing.
pub mod hooks {
    /// Nothing.
    #[derive(Clone, Debug)]
    pub struct Inner;
}

#[allow(clippy::all, dead_code, deprecated, missing_docs, unused_imports)]
pub mod client;

impl progenitor_client::ClientHooks<hooks::Inner> for client::Client {}
