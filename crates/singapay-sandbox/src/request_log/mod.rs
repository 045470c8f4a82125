//! The last requests. What is told of them is written when somebody asks.

mod asked;
mod range;

use std::{
    collections::VecDeque,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http::{Method, StatusCode};
use serde::Serialize;

pub(crate) use asked::Asked;
pub(crate) use range::Range;

use crate::{
    http::{
        operation::Operation,
        verdict::{Judged, RefusedSignature, Verdict},
    },
    mask,
    wire_time::At,
};

/// Requests that are remembered.
const KEPT: usize = 1_000;
/// Bytes that are remembered, of all requests together; the oldest give way.
const KEPT_BYTES: usize = 16 << 20;

/// One request that the sandbox answered, or gave up.
///
/// Given by [`Sandbox::requests`](crate::Sandbox::requests).
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct RequestRecord {
    /// Its number, from 1 on.
    pub id: u64,
    /// Unix milliseconds on the sandbox's clock.
    pub at_millis: i64,
    /// Operation id; `None` when the path or method leads nowhere.
    pub operation: Option<&'static str>,
    /// HTTP method; empty if the request could not be read so far.
    pub method: String,
    /// Path, without the query; empty if the request could not be read so far.
    pub path: String,
    /// Query, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Status of the answer; 408 of a head that came too slowly, though nothing is answered then.
    pub status: u16,
    /// True if the sandbox has no behaviour for the operation: the request was held to the document and
    /// answered by its example, and nothing happened.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub documented_only: bool,
    /// Address of the caller.
    pub caller: IpAddr,
    /// Partner id of the credential, once that was proven.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
    /// What became of it.
    pub verdict: Verdict,
    /// Why it was not simply carried out, in the sandbox's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The values of a signature that was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<RefusedSignature>,
    /// Body of the request, with card numbers, tokens, secrets and passwords masked, cut at 16 KiB; of one that is
    /// not JSON its length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_body: Option<String>,
    /// Body of the answer, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_body: Option<String>,
}

/// What is kept of a request.
struct Entry {
    id: u64,
    at: At,
    asked: Asked,
    status: u16,
    caller: IpAddr,
    judged: Judged,
}

impl Entry {
    /// Whatever a caller can make long.
    fn bytes(&self) -> usize {
        let Asked {
            method,
            path,
            query,
            body,
        } = &self.asked;
        let method = method.as_ref().map_or(0, |method| method.as_str().len());
        let query = query.as_ref().map_or(0, String::len);
        let signature = self.judged.why.signature.as_ref();
        let signature = signature.map_or(0, |values| {
            values.given.len() + values.endpoint.len() + 2 * values.string_to_sign.len()
        });
        let reason = self.judged.why.reason.as_deref().map_or(0, str::len);
        let credential = self.judged.credential.as_ref().map_or(0, String::len);
        let head = method + path.len() + query + credential;
        body.len() + self.judged.answer.len() + head + reason + signature
    }

    fn told(&self) -> RequestRecord {
        let Judged {
            operation,
            verdict,
            why,
            credential,
            answer,
        } = &self.judged;
        RequestRecord {
            id: self.id,
            at_millis: self.at.0,
            operation: operation.map(|operation| operation.id),
            method: self
                .asked
                .method
                .as_ref()
                .map(Method::to_string)
                .unwrap_or_default(),
            path: self.asked.path.clone(),
            query: self.asked.query.as_deref().map(mask::query),
            status: self.status,
            documented_only: operation.is_some_and(Operation::is_documented_only),
            caller: self.caller,
            credential: credential.clone(),
            verdict: *verdict,
            reason: why.reason.as_deref().map(ToOwned::to_owned),
            signature: why.signature.as_deref().map(masked),
            request_body: mask::text(&self.asked.body),
            answer_body: mask::text(answer),
        }
    }
}

/// A query is signed too.
fn masked(signature: &RefusedSignature) -> RefusedSignature {
    let mut signature = signature.clone();
    if let Some((path, query)) = signature.endpoint.split_once('?') {
        let told = format!("{path}?{}", mask::query(query));
        signature.string_to_sign = signature.string_to_sign.replace(&signature.endpoint, &told);
        signature.endpoint = told;
    }
    signature
}

type Tell = Box<dyn Fn(&RequestRecord) + Send + Sync>;

#[derive(Default)]
pub(crate) struct RequestLog {
    kept: Mutex<Kept>,
    tell: Option<Tell>,
}

#[derive(Default)]
struct Kept {
    entries: VecDeque<Arc<Entry>>,
    bytes: usize,
    last: u64,
}

impl RequestLog {
    /// Also tells every record to somebody.
    pub(crate) fn tell(&mut self, tell: Tell) {
        self.tell = Some(tell);
    }

    pub(crate) fn add(
        &self,
        at: At,
        asked: Asked,
        caller: IpAddr,
        status: StatusCode,
        judged: Judged,
    ) {
        let mut entry = Entry {
            id: 0,
            at,
            asked,
            status: status.as_u16(),
            caller,
            judged,
        };
        let entry = {
            let mut kept = self.lock();
            kept.last += 1;
            entry.id = kept.last;
            let entry = Arc::new(entry);
            kept.push(Arc::clone(&entry));
            entry
        };
        if let Some(tell) = &self.tell {
            tell(&entry.told());
        }
    }

    pub(crate) fn records(&self, range: Range) -> Vec<RequestRecord> {
        let entries: Vec<Arc<Entry>> = {
            let kept = self.lock();
            let first = kept.entries.front().map_or(0, |entry| entry.id);
            let older = range.after_of(kept.last).map_or(0, |after| {
                usize::try_from((after + 1).saturating_sub(first)).unwrap_or(usize::MAX)
            });
            let newer = kept.entries.len().saturating_sub(older);
            let range = range.rows(newer);
            kept.entries
                .iter()
                .skip(older + range.start)
                .take(range.len())
                .cloned()
                .collect()
        };
        entries.iter().map(|entry| entry.told()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn push(&mut self, entry: Arc<Entry>) {
        self.bytes += entry.bytes();
        self.entries.push_back(entry);
        while self.entries.len() > KEPT || self.bytes > KEPT_BYTES {
            let oldest = self.entries.pop_front();
            self.bytes -= oldest.map_or(0, |entry| entry.bytes());
        }
    }
}
