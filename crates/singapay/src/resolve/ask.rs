//! One look at what became of a payout.

use std::{fmt, time::Duration};

use bytes::Bytes;
use http::Request;
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};
use singapay_api::operations;
use singapay_core::{
    Compared, Operation, Timestamp,
    operation::{Effect, Payout},
    path::is_segment,
    time::AnyTime,
    tolerant,
};

use super::{
    found::{FoundPayout, Undecided, places, tells_status},
    list::List,
};
use crate::{
    call::Call,
    client::Singapay,
    error::{Error, Reason},
    raw,
};

/// A payout that was sent, as it is asked for.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) client: Singapay,
    pub(crate) operation: &'static Operation,
    pub(crate) account: Option<String>,
    pub(crate) credential: Option<String>,
    /// Body of the request.
    pub(crate) request: Bytes,
    /// After this no byte of it was sent.
    pub(crate) deadline: Timestamp,
}

/// Finding of one look.
pub(crate) enum Look {
    Found(FoundPayout),
    Conflict(FoundPayout),
    /// The answer that counts for absence.
    NotFound,
    /// Nothing that proves anything.
    Open(Undecided),
}

/// Most by which clocks may differ.
const CLOCKS: Duration = Duration::from_secs(300);

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked")
            .field("operation", &self.operation.id)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

impl Asked {
    /// Asks once.
    pub(crate) async fn ask(&self) -> Look {
        let Some(payout) = places(self.operation) else {
            return never("no inquiry is known for this operation");
        };
        let Some(reference) = self.reference() else {
            return never("it carries no reference, so that nothing tells it from another");
        };
        if self.operation.product != "bills" && self.account.is_none() {
            return never("it names no account to ask for");
        }
        match self.operation.inquiry.and_then(operations::find) {
            Some(list) if list.id.starts_with("list_") => {
                self.look_in_list(list, &payout, &reference).await
            }
            Some(inquiry) if inquiry.effect == Effect::Read => {
                self.inquire(inquiry, &payout, &reference).await
            }
            _ => never("no inquiry is known for this operation"),
        }
    }

    /// The reference, as it was sent.
    pub(crate) fn reference(&self) -> Option<String> {
        let name = match self.operation.product {
            "bills" => "data.reference_number",
            _ => self.operation.reference?.field,
        };
        let body: Value = serde_json::from_slice(&self.request).ok()?;
        let value = name
            .split('.')
            .try_fold(&body, |value, name| value.get(name))?;
        tolerant::text_of(value.clone()).filter(|text| !text.is_empty())
    }

    fn call(&self) -> Call {
        let mut call = Call::new(&self.client);
        call.options.credential.clone_from(&self.credential);
        call
    }

    async fn inquire(&self, inquiry: &'static Operation, payout: &Payout, reference: &str) -> Look {
        let Some(request) = self.request(inquiry, reference) else {
            return never("its reference or account cannot be asked for");
        };
        let started = self.call().start(inquiry, self.account.clone());
        started.exchange(request).await;
        let error = match started.finish_quietly(raw::read) {
            Ok(response) => return self.compare(payout, response.raw()),
            Err(error) => error,
        };
        // The gateway shows failed ones under a code of failure.
        if let Some(body) = error.raw_body()
            && data(body).is_some_and(|data| {
                serde_json::from_str(data.get()).is_ok_and(|data| tells_status(&data))
            })
        {
            return self.compare(payout, body);
        }
        if inquiry.id == "get_cardless_withdrawal" && error.status() == Some(404) {
            // That the route is missing looks the same, so that the list has to tell.
            return match operations::find("list_cardless_withdrawals") {
                Some(list) => self.look_in_list(list, payout, reference).await,
                None => Look::Open(error.into()),
            };
        }
        match is_not_found(&error) {
            true => Look::NotFound,
            false => Look::Open(error.into()),
        }
    }

    fn request(&self, inquiry: &'static Operation, reference: &str) -> Option<Request<Bytes>> {
        let account = self.account.as_deref()?;
        let path = inquiry.path.replace("{account_id}", account);
        let path = match path.contains("{reference_number}") {
            true if !is_segment(reference) => return None,
            _ => path.replace("{reference_number}", reference),
        };
        let body = match inquiry.id {
            _ if inquiry.method == "GET" => Bytes::new(),
            "get_qris_status" => {
                Bytes::from(json!({"reference_number": reference, "scope": "issuer"}).to_string())
            }
            _ => Bytes::from(json!({"reference_number": reference}).to_string()),
        };
        let uri = format!("{}{path}", self.client.base_url(inquiry.host));
        let request = Request::builder().method(inquiry.method).uri(uri);
        request.body(body).ok()
    }

    /// Holds what was found against what was sent.
    fn compare(&self, payout: &Payout, body: &[u8]) -> Look {
        let told = data(body);
        let data = told.and_then(|data| serde_json::from_str(data.get()).ok());
        match (told, data) {
            (Some(told), Some(data)) => self.compare_data(payout, &data, told.get().as_bytes()),
            _ => open("the answer to its inquiry tells nothing of it"),
        }
    }

    /// The same of the data of an event.
    pub(crate) fn compare_told(&self, data: &Value) -> Look {
        match places(self.operation) {
            Some(payout) => self.compare_data(&payout, data, data.to_string().as_bytes()),
            None => never("no inquiry is known for this operation"),
        }
    }

    /// The same of data that was read already.
    fn compare_data(&self, payout: &Payout, data: &Value, written: &[u8]) -> Look {
        let Some(found) = FoundPayout::read(payout, data) else {
            return open("the answer to its inquiry tells no status");
        };
        match Compared::of(payout, &self.request, written) {
            Compared::Same => Look::Found(found),
            Compared::Another => Look::Conflict(found),
            Compared::Untold("amount") => open("its inquiry does not tell the amount"),
            Compared::Untold("beneficiary") => open("its inquiry does not tell who is paid"),
            Compared::Untold(_) => open("the answer to its inquiry cannot be read"),
        }
    }

    async fn look_in_list(
        &self,
        list: &'static Operation,
        payout: &Payout,
        reference: &str,
    ) -> Look {
        let field = match self.operation.id {
            "transfer_between_accounts" => "merchant_ref_no",
            _ => "reference_number",
        };
        let rows = List::new(self.call(), list, self.account.clone());
        let mut unnamed = false;
        let found = rows
            .find(|row| match text(row, field) {
                Some(named) => named == reference,
                None => {
                    unnamed |= self.may_be(row);
                    false
                }
            })
            .await;
        match found {
            // A bill that was only inquired about is listed too, perhaps: nobody has seen it.
            Ok(Some(row)) if self.operation.product == "bills" && is_unpaid_bill(&row) => {
                open("the list has its reference, and does not tell that it was paid")
            }
            Ok(Some(row)) => self.compare_data(payout, &row, row.to_string().as_bytes()),
            Ok(None) if unnamed => {
                open("the list has payouts without a reference, of which one may be this")
            }
            Ok(None) => Look::NotFound,
            Err(error) => Look::Open(error.into()),
        }
    }

    /// True if a row without a reference may be this payout: unless it is older.
    fn may_be(&self, row: &Value) -> bool {
        let created = row.get("created_at").cloned();
        let created = created.and_then(|time| serde_json::from_value::<AnyTime>(time).ok());
        let instant = created.and_then(|time| time.instant());
        // The longest that a call is given by anybody, and what clocks may differ.
        instant.is_none_or(|created| created.plus(CLOCKS + CLOCKS) >= self.deadline)
    }
}

/// True if the transaction is not known, and nothing in the answer speaks against that; not even an error beside it.
fn is_not_found(error: &Error) -> bool {
    let body = error.raw_body().map(|body| serde_json::from_slice(body));
    let is_alone = matches!(body, Some(Ok(Value::Object(body))) if !body.contains_key("error"));
    is_alone && error.says(Reason::TransactionNotFound)
}

fn is_unpaid_bill(row: &Value) -> bool {
    text(row, "status").as_deref() == Some("pending") && text(row, "paid_at").is_none()
}

fn text(row: &Value, name: &str) -> Option<String> {
    let text = tolerant::text_of(row.get(name)?.clone())?;
    (!text.trim().is_empty()).then_some(text)
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

/// The data of an answer, as it is written; none if it stands twice.
fn data(body: &[u8]) -> Option<&RawValue> {
    serde_json::from_slice::<Body<'_>>(body).ok()?.data
}

fn open(why: &'static str) -> Look {
    Look::Open(Undecided::yet(why))
}

fn never(why: &'static str) -> Look {
    Look::Open(Undecided::ever(why))
}
