//! QR codes that the merchant's customers scan. Code and payment are one record.

use serde_json::json;

use super::{
    record::{QrisCode, QrisPayer},
    webhook,
};
use crate::{
    customer::{CustomerError, PaymentOutcome},
    state::{Agenda, Books, Cause, SweepEvent, Swept, World},
    sweep::expired_row,
    wire_time::At,
};

impl World {
    /// Every check has been made.
    pub(crate) fn open_qris(&mut self, code: QrisCode) -> u64 {
        self.sweep_after(code.expired_at);
        self.qris_codes.insert(code)
    }

    /// A code by its number, reference or content.
    pub(crate) fn qris_row(&self, code: &str) -> Option<u64> {
        let by_number = code.parse().ok();
        by_number
            .filter(|row| self.qris_codes.get(*row).is_some())
            .or_else(|| self.qris_codes.row_of(code))
            .or_else(|| self.qris_codes.row_of(&format!("qr:{code}")))
    }

    /// A customer scans the code, and what becomes of it.
    pub(crate) fn pay_qris(
        &mut self,
        row: u64,
        outcome: PaymentOutcome,
    ) -> Result<(), CustomerError> {
        let now = self.now;
        let unknown = || CustomerError::Unknown(row.to_string());
        let found = self.qris_codes.get(row).ok_or_else(unknown)?;
        match found.status_computed(now) {
            "open" => {}
            other => return Err(CustomerError::CannotBePaid(other.to_owned())),
        }
        if outcome == PaymentOutcome::Expired {
            // Nobody hears of a customer who leaves; the sweep finds the code.
            return Ok(());
        }
        let payer = QrisPayer {
            id: self.random.ulid(now),
            name: "Sandbox Customer".to_owned(),
            pan: format!("9360{}", self.random.digits(15)),
        };
        let code = self.qris_codes.get_mut(row).ok_or_else(unknown)?;
        code.events += 1;
        code.updated_at = now;
        if outcome == PaymentOutcome::Failed {
            // There is no status for it: the code stays open for another try.
            return Ok(());
        }
        code.status = "paid".to_owned();
        code.paid_at = Some(now);
        code.payer = Some(payer);
        let code = code.clone();
        let cause = Cause {
            transaction_id: &code.reff_no,
            merchant_reff_no: code.merchant_reff_no.as_deref(),
            kind: "qris",
        };
        self.collect(code.account, code.amount, code.fee, cause);
        webhook::announce_qris_payment(self, row);
        Ok(())
    }
}

fn open(world: &World) -> impl Iterator<Item = (u64, &QrisCode)> {
    world
        .qris_codes
        .iter()
        .filter(|(_, code)| code.status == "open")
}

/// Plans again what is still ahead, after a restart.
pub(super) fn resume(world: &World, agenda: &mut Agenda) {
    world.resume_sweeps(open(world).filter_map(|(_, code)| code.expired_at), agenda);
}

/// A code is attempt and product in one.
pub(super) fn sweep(world: &mut World) -> Vec<Swept> {
    let now = world.now;
    let ended = open(world).filter_map(|(row, code)| Some((row, code.expired_at?)));
    let ended: Vec<(u64, At)> = ended.filter(|(_, end)| *end <= now).collect();
    let (mut attempts, mut products) = (Vec::new(), Vec::new());
    for (row, end) in ended {
        if let Some(code) = world.qris_codes.get_mut(row) {
            code.status = "expired".to_owned();
            code.updated_at = now;
            attempts.push(expired_row(
                row,
                &code.reff_no,
                &code.status,
                code.amount,
                end,
            ));
            products.push(json!({"id": row}));
        }
    }
    vec![
        Swept {
            event: SweepEvent::Transactions,
            section: "qris_histories",
            rows: attempts,
        },
        Swept {
            event: SweepEvent::Products,
            section: "qris_transactions",
            rows: products,
        },
    ]
}

pub(super) fn audit(world: &World, books: &mut Books) {
    for code in world
        .qris_codes
        .values()
        .filter(|code| code.status == "paid")
    {
        books.paid.push((code.reff_no.clone(), code.amount));
    }
}
