//! The members of an answer by their names, read in one pass.

use std::{borrow::Cow, collections::HashSet, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

use crate::reading::Reading;

/// A value in an answer.
#[derive(Debug, PartialEq)]
pub(super) enum Node<'a> {
    Object(Members<'a>),
    List {
        is_empty: bool,
        repeated: bool,
    },
    /// Borrowed unless it holds an escape.
    Text(Cow<'a, str>),
    Number(Number),
    Bool(bool),
    Null,
}

/// An object, and those inside it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Members<'a> {
    members: Vec<(Name<'a>, Node<'a>)>,
    /// True if a member stands twice in it, at any depth: then readers disagree on what it says.
    pub(super) repeated: bool,
}

/// Name of a member; borrowed unless it holds an escape.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq, Hash)]
#[serde(transparent)]
pub(super) struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// From here on comparing one by one takes longer than hashing.
const MANY: usize = 24;

/// Name of the one member of a number that poses as an object, which it does when another crate has
/// switched on `arbitrary_precision`.
const NUMBER: &str = "$serde_json::private::Number";

impl<'a> Members<'a> {
    /// The members of an object; `None` for anything else, and where no reader goes that deep.
    pub(super) fn of(json: &'a [u8]) -> Option<Self> {
        // Checked as a whole, which costs less than text by text.
        match serde_json::from_str(std::str::from_utf8(json).ok()?).ok()? {
            Node::Object(members) => Some(members),
            _ => None,
        }
    }

    fn get(&self, name: &str) -> Option<&Node<'a>> {
        let mut members = self.members.iter();
        members.find_map(|(known, node)| (known.0 == name).then_some(node))
    }

    /// The object that is a member.
    pub(super) fn object(&self, name: &str) -> Option<&Self> {
        match self.get(name)? {
            Node::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The member with a dotted name.
    pub(super) fn at(&self, name: &str) -> Option<&Node<'a>> {
        match name.split_once('.') {
            Some((first, rest)) => self.object(first)?.at(rest),
            None => self.get(name),
        }
    }

    /// Those on which success and failure depend.
    pub(super) fn reading(&self) -> Reading {
        let named = |name: &str| {
            let members = self.members.iter();
            members.filter(|(known, _)| known.0 == name).count()
        };
        let value = |name: &str| self.get(name).map(Node::to_value);
        let mut reading = Reading::with(value, |name| named(name) > 0);
        let counts = ["response_code", "code", "success", "data"];
        reading.repeated = self.repeated && counts.iter().any(|name| named(name) > 1);
        reading
    }
}

impl Node<'_> {
    /// A value of its own; without what a list or an object holds.
    pub(super) fn to_value(&self) -> Value {
        match self {
            Self::Object(_) => Value::Object(Map::new()),
            Self::List { .. } => Value::Array(Vec::new()),
            Self::Text(text) => Value::String(text.clone().into_owned()),
            Self::Number(number) => Value::Number(number.clone()),
            Self::Bool(value) => Value::Bool(*value),
            Self::Null => Value::Null,
        }
    }

    /// Nothing, or what PHP makes of nothing.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Null | Self::Bool(_) => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::List { is_empty, .. } => *is_empty,
            Self::Object(members) => members.members.is_empty(),
            Self::Number(_) => false,
        }
    }

    /// True if it is an id, a code or a word.
    pub(super) fn is_named(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Number(_)) && !self.is_blank()
    }

    /// True if a member stands twice in it, at any depth.
    pub(super) fn is_repeated(&self) -> bool {
        match self {
            Self::Object(members) => members.repeated,
            Self::List { repeated, .. } => *repeated,
            _ => false,
        }
    }
}

impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyNode)
    }
}

struct AnyNode;

impl<'de> Visitor<'de> for AnyNode {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node<'de>, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node<'de>, E> {
        Ok(Node::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node<'de>, E> {
        Ok(Node::Number(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Node<'de>, E> {
        let number = Number::from_f64(number).ok_or_else(|| E::custom("not a number"))?;
        Ok(Node::Number(number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node<'de>, A::Error> {
        let (mut is_empty, mut repeated) = (true, false);
        while let Some(item) = items.next_element::<Node<'de>>()? {
            is_empty = false;
            repeated |= item.is_repeated();
        }
        Ok(Node::List { is_empty, repeated })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node<'de>, A::Error> {
        let Some(mut name) = map.next_key::<Name<'de>>()? else {
            return Ok(Node::Object(Members::default()));
        };
        if name.0 == NUMBER {
            let digits = map.next_value::<Cow<'de, str>>()?;
            let number = digits.parse().map_err(A::Error::custom)?;
            return Ok(Node::Number(number));
        }
        let mut members = Vec::with_capacity(8);
        let (mut many, mut repeated) = (HashSet::new(), false);
        loop {
            let node = map.next_value::<Node<'de>>()?;
            repeated |= node.is_repeated()
                | if members.len() < MANY {
                    members.iter().any(|(known, _)| *known == name)
                } else {
                    if many.is_empty() {
                        many.extend(members.iter().map(|(name, _)| Name::clone(name)));
                    }
                    !many.insert(name.clone())
                };
            members.push((name, node));
            match map.next_key()? {
                Some(next) => name = next,
                None => break,
            }
        }
        Ok(Node::Object(Members { members, repeated }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_by_dotted_names() {
        let body = br#" {"a":{"b\u0063":[1.50,"x"],"d":"1"},"e":2,"f":"g","h":-1.5,"i":{}} "#;
        let members = Members::of(body).unwrap();
        assert!(!members.repeated);
        assert_eq!(members.at("a.d"), Some(&Node::Text("1".into())));
        assert_eq!(members.at("e").unwrap().to_value(), Value::from(2));
        assert_eq!(members.at("h").unwrap().to_value(), Value::from(-1.5));
        let list = Node::List {
            is_empty: false,
            repeated: false,
        };
        assert_eq!(members.at("a.bc"), Some(&list));
        assert!(members.at("i").unwrap().is_blank());
        for absent in ["x", "a.x", "e.x", "f.x", "a.d.x"] {
            assert_eq!(members.at(absent), None, "{absent}");
        }
        for none in ["", "[]", "1", "{", r#"{"a":}"#, "null", r#"{"a":1}x"#] {
            assert!(Members::of(none.as_bytes()).is_none(), "{none}");
        }
        let deep = |depth: usize| format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
        assert!(Members::of(deep(100).as_bytes()).is_some());
        assert!(Members::of(deep(200).as_bytes()).is_none());
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
        }
    }
}
