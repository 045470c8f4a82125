//! Members of an answer by their names, read only where somebody asks: a tree of all of them takes longer
//! than the rest of the judgement.

use std::{borrow::Cow, collections::HashSet, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

/// An object with its members as they are written.
#[derive(Default)]
pub(super) struct Members<'a>(Vec<(Name<'a>, &'a RawValue)>);

/// Name of a member; borrowed unless it holds an escape.
#[derive(Deserialize, PartialEq, Eq, Hash)]
#[serde(transparent)]
pub(super) struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// Names of one object that have been met.
pub(super) struct Names<'a> {
    few: Vec<Name<'a>>,
    many: HashSet<Name<'a>>,
}

/// From here on comparing one by one takes longer than hashing.
const MANY: usize = 24;

impl<'a> Names<'a> {
    pub(super) fn new() -> Self {
        Self {
            few: Vec::with_capacity(12),
            many: HashSet::new(),
        }
    }

    /// Whether the name is new.
    pub(super) fn insert(&mut self, name: Name<'a>) -> bool {
        if self.few.contains(&name) {
            return false;
        }
        if self.few.len() < MANY {
            self.few.push(name);
            return true;
        }
        self.many.insert(name)
    }
}

impl<'a> Members<'a> {
    /// The members of an object; none of anything else.
    pub(super) fn of(json: &'a [u8]) -> Self {
        serde_json::from_slice(json).unwrap_or_default()
    }

    /// The members of what is written so; none where it is no object.
    pub(super) fn written(json: Option<&'a RawValue>) -> Self {
        json.map_or_else(Self::default, |json| Self::of(json.get().as_bytes()))
    }

    fn get(&self, name: &str) -> Option<&'a RawValue> {
        // Of two with one name the last counts, as everywhere.
        let mut members = self.0.iter().rev();
        Some(members.find(|(own, _)| own.0 == name)?.1)
    }

    /// The member with a dotted name, as it is written.
    pub(super) fn written_at(&self, name: &str) -> Option<&'a RawValue> {
        match name.split_once('.') {
            Some((first, rest)) => Self::written(self.get(first)).written_at(rest),
            None => self.get(name),
        }
    }

    /// The member with a dotted name.
    pub(super) fn at(&self, name: &str) -> Option<Value> {
        read(self.written_at(name)?)
    }
}

/// What is written so.
pub(super) fn read(json: &RawValue) -> Option<Value> {
    serde_json::from_str(json.get()).ok()
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Object)
    }
}

struct Object;

impl<'de> Visitor<'de> for Object {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Vec::with_capacity(16);
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_found_by_dotted_names() {
        let body = br#" {"a":{"b\u0063":[1.50,"x"],"d":"1"},"e":2,"e":3,"f":"g"} "#;
        let members = Members::of(body);
        assert_eq!(members.at("a.d"), Some(json!("1")));
        assert_eq!(members.at("e"), Some(json!(3)));
        assert_eq!(members.at("a.bc").unwrap()[1], json!("x"));
        for absent in ["x", "a.x", "e.x", "f.x", "a.d.x"] {
            assert_eq!(members.at(absent), None, "{absent}");
        }
        for none in ["", "[]", "1", "{", r#"{"a":}"#, "null"] {
            assert_eq!(Members::of(none.as_bytes()).at("a"), None, "{none}");
        }
    }

    #[test]
    fn names_of_large_objects_are_told_apart_too() {
        let mut names = Names::new();
        let name = |number: usize| Name(Cow::Owned(number.to_string()));
        assert!((0..3 * MANY).all(|number| names.insert(name(number))));
        assert!((0..3 * MANY).all(|number| !names.insert(name(number))));
    }
}
