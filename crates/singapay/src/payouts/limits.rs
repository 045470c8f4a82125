//! Limits over many payouts, and what asks for a second person.

use std::time::Duration;

use singapay_auth::scheme::BodyHash;
use singapay_core::{Rupiah, Timestamp, envelope::FieldError};

use super::{PayoutFacts, PayoutRecord, Reserve, Share};

/// Limits of a [`Payouts`](super::Payouts) flow, over all processes that share its store. Everything is in gross
/// rupiah: what leaves the account, the fee included.
///
/// The fee is not known before the gateway answers, so every payout counts with the largest fee that it may
/// have, and with its own once that is told. Days are those of Jakarta (WIB, UTC+7): they turn at 17:00 UTC.
/// A payout counts on the day on which it is sent; one that does not fit into that day waits for the next.
/// Its share comes back only when it will never be sent again. A day's limit counts what was submitted while a
/// limit of that sort was set: set it in every program that uses the store.
///
/// Beside these the [`MoneyOutPolicy`](crate::MoneyOutPolicy) of the handle holds for every send: amount of one
/// call, banks, beneficiaries.
///
/// In the book: `docs/book/src/payouts.md#limits-and-a-second-person`.
#[derive(Debug, Clone, Default)]
pub struct PayoutLimits {
    largest_fee: i64,
    per_call: Option<Rupiah>,
    per_day: Option<Rupiah>,
    per_beneficiary: Option<Rupiah>,
    approval_above: Option<Rupiah>,
}

/// The scope of a limit on all payouts.
const ALL: &str = "all";

impl PayoutLimits {
    /// No limits, for payouts whose fee is at most this.
    pub fn new(largest_fee: Rupiah) -> Self {
        Self {
            largest_fee: largest_fee.value().max(0),
            ..Self::default()
        }
    }

    /// Most that one payout may cost.
    #[must_use]
    pub fn per_call(mut self, limit: Rupiah) -> Self {
        self.per_call = Some(limit);
        self
    }

    /// Most that all payouts of a day may cost.
    #[must_use]
    pub fn per_day(mut self, limit: Rupiah) -> Self {
        self.per_day = Some(limit);
        self
    }

    /// Most that the payouts of a day to one beneficiary may cost.
    #[must_use]
    pub fn per_beneficiary_and_day(mut self, limit: Rupiah) -> Self {
        self.per_beneficiary = Some(limit);
        self
    }

    /// From more than this on a second person has to approve. Payouts of which no amount is known need it too.
    #[must_use]
    pub fn approval_above(mut self, amount: Rupiah) -> Self {
        self.approval_above = Some(amount);
        self
    }

    /// Limits that the facts alone break.
    pub(super) fn problems(&self, facts: &PayoutFacts) -> Vec<FieldError> {
        let limits = [self.per_call, self.per_day, self.per_beneficiary];
        let mut problems = Vec::new();
        let Some(gross) = self.gross(facts) else {
            if limits.iter().any(Option::is_some) {
                let problem = "is not known, and this flow has limits: state it";
                problems.push(FieldError::new("amount", problem));
            }
            return problems;
        };
        if self.per_call.is_some_and(|limit| gross > limit.value()) {
            let problem = "is with its fee above the limit of one payout";
            problems.push(FieldError::new("amount", problem));
        }
        for (limit, whose) in [
            (self.per_day, "of a day"),
            (self.per_beneficiary, "of a beneficiary and day"),
        ] {
            if limit.is_some_and(|limit| gross > limit.value()) {
                let problem = format!("is with its fee above the limit {whose}, alone");
                problems.push(FieldError::new("amount", problem));
            }
        }
        if self.per_beneficiary.is_some() && facts.beneficiary.is_none() {
            let problem = "is not known, and this flow has a limit for each";
            problems.push(FieldError::new("beneficiary", problem));
        }
        problems
    }

    /// True if a second person has to approve.
    pub(super) fn needs_approval(&self, facts: &PayoutFacts) -> bool {
        self.approval_above
            .is_some_and(|above| facts.amount.is_none_or(|amount| amount > above))
    }

    fn gross(&self, facts: &PayoutFacts) -> Option<i64> {
        facts.amount?.value().checked_add(self.largest_fee)
    }

    /// The shares that a payout takes on the day of that time.
    pub(super) fn shares(&self, facts: &PayoutFacts, now: Timestamp) -> Vec<Share> {
        let Some(amount) = self.gross(facts) else {
            return Vec::new();
        };
        let day = day(now);
        let share = |scope| Share {
            day: day.clone(),
            scope,
            amount,
        };
        let mut shares = Vec::new();
        if self.per_day.is_some() {
            shares.push(share(ALL.to_owned()));
        }
        if let (Some(_), Some(scope)) = (self.per_beneficiary, scope_of(facts)) {
            shares.push(share(scope));
        }
        shares
    }

    /// Takes shares, as far as the limits allow.
    pub(super) fn take(&self, shares: &[Share]) -> Vec<Reserve> {
        let take = |share: &Share| Reserve {
            limit: match share.scope == ALL {
                true => self.per_day,
                false => self.per_beneficiary,
            }
            .map(Rupiah::value),
            share: share.clone(),
        };
        shares.iter().map(take).collect()
    }

    /// Takes shares that were given back, whatever the limits say: the money has left.
    pub(super) fn take_again(&self, record: &mut PayoutRecord) -> Vec<Reserve> {
        if !record.progress.shares.is_empty() {
            return Vec::new();
        }
        record.progress.shares = self.shares(&record.facts, record.updated_at);
        let take = |share: &Share| Reserve {
            share: share.clone(),
            limit: None,
        };
        record.progress.shares.iter().map(take).collect()
    }
}

/// Gives shares back.
pub(super) fn give_back(shares: &[Share]) -> Vec<Reserve> {
    let back = |share: &Share| Reserve {
        share: Share {
            amount: -share.amount,
            ..share.clone()
        },
        limit: None,
    };
    shares.iter().map(back).collect()
}

/// Changes that a step makes of the shares that a record holds: nothing is held for a payout that will never
/// be sent, and the gross amount counts once it is told.
pub(super) fn settle(record: &mut PayoutRecord) -> Vec<Reserve> {
    use super::PayoutState::{Abandoned, Accepted, Failed, Paid, Refused};

    let shares = &mut record.progress.shares;
    match (record.state, record.progress.gross) {
        (Failed | Refused | Abandoned, _) => give_back(&std::mem::take(shares)),
        (Accepted | Paid, Some(gross)) => {
            let mut reserves = Vec::new();
            for share in shares
                .iter_mut()
                .filter(|share| share.amount != gross.value())
            {
                reserves.push(Reserve {
                    share: Share {
                        amount: gross.value() - share.amount,
                        ..share.clone()
                    },
                    limit: None,
                });
                share.amount = gross.value();
            }
            reserves
        }
        _ => Vec::new(),
    }
}

/// One beneficiary under one name, of which nothing can be read.
fn scope_of(facts: &PayoutFacts) -> Option<String> {
    let beneficiary = facts.beneficiary.as_ref()?.expose();
    let plain: String = beneficiary
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '+'))
        .collect();
    // Wallets are telephones, which have three spellings.
    let plain = match facts.bank {
        Some(_) => plain.as_str(),
        None => plain
            .strip_prefix("62")
            .or_else(|| plain.strip_prefix('0'))
            .unwrap_or(&plain),
    };
    let bank = facts.bank.as_deref().map(singapay_core::bank::canonical);
    let named = format!("{}:{plain}", bank.unwrap_or_default());
    Some(BodyHash::of(named.as_bytes()).to_string())
}

const WIB: Duration = Duration::from_secs(7 * 3600);

/// The day in Jakarta.
pub(super) fn day(now: Timestamp) -> String {
    let text = now.plus(WIB).to_string();
    text.get(..10).unwrap_or(&text).to_owned()
}

/// End of that day.
pub(super) fn next_day(now: Timestamp) -> Timestamp {
    const DAY: i64 = 24 * 3600 * 1000;
    let local = now.plus(WIB).unix_millis();
    let left = DAY - local.rem_euclid(DAY);
    now.plus(Duration::from_millis(
        u64::try_from(left).unwrap_or_default(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_jakarta_turns_at_five_in_the_afternoon_utc() {
        // 2026-11-27T17:00:00Z
        let turn = Timestamp::from_unix_seconds(1_795_798_800);
        assert_eq!(turn.to_string(), "2026-11-27T17:00:00.000Z");
        let before = Timestamp::from_unix_millis(turn.unix_millis() - 1);
        assert_eq!(
            (day(before).as_str(), day(turn).as_str()),
            ("2026-11-27", "2026-11-28")
        );
        assert_eq!(next_day(before), turn);
        assert_eq!(next_day(turn), turn.plus(Duration::from_secs(24 * 3600)));
    }
}
