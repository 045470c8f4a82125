//! Faults: what goes wrong, where, and how often.

mod check;
mod planned;

use std::time::Duration;

pub use check::FaultError;
pub(crate) use planned::Faults;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Points at which a fault strikes. The request has passed token and signature by then.
///
/// A request for a token is a request too: name the operation ([`Fault::on`]) to spare it.
///
/// For [`Sandbox::add_fault`](crate::Sandbox::add_fault).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaultPoint {
    /// Nothing has happened; nothing will.
    BeforeCommit,
    /// It has happened; the caller is not told so.
    AfterCommit,
    /// It has happened; the answer breaks off in the middle.
    DuringResponse,
}

/// The fault itself.
///
/// For [`Sandbox::add_fault`](crate::Sandbox::add_fault).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaultAction {
    /// Everything is right, only this much later, in real milliseconds.
    DelayMillis(u64),
    /// The connection is reset.
    Reset,
    /// The answer ends after half of its bytes, and the connection with it.
    Truncate,
    /// HTTP 307 to a place that does not exist; whoever follows shows up in the request log.
    Redirect,
    /// HTTP 502 with a page of HTML.
    Html502,
    /// This HTTP status, such as 500, without a body.
    Status(u16),
    /// HTTP 429 with `Retry-After` in seconds.
    TooManyRequests {
        /// Seconds to wait.
        retry_after: u32,
    },
    /// HTTP 400 with this version 2 code.
    WrongCode(String),
    /// This answer, as JSON.
    Answer {
        /// HTTP status, 200 to 999.
        status: u16,
        /// The body, whatever it is.
        body: String,
    },
}

/// One fault to come.
///
/// For [`Sandbox::add_fault`](crate::Sandbox::add_fault).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Fault {
    /// Operation id; any when absent, requests for tokens included.
    #[serde(default)]
    pub operation: Option<String>,
    /// Merchant reference in the body or path; any when absent.
    #[serde(default)]
    pub reference: Option<String>,
    /// The point at which it strikes.
    pub point: FaultPoint,
    /// The fault itself.
    pub action: FaultAction,
    /// Matching requests that are left alone first, those included that another fault strikes.
    #[serde(default)]
    pub skip: u32,
    /// Matching requests that are struck after that.
    #[serde(default = "once")]
    pub times: u32,
}

fn once() -> u32 {
    1
}

impl Fault {
    /// Strikes the next request.
    pub fn new(point: FaultPoint, action: FaultAction) -> Self {
        Self {
            operation: None,
            reference: None,
            point,
            action,
            skip: 0,
            times: 1,
        }
    }

    /// Only this operation, by id.
    #[must_use]
    pub fn on(mut self, operation: &str) -> Self {
        self.operation = Some(operation.to_owned());
        self
    }

    /// Only requests with this merchant reference.
    #[must_use]
    pub fn with_reference(mut self, reference: &str) -> Self {
        self.reference = Some(reference.to_owned());
        self
    }

    /// Leaves that many matching requests alone first. Every fault counts for itself, so that
    /// `after(2)` and `after(4)` together strike the third and the fifth.
    #[must_use]
    pub fn after(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// Strikes that many requests.
    #[must_use]
    pub fn times(mut self, requests: u32) -> Self {
        self.times = requests;
        self
    }
}

/// A fault that strikes now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Strike {
    pub(crate) point: FaultPoint,
    pub(crate) action: FaultAction,
}

impl Strike {
    pub(crate) fn delay(&self) -> Option<Duration> {
        match self.action {
            FaultAction::DelayMillis(millis) => Some(Duration::from_millis(millis)),
            _ => None,
        }
    }

    /// Point and action, for the request log.
    pub(crate) fn told(&self) -> String {
        let name = |value: serde_json::Value| match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        let (point, action) = (json!(self.point), json!(self.action));
        format!("{} {}", name(point), name(action))
    }
}
