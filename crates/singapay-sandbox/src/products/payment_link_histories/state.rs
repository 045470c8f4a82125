//! Attempts to pay a link.

use serde_json::json;

use super::{record::LinkAttempt, webhook};
use crate::{
    customer::CustomerError,
    products::payment_links::record::{Customer, METHODS, PaymentLink, echoed},
    state::{Account, Agenda, Cause, SweepEvent, Swept, World},
    sweep::expired_row,
    wire_time::{self},
};

impl World {
    /// The customer picks a method on the hosted page.
    pub(crate) fn start_attempt(
        &mut self,
        link_row: u64,
        method: Option<&str>,
        customer: Customer,
    ) -> Result<u64, CustomerError> {
        let now = self.now;
        let link = self
            .links
            .get(link_row)
            .ok_or_else(|| CustomerError::Unknown(link_row.to_string()))?
            .clone();
        match link.status_computed(now) {
            "open" => {}
            other => return Err(CustomerError::NotOpen(other.to_owned())),
        }
        let asked = match method {
            Some(method) => method,
            None => link.whitelist.first().map_or("QRIS", String::as_str),
        };
        // In either spelling, because an answer tells the echoed one.
        let method = link
            .whitelist
            .iter()
            .map(String::as_str)
            .find(|code| *code == asked || echoed(code) == asked)
            .ok_or_else(|| CustomerError::MethodNotOffered(asked.to_owned()))?;
        let time = wire_time::compact_time(now);
        let reff_no = format!("{link_row:03}{time}{}", self.random.digits(9));
        let method_value = match method {
            // The reference once more, and payment codes of an outlet's own (seen live).
            "NICEPAY_CARD" => reff_no.clone(),
            "ALFAMART" => format!("2117{}", self.random.digits(11)),
            "INDOMARET" => format!("1117{}", self.random.digits(11)),
            _ => self.random.digits(16),
        };
        let outlet = METHODS
            .iter()
            .any(|(code, _, g)| *code == method && *g == "offline_store");
        let additional = outlet.then(|| {
            let partner_reff = format!("{time}{link_row:06}");
            json!({"retail_code": method, "partner_reff": partner_reff}).to_string()
        });
        let customer = if customer == Customer::default() {
            link.customer
        } else {
            customer
        };
        let expired_at = now.plus(self.settings.delays.link_attempt);
        let row = self.attempts.insert(LinkAttempt {
            link: link_row,
            account: link.account,
            reff_no,
            method: method.to_owned(),
            method_value,
            additional,
            amount: link.total_amount,
            status: "pending".to_owned(),
            payment_date: None,
            balance_after: None,
            customer,
            expired_at,
            created_at: now,
            updated_at: now,
        });
        self.sweep_after(Some(expired_at));
        webhook::announce_link_inquiry(self, row);
        Ok(row)
    }

    /// The customer pays the attempt.
    pub(crate) fn pay_attempt(&mut self, row: u64) -> Result<(), CustomerError> {
        let now = self.now;
        let (attempt, link) = self.open_attempt(row)?;
        let (attempt, merchant_reff_no) = (attempt.clone(), link.reff_no.clone());
        let fee = self.settings.fees.payment_link;
        self.collect(
            attempt.account,
            attempt.amount,
            fee,
            Cause {
                transaction_id: &attempt.reff_no,
                merchant_reff_no: Some(&merchant_reff_no),
                kind: "payment-link",
            },
        );
        let balance = self.accounts.get(attempt.account).map(Account::balance);
        if let Some(attempt) = self.attempts.get_mut(row) {
            attempt.status = "paid".to_owned();
            attempt.payment_date = Some(now);
            attempt.updated_at = now;
            attempt.balance_after = balance;
        }
        if let Some(link) = self.links.get_mut(attempt.link) {
            link.current_usage += 1;
            link.payment_date = Some(now);
            link.updated_at = now;
            if link.max_usage > 0 && link.current_usage >= link.max_usage {
                link.status = "closed".to_owned();
            }
        }
        webhook::announce_link_payment(self, row);
        Ok(())
    }

    /// Bank, wallet or outlet declines. Nobody is told, and the link stays as it is.
    pub(crate) fn decline_attempt(&mut self, row: u64) -> Result<(), CustomerError> {
        self.open_attempt(row)?;
        if let Some(attempt) = self.attempts.get_mut(row) {
            attempt.status = "failed".to_owned();
            attempt.updated_at = self.now;
        }
        Ok(())
    }

    /// An attempt that can still be paid, and its link.
    fn open_attempt(&self, row: u64) -> Result<(&LinkAttempt, &PaymentLink), CustomerError> {
        let unknown = || CustomerError::Unknown(row.to_string());
        let attempt = self.attempts.get(row).ok_or_else(unknown)?;
        if attempt.status != "pending" {
            return Err(CustomerError::AlreadyDecided(attempt.status.clone()));
        }
        let link = self.links.get(attempt.link).ok_or_else(unknown)?;
        match link.status_computed(self.now) {
            "open" => Ok((attempt, link)),
            other => Err(CustomerError::NotOpen(other.to_owned())),
        }
    }
}

fn pending(world: &World) -> impl Iterator<Item = (u64, &LinkAttempt)> {
    let attempts = world.attempts.iter();
    attempts.filter(|(_, attempt)| attempt.status == "pending")
}

/// Plans again what is still ahead, after a restart.
pub(super) fn resume(world: &World, agenda: &mut Agenda) {
    world.resume_sweeps(
        pending(world).map(|(_, attempt)| attempt.expired_at),
        agenda,
    );
}

pub(super) fn sweep(world: &mut World) -> Vec<Swept> {
    let now = world.now;
    let ended = pending(world).filter(|(_, attempt)| attempt.expired_at <= now);
    let ended: Vec<u64> = ended.map(|(row, _)| row).collect();
    let mut rows = Vec::new();
    for row in ended {
        if let Some(attempt) = world.attempts.get_mut(row) {
            attempt.status = "expired".to_owned();
            attempt.updated_at = now;
            rows.push(expired_row(
                row,
                &attempt.reff_no,
                &attempt.status,
                attempt.amount,
                attempt.expired_at,
            ));
        }
    }
    vec![Swept {
        event: SweepEvent::Transactions,
        section: "payment_link_histories",
        rows,
    }]
}
