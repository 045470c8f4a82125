//! An id stays in its place: whatever text it is, the path that is sent has its operation's shape,
//! or nothing is sent.

#![allow(clippy::unwrap_used)]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use proptest::{prelude::*, sample::select};
use singapay::{
    Answer, BoxFuture, Endpoints, ErrorKind, Singapay, Timer, Transport, TransportError,
};
use singapay_api::operations;
use singapay_auth::{AuthPipeline, Credentials};
use singapay_core::{CallContext, CallErrorKind, CallOptions, Operation, Pipeline, SystemClock};
use singapay_tests::{
    driver::Clients,
    recorder::TOKEN_PATHS,
    rig::ACCOUNT,
    spec::{Document, HOSTS, Kind, Place},
};

const GATEWAY: &str = "http://127.0.0.1:9";

/// Keeps the path of every call, and answers nothing that matters.
#[derive(Debug, Clone, Default)]
struct Recording(Arc<Mutex<Vec<String>>>);

impl Recording {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Transport for Recording {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        _timeout: Duration,
    ) -> BoxFuture<'a, Result<Answer, TransportError>> {
        let path = request.uri().path();
        let body = match TOKEN_PATHS.contains(&path) {
            true => {
                r#"{"success":true,"access_token":"t","expires_in":3600,"data":{"access_token":"t","expires_in":3600}}"#
            }
            false => "{}",
        };
        // A token call of the operation table keeps its path as well; it holds no id.
        self.0.lock().unwrap().push(path.to_owned());
        Box::pin(std::future::ready(Ok(Answer {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Bytes::from_static(body.as_bytes()),
        })))
    }
}

#[derive(Debug)]
struct Never;

impl Timer for Never {
    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

fn wait<T>(call: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(call)
}

/// True if the text may stand in a place of a template; the rule is written here a second time.
fn is_id(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~');
    text.chars().all(plain) && !text.trim_matches('.').is_empty()
}

fn has_shape(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) =
        (template.split('/').collect(), path.split('/').collect());
    let mut pairs = template.iter().zip(&path);
    template.len() == path.len()
        && pairs.all(|(expected, found)| match expected.starts_with('{') {
            true => is_id(found),
            false => expected == found,
        })
}

fn texts() -> impl Strategy<Value = String> {
    let pieces = select(vec![
        "..", ".", "/", "\\", "%2F", "%2f", "%2e", "%5C", "%", "?", "#", ";", ":", "@", "\0",
        "\r\n", "\t", " ", "{id}", "é", "／", "．", "api", "transfer", "update", "_sandbox", "101",
        ACCOUNT, "a-b_c~d", "-7",
    ]);
    let pieces = proptest::collection::vec(pieces, 0..9).prop_map(|pieces| pieces.concat());
    prop_oneof![pieces, any::<String>(), "[0-9A-Za-z._~-]{0,12}"]
}

/// As a URL parser reads it: backslashes are slashes, dots are folded.
fn folded(path: &str) -> String {
    let mut segments: Vec<String> = Vec::new();
    for segment in path.replace('\\', "/").split('/').skip(1) {
        match segment.to_lowercase().replace("%2e", ".").as_str() {
            ".." => drop(segments.pop()),
            "." => {}
            _ => segments.push(segment.to_owned()),
        }
    }
    format!("/{}", segments.join("/"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every builder of the facade whose path holds a text.
    #[test]
    fn through_every_builder(id in texts()) {
        let sent = Recording::default();
        let client = Singapay::builder()
            .base_url(GATEWAY)
            .credential("partner", "client", "secret")
            .biller_credential("partner", "client", "secret")
            .identity_credential("client", "secret")
            .transport(sent.clone())
            .build()
            .unwrap();
        let clients = Clients::of(client);
        let mut places = 0;
        for document in HOSTS.map(Document::load) {
            for operation in document.operations() {
                for input in operation.inputs() {
                    if input.place != Place::Path || document.kind(input.schema) != Kind::Text {
                        continue;
                    }
                    places += 1;
                    let mut given = operation.given(|input| input.required);
                    given.insert(input.name.clone(), id.clone().into());
                    let result = wait(clients.call(operation.id, given));
                    let mut paths = sent.take();
                    paths.retain(|path| !TOKEN_PATHS.contains(&path.as_str()));
                    for path in &paths {
                        prop_assert!(has_shape(operation.path, path), "{} {path}", operation.id);
                    }
                    let fits = is_id(&id) && (!input.account || id == ACCOUNT);
                    if !fits {
                        prop_assert_eq!(&paths, &Vec::<String>::new(), "{}", operation.id);
                        let error = result.unwrap_err();
                        prop_assert_eq!(error.kind(), ErrorKind::InvalidInput);
                        prop_assert_eq!(&error.field_errors()[0].field, &input.name);
                    } else {
                        prop_assert_eq!(paths.len(), 1, "{}", operation.id);
                    }
                }
            }
        }
        prop_assert!(places > 40, "only {} places", places);
    }

    /// Every operation with a place in its path, however the request was built.
    #[test]
    fn past_every_builder(first in texts(), second in texts(), folds in any::<bool>()) {
        let sent = Recording::default();
        let credentials = Credentials::builder()
            .default_credential("partner", "client", "secret")
            .biller("partner", "client", "secret")
            .identity("client", "secret")
            .build()
            .unwrap();
        let endpoints = Endpoints::single(GATEWAY).unwrap();
        let (transport, clock, timer) = (Arc::new(sent.clone()), Arc::new(SystemClock), Arc::new(Never));
        let pipeline = AuthPipeline::builder(credentials, endpoints, transport, clock, timer);
        let pipeline = pipeline.build().unwrap();
        for operation in operations::ALL.iter().copied().filter(|operation| operation.path.contains('{')) {
            let mut ids = [&first, &second].into_iter().cycle();
            let segments = operation.path.split('/').map(|segment| match segment.starts_with('{') {
                true => ids.next().unwrap(),
                false => segment,
            });
            let path = segments.collect::<Vec<_>>().join("/");
            let target = if folds { folded(&path) } else { path };
            // A query or a fragment ends the path.
            let path = target.split(['?', '#']).next().unwrap_or_default();
            let (mut paths, result) = send(&pipeline, operation, &target, &sent);
            paths.retain(|path| !TOKEN_PATHS.contains(&path.as_str()));
            for sent in &paths {
                prop_assert!(has_shape(operation.path, sent), "{} {sent}", operation.id);
                prop_assert_eq!(sent, path);
            }
            let fits = has_shape(operation.path, path);
            let is_sent = !paths.is_empty();
            prop_assert!(is_sent == fits || fits && target != path, "{} {target}", operation.id);
            prop_assert!(fits || result.is_none_or(|kind| kind == CallErrorKind::Config));
        }
    }
}

/// Paths that were sent, and the reason if none was; both are empty for what cannot be a request.
fn send(
    pipeline: &AuthPipeline,
    operation: &'static Operation,
    path: &str,
    sent: &Recording,
) -> (Vec<String>, Option<CallErrorKind>) {
    let request = Request::builder()
        .method(operation.method)
        .uri(format!("{GATEWAY}{path}"))
        .body(Bytes::new());
    let Ok(request) = request else {
        return (Vec::new(), None);
    };
    let context = CallContext::new(CallOptions::default());
    let result = wait(pipeline.execute(operation, request, &context));
    (sent.take(), result.err().map(|error| error.kind()))
}

/// Text by text, as they were found.
#[test]
fn the_ids_that_left_their_place() {
    let sent = Recording::default();
    let client = Singapay::builder()
        .base_url(GATEWAY)
        .credential("partner", "client", "secret")
        .account(ACCOUNT)
        .transport(sent.clone())
        .build()
        .unwrap();
    for id in [
        format!("x\\..\\..\\..\\payment-link-manage\\{ACCOUNT}\\101"),
        "..\\..\\..\\..\\_sandbox\\clock".to_owned(),
        "..%2F..".to_owned(),
        "../x".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        "a?b".to_owned(),
        "a b".to_owned(),
        String::new(),
    ] {
        let errors = [
            wait(client.virtual_accounts().delete(&id).send()).unwrap_err(),
            wait(client.disbursements().get(&id).send()).unwrap_err(),
            wait(client.plans().cancel(&id).send()).unwrap_err(),
            wait(client.cards().cancel(&id).send()).unwrap_err(),
            wait(client.direct_debits().unbind(&id).send()).unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{id:?}");
            assert!(id.is_empty() || !error.to_string().contains(&id), "{error}");
        }
        assert_eq!(sent.take(), Vec::<String>::new(), "{id:?}");
    }
    // With all other problems, at once.
    let error = wait(
        client
            .virtual_accounts()
            .delete("a\\b")
            .account_id("x")
            .send(),
    )
    .unwrap_err();
    let fields: Vec<_> = error
        .field_errors()
        .iter()
        .map(|problem| problem.field.as_str())
        .collect();
    assert_eq!(fields, ["account_id", "virtual_account_id"]);
}
