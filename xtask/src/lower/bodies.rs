//! Request bodies and responses: one media type, one success, one error.

use serde_json::{Value, json};

use super::{
    Profile, Side,
    components::reference,
    naming,
    operations::Operation,
    rust_type,
    schema::{Place, Schemas},
};
use crate::{
    document::{Pointer, flag, items, members, successes},
    metadata::{Envelope, Metadata},
};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
/// The media type under which the generator passes a body on as it is.
const BYTES: &str = "application/octet-stream";
/// The media type of such a body, at the request body of a foreign document.
pub(crate) const RAW_BODY: &str = "x-singapay-raw-body";
/// Statuses of success without a body, at an operation of a foreign document that has one with a body.
pub(crate) const BODYLESS: &str = "x-singapay-bodyless";
/// The one error schema; its answers are read by the pipeline, which knows every shape.
const ERROR: &str = "GatewayError";

/// Lowers the request body; tells also whether it may be left out.
pub(super) fn request(
    schemas: &mut Schemas<'_>,
    operation: &Operation<'_>,
) -> Option<(Value, bool)> {
    let at = operation.at.child("requestBody");
    let body = schemas.resolve(operation.node.get("requestBody")?);
    let (given, schema, at) = media_type(schemas, &body, &at)?;
    let foreign = schemas.profile == Profile::Foreign;
    let media = match essence(&given) {
        media if is_json(media) => JSON,
        FORM if foreign => FORM,
        _ if foreign => {
            schemas.change("raw-body", &at, "sent as it is given");
            let body = json!({"required": true, "content": bytes(), RAW_BODY: given});
            return Some((body, false));
        }
        _ => {
            let finding = format_args!("request body `{given}` is not supported");
            schemas.problem(&at, finding);
            return None;
        }
    };
    let optional = !flag(&body, "required");
    if optional {
        schemas.change("optional-body", &at, "sent always; recorded");
    }
    let place = Place::body(Side::Request, naming::join(&operation.id, "request"));
    let schema = schemas
        .lower(&schema, &at.child("schema"), &place)
        .into_schema(false);
    let body = json!({"required": true, "content": {media: {"schema": schema}}});
    Some((body, optional))
}

/// Lowers the responses to `2XX`, `4XX` and `5XX`.
pub(super) fn responses(schemas: &mut Schemas<'_>, operation: &Operation<'_>) -> Value {
    let at = operation.at.child("responses");
    let mut all: Vec<(String, Value)> = members(operation.node, "responses")
        .filter(|(status, _)| !status.starts_with("x-"))
        .map(|(status, response)| (status.clone(), schemas.resolve(response)))
        .collect();
    // The default is the answer where nothing else is described.
    if !all.iter().any(|(status, _)| status.starts_with('2'))
        && let Some((status, _)) = all.iter_mut().find(|(status, _)| status == "default")
    {
        schemas.change("one-success", &at, "default is read as success");
        "2XX".clone_into(status);
    }
    let successes = all.iter().filter(|(status, _)| status.starts_with('2'));
    let with_body = successes.clone().find(|(_, response)| has_body(response));
    let metadata = operation.metadata.as_ref();
    let mut raw = false;
    let success = match with_body {
        Some((status, response)) => {
            let at = at.child(status);
            for (other, _) in successes.filter(|(other, _)| other != status) {
                schemas.change("one-success", &at, format!("{other} is read as {status}"));
            }
            raw = is_raw(schemas, response, &at);
            match raw {
                true => None,
                false => success(schemas, response, &at, operation),
            }
        }
        None if metadata.is_some_and(|metadata| metadata.envelope != Envelope::Flat) => {
            let note = "no body described: envelope of anything";
            schemas.change("one-success", &at, note);
            metadata.map(|metadata| envelope(metadata.envelope, json!({})))
        }
        None => None,
    };
    let mut lowered = json!({"2XX": response("Success", success)});
    if raw {
        lowered["2XX"]["content"] = bytes();
    }
    let statuses = all.iter().map(|(status, _)| status.as_str());
    let errors: Vec<_> = statuses.filter(|status| !status.starts_with('2')).collect();
    if !errors.is_empty() {
        schemas.change("one-error", &at, errors.join(", "));
    }
    let anything = json!({"description": "An answer that is not a success, as it came."});
    let components = &mut schemas.components;
    let error = components.insert_numbered(ERROR, anything, &Pointer::root(), false);
    for status in ["4XX", "5XX"] {
        lowered[status] = response("Error", Some(reference(&error)));
    }
    lowered
}

/// The statuses of success that bring no body, where another one brings JSON.
pub(super) fn bodyless(operation: &Value) -> Vec<u16> {
    let all = || successes(operation);
    let has_json = |response| members(response, "content").any(|(media, _)| is_json(media));
    if !all().any(|(_, response)| has_json(response)) {
        return Vec::new();
    }
    let empty = all().filter(|(_, response)| !has_body(response));
    let statuses = empty.filter_map(|(status, _)| status.parse().ok());
    statuses.collect()
}

/// True if the body is read as it comes, because nothing reads its media type.
fn is_raw(schemas: &Schemas<'_>, response: &Value, at: &Pointer) -> bool {
    if members(response, "content").any(|(media, _)| is_json(media)) {
        return false;
    }
    for (media, _) in members(response, "content") {
        let at = at.child("content").child(media);
        match schemas.profile {
            Profile::Gateway => {
                let finding = format_args!("response `{media}` is not supported");
                schemas.problem(&at, finding);
            }
            Profile::Foreign => schemas.change("bytes", &at, media),
        }
    }
    has_body(response)
}

fn success(
    schemas: &mut Schemas<'_>,
    response: &Value,
    at: &Pointer,
    operation: &Operation<'_>,
) -> Option<Value> {
    let (_, schema, at) = media_type(schemas, response, at)?;
    let at = at.child("schema");
    Some(match &operation.metadata {
        Some(metadata) if metadata.envelope != Envelope::Flat => {
            let place = received(operation, "data");
            enveloped(schemas, &schema, &at, &place, metadata)
        }
        _ => {
            let place = received(operation, "response");
            schemas.lower(&schema, &at, &place).into_schema(false)
        }
    })
}

/// Place of what an operation answers with.
fn received(operation: &Operation<'_>, what: &str) -> Place {
    let metadata = operation.metadata.as_ref();
    let model = metadata.and_then(|metadata| metadata.model.clone());
    let name = model.unwrap_or_else(|| naming::join(&operation.id, what));
    Place {
        essential: metadata.map(|it| it.essential.clone()).unwrap_or_default(),
        ..Place::body(Side::Response, name)
    }
}

/// Members of each envelope that `singapay_core::envelope` gives a type.
fn envelope_members(envelope: Envelope) -> &'static [&'static str] {
    match envelope {
        Envelope::V1 => &["status", "success", "message", "data", "pagination", "meta"],
        Envelope::V2 => &["response_code", "response_message", "data"],
        Envelope::Biller => &["command", "response_code", "response_text", "data"],
        Envelope::Identity => &["code", "message", "data", "request_id", "pricing"],
        Envelope::Flat => &[],
    }
}

fn enveloped(
    schemas: &mut Schemas<'_>,
    schema: &Value,
    at: &Pointer,
    place: &Place,
    metadata: &Metadata,
) -> Value {
    let known = envelope_members(metadata.envelope);
    let names = members(schema, "properties").map(|(name, _)| name.as_str());
    let mut extra: Vec<_> = names.collect();
    if extra.is_empty() {
        schemas.problem(at, "no properties, so no envelope; is it `flat`?");
    }
    extra.retain(|name| !known.contains(name));
    if !extra.is_empty() {
        let note = format!("kept untyped beside the data: {}", extra.join(", "));
        schemas.change("envelope", at, note);
    }
    let data = schema.pointer("/properties/data");
    let untold = metadata.payout.iter().flat_map(|payout| {
        payout.echo.untold(&|path| {
            data.is_some_and(|data| path.split('.').try_fold(data, member).is_some())
        })
    });
    for path in untold {
        let finding = format_args!("`{path}` repeats what is paid, and is not there");
        schemas.problem(&at.path(&["properties", "data"]), finding);
    }
    if data.is_some_and(|data| flag(data, "nullable")) && !metadata.essential.is_empty() {
        schemas.problem(at, "data that may be null has essential fields");
    }
    let data = match data {
        Some(data) if !is_nothing(data) => schemas
            .lower(data, &at.path(&["properties", "data"]), place)
            .into_schema(false),
        _ => {
            schemas.change("envelope", at, "no data described");
            if !metadata.essential.is_empty() {
                schemas.problem(at, "essential fields of data that is not described");
            }
            json!({})
        }
    };
    envelope(metadata.envelope, data)
}

/// A member of an object, also where it is one of several alternatives.
pub(super) fn member<'a>(schema: &'a Value, name: &str) -> Option<&'a Value> {
    let own = schema.get("properties").and_then(|all| all.get(name));
    let some = ["allOf", "oneOf", "anyOf"]
        .into_iter()
        .flat_map(|key| items(schema, key));
    own.or_else(|| some.into_iter().find_map(|one| member(one, name)))
}

/// `data: null`, as it is written after lowering to 3.0.
fn is_nothing(data: &Value) -> bool {
    let says = |key: &String| {
        matches!(
            key.as_str(),
            "type" | "properties" | "items" | "oneOf" | "anyOf" | "allOf" | "enum"
        )
    };
    flag(data, "nullable") && !data.as_object().is_some_and(|data| data.keys().any(says))
}

fn envelope(envelope: Envelope, data: Value) -> Value {
    rust_type::core_of(&format!("envelope::{envelope:?}"), &[data])
}

fn response(description: &str, schema: Option<Value>) -> Value {
    let mut response = json!({ "description": description });
    if let Some(schema) = schema {
        response["content"] = json!({ JSON: { "schema": schema } });
    }
    response
}

/// The content of a body that is passed on as it is.
fn bytes() -> Value {
    json!({ BYTES: {"schema": {"type": "string", "format": "binary"}} })
}

/// A media type without its parameters.
fn essence(media: &str) -> &str {
    media.split(';').next().unwrap_or_default().trim()
}

pub(super) fn is_json(media: &str) -> bool {
    let essence = essence(media);
    essence == JSON || essence.ends_with("+json")
}

fn has_body(response: &Value) -> bool {
    members(response, "content").next().is_some()
}

/// The JSON media type of a body, or else its form, or else its first one; with its schema.
fn media_type(
    schemas: &Schemas<'_>,
    body: &Value,
    at: &Pointer,
) -> Option<(String, Value, Pointer)> {
    let rank = |media: &str| (!is_json(media), essence(media) != FORM);
    let first = members(body, "content").min_by_key(|(media, _)| rank(media));
    let (media, content) = first?;
    let at = at.child("content");
    for (other, _) in members(body, "content").filter(|(other, _)| *other != media) {
        schemas.change("one-media-type", &at, format!("{other}: {media} instead"));
    }
    let schema = content.get("schema").cloned().unwrap_or_else(|| json!({}));
    Some((media.clone(), schema, at.child(media)))
}
