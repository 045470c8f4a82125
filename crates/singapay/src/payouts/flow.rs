//! Submitting payouts, and bringing them to their end step by step.

use std::{fmt, future::IntoFuture, sync::Arc, time::Duration};

use bytes::Bytes;
use http::Request;
use serde_json::Value;
use singapay_api::operations;
use singapay_auth::canonical;
use singapay_core::{BoxFuture, Operation, Rupiah, Secret, Sensitive, Timestamp, tolerant};
use singapay_webhook::EventKind;

use super::{
    Approval, Inserted, PayoutError, PayoutEvent, PayoutFacts, PayoutLimits, PayoutProgress,
    PayoutRecord, PayoutRequest, PayoutState as State, PayoutStore, PersonReason, Reserve, Updated,
    capture::Captured,
    limits::{give_back, next_day, settle},
    machine::{Action, Answered, GRACE, Rules},
};
use crate::{
    call::{Call, Intent},
    client::Singapay,
    error::{Error, ErrorKind},
    money_out::MoneyOut,
    outcome::Outcome,
    raw::{self, RawData},
    resolve::{AbsenceRule, Asked, Look},
    webhook::VerifiedEvent,
};

/// Pays out, over restarts and from any number of workers.
///
/// [`submit`](Self::submit) stores a payout under its reference; [`advance`](Self::advance) makes the next step
/// with it, decided from the store and the gateway alone, so that any worker, queue or person may call it at any
/// time, at once with others, and after any crash. [`PayoutState`](super::PayoutState) has the states.
///
/// Cheap to clone.
#[derive(Clone)]
pub struct Payouts {
    parts: Arc<Parts>,
}

#[derive(Clone)]
struct Parts {
    money_out: MoneyOut,
    store: Arc<dyn PayoutStore>,
    limits: PayoutLimits,
    rules: Rules,
    biller_password: Option<Secret>,
}

/// A payout after a step.
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
    fn of(record: PayoutRecord) -> Self {
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

    fn client(&self) -> &Singapay {
        self.parts.money_out.client()
    }

    fn now(&self) -> Timestamp {
        self.client().clock().now()
    }

    fn rules(&self) -> &Rules {
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
        Submit {
            flow: self.clone(),
            request,
            reference: None,
            amount: None,
            by: None,
        }
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
    /// It waits for no approval, or who approves is who submitted it.
    pub async fn approve(&self, reference: &str, who: &str) -> Result<PayoutStep, PayoutError> {
        let record = self.get(reference).await?;
        if record.state != State::NeedsApproval {
            return Err(PayoutError::State(record.state));
        }
        let submitter = record.facts.submitted_by.as_deref().unwrap_or_default();
        if who.trim().is_empty() {
            return Err(PayoutError::NotAnApprover("nobody is named"));
        }
        if who.trim().eq_ignore_ascii_case(submitter.trim()) {
            return Err(PayoutError::NotAnApprover("it is who submitted it"));
        }
        let now = self.now();
        let mut next = record.to(State::Stored, now);
        next.progress.approval = Some(Approval {
            by: who.trim().to_owned(),
            facts: record.facts.hash(),
        });
        self.save(next.at(now)).await
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
        let version = next.version;
        let step = self.save(next).await?;
        match step.record.version == version && step.state() == State::Abandoned {
            true => Ok(step),
            false => Err(PayoutError::State(step.state())),
        }
    }

    /// Takes note of a verified webhook. `None` if it is about no payout of this store.
    ///
    /// An event that differs in amount, bank or beneficiary is not believed: references are unique
    /// within an account, and an event does not name it. Then the payout is asked about at the next step.
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
                (Look::Found(found), _) => record.found(found, now),
                (_, State::Accepted | State::Unknown | State::Refusing) => {
                    Some(record.to(record.state, now).at(now))
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
        Err(PayoutError::Store(super::StoreError::new(
            "too many others change the same payout",
        )))
    }

    /// Stores a step; if another worker was faster, what that one made of it is the answer.
    async fn save(&self, next: PayoutRecord) -> Result<PayoutStep, PayoutError> {
        self.save_with(next, Vec::new()).await
    }

    async fn save_with(
        &self,
        mut next: PayoutRecord,
        mut reserves: Vec<Reserve>,
    ) -> Result<PayoutStep, PayoutError> {
        reserves.extend(settle(&mut next));
        match self.store().update(&next, &reserves).await? {
            Updated::Done => Ok(PayoutStep::of(next)),
            Updated::Stale | Updated::OverLimit(_) => {
                let stored = self.get(&next.reference).await?;
                Ok(PayoutStep::of(stored))
            }
        }
    }

    async fn send(&self, record: PayoutRecord) -> Result<PayoutStep, PayoutError> {
        let asked = self.asked(&record)?;
        let (facts, limits) = (&record.facts, &self.parts.limits);
        let now = self.now();
        let approved = record.progress.approval.as_ref();
        if limits.needs_approval(facts)
            && approved.is_none_or(|approval| approval.facts != facts.hash())
        {
            let state = match record.progress.first_sent_at {
                None => record.to(State::NeedsApproval, now),
                Some(_) => {
                    let reason = "it needs an approval now, and was sent before";
                    record.to_person(PersonReason::Policy, reason, now)
                }
            };
            return self.save(state).await;
        }
        let guarded = self
            .parts
            .money_out
            .guard(asked.operation, &intent_of(&record));
        let mut problems = limits.problems(facts);
        if let Err(error) = guarded {
            problems.extend(error.field_errors().iter().cloned());
        }
        if !problems.is_empty() {
            let error = Error::invalid_input(asked.operation, problems);
            let reason = format!("the policy refuses it: {error}");
            let next = record.to_person(PersonReason::Policy, &reason, now);
            return self.save(next).await;
        }
        let request = self.request(&record, asked.operation)?;

        // A share that counts on another day moves to this one.
        let mut sending = record.sending(now, self.rules());
        let shares = limits.shares(facts, now);
        let mut reserves = Vec::new();
        let same_day = |share: &super::Share| {
            let held = &mut record.progress.shares.iter();
            held.any(|held| held.day == share.day && held.scope == share.scope)
        };
        if !shares.iter().all(same_day) {
            reserves = give_back(&record.progress.shares);
            reserves.extend(limits.take(&shares));
            sending.progress.shares = shares;
        }
        match self.store().update(&sending, &reserves).await? {
            Updated::Done => {}
            Updated::Stale => return Ok(PayoutStep::of(self.get(&record.reference).await?)),
            Updated::OverLimit(share) => {
                let mut next = record.to(record.state, now);
                next.progress.reason = Some(PayoutError::OverLimit(share).to_string());
                return self.save(next.at(next_day(now))).await;
            }
        }
        let outcome = self.call(&sending, asked.operation, request).await;
        let answered = Answered::of(asked.operation, &outcome);
        let mut step = self.note(sending, &answered).await?;
        if let Ok(Outcome::Accepted(response)) = outcome {
            step.answer = Some(RawData::new(response.into_data()));
        }
        Ok(step)
    }

    /// Sends, and never past the deadline that is stored.
    async fn call(
        &self,
        record: &PayoutRecord,
        operation: &'static Operation,
        request: Request<Bytes>,
    ) -> Result<Outcome<Value>, Error> {
        let deadline = record.progress.deadline.unwrap_or(record.updated_at);
        let left = deadline.since(self.now());
        if left.is_zero() {
            let summary = "its deadline had passed before it could be sent";
            return Err(Error::local(ErrorKind::Timeout, summary));
        }
        let mut call = Call::new(&self.parts.money_out);
        call.options.timeout = Some(left);
        call.options.credential.clone_from(&record.facts.credential);
        let started = call.start_money_out(operation, intent_of(record))?;
        started.exchange(request).await;
        started.finish_money_out(raw::read)
    }

    /// Stores what the end of a send says, whoever has changed the payout meanwhile.
    async fn note(
        &self,
        mut record: PayoutRecord,
        answered: &Answered,
    ) -> Result<PayoutStep, PayoutError> {
        let fence = record.progress.fence;
        for _ in 0..MOST_TRIES {
            let Some(mut next) = record.answered(fence, answered, self.now()) else {
                return Ok(PayoutStep::of(record));
            };
            let reserves = settle(&mut next);
            match self.store().update(&next, &reserves).await? {
                Updated::Done => return Ok(PayoutStep::of(next)),
                _ => record = self.get(&record.reference).await?,
            }
        }
        Ok(PayoutStep::of(record))
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
    fn asked(&self, record: &PayoutRecord) -> Result<Asked, PayoutError> {
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

    fn request(
        &self,
        record: &PayoutRecord,
        operation: &'static Operation,
    ) -> Result<Request<Bytes>, PayoutError> {
        let facts = &record.facts;
        let mut body = facts.body.clone();
        if operation.product == "bills" {
            let password = self.parts.biller_password.as_ref();
            let password = password.ok_or(PayoutError::OtherClient("biller password: set one"))?;
            body = with_password(&body, password).unwrap_or_default();
        }
        let request = Request::builder()
            .method(operation.method)
            .uri(format!("{}{}", facts.host, facts.path))
            .body(Bytes::from(body));
        request.map_err(|_| {
            let error = Error::local(ErrorKind::InvalidInput, "the request could not be built");
            PayoutError::Request(error)
        })
    }
}

/// Number of times a step is tried again that others overtake.
const MOST_TRIES: u32 = 16;

fn intent_of(record: &PayoutRecord) -> Intent {
    let facts = &record.facts;
    Intent {
        account: facts.account.clone(),
        reference: Some(record.reference.clone()),
        amount: facts.amount,
        bank: facts.bank.clone(),
        beneficiary: facts.beneficiary.clone(),
    }
}

/// The body of a bill with its password, which stands in its data.
fn with_password(body: &str, password: &Secret) -> Option<String> {
    let mut body: Value = serde_json::from_str(body).ok()?;
    let data = body.get_mut("data")?.as_object_mut()?;
    data.insert("password".to_owned(), Value::from(password.expose()));
    Some(body.to_string())
}

/// The body of a bill without it.
fn without_password(body: &[u8]) -> Option<Vec<u8>> {
    let mut body: Value = serde_json::from_slice(body).ok()?;
    body.get_mut("data")?.as_object_mut()?.remove("password");
    Some(body.to_string().into_bytes())
}

/// A payout that is to be stored; awaited like a future.
#[must_use = "nothing is stored until it is awaited"]
pub struct Submit<R> {
    flow: Payouts,
    request: R,
    reference: Option<String>,
    amount: Option<Rupiah>,
    by: Option<String>,
}

impl<R: PayoutRequest> Submit<R> {
    /// Submitter, who is needed where somebody else has to approve.
    pub fn by(mut self, who: impl Into<String>) -> Self {
        self.by = Some(who.into());
        self
    }

    /// The reference of a payout whose request has none: bills.
    pub fn reference(mut self, reference: impl Into<String>) -> Self {
        self.reference = Some(reference.into());
        self
    }

    /// The price of a bill, which its request does not say.
    pub fn amount(mut self, amount: impl Into<Rupiah>) -> Self {
        self.amount = Some(amount.into());
        self
    }

    /// Lists what would refuse it, without storing or counting anything: empty if nothing would.
    ///
    /// # Errors
    ///
    /// The request is not complete, or the store failed.
    pub async fn check(self) -> Result<Vec<PayoutError>, PayoutError> {
        let flow = self.flow.clone();
        let (record, reserves) = match self.record().await {
            Ok(made) => made,
            Err(refused @ (PayoutError::Limits(_) | PayoutError::NotAnApprover(_))) => {
                return Ok(vec![refused]);
            }
            Err(error) => return Err(error),
        };
        let mut refusals = Vec::new();
        match flow.store().get(&record.reference).await? {
            Some(stored) => {
                let names = stored.facts.differences(&record.facts);
                if !names.is_empty() {
                    refusals.push(PayoutError::OtherFacts(names));
                }
            }
            None => {
                for Reserve { share, limit } in reserves {
                    let used = flow.store().used(&share.day, &share.scope).await?;
                    if limit.is_some_and(|limit| used.saturating_add(share.amount) > limit) {
                        refusals.push(PayoutError::OverLimit(share));
                    }
                }
            }
        }
        Ok(refusals)
    }

    pub(super) fn client(&self) -> Singapay {
        self.flow.client().clone()
    }

    pub(super) async fn record(self) -> Result<(PayoutRecord, Vec<Reserve>), PayoutError> {
        let Self {
            flow,
            request,
            reference,
            amount,
            by,
        } = self;
        let captured = request.capture().await?;
        let (reference, facts) = flow.facts(captured, reference, amount, by)?;
        let limits = &flow.parts.limits;
        let problems = limits.problems(&facts);
        if !problems.is_empty() {
            return Err(PayoutError::Limits(problems));
        }
        let now = flow.now();
        let state = match limits.needs_approval(&facts) {
            true if facts.submitted_by.is_none() => {
                return Err(PayoutError::NotAnApprover(
                    "it needs a second person, and nobody is named as the first: use `by`",
                ));
            }
            true => State::NeedsApproval,
            false => State::Stored,
        };
        let progress = PayoutProgress {
            next_at: Some(now),
            shares: limits.shares(&facts, now),
            ..PayoutProgress::default()
        };
        let record = PayoutRecord::new(reference, state, 1, facts, progress, (now, now));
        // The policy of this flow's handle, whichever handle made the request.
        let asked = flow.asked(&record)?;
        let guarded = flow
            .parts
            .money_out
            .guard(asked.operation, &intent_of(&record));
        guarded.map_err(PayoutError::Request)?;
        let reserves = limits.take(&record.progress.shares);
        Ok((record, reserves))
    }

    async fn run(self) -> Result<PayoutStep, PayoutError> {
        let flow = self.flow.clone();
        let (record, reserves) = self.record().await?;
        match flow.store().insert(&record, &reserves).await? {
            Inserted::New => Ok(PayoutStep::of(record)),
            Inserted::OverLimit(share) => Err(PayoutError::OverLimit(share)),
            Inserted::Exists(stored) => match stored.facts.differences(&record.facts) {
                names if names.is_empty() => Ok(PayoutStep::of(*stored)),
                names => Err(PayoutError::OtherFacts(names)),
            },
        }
    }
}

impl<R: PayoutRequest + 'static> IntoFuture for Submit<R> {
    type Output = Result<PayoutStep, PayoutError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl Payouts {
    fn facts(
        &self,
        captured: Captured,
        reference: Option<String>,
        amount: Option<Rupiah>,
        submitted_by: Option<String>,
    ) -> Result<(String, PayoutFacts), PayoutError> {
        let operation = captured.operation;
        let invalid =
            |summary: &str| PayoutError::Request(Error::local(ErrorKind::InvalidInput, summary));
        let Some(payout) = operation.payout else {
            return Err(invalid("only payouts that are modelled can be stored"));
        };
        if captured.has_headers {
            return Err(invalid("headers are not stored with a payout"));
        }
        let body = match (operation.product, operation.signed) {
            ("bills", _) => without_password(&captured.body),
            // The bytes that will be signed and sent.
            (_, true) => canonical::outbound(&captured.body).ok(),
            _ => Some(captured.body.to_vec()),
        };
        let body = body.and_then(|body| String::from_utf8(body).ok());
        let body = body.ok_or_else(|| invalid("the body cannot be signed"))?;
        let json: Value =
            serde_json::from_str(&body).map_err(|_| invalid("the body is no JSON"))?;
        let member = |name: Option<&str>| {
            let mut names = name?.split('.');
            let value = names.try_fold(&json, |value, name| value.get(name))?;
            let value = value.get("value").unwrap_or(value);
            tolerant::text_of(value.clone()).filter(|text| !text.is_empty())
        };
        let own = member(operation.reference.map(|reference| reference.field));
        let reference = match (own, reference) {
            (Some(own), Some(given)) if own != given => {
                return Err(invalid("the reference is not the one of the request"));
            }
            (Some(own), _) => own,
            (None, Some(given)) if operation.reference.is_none() && !given.is_empty() => given,
            _ => return Err(invalid("a stored payout needs a reference")),
        };
        let told = member(payout.amount).and_then(|text| {
            let text = Value::from(text);
            serde_json::from_value::<Rupiah>(text).ok()
        });
        let sender = self.client().sender(
            operation.host,
            captured.account.as_deref(),
            captured.credential.as_deref(),
        );
        let facts = PayoutFacts {
            operation: operation.id.to_owned(),
            host: self.client().base_url(operation.host).to_owned(),
            path: captured.path,
            account: captured.account,
            credential: captured.credential,
            sender: sender.ok_or_else(|| invalid("no credential is configured for it"))?,
            amount: told.or(amount),
            bank: member(payout.bank),
            beneficiary: member(Some(payout.beneficiary)).map(Sensitive::new),
            submitted_by,
            body,
        };
        Ok((reference, facts))
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

impl<R> fmt::Debug for Submit<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submit").finish_non_exhaustive()
    }
}
