use std::{borrow::Cow, fmt};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub use crate::generated::kinds::Payload;
use crate::{answers::status_of_2025, kind::EventKind};

/// A known event lacks what makes it useful.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unreadable {
    /// Paths of the members that are missing. If none is: of those among which one has a form that
    /// cannot be read.
    pub members: Vec<&'static str>,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "missing or unreadable: {}", self.members.join(", "))
    }
}

impl Unreadable {
    fn of(kind: EventKind, json: &Value) -> Self {
        let members = kind.description().essential;
        let missing: Vec<_> = members
            .iter()
            .copied()
            .filter(|path| at(json, path).is_none())
            .collect();
        Self {
            members: if missing.is_empty() {
                members.to_vec()
            } else {
                missing
            },
        }
    }
}

/// The value at a path such as `data.transaction.status`; null counts as absent.
pub(crate) fn at<'a>(json: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.')
        .try_fold(json, |value, member| value.get(member))
        .filter(|value| !value.is_null())
}

/// The body, and in a disbursement of 2025 the status where it stands now.
fn with_status(kind: EventKind, json: &Value) -> Cow<'_, Value> {
    let Some(code) = status_of_2025(kind, json) else {
        return Cow::Borrowed(json);
    };
    let mut json = json.clone();
    json["data"]["transaction_status"] = json!({"code": code, "desc": json["data"]["status"]});
    Cow::Owned(json)
}

/// The payload of a known event. It is read from parsed JSON: there the last of two equal members counts,
/// where a derived reader would refuse the whole body.
pub(crate) fn typed<T: DeserializeOwned>(
    kind: EventKind,
    json: &Value,
    make: fn(Box<T>) -> Payload,
) -> Payload {
    let json = &*with_status(kind, json);
    match T::deserialize(json) {
        Ok(body) => make(Box::new(body)),
        Err(_) => Payload::Unreadable(Unreadable::of(kind, json)),
    }
}

/// Text of a test delivery from the dashboard's button.
pub(crate) fn test_text(json: &Value) -> String {
    let text = at(json, "data").and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DashboardTest(_) => f.write_str("DashboardTest(..)"),
            Self::Unreadable(unreadable) => f
                .debug_tuple("Unreadable")
                .field(&unreadable.members)
                .finish(),
            Self::Unknown => f.write_str("Unknown"),
            known => match known.typed() {
                Some((name, body)) => f.debug_tuple(name).field(body).finish(),
                None => f.write_str("Payload"),
            },
        }
    }
}
