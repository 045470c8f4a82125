//! Clocks, timers and transports that obey the tests.

use std::{
    collections::VecDeque,
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use singapay_core::{
    Answer, BoxFuture, Clock, Timer, Timestamp, Transport, TransportError, TransportErrorKind,
};

/// 2026-08-21T01:00:00Z.
pub(crate) const START: i64 = 1_787_274_000;

/// A wall clock that the test moves.
#[derive(Debug)]
pub(crate) struct ManualClock(AtomicI64);

impl ManualClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(START * 1000)))
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Sleeps in tokio's time, which the tests pause.
#[derive(Debug)]
pub(crate) struct TokioTimer;

impl Timer for TokioTimer {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }

    fn runtime(&self) -> u64 {
        let handle = tokio::runtime::Handle::current();
        handle.id().to_string().parse().unwrap()
    }
}

/// What a transport does with one request.
pub(crate) enum Reply {
    Answer(u16, &'static str),
    Headers(u16, &'static [(&'static str, &'static str)]),
    Fail(TransportErrorKind),
    Hang,
    /// Answers after this time.
    Slow(Duration, u16, &'static str),
}

/// Answers token requests with `tok-1`, `tok-2`, … and everything else from a script; what is
/// beyond the script gets a 200.
#[derive(Default)]
pub(crate) struct ScriptedTransport {
    pub(crate) calls: Mutex<Vec<Request<Bytes>>>,
    pub(crate) token_calls: Mutex<Vec<Request<Bytes>>>,
    pub(crate) script: Mutex<VecDeque<Reply>>,
    pub(crate) token_script: Mutex<VecDeque<Reply>>,
}

impl ScriptedTransport {
    pub(crate) fn new(script: impl IntoIterator<Item = Reply>) -> Arc<Self> {
        let script = Mutex::new(script.into_iter().collect());
        Arc::new(Self {
            script,
            ..Self::default()
        })
    }

    pub(crate) fn tokens(&self, script: impl IntoIterator<Item = Reply>) {
        self.token_script.lock().unwrap().extend(script);
    }

    pub(crate) fn token_count(&self) -> usize {
        self.token_calls.lock().unwrap().len()
    }

    /// Value of a header in every call so far.
    pub(crate) fn sent(&self, header: &str) -> Vec<String> {
        let calls = self.calls.lock().unwrap();
        let text = |request: &Request<Bytes>| {
            request
                .headers()
                .get(header)
                .map_or("", |value| value.to_str().unwrap())
                .to_owned()
        };
        calls.iter().map(text).collect()
    }

    async fn reply(&self, request: Request<Bytes>) -> Result<Answer, TransportError> {
        let is_token = ["/access-token/b2b", "/get-auth-token"]
            .iter()
            .any(|end| request.uri().path().ends_with(end));
        let next = if is_token {
            &self.token_script
        } else {
            &self.script
        };
        let next = next.lock().unwrap().pop_front();
        let calls = if is_token {
            &self.token_calls
        } else {
            &self.calls
        };
        let number = {
            let mut calls = calls.lock().unwrap();
            calls.push(request);
            calls.len()
        };
        match next {
            None if is_token => {
                let data = format!(r#"{{"access_token":"tok-{number}","expires_in":"3600"}}"#);
                Ok(answer(
                    200,
                    Bytes::from(format!(r#"{{"success":true,"data":{data}}}"#)),
                ))
            }
            None => Ok(answer(200, Bytes::from_static(b"{}"))),
            Some(Reply::Answer(status, body)) => {
                Ok(answer(status, Bytes::from_static(body.as_bytes())))
            }
            Some(Reply::Headers(status, headers)) => {
                let mut answer = answer(status, Bytes::new());
                for (name, value) in headers {
                    answer.headers.insert(*name, value.parse().unwrap());
                }
                Ok(answer)
            }
            Some(Reply::Fail(kind)) => Err(TransportError::new(kind, None)),
            Some(Reply::Hang) => std::future::pending().await,
            Some(Reply::Slow(after, status, body)) => {
                tokio::time::sleep(after).await;
                Ok(answer(status, Bytes::from_static(body.as_bytes())))
            }
        }
    }
}

pub(crate) fn answer(status: u16, body: Bytes) -> Answer {
    Answer {
        status: StatusCode::from_u16(status).unwrap(),
        headers: HeaderMap::new(),
        body,
    }
}

impl Transport for ScriptedTransport {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        _timeout: Duration,
    ) -> BoxFuture<'a, Result<Answer, TransportError>> {
        Box::pin(self.reply(request))
    }
}

impl fmt::Debug for ScriptedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedTransport").finish_non_exhaustive()
    }
}
