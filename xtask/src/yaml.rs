//! YAML documents, read as JSON.

use std::{fmt, fs, path::Path};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;

use crate::{document::Object, error};

/// Parses a document; keys that are no text, such as the status `200`, become text.
pub fn parse(text: &str) -> Result<Value, yaml_serde::Error> {
    yaml_serde::from_str(text).map(|Any(value)| value)
}

/// Reads a file below `root` into its type; `None` where there is none.
pub(crate) fn read<T: DeserializeOwned>(
    root: &Path,
    file: &'static str,
) -> error::Result<Option<T>> {
    let path = root.join(file);
    if !path.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(&path).map_err(|cause| error::Error::new(file, cause))?;
    yaml_serde::from_str(&text).map_err(|cause| error::Error::new(file, cause))
}

/// Any value, each key once. JSON's own reader takes the last of two, wants keys to be text and takes
/// no number above 64 bits.
pub(crate) struct Any(pub(crate) Value);

impl<'de> Deserialize<'de> for Any {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyVisitor).map(Self)
    }
}

struct AnyVisitor;

/// Visits of values that JSON has too.
macro_rules! as_it_is {
    ($($visit:ident: $given:ty),*) => {
        $(fn $visit<E>(self, value: $given) -> Result<Value, E> {
            Ok(value.into())
        })*
    };
}

impl<'de> Visitor<'de> for AnyVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    as_it_is! { visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_str: &str }

    // Not a number and infinity have no counterpart.
    as_it_is! { visit_f64: f64 }

    fn visit_i128<E>(self, number: i128) -> Result<Value, E> {
        Ok(nearest(number.to_string()))
    }

    fn visit_u128<E>(self, number: u128) -> Result<Value, E> {
        Ok(nearest(number.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Any(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let (mut object, mut merged) = (Object::new(), Vec::new());
        while let Some((Any(key), Any(value))) = members.next_entry()? {
            let key = match key {
                Value::String(text) => text,
                other => other.to_string(),
            };
            if key == "<<" {
                merged.push(value);
            } else if object.contains_key(&key) {
                return Err(A::Error::custom(format_args!("`{key}` stands twice")));
            } else {
                object.insert(key, value);
            }
        }
        // Members that stand here win, then what is merged first.
        for value in merged.into_iter().flat_map(|value| match value {
            Value::Array(values) => values,
            value => Vec::from([value]),
        }) {
            let Value::Object(more) = value else {
                return Err(A::Error::custom("`<<` merges objects"));
            };
            for (key, value) in more {
                object.entry(key).or_insert(value);
            }
        }
        Ok(object.into())
    }
}

/// The nearest float, as JSON reads a number of this length.
fn nearest(number: String) -> Value {
    number.parse::<f64>().map_or(Value::Null, Value::from)
}
