//! Contents of a log. Alone in its process, because `tracing` remembers who listened first.

#![allow(clippy::unwrap_used)]

use std::{
    collections::VecDeque,
    fmt::{Debug, Write},
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use singapay_auth::{AuthPipeline, Credentials, Endpoints};
use singapay_core::{
    Answer, BoxFuture, CallContext, CallOptions, Operation, Pipeline, SystemClock, Timer,
    Transport, TransportError, TransportErrorKind, operation::Effect,
};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

const TOPUP: Operation = Operation {
    id: "topup_ewallet",
    method: "POST",
    path: "/api/v2.0/ewallet/trigger-topup",
    signed: true,
    effect: Effect::MoneyOut,
    ..Operation::BARE
};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0.lock().unwrap(), "{field}={value:?}").unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        attributes.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[derive(Debug)]
struct Instantly;

impl Timer for Instantly {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        // Pauses are shorter than a second; deadlines are longer and never come.
        Box::pin(async move {
            if duration > Duration::from_secs(1) {
                std::future::pending::<()>().await;
            }
        })
    }
}

#[derive(Debug)]
struct Script(Mutex<VecDeque<Result<(u16, &'static str), TransportErrorKind>>>);

impl Transport for Script {
    fn send<'a>(
        &'a self,
        _request: Request<Bytes>,
        _timeout: Duration,
    ) -> BoxFuture<'a, Result<Answer, TransportError>> {
        let next = self.0.lock().unwrap().pop_front().unwrap();
        Box::pin(std::future::ready(match next {
            Err(kind) => Err(TransportError::new(kind, Some("canary".into()))),
            Ok((status, body)) => Ok(Answer {
                status: StatusCode::from_u16(status).unwrap(),
                headers: HeaderMap::from_iter([(
                    "set-cookie".parse().unwrap(),
                    "canary".parse().unwrap(),
                )]),
                body: Bytes::from_static(body.as_bytes()),
            }),
        }))
    }
}

#[test]
fn no_secret_token_body_header_or_query_is_logged() {
    let log = Log::default();
    tracing::subscriber::set_global_default(log.clone()).unwrap();
    let token = r#"{"data":{"access_token":"canary-token","expires_in":60}}"#;
    let transport = Script(Mutex::new(VecDeque::from([
        Ok((200, token)),
        Ok((401, r#"{"note":"canary"}"#)),
        Ok((200, token)),
        Err(TransportErrorKind::Connect),
        Ok((200, r#"{"note":"canary"}"#)),
    ])));
    let credentials = Credentials::builder()
        .default_credential("canary-partner", "canary-client", "canary-secret")
        .build()
        .unwrap();
    let endpoints = Endpoints::single("https://pay.example").unwrap();
    let (clock, timer) = (Arc::new(SystemClock), Arc::new(Instantly));
    let pipeline = AuthPipeline::builder(credentials, endpoints, Arc::new(transport), clock, timer);
    let pipeline = pipeline.build().unwrap();
    let request = Request::post("https://pay.example/api/v2.0/ewallet/trigger-topup?q=canary")
        .body(Bytes::from_static(br#"{"note":"canary"}"#))
        .unwrap();
    let context = CallContext::new(CallOptions::default());
    let answer = futures_util::FutureExt::now_or_never(pipeline.execute(&TOPUP, request, &context));
    assert_eq!(answer.unwrap().unwrap().status, 200);
    assert_eq!(context.attempts(), 3);
    let log = log.0.lock().unwrap();
    assert!(
        log.contains("topup_ewallet") && log.contains("status=401"),
        "{log}"
    );
    assert!(log.contains("Connect") && !log.contains("canary"), "{log}");
}
