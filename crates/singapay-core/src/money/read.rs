//! Reads an amount with its currency without a tree of values in between: lists hold hundreds of them.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::{Map, Value};

use super::{Money, sealed::Exactness};
use crate::shape::Rejoined;

/// Reads an optional amount; null, `""` and what is no amount are `None`.
///
/// # Errors
///
/// Malformed input only.
pub fn option_money<'de, D: Deserializer<'de>, V: Exactness>(
    deserializer: D,
) -> Result<Option<Money<V>>, D::Error> {
    deserializer.deserialize_any(MoneyVisitor(PhantomData))
}

/// Name of a member; borrowed unless it holds an escape.
#[derive(Deserialize)]
#[serde(transparent)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// Everything is taken, and what is no amount is `None`: an error is always one of the input.
struct MoneyVisitor<V>(PhantomData<V>);

fn bare<V: Exactness>(value: &Value) -> Option<Money<V>> {
    V::from_value(value).map(Money::idr)
}

impl<'de, V: Exactness> Visitor<'de> for MoneyVisitor<V> {
    type Value = Option<Money<V>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(bare(&value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(bare(&value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(bare(&value.into()))
    }

    // With serde_json's `arbitrary_precision`; no amount is that large.
    fn visit_i128<E: Error>(self, _: i128) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u128<E: Error>(self, _: u128) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(bare(&text.into()))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut value, mut currency, mut extra) = (None, None, Map::new());
        while let Some(Name(name)) = map.next_key()? {
            match &*name {
                "value" => value = Some(map.next_value()?),
                "currency" => currency = Some(map.next_value()?),
                // With serde_json's `arbitrary_precision`, a number poses as an object of one member.
                _ if value.is_none() && currency.is_none() && extra.is_empty() => {
                    let whole = Rejoined::new(name.into_owned(), &mut map);
                    let whole = Value::deserialize(MapAccessDeserializer::new(whole))?;
                    return Ok(Money::from_value(whole));
                }
                _ => {
                    extra.insert(name.into_owned(), map.next_value()?);
                }
            }
        }
        Ok(Money::from_members(value, currency, extra))
    }
}
