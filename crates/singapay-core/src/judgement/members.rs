//! Members of an answer by their names, as they are written: values are read only where somebody asks.

use std::{borrow::Cow, collections::HashSet, fmt};

use serde::{
    Deserialize, Deserializer as _,
    de::{MapAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

use super::repeated::has_repeated_member;

/// An object, and those inside it.
pub(super) struct Members<'a> {
    members: Vec<Member<'a>>,
    /// Whether a member stands twice in it, at any depth: then readers disagree on what it says.
    pub(super) repeated: bool,
}

struct Member<'a> {
    name: Name<'a>,
    json: &'a RawValue,
    inside: Option<Members<'a>>,
}

/// Objects inside each other. What is written so is read once more for each.
const DEEPEST: usize = 16;

/// Name of a member; borrowed unless it holds an escape.
#[derive(Clone, Deserialize, PartialEq, Eq, Hash)]
#[serde(transparent)]
pub(super) struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// From here on comparing one by one takes longer than hashing.
const MANY: usize = 24;

impl<'a> Members<'a> {
    /// The members of an object; `None` for anything else, and where no reader goes that deep.
    pub(super) fn of(json: &'a [u8]) -> Option<Self> {
        Self::within(json, DEEPEST)
    }

    fn within(json: &'a [u8], depth: usize) -> Option<Self> {
        let depth = depth.checked_sub(1)?;
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        let (members, repeated) = deserializer.deserialize_map(Object).ok()?;
        deserializer.end().ok()?;
        let mut object = Self { members, repeated };
        for member in &mut object.members {
            let json = member.json.get().as_bytes();
            match json.first() {
                Some(b'{') => {
                    let inside = Self::within(json, depth)?;
                    object.repeated |= inside.repeated;
                    member.inside = Some(inside);
                }
                Some(b'[') => object.repeated |= has_repeated_member(json)?,
                _ => {}
            }
        }
        Some(object)
    }

    fn get(&self, name: &str) -> Option<&Member<'a>> {
        self.members.iter().find(|member| member.name.0 == name)
    }

    /// The object that is a member.
    pub(super) fn object(&self, name: &str) -> Option<&Self> {
        self.get(name)?.inside.as_ref()
    }

    /// The member with a dotted name, as it is written.
    pub(super) fn written_at(&self, name: &str) -> Option<&'a RawValue> {
        match name.split_once('.') {
            Some((first, rest)) => self.object(first)?.written_at(rest),
            None => Some(self.get(name)?.json),
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

struct Object;

impl<'de> Visitor<'de> for Object {
    type Value = (Vec<Member<'de>>, bool);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members: Vec<Member<'de>> = Vec::with_capacity(12);
        let (mut many, mut repeated) = (HashSet::new(), false);
        while let Some((name, json)) = map.next_entry::<Name<'de>, _>()? {
            repeated |= if members.len() < MANY {
                members.iter().any(|member| member.name == name)
            } else {
                if many.is_empty() {
                    many.extend(members.iter().map(|member| member.name.clone()));
                }
                !many.insert(name.clone())
            };
            members.push(Member {
                name,
                json,
                inside: None,
            });
        }
        Ok((members, repeated))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_found_by_dotted_names() {
        let body = br#" {"a":{"b\u0063":[1.50,"x"],"d":"1"},"e":2,"f":"g"} "#;
        let members = Members::of(body).unwrap();
        assert!(!members.repeated);
        assert_eq!(members.at("a.d"), Some(json!("1")));
        assert_eq!(members.at("e"), Some(json!(2)));
        assert_eq!(members.at("a.bc").unwrap()[1], json!("x"));
        for absent in ["x", "a.x", "e.x", "f.x", "a.d.x"] {
            assert_eq!(members.at(absent), None, "{absent}");
        }
        for none in ["", "[]", "1", "{", r#"{"a":}"#, "null", r#"{"a":1}x"#] {
            assert!(Members::of(none.as_bytes()).is_none(), "{none}");
        }
        let deep = format!("{}1{}", r#"{"a":"#.repeat(DEEPEST), "}".repeat(DEEPEST));
        assert!(Members::of(deep.as_bytes()).is_some());
        assert!(Members::of(format!(r#"{{"a":{deep}}}"#).as_bytes()).is_none());
    }

    #[test]
    fn what_stands_twice_is_seen_at_any_depth() {
        let many = |last: &str| {
            let names = (0..3 * MANY).map(|number| format!(r#""{number}":0,"#));
            format!(r#"{{{}"{last}":0}}"#, names.collect::<String>())
        };
        for (body, expected) in [
            (r#"{"a":1,"b":{"a":2}}"#.to_owned(), false),
            (r#"{"a":1,"\u0061":1}"#.to_owned(), true),
            (r#"{"b":{"c":{"a":1,"d":[],"a":1}}}"#.to_owned(), true),
            (r#"{"b":[[{"a":1,"a":1}]]}"#.to_owned(), true),
            (many("x"), false),
            (many("1"), true),
            (many(&(2 * MANY).to_string()), true),
        ] {
            let members = Members::of(body.as_bytes()).unwrap();
            assert_eq!(members.repeated, expected, "{body}");
            assert_eq!(
                has_repeated_member(body.as_bytes()),
                Some(expected),
                "{body}"
            );
        }
    }
}
