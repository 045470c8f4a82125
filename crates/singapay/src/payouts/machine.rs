//! The state machine: what is done next, and what an answer, an inquiry or an event makes of a payout.
//! Decided from the record, the clock and the settings alone; nothing here sends or stores.

use std::time::Duration;

use serde_json::Value;
use singapay_core::{Operation, Reason, Timestamp};

use super::{PayoutRecord, PayoutState as State, PersonReason};
use crate::{
    error::Error,
    outcome::Outcome,
    resolve::{AbsenceRule, FoundPayout, Look},
    response::Response,
    waiting::Ending,
};

/// Settings of the machine, beside the record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    /// Bound of a call that sends.
    pub(super) call: Duration,
    /// Rule by which "not found" is proof.
    pub(super) absence: AbsenceRule,
    /// Time after its deadline for which a send still counts as being made.
    pub(super) grace: Duration,
    /// True if anything is ever sent again.
    pub(super) resend: bool,
    /// After so long without an answer a person is asked.
    pub(super) give_up: Duration,
}

/// The same unless it is set: clocks of workers differ.
pub(super) const GRACE: Duration = Duration::from_secs(30);

/// Time kept free at the end of a window in which the gateway refuses duplicates.
const RESERVE: Duration = Duration::from_secs(10 * 60);

/// The window of what has a documented one: top-ups, 24 hours.
const DOCUMENTED: Duration = Duration::from_secs(24 * 3600);

/// Our own, where the gateway documents that it refuses duplicates and not for how long.
const OWN: Duration = Duration::from_secs(3600);

/// Number of times a step is tried again that others overtake.
pub(super) const MOST_TRIES: u32 = 16;

/// Pause after a send that is proven unsent.
const TRY_AGAIN: Duration = Duration::from_secs(10);

/// Bounds of the pauses between inquiries.
const PAUSES: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(600));

/// Action to take on a payout now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// Nothing, ever, by itself.
    Rest,
    /// Nothing before this.
    Wait(Timestamp),
    /// Send it.
    Send,
    /// Whoever sends it has had their time: ask.
    TakeOver,
    /// Ask what became of it.
    Ask,
    /// No rule goes on from here.
    GiveToPerson(PersonReason),
}

impl Rules {
    pub(super) fn action(&self, record: &PayoutRecord, now: Timestamp) -> Action {
        let progress = &record.progress;
        let due = |action| match progress.next_at {
            Some(at) if now < at => Action::Wait(at),
            _ => action,
        };
        match record.state {
            State::NeedsApproval
            | State::Paid
            | State::Failed
            | State::Refused
            | State::Abandoned => Action::Rest,
            State::Stored => due(Action::Send),
            State::Sending => match progress.deadline {
                Some(deadline) if now < deadline.plus(self.grace) => {
                    Action::Wait(deadline.plus(self.grace))
                }
                _ => Action::TakeOver,
            },
            State::Accepted | State::Unknown | State::Refusing => due(Action::Ask),
            State::Absent if self.may_send_again(record, now) => due(Action::Send),
            State::Absent => Action::GiveToPerson(PersonReason::Absent),
            State::NeedsPerson if record.may_turn_up() => due(Action::Ask),
            State::NeedsPerson => Action::Rest,
        }
    }

    /// True if a payout that is proven absent may be sent again.
    ///
    /// That the gateway refuses a second transfer under one reference is documented for these operations, and
    /// was seen in production by others; we have not proven it. So a payout is sent again only while that
    /// protection stands behind the proof of absence: before the window ends that began with the first send,
    /// less ten minutes, the whole call included. For top-ups the window is documented, 24 hours; for bank
    /// transfers and withdrawals it is not, and an hour is our own cap.
    pub(super) fn may_send_again(&self, record: &PayoutRecord, now: Timestamp) -> bool {
        let window = match record.facts.operation.as_str() {
            "topup_ewallet" => DOCUMENTED,
            "transfer_disbursement" | "create_cardless_withdrawal" => OWN,
            _ => return false,
        };
        let Some(first) = record.progress.first_sent_at else {
            return false;
        };
        // A clock that went backward proves nothing.
        self.resend && now >= first && now.plus(self.call) < first.plus(window - RESERVE)
    }
}

/// End of a send.
#[derive(Debug)]
pub(super) enum Answered {
    /// Proven: nothing was sent.
    NotSent(String),
    Accepted(Box<FoundPayout>),
    Refused {
        /// True if an inquiry has to confirm it.
        ask: bool,
        reason: String,
    },
    /// It may have arrived.
    Open(String),
}

impl Answered {
    pub(super) fn of(
        operation: &'static Operation,
        outcome: &Result<Outcome<Value>, Error>,
    ) -> Self {
        match outcome {
            Err(error) => Self::NotSent(error.to_string()),
            Ok(Outcome::Accepted(response)) => Self::accepted(operation, response),
            Ok(Outcome::Refused(error)) => Self::Refused {
                // An older table of the gateway says to ask all the same.
                ask: matches!(
                    error.reason(),
                    Some(Reason::InsufficientBalance | Reason::BeneficiaryLimit)
                ),
                reason: error.to_string(),
            },
            Ok(Outcome::Duplicate(open) | Outcome::Unknown(open)) => {
                Self::Open(open.error().to_string())
            }
        }
    }

    fn accepted(operation: &'static Operation, response: &Response<Value>) -> Self {
        let code = response.gateway_code();
        match FoundPayout::accepted(operation, response.data(), code) {
            Some(found) => Self::Accepted(Box::new(found)),
            None => Self::Open("accepted without a status that can be read".to_owned()),
        }
    }
}

impl PayoutRecord {
    /// The next version, in this state.
    pub(super) fn to(&self, state: State, now: Timestamp) -> Self {
        let mut next = self.clone();
        next.state = state;
        next.version += 1;
        next.updated_at = now;
        next.progress.next_at = None;
        next
    }

    fn because(mut self, reason: impl Into<String>) -> Self {
        self.progress.reason = Some(reason.into());
        self
    }

    pub(super) fn at(mut self, next_at: Timestamp) -> Self {
        self.progress.next_at = Some(next_at);
        self
    }

    /// Before the first byte: a fencing number, and the deadline of the call.
    pub(super) fn sending(&self, now: Timestamp, rules: &Rules) -> Self {
        let mut next = self.to(State::Sending, now);
        let progress = &mut next.progress;
        progress.fence += 1;
        progress.first_fence = progress.first_fence.or(Some(progress.fence));
        progress.first_sent_at = progress.first_sent_at.or(Some(now));
        progress.deadline = Some(now.plus(rules.call));
        progress.absence = Default::default();
        progress.reason = None;
        next.at(now.plus(rules.call).plus(rules.grace))
    }

    /// Nobody sends it any more, and nobody knows whether it arrived.
    pub(super) fn taken_over(&self, now: Timestamp) -> Self {
        self.to(State::Unknown, now)
            .because("whoever sent it did not come back")
    }

    /// It is asked about from the beginning: what was missed before counts no more.
    pub(super) fn asked_anew(&self, now: Timestamp) -> Self {
        let mut next = self.to(State::Unknown, now);
        next.progress.absence = Default::default();
        next.at(now)
    }

    /// True if a person has it because nobody found it, so that it may turn up after all.
    pub(super) fn may_turn_up(&self) -> bool {
        let person = self.progress.person;
        matches!(person, Some(PersonReason::Absent | PersonReason::Undecided))
    }

    pub(super) fn to_person(&self, why: PersonReason, reason: &str, now: Timestamp) -> Self {
        let mut next = self.to(State::NeedsPerson, now).because(reason);
        next.progress.person = Some(why);
        next
    }

    /// The record after the end of a send; nothing where that says nothing new.
    pub(super) fn answered(&self, fence: u64, answer: &Answered, now: Timestamp) -> Option<Self> {
        if let Answered::Accepted(found) = answer {
            return self.found(found, now);
        }
        let is_open = matches!(
            self.state,
            State::Sending | State::Unknown | State::Absent | State::NeedsPerson
        );
        if self.progress.fence != fence || !is_open {
            return None;
        }
        // An answer to a later send says nothing about an earlier one that was left open.
        let is_only = self.progress.first_fence == Some(fence);
        Some(match answer {
            Answered::Accepted(_) => return None,
            Answered::NotSent(reason) if is_only => {
                let mut next = self.to(State::Stored, now).because(reason);
                next.progress.first_fence = None;
                next.progress.first_sent_at = None;
                next.progress.deadline = None;
                next.at(now.plus(TRY_AGAIN))
            }
            Answered::NotSent(reason) => self
                .to(State::Absent, now)
                .because(reason)
                .at(now.plus(TRY_AGAIN)),
            Answered::Refused { ask: true, reason } if is_only => {
                self.to(State::Refusing, now).because(reason)
            }
            Answered::Refused { reason, .. } if is_only => {
                self.to(State::Refused, now).because(reason)
            }
            Answered::Refused { reason, .. } | Answered::Open(reason) => {
                match self.state {
                    // It is asked about already.
                    State::Sending => self.to(State::Unknown, now).because(reason),
                    _ => return None,
                }
            }
        })
    }

    /// The record after a look that began at `asked_at`.
    pub(super) fn looked(
        &self,
        look: &Look,
        asked_at: Timestamp,
        now: Timestamp,
        rules: &Rules,
    ) -> Option<Self> {
        match look {
            Look::Found(found) => self.found(found, now),
            Look::Conflict(_) => Some(self.to_person(
                PersonReason::Conflict,
                "the gateway has another payout under this reference",
                now,
            )),
            Look::NotFound => self.missed(asked_at, now, rules),
            Look::Open(undecided) => {
                let reason = undecided.to_string();
                if self.state == State::NeedsPerson {
                    return None;
                }
                if !undecided.may_heal() || self.is_given_up(now, rules) {
                    let why = PersonReason::Undecided;
                    return Some(self.to_person(why, &reason, now));
                }
                let pause = self.pause(now);
                let least = undecided.error().and_then(Error::retry_after);
                let pause = pause.max(least.unwrap_or_default());
                Some(self.to(self.state, now).because(reason).at(now.plus(pause)))
            }
        }
    }

    fn missed(&self, asked_at: Timestamp, now: Timestamp, rules: &Rules) -> Option<Self> {
        match self.state {
            State::Refusing => Some(self.to(State::Refused, now)),
            State::Unknown => {
                let deadline = self.progress.deadline.unwrap_or(self.updated_at);
                let mut absence = self.progress.absence.absence();
                absence.hear(&rules.absence, deadline, asked_at);
                let proven = absence.is_proven(&rules.absence);
                let mut next = match proven {
                    true => self
                        .to(State::Absent, now)
                        .because("the gateway never received it"),
                    false => self
                        .to(State::Unknown, now)
                        .at(absence.next(&rules.absence, deadline)),
                };
                next.progress.absence = absence.into();
                Some(next)
            }
            State::Accepted => {
                let next = self.to(State::Accepted, now);
                let next = next.because("accepted, but its inquiry does not find it");
                match self.is_given_up(now, rules) {
                    true => {
                        let reason = "accepted, but its inquiry does not find it";
                        Some(self.to_person(PersonReason::Undecided, reason, now))
                    }
                    false => Some(next.at(now.plus(self.pause(now)))),
                }
            }
            _ => None,
        }
    }

    /// The gateway has it.
    pub(super) fn found(&self, found: &FoundPayout, now: Timestamp) -> Option<Self> {
        let state = match found.ending() {
            Some(Ending::Paid) => State::Paid,
            Some(_) => State::Failed,
            None => State::Accepted,
        };
        let mut next = match (self.state, state) {
            (State::Paid, State::Accepted | State::Paid)
            | (State::Failed, State::Accepted | State::Failed)
            | (State::Refused | State::Abandoned, State::Failed) => return None,
            // Money that came back.
            (State::Paid, _) => self.to(State::Failed, now),
            (State::Failed | State::Refused | State::Abandoned, _) => {
                let reason = "it had ended without money, and the gateway says that it has it";
                self.to_person(PersonReason::Contradiction, reason, now)
            }
            (State::NeedsPerson, _)
                if matches!(
                    self.progress.person,
                    Some(PersonReason::Conflict | PersonReason::Contradiction)
                ) =>
            {
                return None;
            }
            _ => self.to(state, now),
        };
        let progress = &mut next.progress;
        progress.status = Some(found.status().to_owned());
        progress.transaction_id = found
            .transaction_id()
            .map(str::to_owned)
            .or(progress.transaction_id.take());
        progress.gross = found.gross_amount().or(progress.gross);
        match next.state {
            State::Failed => {
                next.progress.reason = Some(format!("the gateway ended it: {}", found.status()));
            }
            State::Accepted => {
                next.progress.reason = None;
                let pause = self.pause(now);
                next.progress.next_at = Some(now.plus(pause));
            }
            State::Paid => next.progress.reason = None,
            _ => {}
        }
        if next.state != State::NeedsPerson {
            next.progress.person = None;
        }
        Some(next)
    }

    /// True if it has been asked about for longer than anybody should wait.
    fn is_given_up(&self, now: Timestamp, rules: &Rules) -> bool {
        let since = self.progress.first_sent_at.unwrap_or(self.created_at);
        now.since(since) >= rules.give_up
    }

    /// Until it is asked about again: a quarter of its age.
    fn pause(&self, now: Timestamp) -> Duration {
        let since = self.progress.first_sent_at.unwrap_or(self.created_at);
        (now.since(since) / 4).clamp(PAUSES.0, PAUSES.1)
    }
}
