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
#[derive(Default)]
pub(super) struct Names<'a> {
    few: Vec<Name<'a>>,
    many: HashSet<Name<'a>>,
}

/// From here on comparing one by one takes longer than hashing.
const MANY: usize = 24;

impl<'a> Names<'a> {
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

    fn get(&self, name: &str) -> Option<&'a RawValue> {
        // Of two with one name the last counts, as everywhere.
        let mut members = self.0.iter().rev();
        Some(members.find(|(own, _)| own.0 == name)?.1)
    }

    /// The object that is a member; an empty one where it is none.
    pub(super) fn object(&self, name: &str) -> Self {
        let member = self.get(name).map(RawValue::get);
        member.map_or_else(Self::default, |json| Self::of(json.as_bytes()))
    }

    /// The member with a dotted name.
    pub(super) fn at(&self, name: &str) -> Option<Value> {
        match name.split_once('.') {
            Some((first, rest)) => self.object(first).at(rest),
            None => serde_json::from_str(self.get(name)?.get()).ok(),
        }
    }
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
        assert_eq!(members.object("a").at("bc").unwrap()[1], json!("x"));
        for absent in ["x", "a.x", "e.x", "f.x", "a.d.x"] {
            assert_eq!(members.at(absent), None, "{absent}");
        }
        for none in ["", "[]", "1", "{", r#"{"a":}"#, "null"] {
            assert_eq!(Members::of(none.as_bytes()).at("a"), None, "{none}");
        }
    }

    #[test]
    fn names_of_large_objects_are_told_apart_too() {
        let mut names = Names::default();
        let name = |number: usize| Name(Cow::Owned(number.to_string()));
        assert!((0..3 * MANY).all(|number| names.insert(name(number))));
        assert!((0..3 * MANY).all(|number| !names.insert(name(number))));
    }
}
