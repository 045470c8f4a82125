//! Ground of the generated builders: options in, a raw client for one call, a typed result out.

use std::{sync::Arc, time::Instant};

use bytes::Bytes;
use serde::de::DeserializeOwned;
use singapay_api::Inner;
use singapay_core::{
    CallContext, CallOptions, CallRecord, Delivery, Failure, Judged, Operation, Proof, Rupiah,
    Sensitive, envelope::Enveloped, operation::Host,
};

use crate::{
    client::Singapay,
    decode::DecodeError,
    error::{Error, ErrorKind},
    money_out::MoneyOut,
    observe,
    outcome::{Outcome, Unresolved},
    resolve::Asked,
    response::{Exchange, Response},
};

/// Source of calls: a client, or the capability to pay out.
pub(crate) trait Source: Clone {
    fn client(&self) -> &Singapay;
}

impl Source for Singapay {
    fn client(&self) -> &Singapay {
        self
    }
}

impl Source for MoneyOut {
    fn client(&self) -> &Singapay {
        MoneyOut::client(self)
    }
}

/// One call in the making: where it starts, and the caller's options.
#[derive(Debug, Clone)]
pub(crate) struct Call<S = Singapay> {
    source: S,
    pub(crate) options: CallOptions,
}

/// Payment that a money-out call makes, for the guard and for what is asked afterwards.
#[derive(Debug)]
pub(crate) struct Intent {
    /// Account that pays, as sent.
    pub(crate) account: Option<String>,
    /// Value of the operation's reference field.
    pub(crate) reference: Option<String>,
    /// Amount in rupiah.
    pub(crate) amount: Option<Rupiah>,
    /// Bank code or SWIFT code.
    pub(crate) bank: Option<String>,
    /// Account number, customer number or QR text.
    pub(crate) beneficiary: Option<Sensitive>,
}

/// A call on its way.
pub(crate) struct Started {
    client: Singapay,
    operation: &'static Operation,
    context: Arc<CallContext>,
    reference: Option<String>,
}

impl<S: Source> Call<S> {
    pub(crate) fn new(source: &S) -> Self {
        Self {
            source: source.clone(),
            options: CallOptions::default(),
        }
    }

    /// The same call, known to be about this account.
    pub(crate) fn about(mut self, account: impl Into<Option<String>>) -> Self {
        self.options.account = account.into();
        self
    }

    /// The account that it is known to be about.
    pub(crate) fn account(&self) -> Option<&str> {
        self.options.account.as_deref()
    }

    /// Address of a host.
    pub(crate) fn base_url(&self, host: Host) -> &str {
        self.client().base_url(host)
    }

    pub(crate) fn client(&self) -> &Singapay {
        self.source.client()
    }

    /// Fixes the options; the account chooses the credential unless one was named. An operation without
    /// an account of its own keeps the one that the caller knows it is about.
    fn begin(&mut self, operation: &'static Operation, account: Option<String>) -> Started {
        let mut options = std::mem::take(&mut self.options);
        options.account = account.or(options.account);
        Started {
            client: self.client().clone(),
            operation,
            context: Arc::new(CallContext::new(options)),
            reference: None,
        }
    }
}

impl Call {
    /// Begins a call that pays nothing out.
    pub(crate) fn start(
        &mut self,
        operation: &'static Operation,
        account: Option<String>,
    ) -> Started {
        self.begin(operation, account)
    }
}

impl Call<MoneyOut> {
    /// The same options and policy on another client.
    pub(crate) fn on(&self, client: &Singapay) -> Self {
        Self {
            source: self.source.on(client),
            ..self.clone()
        }
    }

    /// Begins a call that pays out, after the capability's policy agreed.
    ///
    /// # Errors
    ///
    /// The policy refuses it; nothing was sent.
    pub(crate) fn start_money_out(
        &mut self,
        operation: &'static Operation,
        intent: Intent,
    ) -> Result<Started, Error> {
        self.guard(operation, &intent)?;
        let mut started = self.begin(operation, intent.account);
        started.reference = intent.reference;
        Ok(started)
    }

    /// Checks a call against the capability's policy.
    pub(crate) fn guard(
        &self,
        operation: &'static Operation,
        intent: &Intent,
    ) -> Result<(), Error> {
        self.source.guard(operation, intent)
    }
}

impl Started {
    /// The account of the call, which its check asked for.
    pub(crate) fn account_id(&self) -> &str {
        let account = self.context.options().account.as_deref();
        account.unwrap_or_default()
    }

    fn inner(&self, host: Host) -> Inner {
        Inner {
            pipeline: self.client.pipeline(),
            context: Arc::clone(&self.context),
            base_url: self.client.url(host).clone(),
        }
    }

    /// A raw client of the payment host for this call.
    pub(crate) fn payment(&self) -> singapay_api::payment::Client {
        let (base_url, http) = (self.client.base_url(Host::Payment), self.client.http());
        singapay_api::payment::Client::new_with_client(base_url, http, self.inner(Host::Payment))
    }

    /// A raw client of the biller host for this call.
    #[cfg(feature = "bills")]
    pub(crate) fn biller(&self) -> singapay_api::biller::Client {
        let (base_url, http) = (self.client.base_url(Host::Biller), self.client.http());
        singapay_api::biller::Client::new_with_client(base_url, http, self.inner(Host::Biller))
    }

    /// A raw client of the identity host for this call.
    #[cfg(feature = "identity")]
    pub(crate) fn identity(&self) -> singapay_api::identity::Client {
        let (base_url, http) = (self.client.base_url(Host::Identity), self.client.http());
        singapay_api::identity::Client::new_with_client(base_url, http, self.inner(Host::Identity))
    }

    /// Sends a request that no generated client built.
    pub(crate) async fn exchange(&self, request: http::Request<Bytes>) {
        let start = Instant::now();
        let pipeline = self.client.pipeline();
        let result = pipeline.execute(self.operation, request, &self.context);
        let result = result.await;
        self.context.finish(start.elapsed(), result);
    }

    /// Ends a call that is not money-out; `read` makes out its answer.
    pub(crate) fn finish<T: Enveloped + DeserializeOwned>(
        self,
        read: impl FnOnce(&Exchange) -> Option<T>,
    ) -> Result<Response<T::Data>, Error> {
        self.finish_quietly(read).inspect_err(observe::tell_failure)
    }

    /// The same where a refusal is nothing that a person should see.
    pub(crate) fn finish_quietly<T: Enveloped + DeserializeOwned>(
        self,
        read: impl FnOnce(&Exchange) -> Option<T>,
    ) -> Result<Response<T::Data>, Error> {
        match self.settle(read).0 {
            Settled::Success(response) => Ok(response),
            Settled::NotAnswered(error) | Settled::Unsuccessful { error, .. } => Err(error),
        }
    }

    /// Ends a money-out call: whatever is not proven is unknown.
    pub(crate) fn finish_money_out<T: Enveloped + DeserializeOwned>(
        self,
        read: impl FnOnce(&Exchange) -> Option<T>,
    ) -> Result<Outcome<T::Data>, Error> {
        let operation = self.operation;
        let client = self.client.clone();
        let CallOptions {
            account,
            credential,
            timeout,
            ..
        } = self.context.options().clone();
        let reference = self.reference.clone();
        let (settled, request) = self.settle(read);
        let unresolved = |error| {
            let asked = Asked {
                operation,
                account: account.clone(),
                credential,
                request,
                // The call has ended, and would have at its deadline.
                deadline: client
                    .clock()
                    .now()
                    .plus(timeout.unwrap_or(client.timeout())),
                client,
            };
            Unresolved::new(operation, reference, account, error, asked)
        };
        let outcome = match settled {
            Settled::Success(response) => Ok(Outcome::Accepted(response)),
            Settled::NotAnswered(error) if error.delivery() == Delivery::NotSent => Err(error),
            Settled::NotAnswered(error) => Ok(Outcome::Unknown(unresolved(error))),
            Settled::Unsuccessful { error, proof } => Ok(match proof {
                Proof::Refused => Outcome::Refused(error),
                Proof::Duplicate => Outcome::Duplicate(unresolved(error)),
                Proof::Nothing | Proof::Accepted => Outcome::Unknown(unresolved(error)),
            }),
        };
        observe::tell_outcome(&outcome);
        outcome
    }

    /// The record in the context decides; the generated client's view only supplies the type.
    fn settle<T: Enveloped + DeserializeOwned>(
        self,
        read: impl FnOnce(&Exchange) -> Option<T>,
    ) -> (Settled<T::Data>, Bytes) {
        let operation = self.operation;
        let mut record = self.context.take();
        let settled = settle(operation, &mut record, read);
        let end = match &settled {
            Settled::Success(response) => Ok(response.http_status()),
            Settled::NotAnswered(error) | Settled::Unsuccessful { error, .. } => Err(error),
        };
        observe::tell_end(operation, &mut record, end);
        (settled, record.request)
    }
}

/// Result of a call that has ended.
fn settle<T: Enveloped + DeserializeOwned>(
    operation: &'static Operation,
    record: &mut CallRecord,
    read: impl FnOnce(&Exchange) -> Option<T>,
) -> Settled<T::Data> {
    if let Some(error) = record.error.take() {
        let error = Error::from_call(operation, error, record.attempts, record.elapsed);
        return Settled::NotAnswered(error);
    }
    let Some(Judged { answer, judgement }) = record.answer.take() else {
        // The generated client failed before the pipeline saw a request.
        return Settled::NotAnswered(
            Error::local(ErrorKind::InvalidInput, "the request could not be built")
                .with_operation(operation),
        );
    };
    let mut exchange = Exchange {
        operation,
        page: None,
        attempts: record.attempts,
        elapsed: record.elapsed,
        answer,
    };
    if let Some(failure) = judgement.into_failure() {
        let proof = failure.proof;
        let error = Error::from_answer(operation, failure, exchange).quoting(&record.request);
        return Settled::Unsuccessful { error, proof };
    }
    if let Some(envelope) = read(&exchange) {
        exchange.page = envelope.page().cloned();
        if let Some(data) = envelope.into_data() {
            return Settled::Success(Response::new(data, exchange));
        }
    }
    let source = DecodeError::find::<T>(&exchange.answer.body);
    let failure = Failure::unreadable(&exchange.answer);
    let error = Error::from_answer(operation, failure, exchange);
    Settled::Unsuccessful {
        error: error.with_source(source),
        proof: Proof::Nothing,
    }
}

enum Settled<T> {
    Success(Response<T>),
    NotAnswered(Error),
    Unsuccessful { error: Error, proof: Proof },
}
