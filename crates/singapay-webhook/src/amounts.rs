//! Amounts in one meaning, wherever an event has them.

use serde::Deserialize;
use serde_json::Value;
use singapay_core::{Amount, Currency, Money, Rupiah};

use crate::{event::Event, events::TransactionStatusCode, kind::EventKind, payload::at};

/// Amounts of an event, whether or not money moved. Nothing is computed: what the gateway does not
/// tell is `None`.
///
/// Given by [`Event::amounts`](crate::Event::amounts).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Amounts {
    /// Amount that the payer pays, tip included: the customer, or for a payout the merchant with the fee.
    pub gross: Option<Amount>,
    /// Fee that the gateway takes.
    pub fee: Option<Amount>,
    /// Amount that the payee gets.
    pub net: Option<Amount>,
}

impl Event {
    /// Amount that the payer has paid: compare it with the order.
    ///
    /// It has one meaning for all kinds, the gross of [`amounts`](Self::amounts), although QRIS and
    /// e-wallets name theirs crosswise. `None` unless the event says that money moved, so for each
    /// other status, and where the amount is not told, is not in IDR, or is no whole rupiah; an
    /// e-wallet payment without `total_amount` tells its net amount alone. [`EventKind`] says of each
    /// kind where it stands. Settlements, subscriptions, inquiries and expiries have none.
    pub fn amount_paid(&self) -> Option<Rupiah> {
        self.has_moved_money()
            .then(|| self.amounts().gross?.rupiah())
            .flatten()
    }

    /// The amounts that the event names, whether or not money moved.
    pub fn amounts(&self) -> Amounts {
        let read = |paths: &[&str]| paths.iter().find_map(|path| at(&self.json, path));
        let mut gross = self.kind.description().gross;
        // `amount` is without the tip: it is all that was paid only where there was none.
        if self.kind == EventKind::QrisAcquirerTransaction && self.has_tip() {
            gross = &gross[..1];
        }
        Amounts {
            gross: read(gross).and_then(amount),
            fee: read(self.kind.description().fee).and_then(amount),
            net: read(self.kind.description().net).and_then(amount),
        }
    }

    fn has_tip(&self) -> bool {
        let tip = at(&self.json, "data.transaction.tip");
        tip.is_some_and(|tip| amount(tip).is_none_or(|tip| !tip.is_zero()))
    }

    fn has_moved_money(&self) -> bool {
        match self.kind {
            EventKind::DirectDebit => {
                let status = at(&self.json, "data.status").and_then(|status| status.as_str());
                status.is_some_and(|status| status.eq_ignore_ascii_case("success"))
            }
            _ => {
                self.is_paid() || self.transaction_status() == Some(TransactionStatusCode::Success)
            }
        }
    }
}

pub(crate) fn amount(value: &Value) -> Option<Amount> {
    let money = Money::<Amount>::deserialize(value).ok()?;
    let is_rupiah = money.currency == Currency::Idr && !money.value.is_negative();
    is_rupiah.then_some(money.value)
}
