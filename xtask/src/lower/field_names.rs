//! Field names of foreign documents that would be one name in Rust, such as `id` and `@id`: the later
//! ones get a mark and a number, which generation takes off the name on the wire again.

use std::collections::BTreeSet;

use heck::ToSnakeCase;
use serde_json::Value;

use super::{Profile, free};

/// Comes before the number; no publisher writes it.
pub(crate) const MARK: char = '\u{2}';

/// The names of one object.
pub(super) struct Names {
    profile: Profile,
    taken: BTreeSet<String>,
}

impl Names {
    /// Further members that an object declares are kept in a field of their own.
    pub(super) fn new(profile: Profile, object: &Value) -> Self {
        let further = object.get("additionalProperties");
        let further = further.filter(|value| profile == Profile::Foreign && **value != false);
        Self {
            profile,
            taken: further.map(|_| "extra".to_owned()).into_iter().collect(),
        }
    }

    /// The name of a field, marked if it has to be; none for one of ours that another field has.
    pub(super) fn of(&mut self, field: &str) -> Option<String> {
        let mut take = |name: &str| self.taken.insert(rust_name(name));
        match self.profile {
            Profile::Gateway => take(field).then(|| field.to_owned()),
            Profile::Foreign => Some(free(field, MARK, take)),
        }
    }
}

/// The name as the generator makes it, but for keywords.
fn rust_name(field: &str) -> String {
    match field {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => field
            .replace('\'', "")
            .replace(|letter: char| !letter.is_alphanumeric(), "-")
            .to_snake_case(),
    }
}
