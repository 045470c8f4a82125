//! Card payments. Card number and CVV are checked and forgotten; only the masked number is kept.

use super::record::CardStatus;
use crate::{
    customer::CustomerError,
    state::{Agenda, Cause, Due, World},
};

impl World {
    /// A card payment by row number, transaction id or the provider's id.
    pub(crate) fn card_row(&self, id: &str) -> Option<u64> {
        let by_row = id.parse().ok().filter(|row| self.cards.get(*row).is_some());
        by_row
            .or_else(|| self.cards.row_of(id))
            .or_else(|| self.cards.row_of(&format!("provider:{id}")))
    }

    /// The card holder's answer on the 3-D Secure page.
    pub(crate) fn decide_card(&mut self, row: u64, approved: bool) -> Result<(), CustomerError> {
        let now = self.now;
        let payment = self
            .cards
            .get_mut(row)
            .ok_or_else(|| CustomerError::Unknown(row.to_string()))?;
        if payment.status != CardStatus::Pending {
            return Err(CustomerError::AlreadyDecided(
                payment.status.word().to_owned(),
            ));
        }
        if approved {
            self.capture_card(row);
        } else {
            payment.decided_at = Some(now);
            payment.status = CardStatus::Failed;
        }
        Ok(())
    }

    /// A payment without a page succeeds by itself, unless it is voided first.
    pub(crate) fn process_card(&mut self, row: u64) {
        let at = self.now.plus(self.settings.delays.card);
        self.schedule(at, Due::Card(row));
    }

    /// The money is taken, if nobody called the payment off.
    pub(crate) fn capture_card(&mut self, row: u64) {
        let now = self.now;
        let auth_no = self.random.digits(6);
        let Some(payment) = self.cards.get_mut(row).filter(|p| p.status.is_open()) else {
            return;
        };
        payment.status = CardStatus::Success;
        payment.decided_at = Some(now);
        payment.auth_no = Some(auth_no);
        let payment = payment.clone();
        let cause = Cause {
            transaction_id: &payment.transaction_id,
            merchant_reff_no: Some(&payment.reference_no),
            kind: "card",
        };
        let fee = self.settings.fees.card;
        self.collect(payment.account, payment.amount, fee, cause);
    }
}

/// Plans again what is still ahead, after a restart.
pub(super) fn resume(world: &World, agenda: &mut Agenda) {
    let delay = world.settings.delays.card;
    for (row, payment) in world.cards.iter() {
        if payment.status == CardStatus::Processing {
            agenda.push((payment.created_at.plus(delay), Due::Card(row)));
        }
    }
}
