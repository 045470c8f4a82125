//! Confirmation of an event by the read that knows better.

use bytes::Bytes;
use http::Request;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use singapay_api::operations;
use singapay_core::{BoxFuture, Operation, operation::Effect, path::is_segment, tolerant};
use singapay_webhook::{Comparison, Event, Fact, Resource};

use crate::{
    call::Call,
    client::Singapay,
    error::{Error, ErrorKind, Reason},
    raw,
};

/// What the gateway says of an event when it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "an event whose confirmation nobody reads is not confirmed"]
pub enum Confirmation {
    /// The read tells what the event tells.
    Confirmed {
        /// Facts that both tell; the amount or the status is always among them.
        by: Vec<Fact>,
    },
    /// The read tells something else: a person decides.
    Differs {
        /// Facts that differ; also an amount or a status that the read does not tell.
        what: Vec<Fact>,
    },
    /// The gateway does not know it on this account: it is another account's, or not there yet.
    NotFound,
    /// No read tells more than the event: the kind has none, as a settlement, or the event names neither amount nor
    /// status, as a bill of a subscription.
    Unconfirmable,
}

impl Confirmation {
    /// True if the read agreed.
    pub fn is_confirmed(&self) -> bool {
        matches!(self, Self::Confirmed { .. })
    }
}

/// Reads what an event is about and compares, because an event is a reason to look, not the last word.
///
/// Amount, status and reference are compared, as far as the event tells them; of each kind [`EventKind`] says
/// where they stand and which read is made. A status that can only have come later agrees, such as `settled` of a
/// payment. A [`VerifiedEvent`] has it too.
///
/// ```no_run
/// # async fn example(event: singapay::webhook::VerifiedEvent, singapay: singapay::Singapay)
/// # -> Result<(), singapay::Error> {
/// use singapay::webhook::{Confirm, Confirmation};
///
/// match event.confirm(&singapay).await? {
///     Confirmation::Confirmed { .. } => println!("ship"),
///     Confirmation::Differs { what } => println!("a person looks: {what:?}"),
///     Confirmation::NotFound => println!("later, or on another account"),
///     _ => println!("nothing can confirm it"),
/// }
/// # Ok(()) }
/// ```
///
/// [`EventKind`]: crate::webhook::EventKind
/// [`VerifiedEvent`]: crate::webhook::VerifiedEvent
pub trait Confirm {
    /// Asks on the client's own account.
    ///
    /// # Errors
    ///
    /// The client has no account and the read needs one, the event names what cannot be asked for, and whatever
    /// else a read can end with; nothing is confirmed then.
    fn confirm<'a>(&'a self, singapay: &'a Singapay) -> BoxFuture<'a, Result<Confirmation, Error>>;

    /// Asks on this account (ULID): the one on which the merchant created what the event is about.
    ///
    /// # Errors
    ///
    /// As [`confirm`](Self::confirm).
    fn confirm_on<'a>(
        &'a self,
        singapay: &'a Singapay,
        account_id: &'a str,
    ) -> BoxFuture<'a, Result<Confirmation, Error>>;
}

impl Confirm for Event {
    fn confirm<'a>(&'a self, singapay: &'a Singapay) -> BoxFuture<'a, Result<Confirmation, Error>> {
        Box::pin(confirm(self, singapay, singapay.own_account()))
    }

    fn confirm_on<'a>(
        &'a self,
        singapay: &'a Singapay,
        account_id: &'a str,
    ) -> BoxFuture<'a, Result<Confirmation, Error>> {
        Box::pin(confirm(self, singapay, Some(account_id.to_owned())))
    }
}

async fn confirm(
    event: &Event,
    singapay: &Singapay,
    account: Option<String>,
) -> Result<Confirmation, Error> {
    let Some(resource) = event.resource() else {
        return Ok(Confirmation::Unconfirmable);
    };
    let read = operations::find(resource.operation).filter(|read| read.effect == Effect::Read);
    let Some(read) = read else {
        return Ok(Confirmation::Unconfirmable);
    };
    if read.path.contains("{account_id}") && account.is_none() {
        singapay.account()?;
    }
    let request = request(singapay, read, account.as_deref(), &resource);
    let request = request.ok_or_else(|| {
        let problem = "the event names an id or account that cannot be asked for";
        Error::local(ErrorKind::InvalidInput, problem).with_operation(read)
    })?;
    let started = Call::new(singapay).start(read, account);
    started.exchange(request).await;
    let data = match started.finish_quietly(raw::read) {
        Ok(response) => response.into_data(),
        Err(error) => match told(&error) {
            // A payout that failed is shown under a code of failure.
            Some(data) => data,
            None if is_not_found(&error) => return Ok(Confirmation::NotFound),
            None => return Err(error),
        },
    };
    Ok(judge(event, &resource, &data))
}

/// The request of a read that asks by the event's key.
fn request(
    singapay: &Singapay,
    read: &Operation,
    account: Option<&str>,
    resource: &Resource<'_>,
) -> Option<Request<Bytes>> {
    let id = &*resource.id;
    let mut fits = true;
    let segments = read.path.split('/').map(|segment| match segment {
        "{account_id}" => account.unwrap_or_default(),
        place if place.starts_with('{') => {
            fits &= is_segment(id);
            id
        }
        word => word,
    });
    let path = segments.collect::<Vec<_>>().join("/");
    let (query, body) = match (resource.by, read.method) {
        (Some(by), "GET") => {
            let id = utf8_percent_encode(id, NON_ALPHANUMERIC);
            (format!("?{by}={id}"), Bytes::new())
        }
        (Some(by), _) => {
            let mut body = json!({ by: id });
            if read.id == "get_qris_status" {
                body["scope"] = json!("issuer");
            }
            (String::new(), Bytes::from(body.to_string()))
        }
        (None, _) => (String::new(), Bytes::new()),
    };
    let uri = format!("{}{path}{query}", singapay.base_url(read.host));
    let request = Request::builder().method(read.method).uri(uri).body(body);
    request.ok().filter(|_| fits)
}

/// Data beside a code of failure, if it tells a transaction.
fn told(error: &Error) -> Option<Value> {
    let mut body: Value = serde_json::from_slice(error.raw_body()?).ok()?;
    let data = body.get_mut("data")?.take();
    data.get("transaction_status").is_some().then_some(data)
}

fn is_not_found(error: &Error) -> bool {
    error.says(Reason::NotFound) || error.says(Reason::TransactionNotFound)
}

fn judge(event: &Event, resource: &Resource<'_>, data: &Value) -> Confirmation {
    let rows: Vec<&Value> = match (data, resource.by) {
        (Value::Array(rows), Some(by)) => {
            let is_it = |row: &&Value| {
                let found = row.get(by).cloned().and_then(tolerant::text_of);
                found.is_some_and(|found| found == *resource.id)
            };
            rows.iter().filter(is_it).collect()
        }
        _ => vec![data],
    };
    let mut comparisons = rows.into_iter().map(|row| event.compare(row));
    let Some(Comparison {
        same,
        mut different,
        ..
    }) = comparisons.next()
    else {
        return Confirmation::NotFound;
    };
    // Rows of one key that disagree with each other confirm nothing.
    different.extend(comparisons.flat_map(|other| other.different));
    different.dedup();
    match (same, different) {
        (by, what)
            if what.is_empty() && (by.contains(&Fact::Amount) || by.contains(&Fact::Status)) =>
        {
            Confirmation::Confirmed { by }
        }
        (_, what) if !what.is_empty() => Confirmation::Differs { what },
        _ => Confirmation::Unconfirmable,
    }
}
