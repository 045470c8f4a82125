//! The link that a path names.

use crate::{
    http::{call::Call, refusal::Refusal},
    state::World,
};

fn not_found() -> Refusal {
    Refusal::v1(404, "Payment Link not found")
}

/// The link in the path, which must be the account's.
pub(super) fn of_account(world: &World, account: u64, call: &Call) -> Result<u64, Refusal> {
    let row = call
        .param("payment_link_id")
        .parse()
        .map_err(|_| not_found())?;
    let link = world.links.get(row).filter(|link| link.account == account);
    link.map(|_| row).ok_or_else(not_found)
}

/// The link in the path, found without an account; its owner is checked all the same.
pub(super) fn of_caller(world: &World, call: &Call) -> Result<u64, Refusal> {
    let row = call
        .param("payment_link_id")
        .parse()
        .map_err(|_| not_found())?;
    let link = world.links.get(row).ok_or_else(not_found)?;
    if world.credential_of(link.account) != Some(call.credential) {
        return Err(Refusal::NeedsOwnCredential);
    }
    Ok(row)
}
