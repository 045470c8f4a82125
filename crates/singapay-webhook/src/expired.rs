//! Batches of expiries, split into items.

use std::{borrow::Cow, fmt};

use serde_json::Value;

use crate::{answers::scalar, event::Event, kind::EventKind, payload::at};

/// Thing that expired. An attempt leaves its product usable; e-wallets are in no batch.
///
/// Given by [`Event::expired`](crate::Event::expired).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Expired {
    /// A payment link past its end: nothing can be paid on it any more.
    PaymentLink,
    /// An attempt to pay a payment link.
    PaymentLinkAttempt,
    /// A virtual account past its end: nothing can be paid to it any more.
    VirtualAccount,
    /// An attempt to pay a virtual account.
    VirtualAccountAttempt,
    /// A QRIS code.
    Qris,
    /// An attempt to pay a QRIS code.
    QrisAttempt,
}

/// One item of a batch. What its members are called is not documented, so that each may be missing.
///
/// Given by [`Event::expired`](crate::Event::expired).
#[derive(Clone, Copy)]
pub struct ExpiredItem<'a> {
    what: Expired,
    json: &'a Value,
}

const PRODUCTS: &[(&str, Expired)] = &[
    ("data.payment_links", Expired::PaymentLink),
    ("data.virtual_accounts", Expired::VirtualAccount),
    ("data.qris_transactions", Expired::Qris),
];

const ATTEMPTS: &[(&str, Expired)] = &[
    ("data.payment_link_histories", Expired::PaymentLinkAttempt),
    (
        "data.virtual_account_transactions",
        Expired::VirtualAccountAttempt,
    ),
    ("data.qris_histories", Expired::QrisAttempt),
];

impl Event {
    /// The items of a [`ProductExpiration`](EventKind::ProductExpiration) or
    /// [`TransactionExpiration`](EventKind::TransactionExpiration); none for other kinds.
    ///
    /// A list of eleven and more that came as an object is read too.
    pub fn expired(&self) -> impl Iterator<Item = ExpiredItem<'_>> {
        let sections = match self.kind {
            EventKind::ProductExpiration => PRODUCTS,
            EventKind::TransactionExpiration => ATTEMPTS,
            _ => &[],
        };
        sections.iter().flat_map(|&(path, what)| {
            let items: Vec<&Value> = match at(&self.json, path) {
                Some(Value::Array(items)) => items.iter().collect(),
                Some(Value::Object(items)) => items.values().collect(),
                _ => Vec::new(),
            };
            items
                .into_iter()
                .map(move |json| ExpiredItem { what, json })
        })
    }
}

impl<'a> ExpiredItem<'a> {
    /// Thing that expired.
    pub fn what(&self) -> Expired {
        self.what
    }

    /// Number of the gateway, if the item has `id`.
    pub fn id(&self) -> Option<Cow<'a, str>> {
        scalar(at(self.json, "id")?)
    }

    /// Reference, if the item has `reff_no`.
    pub fn reff_no(&self) -> Option<Cow<'a, str>> {
        scalar(at(self.json, "reff_no")?)
    }

    /// The whole item.
    pub fn json(&self) -> &'a Value {
        self.json
    }
}

impl fmt::Debug for ExpiredItem<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExpiredItem")
            .field("what", &self.what)
            .finish_non_exhaustive()
    }
}
