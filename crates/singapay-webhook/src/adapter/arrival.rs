use std::{future::Future, net::IpAddr};

use bytes::Bytes;
use futures_util::Stream;
use http::{HeaderName, StatusCode, header};
use singapay_auth::webhook::{HeaderSource, HeaderValues, Verifier};

use singapay_core::BoxFuture;

use super::{AdapterSettings, BodyError, body};
use crate::{Delivery, Gate, HandlerResult, Ledger};

/// Headers by which a proxy says that a request came through it.
const FORWARDED: [HeaderName; 4] = [
    header::FORWARDED,
    header::VIA,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-real-ip"),
];

/// A request whose body has not been read yet.
pub struct Arrival<H> {
    /// Settings of the adapter.
    pub settings: AdapterSettings,
    /// Headers of the request.
    pub headers: H,
    /// Path and query that reached this server. Only explanations look at it: what is verified is the
    /// registered path, whatever a proxy made of it.
    pub path: String,
    /// Address of the peer, where the server tells it.
    pub peer: Option<IpAddr>,
}

/// Answer to a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// Body of the answer: empty, unless the settings explain.
    pub text: String,
}

impl Answer {
    /// An answer that says nothing.
    pub fn of(status: StatusCode) -> Self {
        Self {
            status,
            text: String::new(),
        }
    }
}

impl<H: HeaderSource> Arrival<H> {
    /// Reads the body within the verifier's limit of size, and before `too_late` is ready: a sleep of
    /// [`AdapterSettings::time_limit`] on the framework's runtime.
    ///
    /// # Errors
    ///
    /// What to answer where the body is too large, too slow or breaks off.
    pub async fn read<E>(
        &self,
        verifier: &Verifier,
        body: impl Stream<Item = Result<Bytes, E>>,
        too_late: impl Future<Output = ()>,
    ) -> Result<Bytes, Answer> {
        let limit = verifier.max_body_bytes();
        let read = match self.declared() {
            // Nothing of it is waited for.
            Some(declared) if declared > limit as u64 => Err(BodyError::TooLarge { limit }),
            _ => body::read(body, limit, too_late).await,
        };
        read.map_err(|error| {
            tracing::warn!(target: "singapay", status = error.status().as_u16(), "a webhook delivery was refused: {error}");
            let text = if self.explains() { error.to_string() } else { String::new() };
            Answer { status: error.status(), text }
        })
    }

    /// The answer with this status. A refusal is explained where the settings, the peer and the headers
    /// allow it.
    pub fn answer(&self, status: StatusCode, verifier: &Verifier, body: &Bytes) -> Answer {
        let text = match self.explains() && status.is_client_error() {
            true => verifier
                .explain(&self.headers, body.clone(), &[&self.path])
                .to_string(),
            false => String::new(),
        };
        Answer { status, text }
    }

    /// Takes a request whose body has been read through the gate, and says what to answer.
    ///
    /// Run it as a task of its own: a gateway that hangs up does not stop a handler half-way then. Give the gate the
    /// framework's timer before, by [`Gate::or_timer`]: a handler that never ends is given up then.
    pub async fn pass<'env, L, F>(self, gate: Gate<L>, body: Bytes, handler: F) -> Answer
    where
        L: Ledger,
        F: for<'a> FnOnce(
                &'a mut L::Transaction,
                &'a Delivery<'env>,
            ) -> BoxFuture<'a, HandlerResult>
            + Send,
    {
        let receipt = gate.receive(&self.headers, body.clone(), handler).await;
        self.answer(receipt.status(), gate.receiver().verifier(), &body)
    }

    fn declared(&self) -> Option<u64> {
        match self.headers.values(&header::CONTENT_LENGTH) {
            HeaderValues::One(value) => std::str::from_utf8(value).ok()?.parse().ok(),
            _ => None,
        }
    }

    fn explains(&self) -> bool {
        let near = |peer: IpAddr| peer.to_canonical().is_loopback();
        self.settings.explains
            && self.peer.is_some_and(near)
            && FORWARDED
                .iter()
                .all(|name| self.headers.values(name) == HeaderValues::None)
    }
}

#[cfg(test)]
mod tests {
    use singapay_auth::webhook::WebhookKey;
    use singapay_core::Secret;

    use super::*;

    fn explained(settings: AdapterSettings, peer: Option<&str>, headers: &[(&str, &str)]) -> bool {
        let verifier = Verifier::builder()
            .key(WebhookKey::new("main", &Secret::new("secret")))
            .path("/hooks");
        let arrival = Arrival {
            settings,
            headers: Pairs(headers),
            path: "/hooks".to_owned(),
            peer: peer.map(|peer| peer.parse().unwrap()),
        };
        let body = Bytes::from_static(b"{}");
        let verifier = verifier.build().unwrap();
        let answer = arrival.answer(StatusCode::UNAUTHORIZED, &verifier, &body);
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        !answer.text.is_empty()
    }

    struct Pairs<'a>(&'a [(&'a str, &'a str)]);

    impl HeaderSource for Pairs<'_> {
        fn values(&self, name: &HeaderName) -> HeaderValues<'_> {
            self.0.values(name)
        }
    }

    #[test]
    fn only_a_developer_at_this_machine_is_told_why() {
        let told = AdapterSettings::new().explain_on_loopback();
        for near in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            assert!(explained(told, Some(near), &[]));
            assert!(!explained(AdapterSettings::new(), Some(near), &[]));
            for proxy in ["Forwarded", "Via", "X-Forwarded-For", "X-Real-IP"] {
                assert!(!explained(told, Some(near), &[(proxy, "")]), "{proxy}");
            }
        }
        assert!(!explained(told, Some("192.0.2.1"), &[]));
        assert!(!explained(told, None, &[]));
    }
}
