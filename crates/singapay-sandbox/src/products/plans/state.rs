//! Subscriptions: a card that is charged by a schedule.

use serde_json::Value;

use super::{
    record::{CycleBill, Plan, PlanStatus, Prorated},
    webhook::{self, PlanEvent},
};
use crate::{
    customer::CustomerError,
    state::{Agenda, Cause, Due, World},
    wire_time::{self, At},
};

/// The card that links and is declined at every charge; the sandbox's own convention.
const DECLINED_CARD: &str = "4000000000000002";

impl World {
    /// The customer gives a card on the plan's page: the first one, or another one.
    pub(crate) fn link_card(&mut self, row: u64, number: &str) -> Result<(), CustomerError> {
        let now = self.now;
        let plan = self
            .plans
            .get_mut(row)
            .ok_or_else(|| CustomerError::Unknown(row.to_string()))?;
        let first = plan.status == PlanStatus::PendingCardLinking;
        let goes_on = matches!(plan.status, PlanStatus::PendingPayment | PlanStatus::Active);
        if !first && !goes_on {
            let word = plan.status.word().to_owned();
            return Err(CustomerError::AlreadyDecided(word));
        }
        plan.card_declines = number.replace(' ', "") == DECLINED_CARD;
        if !first {
            return Ok(());
        }
        let start = plan.schedule.start_time;
        if plan.charge_immediately {
            let following = Some(start).filter(|start| *start > now);
            let step = plan.schedule.interval;
            let second = following.or_else(|| wire_time::later(now, &plan.schedule.unit, step));
            plan.anchor = (2, second.unwrap_or(now));
        } else {
            plan.anchor = (1, start.max(now));
        }
        if plan.charge_immediately || start <= now {
            plan.status = PlanStatus::Active;
            plan.next_at = Some(now);
            self.charge_plan(row);
        } else {
            plan.status = PlanStatus::PendingPayment;
            plan.next_at = Some(start);
            self.schedule(start, Due::Plan(row));
        }
        Ok(())
    }

    /// Lets a plan's cycle or retry happen when it is due.
    pub(crate) fn bring_plan(&mut self, row: u64) {
        let now = self.now;
        let Some(plan) = self.plans.get_mut(row) else {
            return;
        };
        let is_due = plan.next_at.is_some_and(|at| at <= now);
        let goes_on = matches!(plan.status, PlanStatus::PendingPayment | PlanStatus::Active);
        if is_due && goes_on {
            plan.status = PlanStatus::Active;
            self.charge_plan(row);
        }
    }

    /// Charges the card for the cycle that is due, once.
    fn charge_plan(&mut self, row: u64) {
        let now = self.now;
        let number = format!(
            "SB{}{}",
            wire_time::compact_time(now),
            self.random.digits(6)
        );
        let fee = self.settings.fees.card;
        let Some(plan) = self.plans.get_mut(row) else {
            return;
        };
        let bill = plan.bill.get_or_insert(CycleBill {
            bill_number: number,
            attempts: 0,
        });
        bill.attempts += 1;
        let declines = plan.card_declines;
        if !declines {
            plan.previous_at = Some(now);
        }
        let plan = plan.clone();
        let bill = plan.bill.as_ref().map(|bill| bill.bill_number.clone());
        if declines {
            webhook::announce_plan(self, row, PlanEvent::PaymentFailed);
            self.after_decline(row, &plan);
            return;
        }
        let cause = Cause {
            transaction_id: bill.as_deref().unwrap_or_default(),
            merchant_reff_no: Some(&plan.subscription_id),
            kind: "subscription",
        };
        self.collect(plan.account, plan.amount, fee, cause);
        webhook::announce_plan(self, row, PlanEvent::PaymentSuccess);
        self.next_cycle(row);
    }

    /// Tries again later, goes on, or gives up.
    fn after_decline(&mut self, row: u64, plan: &Plan) {
        let attempts = plan.bill.as_ref().map_or(0, |bill| bill.attempts);
        if plan.charge_immediately && plan.cycle == 1 && plan.parent_plan_id.is_none() {
            // Refused while it is linked (documented).
            self.end_plan(row, PlanStatus::Cancelled, Some("initial_linking_failed"));
        } else if attempts <= plan.retry.max_attempts {
            let at = wire_time::later(self.now, "day", plan.retry.interval_days);
            self.plan_next(row, at);
        } else if plan.retry.stops {
            self.end_plan(row, PlanStatus::Suspended, None);
        } else {
            self.next_cycle(row);
        }
    }

    fn next_cycle(&mut self, row: u64) {
        let now = self.now;
        let Some(plan) = self.plans.get_mut(row) else {
            return;
        };
        plan.bill = None;
        let is_last = plan.schedule.total.is_some_and(|total| plan.cycle >= total);
        let next = plan.time_of(plan.cycle + 1).filter(|_| !is_last);
        match next {
            Some(at) => {
                plan.cycle += 1;
                self.plan_next(row, Some(at.max(now)));
            }
            None => self.end_plan(row, PlanStatus::Completed, None),
        }
    }

    fn plan_next(&mut self, row: u64, at: Option<At>) {
        if let Some(plan) = self.plans.get_mut(row) {
            plan.next_at = at;
        }
        if let Some(at) = at {
            self.schedule(at, Due::Plan(row));
        }
    }

    /// Takes a plan out of its schedule, and tells of it.
    pub(crate) fn end_plan(&mut self, row: u64, status: PlanStatus, reason: Option<&str>) {
        let Some(plan) = self.plans.get_mut(row) else {
            return;
        };
        plan.status = status;
        plan.next_at = None;
        plan.cancellation_reason = reason.map(str::to_owned);
        webhook::announce_plan(self, row, PlanEvent::StatusChanged);
    }

    /// Closes a plan and opens the one that follows it, on the same card and schedule.
    pub(crate) fn replace_plan(
        &mut self,
        row: u64,
        amount: i64,
        items: Option<Value>,
        prorated: Option<i64>,
    ) -> Option<u64> {
        let old = self.plans.get(row)?.clone();
        let next_at = old.next_at;
        self.end_plan(row, PlanStatus::Cancelled, Some("upgraded"));
        let prorated = prorated.map(|amount| Prorated {
            bill_id: format!("PR{}", self.random.digits(12)),
            amount,
            paid: false,
        });
        let plan = Plan {
            plan_id: self.random.uuid(),
            page: self.random.token(24),
            parent_plan_id: Some(old.plan_id),
            amount,
            items,
            prorated,
            created_at: self.now,
            ..old
        };
        let new = self.plans.insert(plan);
        self.plan_next(new, next_at);
        Some(new)
    }

    /// The customer pays the difference to a dearer plan.
    pub(crate) fn pay_prorated(&mut self, row: u64) -> Result<(), CustomerError> {
        let fee = self.settings.fees.card;
        let plan = self.plans.get_mut(row);
        let owed = plan.and_then(|plan| {
            let prorated = plan.prorated.as_mut()?;
            Some((plan.account, plan.subscription_id.clone(), prorated))
        });
        let (account, subscription_id, prorated) =
            owed.ok_or_else(|| CustomerError::Unknown(row.to_string()))?;
        if prorated.paid {
            return Err(CustomerError::AlreadyDecided("paid".to_owned()));
        }
        prorated.paid = true;
        let (bill_id, amount) = (prorated.bill_id.clone(), prorated.amount);
        let cause = Cause {
            transaction_id: &bill_id,
            merchant_reff_no: Some(&subscription_id),
            kind: "subscription",
        };
        self.collect(account, amount, fee, cause);
        Ok(())
    }
}

/// Plans again what is still ahead, after a restart.
pub(crate) fn resume(world: &World, agenda: &mut Agenda) {
    for (row, plan) in world.plans.iter() {
        agenda.extend(plan.next_at.map(|at| (at, Due::Plan(row))));
    }
}
