//! Read that confirms an event, what its answer has to say, and the key that joins two events.

use std::borrow::Cow;

use serde_json::Value;

use crate::{amounts::amount, answers::scalar, event::Event, kind::EventKind, payload::at};

/// The read that confirms an event.
///
/// In the book: `docs/book/src/webhooks.md#the-shop`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Resource<'a> {
    /// Id of the operation, such as `get_qris`.
    pub operation: &'static str,
    /// Key that it asks by: an id of the gateway; for payouts the merchant's reference; for attempts on a payment
    /// link their `reff_no`, by which to filter the list.
    pub id: Cow<'a, str>,
    /// Field of the request's body, or parameter of a list, that takes the key; `None` where it is part of
    /// the path.
    pub by: Option<&'static str>,
}

/// Something that an event says and a read can repeat.
///
/// In the book: `docs/book/src/webhooks.md#the-shop`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fact {
    /// The amounts: gross, fee and net, as far as both tell them. The fee alone is not enough to agree.
    Amount,
    /// How the payment or payout stands, now or by the time of the read.
    Status,
    /// The merchant's reference.
    Reference,
}

/// Facts that an event and the read which confirms it have in common.
///
/// In the book: `docs/book/src/webhooks.md#the-shop`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comparison {
    /// Those on which they agree.
    pub same: Vec<Fact>,
    /// Those that the read tells otherwise; also an amount or a status that it does not tell.
    pub different: Vec<Fact>,
}

/// A read that confirms events of a kind; places are JSON paths in its data.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) operation: &'static str,
    pub(crate) id: &'static str,
    pub(crate) by: Option<&'static str>,
    pub(crate) gross: &'static [&'static str],
    pub(crate) fee: &'static [&'static str],
    pub(crate) net: &'static [&'static str],
    pub(crate) status: &'static [&'static str],
    pub(crate) later: &'static [(&'static str, &'static [&'static str])],
    pub(crate) reference: &'static [&'static str],
}

impl Event {
    /// The read that confirms this event, because an event is a reason to look, not the last word.
    ///
    /// No payment names the account that reads need: it is the one that the merchant created the
    /// product on. `None` for settlements, which no operation reads, for batches of expiries, whose
    /// [items](Self::expired) have ids of their own, and where the id is missing, as in the shapes of
    /// 2025.
    pub fn resource(&self) -> Option<Resource<'_>> {
        let (read, id) = self.read_of()?;
        Some(Resource {
            operation: read.operation,
            id,
            by: read.by,
        })
    }

    /// Holds the event against the `data` that the read of [`resource`](Self::resource) answered: one row of it
    /// where that is a list.
    ///
    /// Where the amounts, the status and the reference stand in it is data, by kind. A status that can only
    /// have come later, such as `settled` of a payment, agrees with the one of the event. Nothing is compared
    /// where there is no resource.
    pub fn compare(&self, data: &Value) -> Comparison {
        let mut comparison = Comparison::default();
        let Some((read, _)) = self.read_of() else {
            return comparison;
        };
        for (fact, agrees) in [
            (Fact::Amount, self.amounts_agree(read, data)),
            (Fact::Status, self.status_agrees(read, data)),
            (Fact::Reference, self.reference_agrees(read, data)),
        ] {
            match agrees {
                Some(true) => comparison.same.push(fact),
                Some(false) => comparison.different.push(fact),
                None => {}
            }
        }
        comparison
    }

    fn read_of(&self) -> Option<(&'static Read, Cow<'_, str>)> {
        let mut reads = self.kind.description().resources.iter();
        reads.find_map(|read| Some((read, scalar(at(&self.json, read.id)?)?)))
    }

    /// `None` if the event tells no amount that the read repeats.
    fn amounts_agree(&self, read: &Read, data: &Value) -> Option<bool> {
        let said = self.amounts();
        let said = [
            (true, said.gross, read.gross),
            (false, said.fee, read.fee),
            (true, said.net, read.net),
        ];
        let said = said.into_iter().filter(|(_, _, places)| !places.is_empty());
        let mut said = said
            .filter_map(|(decides, said, places)| Some((decides, said?, first(data, places))))
            .peekable();
        said.peek()?;
        let mut decided = false;
        for (decides, said, found) in said {
            let Some(found) = found else { continue };
            if amount(found) != Some(said) {
                return Some(false);
            }
            // Equal fees, such as none, say nothing of what was paid.
            decided |= decides;
        }
        Some(decided)
    }

    fn status_agrees(&self, read: &Read, data: &Value) -> Option<bool> {
        if read.status.is_empty() {
            return None;
        }
        let said = self.status()?;
        let Some(found) = first(data, read.status).and_then(scalar) else {
            return Some(false);
        };
        let mut later = read.later.iter().filter(|(status, _)| *status == said);
        let came_later = later.any(|(_, statuses)| statuses.contains(&&*found));
        Some(found.eq_ignore_ascii_case(&said) || came_later)
    }

    /// `None` also if the read tells no reference: a merchant need not have given one.
    fn reference_agrees(&self, read: &Read, data: &Value) -> Option<bool> {
        let said = self.merchant_reference()?;
        let found = read.reference.iter().filter_map(|path| at(data, path));
        let mut found = found.filter_map(scalar).peekable();
        found.peek()?;
        Some(found.any(|found| found == said))
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

/// The first of these places that holds something.
fn first<'a>(json: &'a Value, paths: &[&str]) -> Option<&'a Value> {
    paths.iter().find_map(|path| at(json, path))
}
