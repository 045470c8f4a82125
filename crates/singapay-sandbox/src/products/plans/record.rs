//! Records of subscriptions.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    table::Record,
    wire_time::{self, At},
};

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

/// The times at which a plan is charged.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Schedule {
    pub(crate) interval: i64,
    /// `day`, `week`, `month` or `year`.
    pub(crate) unit: String,
    /// Number of cycles; without end when absent.
    pub(crate) total: Option<i64>,
    pub(crate) start_time: At,
}

/// Retries of a charge that failed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RetryPolicy {
    /// Attempts after the first one.
    pub(crate) max_attempts: i64,
    pub(crate) interval_days: i64,
    /// Suspends the plan after the last one; otherwise it goes on with the next cycle.
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

    pub(super) fn time_of(&self, cycle: i64) -> Option<At> {
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
