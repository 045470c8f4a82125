//! Submitting a payout: checked, and stored before anything is sent.

use std::{fmt, future::IntoFuture};

use serde_json::Value;
use singapay_auth::canonical;
use singapay_core::{BoxFuture, Rupiah, Sensitive, tolerant};

use super::{
    Inserted, PayoutError, PayoutFacts, PayoutProgress, PayoutRecord, PayoutRequest,
    PayoutState as State, PayoutStep, Payouts, Reserve, capture::Captured, send::intent_of,
};
use crate::{
    client::Singapay,
    error::{Error, ErrorKind},
};

/// A payout that is to be stored; awaited like a future.
///
/// In the book: `docs/book/src/payouts.md#step-by-step`.
#[must_use = "nothing is stored until it is awaited"]
pub struct Submit<R> {
    flow: Payouts,
    request: R,
    reference: Option<String>,
    amount: Option<Rupiah>,
    by: Option<String>,
}

impl<R: PayoutRequest> Submit<R> {
    pub(super) fn new(flow: &Payouts, request: R) -> Self {
        Self {
            flow: flow.clone(),
            request,
            reference: None,
            amount: None,
            by: None,
        }
    }

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

/// The body of a bill without it.
fn without_password(body: &[u8]) -> Option<Vec<u8>> {
    let mut body: Value = serde_json::from_slice(body).ok()?;
    body.get_mut("data")?.as_object_mut()?.remove("password");
    Some(body.to_string().into_bytes())
}

impl<R> fmt::Debug for Submit<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submit").finish_non_exhaustive()
    }
}
