//! Bank transfers that customers make to virtual accounts.

use super::{record::VaTransaction, webhook};
use crate::{
    customer::{CustomerError, PaymentOutcome},
    state::{Agenda, Books, Cause, SweepEvent, Swept, World},
    sweep::expired_row,
    wire_time::{self},
};

impl World {
    /// The customer enters the number at a bank, and what becomes of it.
    pub(crate) fn pay_va(
        &mut self,
        row: u64,
        amount: Option<i64>,
        outcome: PaymentOutcome,
    ) -> Result<u64, CustomerError> {
        let now = self.now;
        let va = self
            .virtual_accounts
            .get(row)
            .ok_or_else(|| CustomerError::Unknown(row.to_string()))?
            .clone();
        if let Some(refusal) = va.refusal(now) {
            return Err(CustomerError::CannotBePaid(refusal));
        }
        let amount = va.amount_of(amount)?;
        let time = wire_time::compact_time(now);
        let expires_at = now.plus(self.settings.delays.va_attempt);
        let transaction = self.va_transactions.insert(VaTransaction {
            account: va.account,
            virtual_account: row,
            transaction_id: format!("64111{time}{}", self.random.digits(9)),
            va_number: va.number,
            merchant_reff_no: va.merchant_reff_no,
            amount,
            status: "unpaid".to_owned(),
            posted_at: now,
            processed_at: None,
            expires_at: va.expired_at.map_or(expires_at, |at| at.min(expires_at)),
        });
        match outcome {
            PaymentOutcome::Paid => self.collect_va(transaction),
            PaymentOutcome::Failed => self.end_va(transaction, "failed"),
            PaymentOutcome::Expired => {
                let waiting = self.va_transactions.get(transaction);
                let end = waiting.map(|waiting| waiting.expires_at);
                self.sweep_after(end);
            }
        }
        Ok(transaction)
    }

    fn collect_va(&mut self, row: u64) {
        self.end_va(row, "paid");
        let Some(paid) = self.va_transactions.get(row).cloned() else {
            return;
        };
        if let Some(va) = self.virtual_accounts.get_mut(paid.virtual_account) {
            va.current_usage += 1;
        }
        let cause = Cause {
            transaction_id: &paid.transaction_id,
            merchant_reff_no: paid.merchant_reff_no.as_deref(),
            kind: "virtual-account",
        };
        let fee = self.settings.fees.virtual_account;
        self.collect(paid.account, paid.amount, fee, cause);
        webhook::announce_va_payment(self, row);
    }

    pub(super) fn end_va(&mut self, row: u64, status: &str) {
        let now = self.now;
        if let Some(transaction) = self.va_transactions.get_mut(row) {
            transaction.status = status.to_owned();
            transaction.processed_at = Some(now);
        }
    }
}

fn unpaid(world: &World) -> impl Iterator<Item = (u64, &VaTransaction)> {
    let transactions = world.va_transactions.iter();
    transactions.filter(|(_, transaction)| transaction.status == "unpaid")
}

/// Plans again what is still ahead, after a restart.
pub(super) fn resume(world: &World, agenda: &mut Agenda) {
    world.resume_sweeps(
        unpaid(world).map(|(_, transaction)| transaction.expires_at),
        agenda,
    );
}

pub(super) fn sweep(world: &mut World) -> Vec<Swept> {
    let now = world.now;
    let ended = unpaid(world).filter(|(_, transaction)| transaction.expires_at <= now);
    let ended: Vec<u64> = ended.map(|(row, _)| row).collect();
    let mut rows = Vec::new();
    for row in ended {
        world.end_va(row, "expired");
        if let Some(transaction) = world.va_transactions.get(row) {
            rows.push(expired_row(
                row,
                &transaction.transaction_id,
                &transaction.status,
                transaction.amount,
                transaction.expires_at,
            ));
        }
    }
    vec![Swept {
        event: SweepEvent::Transactions,
        section: "virtual_account_transactions",
        rows,
    }]
}

pub(super) fn audit(world: &World, books: &mut Books) {
    for transfer in world
        .va_transactions
        .values()
        .filter(|t| t.status == "paid")
    {
        books
            .paid
            .push((transfer.transaction_id.clone(), transfer.amount));
    }
}
