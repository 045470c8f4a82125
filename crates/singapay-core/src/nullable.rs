//! A request field in which null and absence mean different things.
//!
//! ```
//! use singapay_core::Nullable;
//!
//! assert!(Nullable::from("Rina").value().is_some());
//! assert!(Nullable::<&str>::default().is_absent());
//! ```

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Absent, null or a value.
///
/// Put `#[serde(default, skip_serializing_if = "Nullable::is_absent")]` on the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Nullable<T> {
    /// The field is not sent: the gateway keeps what it has, or uses its default.
    #[default]
    Absent,
    /// The field is sent as null: the gateway clears it.
    Null,
    /// The field is sent with this value.
    Value(T),
}

impl<T> Nullable<T> {
    /// True if the field is not sent.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// True if the field is sent as null.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value, if there is one.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Converts the value, if there is one.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Nullable<U> {
        match self {
            Self::Absent => Nullable::Absent,
            Self::Null => Nullable::Null,
            Self::Value(value) => Nullable::Value(convert(value)),
        }
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent | Self::Null => serializer.serialize_none(),
            Self::Value(value) => serializer.serialize_some(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::Value))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_str, to_string};

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Update {
        #[serde(default, skip_serializing_if = "Nullable::is_absent")]
        expired_at: Nullable<u32>,
    }

    #[test]
    fn the_three_states_are_written_and_read() {
        for (expired_at, json) in [
            (Nullable::Absent, "{}"),
            (Nullable::Null, r#"{"expired_at":null}"#),
            (Nullable::Value(0), r#"{"expired_at":0}"#),
        ] {
            let update = Update { expired_at };
            assert_eq!(to_string(&update).unwrap(), json);
            assert_eq!(from_str::<Update>(json).unwrap(), update);
        }
        assert!(from_str::<Update>(r#"{"expired_at":"x"}"#).is_err());
    }

    #[test]
    fn values_are_reached_and_converted() {
        assert_eq!(Nullable::from(2).map(|value| value * 2).value(), Some(&4));
        assert!(Nullable::<u32>::Null.map(|value| value * 2).is_null());
        assert!(
            Nullable::<u32>::default()
                .map(|value| value * 2)
                .is_absent()
        );
    }
}
