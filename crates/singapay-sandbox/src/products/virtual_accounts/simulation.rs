//! Customers who transfer to a virtual account, fail to or leave.

use axum::Router;
use serde::Serialize;

use crate::{
    admin::{PayOrder, with_default_order},
    app::App,
    customer::{CustomerError, PaymentOutcome, known},
    sandbox::Sandbox,
    state::World,
};

/// A transfer that a customer began at a bank.
///
/// Beside [`Sandbox::pay_virtual_account`](crate::Sandbox::pay_virtual_account).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct VaAttempted {
    /// Id under which the API lists it.
    pub transaction_id: String,
    /// In rupiah.
    pub amount: i64,
}

impl Sandbox {
    /// A customer transfers to a virtual account, named by its number or id. `amount` in rupiah may
    /// be left out where only one is allowed.
    ///
    /// # Errors
    ///
    /// When the bank would send the customer away: unknown number, inactive, expired or used up,
    /// another amount than asked for.
    pub fn pay_virtual_account(
        &self,
        virtual_account: &str,
        amount: Option<i64>,
        outcome: PaymentOutcome,
    ) -> Result<VaAttempted, CustomerError> {
        self.store
            .run(|world| pay(world, virtual_account, amount, outcome))
    }
}

pub(super) fn admin() -> Router<App> {
    with_default_order(
        "/virtual-accounts/{virtual_account}/pay",
        |world, name, order: PayOrder| pay(world, name, order.amount, order.outcome),
    )
}

fn pay(
    world: &mut World,
    virtual_account: &str,
    amount: Option<i64>,
    outcome: PaymentOutcome,
) -> Result<VaAttempted, CustomerError> {
    let accounts = &world.virtual_accounts;
    let by_number = accounts.row_of(&format!("number:{virtual_account}"));
    let row = by_number.or_else(|| accounts.row_of(virtual_account));
    let transaction = world.pay_va(known(row, virtual_account)?, amount, outcome)?;
    let begun = world.va_transactions.get(transaction);
    let begun = begun.ok_or_else(|| CustomerError::Unknown(virtual_account.to_owned()))?;
    Ok(VaAttempted {
        transaction_id: begun.transaction_id.clone(),
        amount: begun.amount,
    })
}
