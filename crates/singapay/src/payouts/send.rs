//! Sending a payout: committed before the first byte, and never past its deadline.

use bytes::Bytes;
use http::Request;
use serde_json::Value;
use singapay_core::{Operation, Secret};

use super::{
    PayoutError, PayoutRecord, PayoutState as State, PayoutStep, Payouts, PersonReason, Share,
    Updated,
    limits::{give_back, next_day, settle},
    machine::{Answered, MOST_TRIES},
};
use crate::{
    call::{Call, Intent},
    error::{Error, ErrorKind},
    outcome::Outcome,
    raw::{self, RawData},
};

impl Payouts {
    pub(super) async fn send(&self, record: PayoutRecord) -> Result<PayoutStep, PayoutError> {
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
        let same_day = |share: &Share| {
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

pub(super) fn intent_of(record: &PayoutRecord) -> Intent {
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
