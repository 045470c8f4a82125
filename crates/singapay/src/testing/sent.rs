//! A request as the double got it.

use std::fmt;

use bytes::Bytes;
use http::Request;
use serde_json::Value;
use singapay_core::Operation;

/// A request that was made, for assertions. Headers are not kept, and `Debug` shows the operation alone: a body may hold
/// a card number.
#[derive(Clone, PartialEq)]
pub struct SentRequest {
    operation: &'static str,
    method: String,
    path: String,
    query: Option<String>,
    body: Value,
}

impl SentRequest {
    pub(super) fn new(
        operation: &'static Operation,
        request: &Request<Bytes>,
        body: Value,
    ) -> Self {
        Self {
            operation: operation.id,
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().map(str::to_owned),
            body,
        }
    }

    /// Id of the operation, such as `create_payment_link`.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// HTTP method.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Path.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Query, without its question mark.
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// Body; null if there was none.
    pub fn body(&self) -> &Value {
        &self.body
    }
}

impl fmt::Debug for SentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SentRequest")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}
