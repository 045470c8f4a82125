//! Reads an amount with its currency without a tree of values in between: lists hold hundreds of them.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize,
    de::{Error, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::{Map, Value};

use super::{Money, sealed::Exactness};
use crate::shape::Rejoined;

pub(super) struct MoneyVisitor<V>(pub(super) PhantomData<V>);

fn bare<V: Exactness, E: Error>(value: &Value) -> Result<Money<V>, E> {
    money(V::from_value(value).map(Money::idr))
}

fn money<V: Exactness, E: Error>(read: Option<Money<V>>) -> Result<Money<V>, E> {
    read.ok_or_else(|| E::custom(V::ERROR))
}

/// Everything is taken, so that no error of serde's own repeats the value.
impl<'de, V: Exactness> Visitor<'de> for MoneyVisitor<V> {
    type Value = Money<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Money<V>, E> {
        money(None)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Money<V>, E> {
        bare(&value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Money<V>, E> {
        bare(&value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Money<V>, E> {
        bare(&value.into())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Money<V>, E> {
        bare(&text.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Money<V>, E> {
        money(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Money<V>, A::Error> {
        money(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Money<V>, A::Error> {
        let (mut value, mut currency, mut extra) = (None, None, Map::new());
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "value" => value = Some(map.next_value()?),
                "currency" => currency = Some(map.next_value()?),
                // With serde_json's `arbitrary_precision`, a number poses as an object of one member.
                _ if value.is_none() && currency.is_none() && extra.is_empty() => {
                    let whole = Rejoined::new(name, &mut map);
                    let whole = Value::deserialize(MapAccessDeserializer::new(whole))?;
                    return money(Money::from_value(whole));
                }
                _ => {
                    extra.insert(name, map.next_value()?);
                }
            }
        }
        money(Money::from_members(value, currency, extra))
    }
}
