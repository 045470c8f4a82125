//! The settings of a client, from the environment.

use singapay::{Error, SandboxClock, SingapayBuilder};

/// Those that every client has, and the clock of the sandbox if that is wanted.
pub(crate) fn of(sandbox_clock: bool) -> Result<SingapayBuilder, Error> {
    let settings = SingapayBuilder::from_env();
    if !sandbox_clock {
        return Ok(settings);
    }
    let base_url = std::env::var("SINGAPAY_BASE_URL").unwrap_or_default();
    Ok(settings.clock(SandboxClock::of(&base_url)?))
}
