//! A transport that answers from a script, and a timer that waits for nothing. Nothing leaves the
//! process.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, StatusCode};
use serde_json::{Value, json};
use singapay_core::{Answer, BoxFuture, Timer, Transport, TransportError, TransportErrorKind};

/// One thing that can happen to a request.
#[derive(Clone)]
pub enum Step {
    /// An answer.
    Answer(u16, String, Vec<(&'static str, String)>),
    /// A broken exchange.
    Break(TransportErrorKind),
    /// No answer, ever.
    Silence,
    /// The same, this much later by tokio's clock.
    Late(Duration, Box<Step>),
}

/// An answer without headers.
pub fn answer(status: u16, body: impl ToString) -> Step {
    Step::Answer(status, body.to_string(), Vec::new())
}

/// An answer with these headers.
pub fn answer_with(status: u16, headers: &[(&'static str, &str)], body: impl ToString) -> Step {
    let headers = headers
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    Step::Answer(status, body.to_string(), headers.collect())
}

/// A success of the v1 envelope.
pub fn v1(data: Value) -> Step {
    answer(200, json!({"status": 200, "success": true, "data": data}))
}

/// A success of the v2 envelope.
pub fn v2(data: Value) -> Step {
    answer(
        200,
        json!({"response_code": "SP000", "response_message": "Successfully", "data": data}),
    )
}

/// A refusal of the v2 envelope.
pub fn refused(status: u16, code: &str) -> Step {
    answer(
        status,
        json!({"response_code": code, "response_message": "text", "data": null}),
    )
}

#[derive(Default)]
struct State {
    tokens: VecDeque<Step>,
    steps: VecDeque<Step>,
    rest: Option<Step>,
    calls: Vec<Request<Bytes>>,
    token_calls: Vec<Request<Bytes>>,
    pauses: Vec<Duration>,
}

/// The script, and the record of what was sent. Clones share both.
///
/// Token requests are apart: they get `token-1`, `token-2` and so on.
#[derive(Clone, Default)]
pub struct Script {
    state: Arc<Mutex<State>>,
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Script")
    }
}

impl Script {
    /// Request number n meets step number n; those beyond are answered with 500.
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let script = Self::default();
        script.state.lock().unwrap().steps = steps.into_iter().collect();
        script
    }

    /// Step for requests beyond the script, in place of the 500.
    #[must_use]
    pub fn then(self, rest: Step) -> Self {
        self.state.lock().unwrap().rest = Some(rest);
        self
    }

    /// Steps for token requests, before they succeed.
    pub fn tokens(&self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.state.lock().unwrap().tokens.extend(steps);
        self.clone()
    }

    /// Requests that were sent, without those for tokens.
    pub fn calls(&self) -> Vec<Request<Bytes>> {
        self.state.lock().unwrap().calls.clone()
    }

    /// Number of requests that were sent, without those for tokens.
    pub fn count(&self) -> usize {
        self.state.lock().unwrap().calls.len()
    }

    /// The token requests.
    pub fn token_calls(&self) -> Vec<Request<Bytes>> {
        self.state.lock().unwrap().token_calls.clone()
    }

    /// Number of token requests that were sent.
    pub fn token_count(&self) -> usize {
        self.state.lock().unwrap().token_calls.len()
    }

    /// A header of every call so far, empty where it is missing.
    pub fn header(&self, name: &str) -> Vec<String> {
        let calls = self.calls();
        let text = |request: &Request<Bytes>| {
            let value = request.headers().get(name);
            value.map_or("", |value| value.to_str().unwrap()).to_owned()
        };
        calls.iter().map(text).collect()
    }

    /// Pauses that were asked for, in order; without the bounds of calls and token fetches, which
    /// are whole seconds from ten on.
    pub fn pauses(&self) -> Vec<Duration> {
        self.state.lock().unwrap().pauses.clone()
    }

    fn step(&self, request: Request<Bytes>) -> Step {
        let mut state = self.state.lock().unwrap();
        let path = request.uri().path();
        let identity = path.ends_with("/get-auth-token");
        if !identity && !path.ends_with("/access-token/b2b") {
            state.calls.push(request);
            let next = state.steps.pop_front().or_else(|| state.rest.clone());
            return next.unwrap_or_else(|| answer(500, "the script has ended"));
        }
        state.token_calls.push(request);
        let number = state.token_calls.len();
        let token = json!({"access_token": format!("token-{number}"), "expires_in": 3600});
        state.tokens.pop_front().unwrap_or_else(|| match identity {
            true => answer(200, token),
            false => v1(token),
        })
    }
}

async fn play(step: Step) -> Result<Answer, TransportError> {
    let (status, body, headers) = match step {
        Step::Answer(status, body, headers) => (status, body, headers),
        Step::Break(kind) => return Err(TransportError::new(kind, None)),
        Step::Silence => std::future::pending().await,
        Step::Late(after, step) => {
            tokio::time::sleep(after).await;
            return Box::pin(play(*step)).await;
        }
    };
    let headers = headers.into_iter().map(|(name, value)| {
        let value = HeaderValue::from_str(&value).unwrap();
        (HeaderName::from_static(name), value)
    });
    Ok(Answer {
        status: StatusCode::from_u16(status).unwrap(),
        headers: headers.collect(),
        body: Bytes::from(body),
    })
}

impl Transport for Script {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        _timeout: Duration,
    ) -> BoxFuture<'a, Result<Answer, TransportError>> {
        Box::pin(play(self.step(request)))
    }
}

/// The longest pause that is not a bound of a call.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(10);

impl Timer for Script {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        if duration >= LONGEST_PAUSE {
            // A bound: rings when everything else has come to rest.
            return Box::pin(async move {
                for _ in 0..10_000 {
                    tokio::task::yield_now().await;
                }
            });
        }
        self.state.lock().unwrap().pauses.push(duration);
        Box::pin(std::future::ready(()))
    }
}
