//! From an HTTP request to an operation and back.

use std::{net::IpAddr, sync::Arc};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{StatusCode, header, request::Parts};
use serde_json::{Map, Value, json};

use super::{
    call::Call,
    gate,
    operation::{Answer, Envelope, Found, Operation, find},
    refusal::v1_error,
};
use crate::state::{Store, World};

/// Largest body that is read.
pub(crate) const BODY_LIMIT: usize = 1 << 20;

/// Answers one request to the gateway.
pub(crate) fn dispatch(
    store: &Arc<Store>,
    parts: &Parts,
    caller: IpAddr,
    raw: Bytes,
) -> (Option<&'static str>, Response) {
    let path = parts.uri.path();
    let (operation, params) = match find(parts.method.as_str(), path) {
        Found::Operation(operation, params) => (operation, params),
        Found::OtherMethods(methods) => {
            let message = format!(
                "The {} method is not supported for route {}. Supported methods: {}.",
                parts.method,
                path.trim_start_matches('/'),
                methods.join(", ")
            );
            return (None, respond(v1_error(405, &message)));
        }
        Found::Nothing => {
            let route = path.trim_start_matches('/');
            let message = format!("The route {route} could not be found.");
            return (None, respond(v1_error(404, &message)));
        }
    };
    let mut call = Call {
        operation,
        params,
        headers: parts.headers.clone(),
        endpoint: parts
            .uri
            .path_and_query()
            .map_or(path, |full| full.as_str())
            .to_owned(),
        body: fields(parts, &raw),
        raw,
        caller,
        credential: 0,
    };
    let answer = store.run(|world| answer(world, &mut call));
    (Some(operation.id), respond(answer))
}

fn answer(world: &mut World, call: &mut Call) -> (u16, Option<Value>) {
    let result = gate::pass(world, call).and_then(|()| (call.operation.run)(world, call));
    match result {
        Ok(answer) => wrap(call.operation, answer),
        Err(refusal) => refusal.render(call.operation, &world.settings.quirks),
    }
}

fn wrap(operation: &Operation, answer: Answer) -> (u16, Option<Value>) {
    let mut body = match operation.envelope {
        Envelope::V1 => json!({"status": 200, "success": true, "data": answer.data}),
        Envelope::V2(message) => {
            json!({"response_code": "SP000", "response_message": message, "data": answer.data})
        }
    };
    for (name, value) in answer.beside {
        body[name] = value;
    }
    (200, Some(body))
}

/// A body that is not an object has no fields: the framework then finds them all missing.
fn fields(parts: &Parts, raw: &Bytes) -> Map<String, Value> {
    let content_type = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    if content_type.starts_with("application/x-www-form-urlencoded") {
        return form_urlencoded::parse(raw)
            .map(|(key, value)| (key.into_owned(), Value::String(value.into_owned())))
            .collect();
    }
    match serde_json::from_slice(raw) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

fn respond((status, body): (u16, Option<Value>)) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let Some(body) = body else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        return response;
    };
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let json = header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
