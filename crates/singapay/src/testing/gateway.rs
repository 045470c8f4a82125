//! A gateway that answers what a test says.

use std::{
    collections::VecDeque,
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use singapay_api::operations;
use singapay_core::{
    Answer, BoxFuture, Clock, Operation, SystemClock, Timer, Timestamp, Transport, TransportError,
    TransportErrorKind,
    operation::{Effect, Payout},
};
use singapay_webhook::testing::Key;

use super::{
    answers,
    echo::Asked,
    reply::{End, Reply, code_of, is_token, token},
    sent::SentRequest,
};
use crate::{
    client::Singapay,
    config::SingapayBuilder,
    error::{Error, Reason},
};

/// Account of its clients (ULID).
pub const ACCOUNT_ID: &str = "01K946KF851RK7FX075GJHBVKF";

const PARTNER_ID: &str = "test-partner";
const SECRET: &str = "test-secret";

/// Starts a gateway that answers nothing but tokens.
pub fn gateway() -> Gateway {
    Gateway {
        state: Arc::new(Mutex::new(State {
            replies: VecDeque::new(),
            in_order: false,
            sent: Vec::new(),
            stored: Vec::new(),
            tokens: 0,
            now: SystemClock.now(),
        })),
    }
}

/// A gateway that answers what a test says, in the place of the network. Clones share everything.
///
/// Each operation has its own answers, in the order in which they were given, and the last one stays; with
/// [`in_order`](Self::in_order) there is one order for all. Tokens are answered by themselves. The inquiry of a payout
/// finds those that were taken on, as they were asked for, and nothing else, unless it has answers of its own.
/// What has no answer is not sent, and says so.
///
/// Pauses of its clients take no time, and move its clock.
#[derive(Clone)]
pub struct Gateway {
    state: Arc<Mutex<State>>,
}

struct State {
    replies: VecDeque<Reply>,
    in_order: bool,
    sent: Vec<SentRequest>,
    /// Payouts that were taken on, with their bodies.
    stored: Vec<(&'static Operation, Value)>,
    tokens: usize,
    now: Timestamp,
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway").finish_non_exhaustive()
    }
}

impl Gateway {
    /// Adds an answer.
    #[must_use]
    pub fn answer(self, reply: Reply) -> Self {
        self.state().replies.push_back(reply);
        self
    }

    /// Requests have to come in the order of the answers, each once.
    #[must_use]
    pub fn in_order(self) -> Self {
        self.state().in_order = true;
        self
    }

    /// A client of it.
    ///
    /// # Errors
    ///
    /// As [`SingapayBuilder::build`].
    pub fn client(&self) -> Result<Singapay, Error> {
        self.builder().build()
    }

    /// Settings of a client, with credentials for all hosts and an account.
    pub fn builder(&self) -> SingapayBuilder {
        Singapay::builder()
            .base_url("http://127.0.0.1:9")
            .credential(PARTNER_ID, "test-client", SECRET)
            .biller_credential("test-biller", "test-biller-client", "test-biller-secret")
            .identity_credential("test-identity", "test-identity-secret")
            .account(ACCOUNT_ID)
            .transport(self.clone())
            .timer(self.clone())
            .clock(self.clone())
    }

    /// Key for deliveries to this path, which receivers of its clients prove.
    pub fn key(&self, path: impl Into<String>) -> Key {
        Key::new(PARTNER_ID, SECRET, path).at(self.state().now)
    }

    /// Requests so far, without those for tokens.
    pub fn requests(&self) -> Vec<SentRequest> {
        self.state().sent.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn exchange(&mut self, request: Request<Bytes>) -> Result<Answer, TransportError> {
        let path = request.uri().path();
        let Some(operation) = find(request.method().as_str(), path) else {
            return Err(mistake("no operation has this method and path"));
        };
        if is_token(operation) {
            self.tokens += 1;
            let body = token(operation, self.tokens).to_string();
            return Ok(answer(StatusCode::OK, Bytes::from(body)));
        }
        let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let sent = SentRequest::new(operation, &request, body.clone());
        self.sent.push(sent);
        let known = self.known(operation, path, &body);
        let reply = self.reply(operation, known.is_some())?;
        let payout = match operation.payout.as_ref() {
            Some(payout) => Some((payout, &body)),
            None => known.as_ref().map(|(payout, body)| (*payout, body)),
        };
        let path = path.to_owned();
        let asked = Asked {
            path: &path,
            body: &body,
            payout,
        };
        let result = match reply.end {
            End::Broken(kind) => Err(TransportError::new(kind, None)),
            End::LostAfterStoring => {
                Err(TransportError::new(TransportErrorKind::Interrupted, None))
            }
            _ => match reply.answer(&asked) {
                Ok((status, body)) => Ok(answer(status, body)),
                Err(problem) => return Err(mistake(&format!("`{}`: {problem}", operation.id))),
            },
        };
        if reply.stores() {
            self.stored.push((operation, body));
        }
        result
    }

    fn reply(
        &mut self,
        operation: &'static Operation,
        is_known: bool,
    ) -> Result<Reply, TransportError> {
        let is_it = |reply: &Reply| reply.operation.id == operation.id;
        if self.in_order {
            let next = self.replies.pop_front();
            return next.filter(is_it).ok_or_else(|| {
                mistake(&format!(
                    "`{}` is not what the test expects next",
                    operation.id
                ))
            });
        }
        let mut places = self.replies.iter().enumerate();
        let mut places = places.by_ref().filter(|(_, reply)| is_it(reply));
        let first = places.next().map(|(place, reply)| (place, reply.clone()));
        let is_last = places.next().is_none();
        match first {
            Some((place, reply)) => {
                if !is_last {
                    self.replies.remove(place);
                }
                Ok(reply)
            }
            None => by_itself(operation, is_known)
                .ok_or_else(|| mistake(&format!("the test gave no answer for `{}`", operation.id))),
        }
    }

    /// The payout that an inquiry asks about, if it was taken on.
    fn known(
        &self,
        inquiry: &Operation,
        path: &str,
        body: &Value,
    ) -> Option<(&'static Payout, Value)> {
        let named = |reference: &Value| {
            let mut fields = body.as_object().into_iter().flatten();
            let last = path.rsplit('/').next();
            fields.any(|(_, value)| value == reference) || reference.as_str() == last
        };
        let mut stored = self.stored.iter().rev();
        stored.find_map(|(payout, sent)| {
            let asks = payout.inquiry == Some(inquiry.id);
            let reference = sent.get(payout.reference?.field)?;
            let found = asks && named(reference);
            Some((payout.payout.as_ref()?, sent.clone())).filter(|_| found)
        })
    }
}

/// The operation of a request; one with fewer places is meant rather than one with more.
fn find(method: &str, path: &str) -> Option<&'static Operation> {
    let all = operations::ALL.iter().copied();
    all.filter(|operation| operation.method == method && operation.has_path(path))
        .min_by_key(|operation| operation.path.matches('{').count())
}

/// Answer to the inquiry of a payout that no test gave.
fn by_itself(operation: &'static Operation, is_known: bool) -> Option<Reply> {
    let mut payouts = operations::ALL.iter().copied();
    let asks = payouts
        .any(|payout| payout.effect == Effect::MoneyOut && payout.inquiry == Some(operation.id));
    let mut all = answers::ALL.iter().map(|make| make());
    let reply = all.find(|reply| reply.operation() == operation.id)?;
    match (asks, is_known) {
        (false, _) => None,
        (true, true) => Some(reply),
        (true, false) => Some(reply.refused(code_of(operation, Reason::TransactionNotFound)?)),
    }
}

fn answer(status: StatusCode, body: Bytes) -> Answer {
    Answer {
        status,
        headers: HeaderMap::new(),
        body,
    }
}

/// A mistake of the test: nothing is sent.
fn mistake(text: &str) -> TransportError {
    TransportError::new(TransportErrorKind::InvalidRequest, None).with_detail(text)
}

impl Transport for Gateway {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        _timeout: Duration,
    ) -> BoxFuture<'a, Result<Answer, TransportError>> {
        Box::pin(std::future::ready(self.state().exchange(request)))
    }
}

impl Clock for Gateway {
    fn now(&self) -> Timestamp {
        self.state().now
    }
}

impl Timer for Gateway {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let steps = u32::try_from(duration.as_millis() / 10).unwrap_or(u32::MAX);
        Box::pin(Pause {
            gateway: self.clone(),
            duration,
            steps: steps.clamp(1, LONGEST),
        })
    }
}

/// Most steps of a pause: those of ten minutes.
const LONGEST: u32 = 60_000;

/// Ends after more steps of everything else the longer it is, so that a bound outlasts what it bounds.
struct Pause {
    gateway: Gateway,
    duration: Duration,
    steps: u32,
}

impl Future for Pause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.steps > 0 {
            self.steps -= 1;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let mut state = self.gateway.state();
        state.now = state.now.plus(self.duration);
        Poll::Ready(())
    }
}
