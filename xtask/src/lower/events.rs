//! Webhooks: their bodies become the event types, with the rules of responses.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    Profile, Side, bodies,
    event_members::lost,
    frame, naming,
    report::Report,
    schema::{Place, Schemas},
};
use crate::{
    document::{METHODS, Object, Pointer, members, text, texts},
    metadata,
};

/// An example of a body: of several the one of success.
fn sample(content: &Value) -> Option<&Value> {
    let example = content.get("example");
    example.or_else(|| content.pointer("/examples/success/value"))
}

/// Lowers the webhooks of a document; `None` if it has none. Adds the components that they name.
pub(super) fn lower(
    document: &Value,
    report: &Report,
    used: &mut BTreeSet<String>,
) -> Option<Value> {
    let mut schemas = Schemas::new(document, report);
    let mut events = Object::new();
    for (key, item) in members(document, "webhooks") {
        let at = Pointer::root().path(&["webhooks", key]);
        let foreign = report.profile == Profile::Foreign;
        let others = METHODS.iter().filter(|one| foreign && **one != "post");
        let mut methods = ["post"].iter().chain(others);
        let found = methods.find_map(|method| Some((method, item.get(method)?)));
        let Some((method, operation)) = found else {
            report.problem(&at.child("post"), "a webhook without `post`");
            continue;
        };
        for other in methods.filter(|method| item.get(method).is_some()) {
            let note = format!("the webhook is `{method}`");
            report.change("left-out", &at.child(other), note);
        }
        let at = at.child(method);
        let content = members(&operation["requestBody"], "content");
        let content: Vec<_> = content.map(|(media, _)| media).collect();
        let json = content.iter().copied().find(|media| bodies::is_json(media));
        let is_other = |media: &&&String| json.is_some_and(|json| json != **media);
        for other in content.iter().filter(is_other) {
            let at = at.path(&["requestBody", "content"]);
            report.change("one-media-type", &at, format!("{other}: JSON instead"));
        }
        let json = json.map_or("application/json", String::as_str);
        let media = at.path(&["requestBody", "content", json, "schema"]);
        let Some(schema) = document.pointer(media.as_str()) else {
            report.leave_out(&at, "a webhook without a JSON body");
            continue;
        };
        // The bare name of the event and `<Event>Event` are left to data and to the `event` field.
        let name = naming::join(key, "webhook");
        let extension = operation.get(metadata::EXTENSION);
        for lost in extension.map_or_else(Vec::new, |it| lost(document, schema, it)) {
            report.problem(&at, lost);
        }
        let mut schema = schema.clone();
        let model = extension.and_then(|extension| text(extension, "model"));
        if let (Some(model), Some(data)) = (model, schema.pointer_mut("/properties/data")) {
            data["x-singapay-type"] = json!(model);
        }
        let mut place = Place::body(Side::Response, &name);
        let essential = extension.into_iter().flat_map(|it| texts(it, "essential"));
        place.essential = essential.map(|field| format!("data.{field}")).collect();
        let schema = schemas.lower(&schema, &media, &place).into_schema(false);
        let mut event = json!({ "schema": schema });
        for key in ["summary", "description"] {
            if let Some(text) = text(operation, key) {
                event[key] = json!(text.trim());
            }
        }
        let content = at.path(&["requestBody", "content", "application/json"]);
        if let Some(sample) = document.pointer(content.as_str()).and_then(sample) {
            event["example"] = sample.clone();
        }
        if let Some(extension) = extension {
            event[metadata::EXTENSION] = extension.clone();
        }
        let named = text(&event["schema"], "$ref").and_then(|target| target.rsplit('/').next());
        report.change("event", &at, named.unwrap_or(&name));
        events.insert(key.clone(), event);
    }
    used.extend(schemas.references.into_used());
    if events.is_empty() {
        return None;
    }
    let (title, components) = (json!("Webhook events"), schemas.components.into_json());
    let mut lowered = frame(document, title, json!({}), components);
    lowered["x-singapay-events"] = events.into();
    Some(lowered)
}
