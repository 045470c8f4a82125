//! The settings of a client, from the environment.

use singapay::{Error, SandboxClock, SingapayBuilder};

use crate::admin::Admin;

/// Those that every client has, and the clock of the sandbox if that is wanted.
pub(crate) fn of(sandbox_clock: bool) -> Result<SingapayBuilder, Error> {
    let settings = SingapayBuilder::from_env();
    if !sandbox_clock {
        return Ok(settings);
    }
    let base_url = std::env::var("SINGAPAY_BASE_URL").unwrap_or_default();
    Ok(settings.clock(SandboxClock::of(&base_url)?))
}

/// What to say of a time that is not the gateway's: that of a sandbox on this machine may have been moved.
pub(crate) fn moved_clock() -> Option<&'static str> {
    let is_sandbox = Admin::from_env().is_ok();
    is_sandbox.then_some("if the time of this sandbox was moved, --sandbox-clock goes by it")
}
