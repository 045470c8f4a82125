//! Batches of collected money that became available, and what is taken back of them.

use super::{
    record::{Settlement, TakenBack},
    settles,
    webhook::{self, SettlementEvent},
};
use crate::{
    customer::CustomerError,
    state::{Bucket, Cause, World},
};

impl World {
    /// Makes available, in one batch, all that the account has waited for until now.
    pub(crate) fn settle(&mut self, row: u64) {
        let now = self.now;
        let first = self.collections.get(row).filter(|c| !c.settled);
        let Some(account) = first.map(|collection| collection.account) else {
            return;
        };
        let due: Vec<u64> = self
            .collections
            .iter_from(row)
            .take_while(|(_, c)| c.settle_at <= now)
            .filter(|(_, c)| c.account == account && !c.settled)
            .map(|(row, _)| row)
            .collect();
        let mut covers = Vec::new();
        for row in due {
            let Some(collection) = self.collections.get_mut(row) else {
                continue;
            };
            collection.settled = true;
            let net = collection.net();
            if settles(&self.hooks, &collection.kind).is_some() {
                covers.push(row);
            }
            self.shift(account, Bucket::Pending, Bucket::Available, net);
        }
        if covers.is_empty() {
            return;
        }
        let settlement = Settlement {
            account,
            suffix: self.random.hex(6).to_uppercase(),
            covers,
            at: now,
        };
        let row = self.settlements.insert(settlement);
        webhook::announce_settlement(self, row, SettlementEvent::Completed);
    }

    /// Finance takes a settled payment back from the balance, or undoes that.
    pub(crate) fn take_back(&mut self, id: &str, undo: bool) -> Result<(), CustomerError> {
        let now = self.now;
        let unknown = || CustomerError::Unknown(id.to_owned());
        let row = self.collections.row_of(id).ok_or_else(unknown)?;
        let settlement = self.settlements.row_of(&format!("covers:{row}"));
        let settlement = settlement.ok_or_else(unknown)?;
        let collection = self.collections.get(row).ok_or_else(unknown)?;
        let (account, net) = (collection.account, collection.net());
        if collection.is_gone() != undo {
            let word = if undo { "settled" } else { "refunded" };
            return Err(CustomerError::AlreadyDecided(word.to_owned()));
        }
        if !undo && self.available(account) < net {
            return Err(CustomerError::WrongAmount {
                wanted: format!("at most Rp {}, which is available", self.available(account)),
            });
        }
        let cause = Cause {
            transaction_id: id,
            merchant_reff_no: None,
            kind: "settlement-refund",
        };
        self.post(
            account,
            Bucket::Available,
            if undo { net } else { -net },
            cause,
        );
        let collection = self.collections.get_mut(row).ok_or_else(unknown)?;
        collection.taken_back = Some(match collection.taken_back.take() {
            Some(taken) if undo => TakenBack {
                undone_at: Some(now),
                ..taken
            },
            _ => TakenBack {
                at: now,
                undone_at: None,
            },
        });
        let event = if undo {
            SettlementEvent::RefundCancelled(row)
        } else {
            SettlementEvent::Refunded(row)
        };
        webhook::announce_settlement(self, settlement, event);
        Ok(())
    }
}
