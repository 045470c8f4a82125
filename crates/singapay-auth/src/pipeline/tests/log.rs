//! What reaches a log.

use std::{
    fmt::{Debug, Write},
    sync::{Arc, Mutex},
};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

use super::*;
use crate::testing::Reply;

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

#[test]
fn no_secret_token_body_or_query_is_logged() {
    let log = Log::default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    tracing::subscriber::with_default(log.clone(), || {
        runtime.block_on(async {
            let rig = rig(ScriptedTransport::new([
                Reply::Answer(401, r#"{"note":"canary"}"#),
                Reply::Fail(TransportErrorKind::Connect),
                Reply::Answer(200, r#"{"note":"canary"}"#),
            ]));
            let token = r#"{"data":{"access_token":"canary-token","expires_in":60}}"#;
            rig.transport.tokens([Reply::Answer(200, token)]);
            let uri = "https://pay.example/api/v2.0/ewallet/trigger-topup?q=canary";
            rig.send(&TOPUP, uri, r#"{"note":"canary"}"#).await.unwrap();
            assert_eq!(rig.calls(), 3);
        });
    });
    let log = log.0.lock().unwrap();
    assert!(
        log.contains("topup_ewallet") && log.contains("status=401"),
        "{log}"
    );
    assert!(!log.contains("canary"), "{log}");
}
