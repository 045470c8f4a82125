//! Bringing payouts to their end step by step, whoever does it.

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use singapay_api::operations;
use singapay_core::{Secret, Timestamp};

use super::{
    Approval, PayoutError, PayoutEvent, PayoutLimits, PayoutRecord, PayoutRequest,
    PayoutState as State, PayoutStore, PersonReason, Submit, Updated,
    limits::settle,
    machine::{Action, GRACE, Rules},
};
use crate::{
    client::Singapay,
    money_out::MoneyOut,
    raw::RawData,
    resolve::{AbsenceRule, Asked},
};

/// Pays out, over restarts and from any number of workers.
///
/// [`submit`](Self::submit) stores a payout under its reference; [`advance`](Self::advance) makes the next step
/// with it, decided from the store and the gateway alone, so that any worker, queue or person may call it at any
/// time, at once with others, and after any crash. [`PayoutState`](super::PayoutState) has the states.
///
/// Cheap to clone.
///
/// In the book: `docs/book/src/payouts.md#step-by-step`.
#[derive(Clone)]
pub struct Payouts {
    pub(super) parts: Arc<Parts>,
}

#[derive(Clone)]
pub(super) struct Parts {
    pub(super) money_out: MoneyOut,
    pub(super) store: Arc<dyn PayoutStore>,
    pub(super) limits: PayoutLimits,
    pub(super) rules: Rules,
    pub(super) biller_password: Option<Secret>,
}

/// A payout after a step.
///
/// In the book: `docs/book/src/payouts.md#step-by-step`.
#[derive(Debug, Clone)]
#[must_use]
#[non_exhaustive]
pub struct PayoutStep {
    /// As it is stored now.
    pub record: PayoutRecord,
    /// Data of the answer, if this step had one: the code of a cardless withdrawal is nowhere else. It holds
    /// personal data and is not stored.
    pub answer: Option<RawData>,
}

impl PayoutStep {
    pub(super) fn of(record: PayoutRecord) -> Self {
        Self {
            record,
            answer: None,
        }
    }

    /// State of the payout.
    pub fn state(&self) -> State {
        self.record.state
    }

    /// Time of the next step that can do something; `None` if a person has to act, or nothing is left to do.
    pub fn next_at(&self) -> Option<Timestamp> {
        self.record.due_at()
    }
}

impl Payouts {
    /// A flow that pays with this handle and keeps its payouts in this store.
    pub fn new(money_out: &MoneyOut, store: impl PayoutStore + 'static) -> Self {
        Self {
            parts: Arc::new(Parts {
                money_out: money_out.clone(),
                store: Arc::new(store),
                limits: PayoutLimits::default(),
                rules: Rules {
                    call: Duration::from_secs(60),
                    absence: AbsenceRule::default(),
                    resend: true,
                    grace: GRACE,
                    give_up: Duration::from_secs(24 * 3600),
                },
                biller_password: None,
            }),
        }
    }

    fn with(mut self, change: impl FnOnce(&mut Parts)) -> Self {
        change(Arc::make_mut(&mut self.parts));
        self
    }

    /// Limits over all payouts, and what a second person has to approve.
    #[must_use]
    pub fn with_limits(self, limits: PayoutLimits) -> Self {
        self.with(|parts| parts.limits = limits)
    }

    /// Sets the rule by which "not found" is proof.
    #[must_use]
    pub fn with_absence_rule(self, rule: AbsenceRule) -> Self {
        self.with(|parts| parts.rules.absence = rule)
    }

    /// Bound of the call that sends; 60 seconds unless set.
    #[must_use]
    pub fn with_call_timeout(self, timeout: Duration) -> Self {
        self.with(|parts| parts.rules.call = timeout.max(Duration::from_secs(1)))
    }

    /// Time after the deadline of a send for which another worker waits before it asks; 30 s unless set. Clocks
    /// of workers must not differ by more.
    #[must_use]
    pub fn with_lease_margin(self, margin: Duration) -> Self {
        self.with(|parts| parts.rules.grace = margin)
    }

    /// Never sends anything again: what is absent needs a person.
    #[must_use]
    pub fn without_sending_again(self) -> Self {
        self.with(|parts| parts.rules.resend = false)
    }

    /// After so long without a final word a person is asked; 24 hours unless set.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        self.with(|parts| parts.rules.give_up = patience)
    }

    /// Password of the biller, which is not stored with bills. Without it no bill is paid.
    #[must_use]
    pub fn with_biller_password(self, password: impl Into<Secret>) -> Self {
        self.with(|parts| parts.biller_password = Some(password.into()))
    }

    pub(super) fn client(&self) -> &Singapay {
        self.parts.money_out.client()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.client().clock().now()
    }

    pub(super) fn rules(&self) -> &Rules {
        &self.parts.rules
    }

    /// The store.
    pub fn store(&self) -> &dyn PayoutStore {
        &*self.parts.store
    }

    /// Stores a payout, to be sent by [`advance`](Self::advance). Sends nothing.
    ///
    /// Submitting the same payout again changes nothing; other facts under the same reference are an error that
    /// names them. Before anything is stored or counted, the request is checked, the handle's policy and the
    /// limits are asked; the shares of daily limits are taken in the transaction that stores it.
    pub fn submit<R: PayoutRequest>(&self, request: R) -> Submit<R> {
        Submit::new(self, request)
    }

    /// The payout under a reference.
    ///
    /// # Errors
    ///
    /// There is none, or the store failed.
    pub async fn get(&self, reference: &str) -> Result<PayoutRecord, PayoutError> {
        let found = self.store().get(reference).await?;
        found.ok_or(PayoutError::NotFound)
    }

    /// The steps that it has made.
    ///
    /// # Errors
    ///
    /// The store failed.
    pub async fn history(&self, reference: &str) -> Result<Vec<PayoutEvent>, PayoutError> {
        Ok(self.store().history(reference).await?)
    }

    /// References of payouts that a step can do something for now, those that have waited longest first.
    ///
    /// # Errors
    ///
    /// The store failed.
    pub async fn due(&self, most: u32) -> Result<Vec<String>, PayoutError> {
        Ok(self.store().due(self.now(), most).await?)
    }

    /// Makes the next step, if there is one to make now.
    ///
    /// Dropping the future loses nothing: a payout that was being sent is asked about after its deadline.
    ///
    /// # Errors
    ///
    /// There is no such payout, it was submitted with another client, or the store failed. A payout that was
    /// being sent when the store failed stays `sending` until its deadline, and is asked about then.
    pub async fn advance(&self, reference: &str) -> Result<PayoutStep, PayoutError> {
        let record = self.get(reference).await?;
        let now = self.now();
        match self.rules().action(&record, now) {
            Action::Rest | Action::Wait(_) => Ok(PayoutStep::of(record)),
            Action::TakeOver => self.save(record.taken_over(now)).await,
            Action::GiveToPerson(why) => {
                let reason = "it never arrived, and it is not safe to send it again";
                self.save(record.to_person(why, reason, now)).await
            }
            Action::Send => self.send(record).await,
            Action::Ask => self.ask(record).await,
        }
    }

    /// Advances until the payout has ended or waits for a person, with pauses in between.
    ///
    /// # Errors
    ///
    /// As [`advance`](Self::advance).
    pub async fn run(&self, reference: &str) -> Result<PayoutStep, PayoutError> {
        let mut answer = None;
        loop {
            let mut step = self.advance(reference).await?;
            answer = step.answer.take().or(answer);
            let Some(next) = step.next_at() else {
                step.answer = answer;
                return Ok(step);
            };
            let pause = next.since(self.now());
            if !pause.is_zero() {
                self.client().timer().sleep(pause).await;
            }
        }
    }

    /// Approves a payout whose amount asks for a second person. The approval holds for the facts that are stored
    /// now and no others.
    ///
    /// # Errors
    ///
    /// It waits for no approval, who approves is who submitted it or nobody is named as that, or another step
    /// was faster.
    pub async fn approve(&self, reference: &str, who: &str) -> Result<PayoutStep, PayoutError> {
        let record = self.get(reference).await?;
        if record.state != State::NeedsApproval {
            return Err(PayoutError::State(record.state));
        }
        if who.trim().is_empty() {
            return Err(PayoutError::NotAnApprover("nobody is named"));
        }
        // It was submitted before anybody had to approve.
        let Some(submitter) = record.facts.submitted_by.as_deref() else {
            let why = "nobody is named as who submitted it: abandon it, and submit it anew";
            return Err(PayoutError::NotAnApprover(why));
        };
        if who.trim().eq_ignore_ascii_case(submitter.trim()) {
            return Err(PayoutError::NotAnApprover("it is who submitted it"));
        }
        let now = self.now();
        let mut next = record.to(State::Stored, now);
        next.progress.approval = Some(Approval {
            by: who.trim().to_owned(),
            facts: record.facts.hash(),
        });
        self.decide(next.at(now)).await
    }

    /// Decides that a payout will never be sent: what was not sent yet, or needs a person. Its shares of daily
    /// limits come back.
    ///
    /// # Errors
    ///
    /// It is in a state in which it may be on its way.
    pub async fn abandon(&self, reference: &str, who: &str) -> Result<PayoutStep, PayoutError> {
        let record = self.get(reference).await?;
        match record.state {
            State::NeedsApproval | State::Stored | State::NeedsPerson => {}
            state => return Err(PayoutError::State(state)),
        }
        if who.trim().is_empty() {
            return Err(PayoutError::NotAnApprover("nobody is named"));
        }
        let mut next = record.to(State::Abandoned, self.now());
        next.progress.reason = Some(format!("abandoned by {}", who.trim()));
        self.decide(next).await
    }

    /// Stores what a person decided; if another step was faster, that is an error.
    async fn decide(&self, next: PayoutRecord) -> Result<PayoutStep, PayoutError> {
        let decided = (next.version, next.state);
        let step = self.save(next).await?;
        match (step.record.version, step.state()) == decided {
            true => Ok(step),
            false => Err(PayoutError::State(step.state())),
        }
    }

    /// Stores a step; if another worker was faster, what that one made of it is the answer.
    pub(super) async fn save(&self, mut next: PayoutRecord) -> Result<PayoutStep, PayoutError> {
        let mut reserves = settle(&mut next);
        if next.progress.person == Some(PersonReason::Contradiction) {
            reserves.extend(self.parts.limits.take_again(&mut next));
        }
        match self.store().update(&next, &reserves).await? {
            Updated::Done => Ok(PayoutStep::of(next)),
            Updated::Stale | Updated::OverLimit(_) => {
                let stored = self.get(&next.reference).await?;
                Ok(PayoutStep::of(stored))
            }
        }
    }

    async fn ask(&self, record: PayoutRecord) -> Result<PayoutStep, PayoutError> {
        let asked = self.asked(&record)?;
        let asked_at = self.now();
        let look = asked.ask().await;
        let now = self.now();
        match record.looked(&look, asked_at, now, self.rules()) {
            Some(next) => self.save(next).await,
            None => Ok(PayoutStep::of(record)),
        }
    }

    /// The inquiry, after a check that this client is the one that the payout was submitted with.
    pub(super) fn asked(&self, record: &PayoutRecord) -> Result<Asked, PayoutError> {
        let facts = &record.facts;
        let operation = operations::find(&facts.operation)
            .filter(|operation| operation.payout.is_some())
            .ok_or(PayoutError::OtherClient("version of this crate"))?;
        if self.client().base_url(operation.host) != facts.host {
            return Err(PayoutError::OtherClient("host"));
        }
        let (account, credential) = (facts.account.as_deref(), facts.credential.as_deref());
        let sender = self.client().sender(operation.host, account, credential);
        if sender.as_deref() != Some(&facts.sender) {
            return Err(PayoutError::OtherClient("credential"));
        }
        Ok(Asked {
            client: self.client().clone(),
            operation,
            account: facts.account.clone(),
            credential: facts.credential.clone(),
            request: Bytes::from(facts.body.clone()),
            deadline: record.progress.deadline.unwrap_or(record.updated_at),
        })
    }
}

impl fmt::Debug for Payouts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Payouts")
            .field("store", &self.parts.store)
            .field("limits", &self.parts.limits)
            .field("rules", &self.parts.rules)
            .finish_non_exhaustive()
    }
}
