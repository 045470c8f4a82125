//! Lists of payouts, of operations that have no inquiry, row by row as they are.

use bytes::Bytes;
use http::Request;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use singapay_core::{
    Operation,
    envelope::{Enveloped, Page, V1},
    operation::Host,
};

use crate::{
    call::Call,
    error::Error,
    pages::{Items, Paged},
    response::Response,
};

/// A list of the gateway.
#[derive(Clone)]
pub(super) struct List {
    pub(super) call: Call,
    pub(super) operation: &'static Operation,
    pub(super) account: Option<String>,
    page: i64,
}

impl List {
    pub(super) fn new(
        call: Call,
        operation: &'static Operation,
        account: Option<String>,
    ) -> Items<Self> {
        Items::new(Self {
            call,
            operation,
            account,
            page: 1,
        })
    }

    fn request(&self) -> Option<Request<Bytes>> {
        let base = self.call.base_url(self.operation.host);
        let account = self.account.as_deref().unwrap_or_default();
        let path = self.operation.path.replace("{account_id}", account);
        let request = Request::builder().method(self.operation.method);
        match self.operation.host {
            Host::Biller => {
                let body = json!({
                    "command": "list-bill-transaction",
                    "data": {"page": self.page.to_string()},
                });
                request
                    .uri(format!("{base}{path}"))
                    .body(Bytes::from(body.to_string()))
            }
            _ => request
                .uri(format!("{base}{path}?page={}", self.page))
                .body(Bytes::new()),
        }
        .ok()
    }
}

impl Paged for List {
    type Row = Value;

    fn page_number(&self) -> i64 {
        self.page
    }

    fn is_newest_first(&self) -> bool {
        // In which order the biller lists is not known.
        self.operation.host != Host::Biller
    }

    fn at_page(self, page: i64) -> Self {
        Self { page, ..self }
    }

    async fn fetch(self) -> Result<Response<Vec<Value>>, Error> {
        let Some(request) = self.request() else {
            let problem = "the list cannot be asked for";
            return Err(Error::unproven(Some(self.operation), problem));
        };
        let mut call = self.call.clone();
        let started = call.start(self.operation, self.account.clone());
        started.exchange(request).await;
        started
            .finish_quietly(|exchange| serde_json::from_slice::<Rows>(&exchange.answer.body).ok())
    }
}

/// A page, whatever envelope it comes in.
struct Rows {
    rows: Option<Vec<Value>>,
    page: Option<Page>,
}

impl Enveloped for Rows {
    type Data = Vec<Value>;

    fn into_data(self) -> Option<Vec<Value>> {
        self.rows
    }

    fn page(&self) -> Option<&Page> {
        self.page.as_ref()
    }
}

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let answer = V1::<Value>::deserialize(deserializer)?;
        let page = answer.page().cloned();
        Ok(match answer.data {
            Some(Value::Array(rows)) => Self {
                rows: Some(rows),
                page,
            },
            // The biller's page and metadata travel inside the data.
            Some(Value::Object(mut data)) => Self {
                rows: match data.remove("bill_transactions") {
                    Some(Value::Array(rows)) => Some(rows),
                    _ => None,
                },
                page: data
                    .remove("pagination")
                    .and_then(|page| serde_json::from_value(page).ok()),
            },
            _ => Self { rows: None, page },
        })
    }
}
