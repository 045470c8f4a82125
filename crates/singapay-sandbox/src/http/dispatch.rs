//! From an HTTP request to an operation and back.

use std::{net::IpAddr, sync::Arc};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header, request::Parts};
use serde_json::{Map, Value, json};

use super::{
    call::Call,
    envelope::Envelope,
    faulty::{Sent, spoil},
    gate,
    operation::{Answer, Operation},
    refusal::{Refusal, v1_error},
    router::Found,
    verdict::{Judged, Verdict, Why},
};
use crate::{
    fault::{FaultPoint, Strike},
    state::{Host, Store, World},
};

/// Largest body that is read.
pub(crate) const BODY_LIMIT: usize = 1 << 20;

type Plain = (u16, Option<Value>);

/// An answer before it is written, and how it came about.
struct Answered {
    plain: Plain,
    verdict: Verdict,
    why: Why,
    credential: Option<String>,
}

/// Answers one request to the gateway.
pub(crate) async fn dispatch(
    store: &Arc<Store>,
    found: Found,
    parts: &mut Parts,
    caller: IpAddr,
    raw: Bytes,
) -> (Response, Judged) {
    let path = parts.uri.path();
    let (operation, params) = match found {
        Found::Operation(operation, params) => (operation, params),
        Found::OtherMethods(methods) => {
            let message = format!(
                "The {} method is not supported for route {}. Supported methods: {}.",
                parts.method,
                path.trim_start_matches('/'),
                methods.join(", ")
            );
            let reason = format!("methods: {}", methods.join(", "));
            return astray(&v1_error(405, &message), reason);
        }
        Found::Nothing => {
            let route = path.trim_start_matches('/');
            let message = format!("The route {route} could not be found.");
            return astray(&v1_error(404, &message), "no such path".to_owned());
        }
    };
    let endpoint = parts
        .uri
        .path_and_query()
        .map_or(path, |full| full.as_str());
    let mut call = Call {
        params,
        query: query(parts),
        endpoint: endpoint.to_owned(),
        body: fields(parts, &raw),
        headers: std::mem::take(&mut parts.headers),
        raw,
        caller,
        credential: 0,
    };
    let (answered, (response, answer)) = carry_out(store, operation, &mut call).await;
    let judged = Judged {
        operation: Some(operation),
        verdict: answered.verdict,
        why: answered.why,
        credential: answered.credential,
        answer,
    };
    (response, judged)
}

/// Answers what leads nowhere.
fn astray(plain: &Plain, reason: String) -> (Response, Judged) {
    let (response, answer) = respond(plain);
    let judged = Judged {
        operation: None,
        verdict: Verdict::NoRoute,
        why: Why::reason(reason),
        credential: None,
        answer,
    };
    (response, judged)
}

/// Runs the operation, with whatever was planned to go wrong.
async fn carry_out(store: &Store, operation: &Operation, call: &mut Call) -> (Answered, Sent) {
    let lost = || {
        let message = "the sandbox cannot store its state";
        let plain = (500, Some(json!({"message": message})));
        let sent = respond(&plain);
        let answered = Answered {
            plain,
            verdict: Verdict::Refused,
            why: Why::reason(message),
            credential: None,
        };
        (answered, sent)
    };
    let Some((mut answered, strike)) = store
        .run_kept(|world| attempt(world, operation, call))
        .await
    else {
        return lost();
    };
    let Some(strike) = strike else {
        let sent = respond(&answered.plain);
        return (answered, sent);
    };
    if let Some(delay) = strike.delay() {
        tokio::time::sleep(delay).await;
        if strike.point == FaultPoint::BeforeCommit {
            let Some(late) = store
                .run_kept(|world| {
                    let passed = gate::pass(world, operation, call);
                    answer(world, operation, call, passed)
                })
                .await
            else {
                return lost();
            };
            answered = late;
        }
    }
    let base_url = store.run(|world| world.settings.base_url.clone());
    let sent = spoil(&strike, respond(&answered.plain), &base_url);
    answered.verdict = Verdict::Faulted;
    answered.why = Why::reason(strike.told());
    (answered, sent)
}

/// The answer, and the fault that strikes it; before the commit nothing is carried out.
fn attempt(
    world: &mut World,
    operation: &Operation,
    call: &mut Call,
) -> (Answered, Option<Strike>) {
    let passed = gate::pass(world, operation, call);
    if world.faults.is_empty() || passed.is_err() {
        return (answer(world, operation, call, passed), None);
    }
    let names = |reference: &str| call.names(reference);
    let found = world.faults.strike(operation.id, names);
    match found {
        Some(strike) if strike.point == FaultPoint::BeforeCommit => {
            let nothing = Answered {
                plain: (200, None),
                verdict: Verdict::Faulted,
                why: Why::default(),
                credential: partner(world, operation, call),
            };
            (nothing, Some(strike))
        }
        other => (answer(world, operation, call, passed), other),
    }
}

/// Carries out what has passed the gate.
fn answer(
    world: &mut World,
    operation: &Operation,
    call: &Call,
    passed: Result<(), Refusal>,
) -> Answered {
    let result = passed.and_then(|()| operation.run(world, call));
    let (plain, verdict, why) = match result {
        Ok(answer) => (
            wrap(operation.envelope, answer),
            Verdict::Accepted,
            Why::default(),
        ),
        Err(refusal) => {
            let (refusal, mut why) = refusal.explained();
            if let (Refusal::Fields(_) | Refusal::FieldsAs(..), Some(unread)) =
                (&refusal, unread(operation, call))
            {
                let fields = why.reason.take().unwrap_or_default();
                why.reason = Some(format!("{unread}; {fields}").into());
            }
            let plain = refusal.render(operation.envelope, &world.settings.quirks);
            (plain, Verdict::Refused, why)
        }
    };
    let credential = match verdict {
        // A request for a token has proven it by its success.
        Verdict::Accepted
            if call.credential == 0 && operation.envelope.host() != Host::Identity =>
        {
            call.header("x-partner-id").map(ToOwned::to_owned)
        }
        _ => partner(world, operation, call),
    };
    Answered {
        plain: echo(operation.envelope, call, plain),
        verdict,
        why,
        credential,
    }
}

/// Partner id of the credential that has proven itself.
fn partner(world: &World, operation: &Operation, call: &Call) -> Option<String> {
    let partner = match operation.envelope.host() {
        Host::Biller => &world.billers.get(call.credential)?.partner_id,
        Host::Payment | Host::Identity => &world.credentials.get(call.credential)?.partner_id,
    };
    Some(partner.clone())
}

/// Puts in what some envelopes repeat of the request.
fn echo(envelope: Envelope, call: &Call, (status, mut body): Plain) -> Plain {
    let text = |member: &str| call.body.get(member).filter(|value| value.is_string());
    if let Some(Value::Object(body)) = &mut body {
        match envelope {
            // Refusals of the caller have another shape, without a command.
            Envelope::Biller(_) if body.contains_key("response_code") => {
                let command = text("command").cloned().unwrap_or_else(|| json!(""));
                body.insert("command".to_owned(), command);
            }
            Envelope::Identity => {
                if let Some(id) = text("request_id") {
                    body.insert("request_id".to_owned(), id.clone());
                }
            }
            _ => {}
        }
    }
    (status, body)
}

fn wrap(envelope: Envelope, answer: Answer) -> Plain {
    let Answer { http, data, beside } = answer;
    // Moved in; `json!` would copy the data.
    let mut body = match envelope {
        Envelope::Flat => data,
        Envelope::V1 => Value::from_iter([
            ("status", http.into()),
            ("success", true.into()),
            ("data", data),
        ]),
        Envelope::V2(message) => Value::from_iter([
            ("response_code", "SP000".into()),
            ("response_message", message.into()),
            ("data", data),
        ]),
        Envelope::Biller(text) => {
            let told = [
                ("response_code", "00".into()),
                ("response_text", text.into()),
            ];
            let data = (!data.is_null()).then_some(("data", data));
            Value::from_iter(told.into_iter().chain(data))
        }
        Envelope::Identity => Value::from_iter([
            ("code", "SUCCESS".into()),
            ("message", "OK".into()),
            ("data", data),
            ("pricing", "PAID".into()),
        ]),
    };
    for (name, value) in beside {
        body[name] = value;
    }
    (http, Some(body))
}

fn query(parts: &Parts) -> Vec<(String, String)> {
    let text = parts.uri.query().unwrap_or_default();
    form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}

/// A body that is not an object has no fields: the framework then finds them all missing.
fn fields(parts: &Parts, raw: &Bytes) -> Map<String, Value> {
    if is_form(&parts.headers) {
        return form_urlencoded::parse(raw)
            .map(|(key, value)| (key.into_owned(), Value::String(value.into_owned())))
            .collect();
    }
    if raw.is_empty() {
        return Map::new();
    }
    match serde_json::from_slice(raw) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

/// Why a body has no fields at all, which the gateway does not tell.
fn unread(operation: &Operation, call: &Call) -> Option<&'static str> {
    if operation.method == "GET" || call.raw.is_empty() || is_form(&call.headers) {
        return None;
    }
    match serde_json::from_slice(&call.raw) {
        Ok(Value::Object(_)) => None,
        Ok(_) => Some("body is no JSON object"),
        Err(_) => Some("body is not JSON"),
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"))
}

fn respond((status, body): &Plain) -> Sent {
    let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let Some(body) = body else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        return (response, Bytes::new());
    };
    // Keys are text, so that nothing can fail.
    let body = Bytes::from(serde_json::to_vec(body).unwrap_or_default());
    let mut response = Response::new(Body::from(body.clone()));
    *response.status_mut() = status;
    let json = header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    (response, body)
}
