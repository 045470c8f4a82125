//! The last requests, without bodies or headers.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use http::{StatusCode, request::Parts};
use serde::Serialize;

use crate::{http::operation::Operation, wire_time::At};

/// Requests that are remembered.
const KEPT: usize = 1_000;

/// One request that the sandbox answered.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct RequestRecord {
    /// Unix milliseconds on the sandbox's clock.
    pub at_millis: i64,
    /// Operation id; `None` when the path or method leads nowhere.
    pub operation: Option<&'static str>,
    /// HTTP method.
    pub method: String,
    /// Path, without the query.
    pub path: String,
    /// Status of the answer.
    pub status: u16,
    /// True if the sandbox has no behaviour for the operation: the request was held to the document and
    /// answered by its example, and nothing happened.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub documented_only: bool,
}

type Tell = Box<dyn Fn(&RequestRecord) + Send + Sync>;

#[derive(Default)]
pub(crate) struct RequestLog {
    records: Mutex<VecDeque<RequestRecord>>,
    tell: Option<Tell>,
}

impl RequestLog {
    /// Also tells every record to somebody.
    pub(crate) fn tell(&mut self, tell: Tell) {
        self.tell = Some(tell);
    }

    pub(crate) fn add(
        &self,
        at: At,
        operation: Option<&'static Operation>,
        parts: &Parts,
        status: StatusCode,
    ) {
        let record = RequestRecord {
            at_millis: at.0,
            operation: operation.map(|operation| operation.id),
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            status: status.as_u16(),
            documented_only: operation.is_some_and(Operation::is_documented_only),
        };
        if let Some(tell) = &self.tell {
            tell(&record);
        }
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        if records.len() == KEPT {
            records.pop_front();
        }
        records.push_back(record);
    }

    pub(crate) fn records(&self) -> Vec<RequestRecord> {
        self.records
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }
}
