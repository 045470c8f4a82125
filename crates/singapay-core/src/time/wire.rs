//! One type per format on the wire.
//!
//! Numbers are told apart by size, whatever the type: below 10^11 they are seconds, below 10^13
//! milliseconds (1973 to 2286), and beyond that they are no time. Nothing before 1971 is one.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::{Number, Value};

use super::{Timestamp, format, none};
use crate::tolerant;

/// A time as it came, or as it will go.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Raw {
    Number(Number),
    Text(String),
}

impl Raw {
    fn instant(&self) -> Option<Timestamp> {
        self.written().filter(|time| !none::is_too_early(*time))
    }

    fn written(&self) -> Option<Timestamp> {
        match self {
            Self::Number(number) => format::from_number(match number.as_i64() {
                Some(number) => number,
                None => tolerant::whole(&tolerant::number_text(number)?)?,
            }),
            Self::Text(text) => format::any(text),
        }
    }

    /// True if it stands for no time at all.
    fn is_none(&self) -> bool {
        match self {
            Self::Number(_) => self.written().is_some_and(none::is_too_early),
            Self::Text(text) => none::is_none(text),
        }
    }

    fn fmt(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.instant() {
            Some(instant) => write!(f, "{name}({instant})"),
            None => write!(f, "{name}(unreadable)"),
        }
    }
}

impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            // With serde_json's `arbitrary_precision`, `Number` tells any other format to write an object.
            Self::Number(number) => match number.as_i64() {
                Some(integer) => serializer.serialize_i64(integer),
                None => number.serialize(serializer),
            },
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = match Value::deserialize(deserializer)? {
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::Text(text),
            _ => return Err(D::Error::custom("time expected, as text or number")),
        };
        match raw.is_none() {
            true => Err(D::Error::custom("a date that stands for none")),
            false => Ok(raw),
        }
    }
}

macro_rules! gateway_time {
    ($(#[$meta:meta])* $name:ident, |$time:ident| $write:expr) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name(Raw);

        impl $name {
            /// Takes text as it is, readable or not.
            pub fn from_text(text: impl Into<String>) -> Self {
                Self(Raw::Text(text.into()))
            }

            /// The instant, or `None` if no known format fits or the date stands for none.
            pub fn instant(&self) -> Option<Timestamp> {
                self.0.instant()
            }

            /// The text or number as on the wire.
            pub fn raw(&self) -> String {
                match &self.0 {
                    Raw::Number(number) => number.to_string(),
                    Raw::Text(text) => text.clone(),
                }
            }
        }

        impl From<Timestamp> for $name {
            /// Writes the instant in the type's own format, rounded down to what it can hold.
            fn from($time: Timestamp) -> Self {
                Self($write)
            }
        }

        impl fmt::Debug for $name {
            /// The instant; never the text, which may be anything.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(stringify!($name), f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Raw::deserialize(deserializer).map(Self)
            }
        }
    };
}

gateway_time! {
    /// Seconds since the Unix epoch; written as a number.
    ///
    /// A number of 12 or 13 digits is read as milliseconds.
    UnixSeconds, |time| Raw::Number(time.unix_seconds().into())
}

gateway_time! {
    /// Milliseconds since the Unix epoch; written as a number, or by
    /// [`from_timestamp_as_text`](UnixMillis::from_timestamp_as_text) as text.
    ///
    /// A number of at most 11 digits (before March 1973) is read as seconds.
    UnixMillis, |time| Raw::Number(time.unix_millis().into())
}

gateway_time! {
    /// ISO 8601 with offset or `Z`; written in Jakarta time, `2026-04-02T10:30:00+07:00`.
    Iso8601, |time| Raw::Text(format::write_jakarta(time, format::ISO_JAKARTA))
}

gateway_time! {
    /// `2026-04-02 10:30:00`, Jakarta time.
    WibDateTime, |time| Raw::Text(format::write_jakarta(time, format::WIB_DATE_TIME))
}

gateway_time! {
    /// `26 Dec 2025 13:35:45`, English months, Jakarta time.
    WibText, |time| Raw::Text(format::write_jakarta(time, format::WIB_TEXT))
}

gateway_time! {
    /// A time whose format varies; written as ISO 8601 in Jakarta time.
    AnyTime, |time| Raw::Text(format::write_jakarta(time, format::ISO_JAKARTA))
}

impl UnixMillis {
    /// Milliseconds as text, the form proven live for virtual accounts.
    pub fn from_timestamp_as_text(time: Timestamp) -> Self {
        Self(Raw::Text(time.unix_millis().to_string()))
    }
}

impl Iso8601 {
    /// The instant in UTC, `2026-04-02T03:30:00Z`.
    pub fn utc(time: Timestamp) -> Self {
        Self(Raw::Text(format::write_utc(time)))
    }
}
