//! Webhooks: their bodies become the event types, with the rules of responses.

use serde_json::{Value, json};

use super::{
    Profile, Side, frame, naming,
    report::Report,
    schema::{Place, Schemas},
};
use crate::{
    document::{Object, Pointer, items, members, text},
    metadata,
};

/// Lowers the webhooks of a document; `None` if it has none.
pub(super) fn lower(document: &Value, profile: Profile, report: &Report) -> Option<Value> {
    let mut schemas = Schemas::new(document, profile, report);
    let mut events = Object::new();
    for (key, item) in members(document, "webhooks") {
        let at = Pointer::root().path(&["webhooks", key, "post"]);
        let Some(operation) = item.get("post") else {
            report.problem(&at, "a webhook without `post`");
            continue;
        };
        let media = at.path(&["requestBody", "content", "application/json", "schema"]);
        let Some(schema) = document.pointer(media.as_str()) else {
            report.problem(&media, "a webhook without a JSON body");
            continue;
        };
        // The bare name of the event and `<Event>Event` are left to data and to the `event` field.
        let name = naming::join(key, "webhook");
        let extension = operation.get(metadata::EXTENSION);
        let mut schema = schema.clone();
        let model = extension.and_then(|extension| text(extension, "model"));
        if let (Some(model), Some(data)) = (model, schema.pointer_mut("/properties/data")) {
            data["x-singapay-type"] = json!(model);
        }
        let mut place = Place::body(Side::Response, &name);
        place.essential = extension
            .map(|extension| items(extension, "essential"))
            .unwrap_or_default()
            .iter()
            .filter_map(Value::as_str)
            .map(|field| format!("data.{field}"))
            .collect();
        let schema = schemas.lower(&schema, &media, &place).into_schema(false);
        let mut event = json!({ "schema": schema });
        for key in ["summary", "description"] {
            if let Some(text) = text(operation, key) {
                event[key] = json!(text.trim());
            }
        }
        if let Some(extension) = extension {
            event[metadata::EXTENSION] = extension.clone();
        }
        report.change("event", &at, name);
        events.insert(key.clone(), event);
    }
    if events.is_empty() {
        return None;
    }
    let version = document.pointer("/info/version");
    let version = version.cloned().unwrap_or_else(|| json!(""));
    let info = json!({"title": "Webhook events", "version": version});
    let mut lowered = frame(info, json!({}), schemas.components.into_json());
    lowered["x-singapay-events"] = events.into();
    Some(lowered)
}
