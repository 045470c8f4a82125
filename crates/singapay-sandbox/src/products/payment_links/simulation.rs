//! Customers who open a payment link, and pay it or leave.

use axum::Router;
use serde::{Deserialize, Serialize};

use super::record::Customer;
use crate::{
    admin::with_default_order,
    app::App,
    customer::{CustomerError, known},
    sandbox::Sandbox,
    state::World,
};

/// A customer of a payment link, and the way to pay.
///
/// For [`Sandbox::pay_payment_link`](crate::Sandbox::pay_payment_link).
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Payer {
    /// Method code such as `QRIS`; the link's first one unless set.
    pub method: Option<String>,
    /// Name typed into the page.
    pub name: String,
    /// E-mail address typed into the page.
    pub email: String,
    /// Phone number typed into the page.
    pub phone: String,
}

impl Payer {
    /// Somebody who pays with this method.
    pub fn with(method: &str) -> Self {
        Self {
            method: Some(method.to_owned()),
            ..Self::default()
        }
    }
}

/// An attempt to pay a payment link.
///
/// Beside [`Sandbox::pay_payment_link`](crate::Sandbox::pay_payment_link).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LinkAttempted {
    /// Number of the attempt (history id).
    pub history_id: u64,
    /// The attempt's own reference, as the webhook names it.
    pub reff_no: String,
}

impl Sandbox {
    /// The customer opens a payment link, picks a method and pays. `link` is its id or reference.
    ///
    /// # Errors
    ///
    /// [`CustomerError::Unknown`], [`CustomerError::NotOpen`] and
    /// [`CustomerError::MethodNotOffered`].
    pub fn pay_payment_link(
        &self,
        link: &str,
        payer: Payer,
    ) -> Result<LinkAttempted, CustomerError> {
        self.store.run(|world| pay(world, link, payer))
    }

    /// As [`Sandbox::pay_payment_link`], but the customer leaves after picking a method.
    ///
    /// # Errors
    ///
    /// As [`Sandbox::pay_payment_link`].
    pub fn open_payment_link(
        &self,
        link: &str,
        payer: Payer,
    ) -> Result<LinkAttempted, CustomerError> {
        self.store.run(|world| open(world, link, payer))
    }
}

pub(super) fn admin() -> Router<App> {
    with_default_order("/payment-links/{link}/pay", |world, link, order: Order| {
        pay(world, link, order.into())
    })
    .merge(with_default_order(
        "/payment-links/{link}/open",
        |world, link, order: Order| open(world, link, order.into()),
    ))
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Order {
    method: Option<String>,
    name: String,
    email: String,
    phone: String,
}

impl From<Order> for Payer {
    fn from(order: Order) -> Self {
        Self {
            method: order.method,
            name: order.name,
            email: order.email,
            phone: order.phone,
        }
    }
}

fn pay(world: &mut World, link: &str, payer: Payer) -> Result<LinkAttempted, CustomerError> {
    let opened = open(world, link, payer)?;
    world.pay_attempt(opened.history_id)?;
    Ok(opened)
}

/// A link goes by its id or its reference.
fn open(world: &mut World, link: &str, payer: Payer) -> Result<LinkAttempted, CustomerError> {
    let by_id = link.parse().ok();
    let by_id = by_id.filter(|row| world.links.get(*row).is_some());
    let row = known(by_id.or_else(|| world.links.row_of(link)), link)?;
    let customer = Customer {
        name: payer.name,
        email: payer.email,
        phone: payer.phone,
    };
    let history_id = world.start_attempt(row, payer.method.as_deref(), customer)?;
    let attempt = world.attempts.get(history_id);
    Ok(LinkAttempted {
        history_id,
        reff_no: attempt.map(|a| a.reff_no.clone()).unwrap_or_default(),
    })
}
