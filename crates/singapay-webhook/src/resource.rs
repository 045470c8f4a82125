//! Read that confirms an event, and the key that joins two events.

use std::borrow::Cow;

use crate::{answers::scalar, event::Event, kind::EventKind, payload::at};

/// The read that confirms an event.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Resource<'a> {
    /// Id of the operation, such as `get_qris`.
    pub operation: &'static str,
    /// Key that it asks by: an id of the gateway; for payouts the merchant's reference; for attempts on a payment
    /// link their `reff_no`, by which to filter the list.
    pub id: Cow<'a, str>,
}

impl Event {
    /// The read that confirms this event, because an event is a reason to look, not the last word.
    ///
    /// No payment names the account that reads need: it is the one that the merchant created the
    /// product on. `None` for settlements, which no operation reads, for batches of expiries, whose
    /// [items](Self::expired) have ids of their own, and where the id is missing, as in the shapes of
    /// 2025.
    pub fn resource(&self) -> Option<Resource<'_>> {
        self.kind.resources().iter().find_map(|&(operation, path)| {
            let id = scalar(at(&self.json, path)?)?;
            Some(Resource { operation, id })
        })
    }

    /// Key that joins a [`PaymentLinkInquiry`](EventKind::PaymentLinkInquiry) and the
    /// [`PaymentLinkTransaction`](EventKind::PaymentLinkTransaction) that may follow, which alone knows the
    /// merchant's reference, while the inquiry alone names the channel: the `reff_no` of the attempt.
    pub fn payment_link_attempt(&self) -> Option<Cow<'_, str>> {
        let path = match self.kind {
            EventKind::PaymentLinkInquiry => "data.payment_link_history.reff_no",
            EventKind::PaymentLinkTransaction => "data.transaction.reff_no",
            _ => return None,
        };
        scalar(at(&self.json, path)?)
    }
}
