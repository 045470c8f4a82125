//! Reads an object or a list where PHP may have written the empty one of the other kind.
//!
//! Whether `T` is an object or a list shows in the method by which it asks to be read. Nothing is
//! buffered, so error positions and paths stay exact.

use std::{cell::Cell, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{self, Error as _, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, Visitor},
    forward_to_deserialize_any,
};

use crate::tolerant::is_index;

/// Reads `T`, or `None` where there is nothing of its shape.
pub(crate) fn read<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(Shape(PhantomData))
}

struct Shape<T>(PhantomData<T>);

impl<T> Shape<T> {
    fn scalar<'de, E: de::Error>(value: impl IntoDeserializer<'de, E>) -> Option<T>
    where
        T: Deserialize<'de>,
    {
        T::deserialize(value.into_deserializer()).ok()
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Shape<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object, a list or null")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_none<E: de::Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        read(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        read(deserializer)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Option<T>, E> {
        Ok(Self::scalar::<E>(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Option<T>, E> {
        Ok(Self::scalar::<E>(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Option<T>, E> {
        Ok(Self::scalar::<E>(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Option<T>, E> {
        Ok(Self::scalar::<E>(value))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Option<T>, E> {
        if text.is_empty() {
            Ok(None)
        } else {
            Ok(Self::scalar::<E>(text.to_owned()))
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<T>, A::Error> {
        let refused = Cell::new(false);
        match T::deserialize(Object {
            map: &mut map,
            refused: &refused,
        }) {
            Ok(value) => Ok(Some(value)),
            Err(_) if refused.get() => {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Option<T>, A::Error> {
        let refused = Cell::new(false);
        match T::deserialize(List {
            seq: &mut seq,
            refused: &refused,
        }) {
            Ok(value) => Ok(Some(value)),
            Err(_) if refused.get() => {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// An object; who asks for a list gets the values, if the names are list indexes.
struct Object<'a, A> {
    map: &'a mut A,
    refused: &'a Cell<bool>,
}

impl<'de, A: MapAccess<'de>> Deserializer<'de> for Object<'_, A> {
    type Error = A::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_map(self.map)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_seq(Values(self))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Values<'a, A>(Object<'a, A>);

impl<'de, A: MapAccess<'de>> SeqAccess<'de> for Values<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: de::DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        let Some(name) = self.0.map.next_key::<String>()? else {
            return Ok(None);
        };
        if is_index(&name) {
            return self.0.map.next_value_seed(seed).map(Some);
        }
        self.0.map.next_value::<IgnoredAny>()?;
        self.0.refused.set(true);
        Err(A::Error::custom("list expected, object found"))
    }
}

/// A list; who asks for an object is refused.
struct List<'a, A> {
    seq: &'a mut A,
    refused: &'a Cell<bool>,
}

impl<A> List<'_, A> {
    fn refuse<T, E: de::Error>(self) -> Result<T, E> {
        self.refused.set(true);
        Err(E::custom("object expected, list found"))
    }
}

impl<'de, A: SeqAccess<'de>> Deserializer<'de> for List<'_, A> {
    type Error = A::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_seq(self.seq)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_map<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, A::Error> {
        self.refuse()
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.refuse()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct enum identifier ignored_any
    }
}
