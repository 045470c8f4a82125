//! Sends due webhooks, and nothing else, to the addresses that were given.

use std::{sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};

use super::{
    delivery::{Envelope, has_to_wait, prepare},
    record::{DeliveryAttempt, DeliveryState},
    retry::retries_after,
};
use crate::state::{Due, Store, World};

/// Time that a receiver may take, in real time (the gateway's own limit is unknown).
const PATIENCE: Duration = Duration::from_secs(10);
/// Redirects with 307 or 308 that one attempt follows (documented).
const REDIRECTS: usize = 5;
/// Most bytes of an answer that are kept for the log, and the time that they may take once its head is there.
const ANSWER: usize = 4 << 10;
const ANSWER_PATIENCE: Duration = Duration::from_secs(1);

/// The delivery client.
#[derive(Clone)]
pub(crate) struct Sender {
    client: reqwest::Client,
    store: Arc<Store>,
}

impl Sender {
    pub(crate) fn new(store: Arc<Store>) -> Result<Self, reqwest::Error> {
        #[cfg(feature = "tls")]
        // Another part of the process may have chosen already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(PATIENCE)
            .build()?;
        Ok(Self { client, store })
    }

    /// Starts every delivery that is due.
    pub(crate) fn send_due(&self) {
        let due = self.store.run(|world| {
            let (wait, rows): (Vec<u64>, Vec<u64>) = std::mem::take(&mut world.outbox)
                .into_iter()
                .partition(|row| has_to_wait(world, *row));
            world.held_back.extend(wait);
            let due: Vec<_> = rows
                .into_iter()
                .filter_map(|row| Some((row, prepare(world, row)?)))
                .collect();
            world.in_flight += due.len();
            due
        });
        for (row, envelope) in due {
            let sender = self.clone();
            tokio::spawn(async move {
                // Nobody is told of what a crash could still undo.
                let stored = sender.store.stored().await;
                let answer = if stored {
                    sender.post(&envelope).await
                } else {
                    None
                };
                sender.store.run(|world| {
                    world.in_flight -= 1;
                    record(world, row, answer);
                    // Whoever waited for this one; the others are held back again.
                    let waiting = std::mem::take(&mut world.held_back);
                    world.outbox.extend(waiting);
                });
                sender.store.delivered.notify_waiters();
            });
        }
    }

    async fn post(&self, envelope: &Envelope) -> Option<(u16, Bytes)> {
        let mut url = reqwest::Url::parse(&envelope.url).ok()?;
        for _ in 0..=REDIRECTS {
            let mut request = self
                .client
                .post(url.clone())
                .header("Content-Type", "application/json")
                .header("User-Agent", "GuzzleHttp/7")
                .header("X-PARTNER-ID", &envelope.partner_id);
            if let Some(signed) = &envelope.signed {
                request = request
                    .header("X-Timestamp", &signed.timestamp)
                    .header("X-Signature", &signed.signature)
                    .header("Authorization", format!("Bearer {}", signed.token));
            }
            let answer = request.body(envelope.body.clone()).send().await.ok()?;
            let status = answer.status().as_u16();
            let target = answer
                .headers()
                .get("location")
                .and_then(|value| value.to_str().ok());
            match target.and_then(|text| url.join(text).ok()) {
                // Only to a place on the host that was given.
                Some(next) if matches!(status, 307 | 308) && next.origin() == url.origin() => {
                    url = next;
                }
                _ => return Some((status, body(answer).await)),
            }
        }
        Some((308, Bytes::new()))
    }
}

/// The beginning of the body, for the log alone.
async fn body(mut answer: reqwest::Response) -> Bytes {
    let mut body = BytesMut::new();
    let reading = async {
        while let Ok(Some(chunk)) = answer.chunk().await {
            body.extend_from_slice(&chunk[..chunk.len().min(ANSWER - body.len())]);
            if body.len() == ANSWER {
                break;
            }
        }
    };
    // What has come until then is told.
    let _ = tokio::time::timeout(ANSWER_PATIENCE, reading).await;
    body.freeze()
}

/// Writes down how an attempt ended and plans the next one.
fn record(world: &mut World, row: u64, answer: Option<(u16, Bytes)>) {
    let (status, body) = answer.unzip();
    let now = world.now;
    let nine = world.settings.quirks.nine_retries_after_401;
    let wait = world.settings.delays.webhook_retry;
    let Some(delivery) = world.deliveries.get_mut(row) else {
        return;
    };
    delivery.answers.resize(delivery.attempts.len(), None);
    delivery.answers.push(body);
    delivery.attempts.push(DeliveryAttempt {
        at_millis: now.0,
        status,
    });
    if status.is_some_and(|status| (200..300).contains(&status)) {
        delivery.state = DeliveryState::Delivered;
    } else if !delivery.is_test && delivery.attempts.len() <= retries_after(status, nine) {
        delivery.next_at = now.plus(wait);
        let at = delivery.next_at;
        world.schedule(at, Due::Delivery(row));
    } else {
        delivery.state = DeliveryState::GivenUp;
    }
}
