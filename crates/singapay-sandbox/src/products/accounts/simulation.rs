//! The gateway's people, who look at a managed account before it may be used.

use axum::Router;

use crate::{
    admin::without_order,
    app::App,
    customer::{CustomerError, known},
    sandbox::Sandbox,
    state::World,
};

impl Sandbox {
    /// The merchant's KYB of a managed account is approved; it may be activated then.
    ///
    /// # Errors
    ///
    /// [`CustomerError::Unknown`] and [`CustomerError::AlreadyDecided`].
    pub fn approve_kyb(&self, account_id: &str) -> Result<(), CustomerError> {
        self.store.run(|world| approve(world, account_id))
    }
}

pub(super) fn admin() -> Router<App> {
    without_order("/accounts/{account_id}/approve-kyb", |world, id, ()| {
        approve(world, id)
    })
}

fn approve(world: &mut World, account_id: &str) -> Result<(), CustomerError> {
    let row = known(world.accounts.row_of(account_id), account_id)?;
    let account = world.accounts.get_mut(row);
    let account = account.ok_or_else(|| CustomerError::Unknown(account_id.to_owned()))?;
    match account.kyb_status.as_deref() {
        Some("kyb_in_review") => {
            account.kyb_status = Some("kyb_verified".to_owned());
            account.kyb_onboarding_url = None;
            Ok(())
        }
        other => Err(CustomerError::AlreadyDecided(
            other.unwrap_or("not needed").to_owned(),
        )),
    }
}
