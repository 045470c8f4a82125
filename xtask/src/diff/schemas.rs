//! Types that came, went or changed, field by field.

use serde_json::Value;

use super::{
    Change, Class,
    usage::{self, Users},
};
use crate::document::{flag, items, members, text};

const LIMITS: &str = "x-singapay-limits";
const ENUM: &str = "x-singapay-enum";

pub(super) fn compare(old: &Value, new: &Value) -> Vec<Change> {
    let (old_users, new_users) = (usage::of(old), usage::of(new));
    let all = "schemas";
    let (was, is) = (&old["components"][all], &new["components"][all]);
    let nobody = Users::default();
    let mut changes = Vec::new();
    for (name, schema) in was.as_object().into_iter().flatten() {
        let before = old_users.get(name).unwrap_or(&nobody);
        match is.get(name) {
            None => changes.push(change(Class::Breaking, name, "removed", before)),
            Some(now) => {
                one(
                    name,
                    schema,
                    now,
                    new_users.get(name).unwrap_or(before),
                    &mut changes,
                );
            }
        }
    }
    for (name, _) in is.as_object().into_iter().flatten() {
        if was.get(name).is_none() {
            let users = new_users.get(name).unwrap_or(&nobody);
            changes.push(change(Class::Additive, name, "new", users));
        }
    }
    changes
}

fn change(class: Class, item: &str, what: impl Into<String>, users: &Users) -> Change {
    Change {
        class,
        item: item.to_owned(),
        what: what.into(),
        affected: users.by.iter().cloned().collect(),
    }
}

fn one(name: &str, old: &Value, new: &Value, users: &Users, changes: &mut Vec<Change>) {
    if text(old, "description") != text(new, "description") {
        changes.push(change(Class::Cosmetic, name, "description changed", users));
    }
    match (old.get(ENUM), new.get(ENUM)) {
        (Some(_), Some(_)) => {
            values(name, old, new, users, changes);
            return;
        }
        (None, None) => {}
        _ => {
            changes.push(change(
                Class::Breaking,
                name,
                "is another kind of type now",
                users,
            ));
            return;
        }
    }
    if old.get("properties").is_none() || new.get("properties").is_none() {
        for (class, what) in place(old, new, users.sent) {
            changes.push(change(class, name, what, users));
        }
        return;
    }
    fields(name, old, new, users, changes);
}

fn values(name: &str, old: &Value, new: &Value, users: &Users, changes: &mut Vec<Change>) {
    let (was, is) = (items(old, ENUM), items(new, ENUM));
    for value in was.iter().filter(|value| !is.contains(value)) {
        changes.push(change(
            Class::Breaking,
            name,
            format!("value {value} removed"),
            users,
        ));
    }
    for value in is.iter().filter(|value| !was.contains(value)) {
        changes.push(change(
            Class::Additive,
            name,
            format!("new value {value}"),
            users,
        ));
    }
}

fn fields(name: &str, old: &Value, new: &Value, users: &Users, changes: &mut Vec<Change>) {
    let required = |schema: &Value, field: &String| {
        items(schema, "required")
            .iter()
            .any(|name| name.as_str() == Some(field))
    };
    let mut push = |class, field: &str, what: String| {
        changes.push(change(class, &format!("{name}::{field}"), what, users));
    };
    for (field, was) in members(old, "properties") {
        let Some(is) = new["properties"].get(field) else {
            push(Class::Breaking, field, "removed".to_owned());
            continue;
        };
        match (required(old, field), required(new, field)) {
            (false, true) => push(Class::Breaking, field, required_now(users)),
            // A setter stays a setter; a plain field becomes an `Option`.
            (true, false) if users.received => {
                push(
                    Class::Breaking,
                    field,
                    "no longer essential, so optional".to_owned(),
                );
            }
            (true, false) => push(Class::Additive, field, "optional now".to_owned()),
            _ => {}
        }
        for (class, what) in place(was, is, users.sent) {
            push(class, field, what);
        }
        if text(was, "description") != text(is, "description") {
            push(Class::Cosmetic, field, "description changed".to_owned());
        }
    }
    for (field, _) in members(new, "properties") {
        if old["properties"].get(field).is_none() {
            match users.sent && required(new, field) {
                true => push(Class::Breaking, field, "new and required".to_owned()),
                false => push(Class::Additive, field, "new".to_owned()),
            }
        }
    }
}

fn required_now(users: &Users) -> String {
    if users.sent {
        "required now"
    } else {
        "essential now, so no longer optional"
    }
    .to_owned()
}

/// How the schema of a place changed, apart from its description.
pub(super) fn place(old: &Value, new: &Value, sent: bool) -> Vec<(Class, String)> {
    let mut changes = Vec::new();
    if kind(old) != kind(new) {
        let what = format!("type {} -> {}", type_name(old), type_name(new));
        changes.push((Class::Breaking, what));
    }
    if sent {
        limits(old, new, &mut changes);
        if old.get("x-singapay-default") != new.get("x-singapay-default") {
            changes.push((Class::Cosmetic, "default of the gateway changed".to_owned()));
        }
    }
    if flag(new, "deprecated") && !flag(old, "deprecated") {
        changes.push((Class::Additive, "deprecated".to_owned()));
    }
    changes
}

fn limits(old: &Value, new: &Value, changes: &mut Vec<(Class, String)>) {
    let of = |schema: &Value| schema.get(LIMITS).and_then(Value::as_object).cloned();
    let (was, is) = (of(old).unwrap_or_default(), of(new).unwrap_or_default());
    let keys = was
        .keys()
        .chain(is.keys().filter(|key| !was.contains_key(*key)));
    for key in keys {
        match (was.get(key), is.get(key)) {
            (before, after) if before == after => {}
            (Some(before), None) => {
                changes.push((Class::Additive, format!("limit {key} {before} lifted")));
            }
            (None, after) => {
                let after = after.unwrap_or(&Value::Null);
                changes.push((Class::Breaking, format!("new limit {key} {after}")));
            }
            (Some(before), Some(after)) => {
                let wider = match (before.as_f64(), after.as_f64()) {
                    (Some(before), Some(after)) if key.starts_with("min") => after < before,
                    (Some(before), Some(after)) if key.starts_with("max") => after > before,
                    _ => false,
                };
                let class = if wider {
                    Class::Additive
                } else {
                    Class::Breaking
                };
                changes.push((class, format!("limit {key} {before} -> {after}")));
            }
        }
    }
}

/// The schema without what does not decide its type.
pub(super) fn kind(schema: &Value) -> Value {
    const ASIDE: [&str; 6] = [
        "description",
        "deprecated",
        LIMITS,
        "x-singapay-default",
        "x-singapay-wire",
        "nullable",
    ];
    match schema {
        Value::Object(object) => {
            // Whether a member may be null follows from whether it is required.
            if let [Value::Object(one)] = items(schema, "allOf") {
                return Value::Object(one.clone());
            }
            object
                .iter()
                .filter(|(key, _)| !ASIDE.contains(&key.as_str()))
                .map(|(key, value)| (key.clone(), kind(value)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        }
        Value::Array(items) => items.iter().map(kind).collect(),
        scalar => scalar.clone(),
    }
}

/// The type in a few words.
pub(super) fn type_name(schema: &Value) -> String {
    let kind = kind(schema);
    if let Some(target) = text(&kind, "$ref") {
        return target.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(rust_type) = kind.get("x-rust-type") {
        let path = text(rust_type, "path").unwrap_or_default();
        let name = path.rsplit("::").next().unwrap_or_default();
        let parameters = items(rust_type, "parameters");
        if parameters.is_empty() {
            return name.to_owned();
        }
        let parameters: Vec<_> = parameters.iter().map(type_name).collect();
        return format!("{name}<{}>", parameters.join(", "));
    }
    match text(&kind, "type") {
        Some("array") => format!("list of {}", type_name(&kind["items"])),
        Some(kind) => kind.to_owned(),
        None => "anything".to_owned(),
    }
}
