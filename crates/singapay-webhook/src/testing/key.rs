//! Key and address of deliveries.

use std::fmt;

use singapay_core::{Secret, Timestamp};

/// Credential that signs deliveries, and the path that they are sent to.
#[derive(Clone)]
pub struct Key {
    pub(super) partner_id: String,
    pub(super) secret: Secret,
    pub(super) path: String,
    pub(super) at: Option<Timestamp>,
}

impl Key {
    /// Client secret and partner id of a credential, and the path as it is registered in the dashboard.
    pub fn new(
        partner_id: impl Into<String>,
        secret: impl Into<Secret>,
        path: impl Into<String>,
    ) -> Self {
        Self {
            partner_id: partner_id.into(),
            secret: secret.into(),
            path: path.into(),
            at: None,
        }
    }

    /// Time at which deliveries are signed; now, by the machine's clock, unless set.
    #[must_use]
    pub fn at(mut self, time: Timestamp) -> Self {
        self.at = Some(time);
        self
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("path", &self.path)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}
