//! What a webhook says of a payout.

use serde_json::Value;
use singapay_webhook::EventKind;

use super::{
    PayoutError, PayoutState as State, PayoutStep, Payouts, StoreError, machine::MOST_TRIES,
};
use crate::{
    resolve::{FoundPayout, Look},
    waiting::Ending,
    webhook::VerifiedEvent,
};

impl Payouts {
    /// Takes note of a verified webhook. `None` if it is about no payout of this store.
    ///
    /// An event that differs in amount, bank or beneficiary is not believed: references are unique
    /// within an account, and an event does not name it. Then the payout is asked about at the next step, and so
    /// is one that an event says to have failed, which may be that of another account.
    ///
    /// # Errors
    ///
    /// The store failed: answer the delivery with 503, so that it comes again.
    pub async fn observe(&self, event: &VerifiedEvent) -> Result<Option<PayoutStep>, PayoutError> {
        let product = match event.kind() {
            EventKind::Disbursement => "disbursements",
            EventKind::EwalletTopup => "ewallet_topups",
            EventKind::QrisIssuer => "qris_payouts",
            _ => return Ok(None),
        };
        let Some(reference) = event.merchant_reference() else {
            return Ok(None);
        };
        for _ in 0..MOST_TRIES {
            let Some(record) = self.store().get(&reference).await? else {
                return Ok(None);
            };
            let asked = self.asked(&record)?;
            if asked.operation.product != product {
                return Ok(None);
            }
            let data = event.json().get("data").unwrap_or(&Value::Null);
            let look = asked.compare_told(data);
            let now = self.now();
            let next = match (&look, record.state) {
                // Not sent from here: somebody else used the reference.
                (_, State::NeedsApproval | State::Stored) => {
                    let mut next = record.to(State::Unknown, now);
                    next.progress.reason = Some("an event came before it was sent".to_owned());
                    Some(next.at(now))
                }
                (Look::Found(found), _) if !is_unhappy(found) => record.found(found, now),
                (_, State::Accepted | State::Unknown | State::Refusing) => {
                    Some(record.to(record.state, now).at(now))
                }
                // Something is there, and speaks against absence.
                (_, State::Absent) => Some(record.asked_anew(now)),
                (Look::Found(_), State::Paid) => Some(record.to(State::Accepted, now).at(now)),
                (Look::Found(_), State::NeedsPerson) if record.may_turn_up() => {
                    Some(record.asked_anew(now))
                }
                _ => None,
            };
            let Some(next) = next else {
                return Ok(Some(PayoutStep::of(record)));
            };
            let version = next.version;
            let step = self.save(next).await?;
            if step.record.version == version {
                return Ok(Some(step));
            }
        }
        Err(PayoutError::Store(StoreError::new(
            "too many others change the same payout",
        )))
    }
}

/// True if it ended without money: somebody may pay it again then, so that it has to be certain.
fn is_unhappy(found: &FoundPayout) -> bool {
    found.ending().is_some_and(|ending| ending != Ending::Paid)
}
