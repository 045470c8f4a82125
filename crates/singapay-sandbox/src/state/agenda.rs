//! The agenda: what happens by itself, and when.

use super::World;
use crate::wire_time::At;

/// Something that happens by itself at a given time. What is due at the same time happens in the
/// order of this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    Payout(u64),
    Settlement(u64),
    CardlessExpiry(u64),
    Sweep,
    Delivery(u64),
    Binding(u64),
    Debit(u64),
    Card(u64),
    Bill(u64),
    Plan(u64),
}

impl World {
    pub(crate) fn schedule(&mut self, at: At, due: Due) {
        self.agenda.insert((at, due));
    }

    /// The time of the next thing that happens by itself.
    pub(crate) fn next_due(&self) -> Option<At> {
        self.agenda.first().map(|(at, _)| *at)
    }

    /// What happens by itself, soonest first.
    pub(crate) fn upcoming(&self) -> impl Iterator<Item = (At, Due)> {
        self.agenda.iter().copied()
    }

    /// Lets everything happen that is due by `now`, in order and at its own time.
    pub(crate) fn catch_up(&mut self, now: At) {
        while let Some((at, due)) = self.agenda.first().copied().filter(|(at, _)| *at <= now) {
            self.agenda.remove(&(at, due));
            self.now = self.now.max(at);
            match due {
                Due::Payout(row) => self.settle_payout(row),
                Due::Settlement(row) => self.settle(row),
                Due::CardlessExpiry(row) => self.expire_cardless(row),
                Due::Sweep => self.sweep(),
                Due::Delivery(row) => self.outbox.push_back(row),
                Due::Binding(row) => self.bring_binding(row),
                Due::Debit(row) => self.bring_debit(row),
                Due::Card(row) => self.capture_card(row),
                Due::Bill(row) => self.bring_bill(row),
                Due::Plan(row) => self.bring_plan(row),
            }
        }
        self.now = now;
    }

    /// Tells that webhooks are waiting to be sent or being sent.
    pub(crate) fn is_delivering(&self) -> bool {
        self.in_flight > 0 || !self.outbox.is_empty()
    }
}
