//! Reads an object or a list where PHP may have written the empty one of the other kind.
//!
//! The method by which `T` asks to be read shows if it is an object or a list. Nothing is
//! buffered, so error positions and paths stay exact.

use std::{cell::Cell, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{
        self, Error as _, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};

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
    /// A scalar has been consumed whole, so `T` may refuse it without harm.
    fn scalar<'de, E: de::Error, V: IntoDeserializer<'de, E>>(value: V) -> Option<T>
    where
        T: Deserialize<'de>,
    {
        T::deserialize(Scalar {
            value,
            error: PhantomData,
        })
        .ok()
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
        Ok(Self::scalar::<E, _>(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Option<T>, E> {
        Ok(Self::scalar::<E, _>(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Option<T>, E> {
        Ok(Self::scalar::<E, _>(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Option<T>, E> {
        Ok(Self::scalar::<E, _>(value))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Option<T>, E> {
        if text.is_empty() {
            Ok(None)
        } else {
            Ok(Self::scalar::<E, _>(text.to_owned()))
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

/// Options and newtypes look through to the same value.
macro_rules! look_through {
    () => {
        fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
            visitor.visit_some(self)
        }

        fn deserialize_newtype_struct<V: Visitor<'de>>(
            self,
            _name: &'static str,
            visitor: V,
        ) -> Result<V::Value, Self::Error> {
            visitor.visit_newtype_struct(self)
        }
    };
}

/// Asking for one of these is refused before anything is consumed.
macro_rules! refuse {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Self::Error> {
            self.refused.set(true);
            Err(Self::Error::custom("value of another shape"))
        }
    )*};
}

/// Scalars, for objects and lists alike.
macro_rules! refuse_scalars {
    () => {
        refuse! {
            deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
            deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_f32
            deserialize_f64 deserialize_char deserialize_str deserialize_string deserialize_bytes
            deserialize_byte_buf deserialize_unit
        }

        fn deserialize_unit_struct<V: Visitor<'de>>(
            self,
            _name: &'static str,
            visitor: V,
        ) -> Result<V::Value, Self::Error> {
            self.deserialize_unit(visitor)
        }
    };
}

/// An object; who asks for a list gets its values if the names are list indexes, else a list of one.
struct Object<'a, A> {
    map: &'a mut A,
    refused: &'a Cell<bool>,
}

impl<'de, A: MapAccess<'de>> Deserializer<'de> for Object<'_, A> {
    type Error = A::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_map(self.map)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_seq(Values {
            map: self.map,
            indexed: None,
        })
    }

    look_through!();
    refuse_scalars!();
    forward_to_deserialize_any! {
        i128 u128 tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Values<'a, A> {
    map: &'a mut A,
    /// True if the names are indexes; decided by the first.
    indexed: Option<bool>,
}

impl<'de, A: MapAccess<'de>> SeqAccess<'de> for Values<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: de::DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        let Some(name) = self.map.next_key::<String>()? else {
            return Ok(None);
        };
        if *self.indexed.get_or_insert_with(|| is_index(&name)) {
            return self.map.next_value_seed(seed).map(Some);
        }
        let whole = Rejoined::new(name, self.map);
        seed.deserialize(MapAccessDeserializer::new(whole))
            .map(Some)
    }
}

/// An object whose first name has already been taken out.
pub(crate) struct Rejoined<'a, A> {
    first: Option<String>,
    map: &'a mut A,
}

impl<'a, A> Rejoined<'a, A> {
    pub(crate) fn new(first: String, map: &'a mut A) -> Self {
        Self {
            first: Some(first),
            map,
        }
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Rejoined<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: de::DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        match self.first.take() {
            Some(name) => seed.deserialize(name.into_deserializer()).map(Some),
            None => self.map.next_key_seed(seed),
        }
    }

    fn next_value_seed<S: de::DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<S::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

/// A list; who asks for anything else is refused.
struct List<'a, A> {
    seq: &'a mut A,
    refused: &'a Cell<bool>,
}

impl<'de, A: SeqAccess<'de>> Deserializer<'de> for List<'_, A> {
    type Error = A::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_seq(self.seq)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.deserialize_map(visitor)
    }

    look_through!();
    refuse_scalars!();
    refuse! { deserialize_map }
    forward_to_deserialize_any! {
        i128 u128 seq tuple tuple_struct enum identifier ignored_any
    }
}

/// A scalar; who asks for a list gets a list of one.
struct Scalar<V, E> {
    value: V,
    error: PhantomData<E>,
}

impl<'de, I: IntoDeserializer<'de, E>, E: de::Error> Deserializer<'de> for Scalar<I, E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        self.value.into_deserializer().deserialize_any(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_seq(SeqDeserializer::new(std::iter::once(self.value)))
    }

    look_through!();
    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// True if an object member's name is one that PHP gives to a list element.
pub(crate) fn is_index(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|digit| digit.is_ascii_digit())
}
