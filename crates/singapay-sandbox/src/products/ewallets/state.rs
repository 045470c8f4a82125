//! Payments that customers make from a wallet.

use super::webhook;
use crate::{
    customer::{CustomerError, PaymentOutcome},
    state::{Books, Cause, World},
};

impl World {
    /// A payment by its number or reference.
    pub(crate) fn ewallet_row(&self, payment: &str) -> Option<u64> {
        let by_number = payment.parse().ok();
        by_number
            .filter(|row| self.ewallet_payments.get(*row).is_some())
            .or_else(|| self.ewallet_payments.row_of(payment))
    }

    /// The customer answers in the wallet. The gateway hears of success at once; of a failure only
    /// when it asks (seen live).
    pub(crate) fn pay_ewallet(
        &mut self,
        row: u64,
        outcome: PaymentOutcome,
    ) -> Result<(), CustomerError> {
        let now = self.now;
        let payment = self
            .ewallet_payments
            .get_mut(row)
            .ok_or_else(|| CustomerError::Unknown(row.to_string()))?;
        match payment.status_computed(now) {
            "open" => {}
            other => return Err(CustomerError::CannotBePaid(other.to_owned())),
        }
        if let Some(decided) = payment.at_vendor {
            let word = match decided {
                PaymentOutcome::Paid => "paid",
                PaymentOutcome::Failed | PaymentOutcome::Expired => "failed",
            };
            return Err(CustomerError::AlreadyDecided(word.to_owned()));
        }
        if outcome == PaymentOutcome::Expired {
            return Ok(());
        }
        payment.at_vendor = Some(outcome);
        if outcome == PaymentOutcome::Paid && !self.settings.quirks.ewallets_wait_for_inquiry {
            self.ask_wallet(row);
        }
        Ok(())
    }

    /// Asks the wallet about an open payment, and books what it says.
    pub(crate) fn ask_wallet(&mut self, row: u64) {
        let now = self.now;
        let Some(payment) = self.ewallet_payments.get(row) else {
            return;
        };
        if payment.status != "open" {
            return;
        }
        let status = match payment.at_vendor {
            Some(PaymentOutcome::Paid) => "success",
            Some(_) => "failed",
            None if !payment.is_expired(now) => return,
            // A push that nobody confirmed fails (seen live).
            None if !payment.wallet().has_page => "failed",
            None => "expired",
        };
        let heard = u64::from(payment.at_vendor.is_some());
        let Some(payment) = self.ewallet_payments.get_mut(row) else {
            return;
        };
        payment.status = status.to_owned();
        payment.events += heard;
        payment.updated_at = now;
        if status != "success" {
            return;
        }
        payment.paid_at = Some(now);
        let payment = payment.clone();
        let cause = Cause {
            transaction_id: &payment.reff_no,
            merchant_reff_no: payment.merchant_reff_no.as_deref(),
            kind: "ewallet",
        };
        self.collect(payment.account, payment.amount, payment.fee, cause);
        webhook::announce_ewallet_payment(self, row);
    }
}

pub(super) fn audit(world: &World, books: &mut Books) {
    let payments = world.ewallet_payments.values();
    for payment in payments.filter(|payment| payment.status == "success") {
        books.paid.push((payment.reff_no.clone(), payment.amount));
    }
}
