//! Which operations and events use a named schema, and on which side.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    document::{members, text},
    pipeline::operations,
};

const SCHEMAS: &str = "#/components/schemas/";

/// Users of one schema.
#[derive(Debug, Default)]
pub(super) struct Users {
    /// Operations and events.
    pub(super) by: BTreeSet<String>,
    /// Whether it is sent.
    pub(super) sent: bool,
    /// Whether it is received.
    pub(super) received: bool,
}

/// The users of every named schema of a document.
pub(super) fn of(document: &Value) -> BTreeMap<String, Users> {
    let mut users: BTreeMap<String, Users> = BTreeMap::new();
    for (_, _, operation) in operations(document) {
        let id = text(operation, "operationId").unwrap_or_default();
        for (part, sent) in [
            ("parameters", true),
            ("requestBody", true),
            ("responses", false),
        ] {
            add(document, operation.get(part), id, sent, &mut users);
        }
    }
    for (key, event) in members(document, "x-singapay-events") {
        add(
            document,
            event.get("schema"),
            &format!("event {key}"),
            false,
            &mut users,
        );
    }
    users
}

fn add(
    document: &Value,
    part: Option<&Value>,
    user: &str,
    sent: bool,
    users: &mut BTreeMap<String, Users>,
) {
    let mut reached = BTreeSet::new();
    if let Some(part) = part {
        reach(document, part, &mut reached);
    }
    for name in reached {
        let entry = users.entry(name.to_owned()).or_default();
        entry.by.insert(user.to_owned());
        entry.sent |= sent;
        entry.received |= !sent;
    }
}

fn reach<'a>(document: &'a Value, value: &'a Value, reached: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(object) => {
            let target = text(value, "$ref").and_then(|target| target.strip_prefix(SCHEMAS));
            if let Some(name) = target
                && reached.insert(name)
                && let Some(schema) = document
                    .pointer("/components/schemas")
                    .and_then(|all| all.get(name))
            {
                reach(document, schema, reached);
            }
            object
                .values()
                .for_each(|value| reach(document, value, reached));
        }
        Value::Array(items) => items.iter().for_each(|item| reach(document, item, reached)),
        _ => {}
    }
}
