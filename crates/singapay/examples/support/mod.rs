//! Helpers that the examples share.

use singapay::{Error, Singapay};
use singapay_sandbox::Sandbox;

/// A client of a gateway on this machine. For the real ones: `Singapay::from_env()?`.
pub(crate) fn client(sandbox: &Sandbox) -> Result<Singapay, Error> {
    let key = sandbox.credentials();
    Singapay::builder()
        .base_url(sandbox.base_url())
        .credential(&key.partner_id, &key.client_id, key.client_secret.clone())
        .account(sandbox.account_id())
        // The sandbox's clock can be moved, so nothing here has to wait.
        .clock(sandbox.clock())
        .build()
}
