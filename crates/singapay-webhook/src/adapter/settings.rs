use std::time::Duration;

/// Settings of an adapter.
#[derive(Debug, Clone, Copy)]
pub struct AdapterSettings {
    pub(super) body_within: Duration,
    pub(super) explains: bool,
}

impl Default for AdapterSettings {
    fn default() -> Self {
        Self {
            body_within: Duration::from_secs(10),
            explains: false,
        }
    }
}

impl AdapterSettings {
    /// Bodies within 10 seconds, and no explanations.
    pub fn new() -> Self {
        Self::default()
    }

    /// Longest time that a body may take from its first byte to its last. The head of a request is read
    /// by the server before: its bound is the server's own.
    #[must_use]
    pub fn body_within(mut self, limit: Duration) -> Self {
        self.body_within = limit;
        self
    }

    /// For development: answers say why a delivery is refused.
    ///
    /// Only to a peer on this machine, and only where no proxy stands in between: a request that says it
    /// was forwarded gets no explanation. Secrets are never shown.
    #[must_use]
    pub fn explain_on_loopback(mut self) -> Self {
        self.explains = true;
        self
    }

    /// Longest time that a body may take.
    pub fn time_limit(&self) -> Duration {
        self.body_within
    }
}
