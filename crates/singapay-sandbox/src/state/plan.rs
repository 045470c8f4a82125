//! Subscriptions: a card that is charged by a schedule.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Cause, CustomerError, Due, Record, World};
use crate::{
    webhook::{self, PlanEvent},
    wire_time::{self, At},
};

/// The card that links and is declined at every charge; the sandbox's own convention.
const DECLINED_CARD: &str = "4000000000000002";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PlanStatus {
    PendingCardLinking,
    PendingPayment,
    Active,
    Suspended,
    Cancelled,
    Completed,
}

impl PlanStatus {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::PendingCardLinking => "pending_card_linking",
            Self::PendingPayment => "pending_payment",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Cancelled => "cancelled",
            Self::Completed => "completed",
        }
    }

    pub(crate) fn is_final(self) -> bool {
        matches!(self, Self::Cancelled | Self::Completed)
    }
}

/// When a plan is charged.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Schedule {
    pub(crate) interval: i64,
    /// `day`, `week`, `month` or `year`.
    pub(crate) unit: String,
    /// Number of cycles; without end when absent.
    pub(crate) total: Option<i64>,
    pub(crate) start_time: At,
}

/// What happens when a charge fails.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RetryPolicy {
    /// Attempts after the first one.
    pub(crate) max_attempts: i64,
    pub(crate) interval_days: i64,
    /// Whether the plan is suspended after the last one, or goes on with the next cycle.
    pub(crate) stops: bool,
}

/// The difference to a dearer plan, which the customer pays on a page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Prorated {
    pub(crate) bill_id: String,
    pub(crate) amount: i64,
    pub(crate) paid: bool,
}

/// The bill of the cycle that is being charged.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CycleBill {
    pub(crate) bill_number: String,
    pub(crate) attempts: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) account: u64,
    pub(crate) plan_id: String,
    pub(crate) subscription_id: String,
    pub(crate) name: String,
    pub(crate) amount: i64,
    /// As they were sent; a plan has an amount or items.
    pub(crate) items: Option<Value>,
    pub(crate) description: Option<String>,
    pub(crate) schedule: Schedule,
    pub(crate) retry: RetryPolicy,
    pub(crate) charge_immediately: bool,
    pub(crate) status: PlanStatus,
    /// Last part of the page's address.
    pub(crate) page: String,
    pub(crate) parent_plan_id: Option<String>,
    pub(crate) prorated: Option<Prorated>,
    pub(crate) cancellation_reason: Option<String>,
    /// The cycle that is charged next, from 1.
    pub(crate) cycle: i64,
    /// A cycle and the time for which it is planned; the others follow from it.
    pub(crate) anchor: (i64, At),
    pub(crate) previous_at: Option<At>,
    pub(crate) next_at: Option<At>,
    pub(crate) bill: Option<CycleBill>,
    pub(crate) card_declines: bool,
    pub(crate) created_at: At,
}

impl Plan {
    pub(crate) fn key(plan_id: &str) -> String {
        format!("id:{plan_id}")
    }

    pub(crate) fn subscription_key(subscription_id: &str) -> String {
        format!("subscription:{subscription_id}")
    }

    pub(crate) fn page_key(page: &str) -> String {
        format!("page:{page}")
    }

    pub(crate) fn bill_key(bill_id: &str) -> String {
        format!("bill:{bill_id}")
    }

    fn time_of(&self, cycle: i64) -> Option<At> {
        let (first, at) = self.anchor;
        let steps = (cycle - first).checked_mul(self.schedule.interval)?;
        wire_time::later(at, &self.schedule.unit, steps)
    }
}

impl Record for Plan {
    const TABLE: &'static str = "plan";

    fn keys(&self) -> Vec<String> {
        let mut keys = vec![
            Self::key(&self.plan_id),
            Self::subscription_key(&self.subscription_id),
            Self::page_key(&self.page),
        ];
        keys.extend(self.prorated.as_ref().map(|p| Self::bill_key(&p.bill_id)));
        keys
    }
}

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

    /// What happens to a plan by itself: a cycle or a retry is due.
    pub(super) fn bring_plan(&mut self, row: u64) {
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
            // Refused while it is linked (fact sheet 02, section 4.0).
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

    /// Plans again what is still ahead, after a restart.
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code))] // only a kept state is restored
    pub(super) fn plan_plans(&self, agenda: &mut Vec<(At, Due)>) {
        for (row, plan) in self.plans.iter() {
            agenda.extend(plan.next_at.map(|at| (at, Due::Plan(row))));
        }
    }
}
