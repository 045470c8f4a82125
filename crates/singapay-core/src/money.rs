//! Whole rupiah, exact amounts, and the object form that carries a currency.
//!
//! In the book: `docs/book/src/time-and-money.md#rupiah`.

use std::{fmt, str::FromStr};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::SerializeMap as _,
};
use serde_json::{Map, Value};

mod amount;
mod read;

pub use amount::{Amount, ParseAmountError};
pub use read::option_money;
use sealed::Exactness;

/// An amount in whole rupiah.
///
/// Reads an integer, an integral float, `"10000"`, `"10000.00"`, and each of these as the `value` of an
/// object whose `currency` is IDR or missing; refuses a fraction, an exponent, a plus sign, separators
/// (also the one of `"10.000"`), spaces and overflow. Writes an integer. A minus sign is read,
/// because discounts and ledger movements are negative; whether an operation takes a negative
/// amount is the operation's rule, not this type's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rupiah(i64);

/// Text or a number is not an amount in whole rupiah. Does not repeat the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an amount in whole rupiah")]
#[non_exhaustive]
pub struct ParseRupiahError;

impl Rupiah {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// This many rupiah.
    pub const fn new(value: i64) -> Self {
        Self(value)
    }

    /// The number of rupiah.
    pub const fn value(self) -> i64 {
        self.0
    }

    /// True if it is less than zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// True if it is zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, or `None` on overflow.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// The difference, or `None` on overflow.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(difference) => Some(Self(difference)),
            None => None,
        }
    }
}

impl fmt::Display for Rupiah {
    /// The number alone, without separators.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for Rupiah {
    type Err = ParseRupiahError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let amount = text.parse::<Amount>().ok();
        amount.and_then(Amount::rupiah).ok_or(ParseRupiahError)
    }
}

impl From<i64> for Rupiah {
    fn from(value: i64) -> Self {
        Self(value)
    }
}

impl Serialize for Rupiah {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for Rupiah {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Money::<Self>::from_value(Value::deserialize(deserializer)?)
            .and_then(|money| money.rupiah())
            .ok_or_else(|| D::Error::custom(ParseRupiahError))
    }
}

crate::open_enum! {
    /// Currency of an amount. The gateway knows one.
    pub enum Currency {
        /// Indonesian rupiah.
        Idr = "IDR",
    }
}

/// An amount with its currency: `{"value": "10000.00", "currency": "IDR"}`.
///
/// `Money` is in whole rupiah, as requests take it; answers hold `Money<Amount>`, with hundredths where the
/// gateway has them. `value` arrives as text or number and leaves as text with two decimals. A bare
/// amount without the object is read too, and so is an object without `currency`: both are IDR. Members
/// that are not known are kept and written back.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Money<V = Rupiah> {
    /// The amount.
    pub value: V,
    /// The currency; IDR everywhere so far.
    pub currency: Currency,
    /// Members that this version does not know.
    pub extra: Map<String, Value>,
}

impl<V> Money<V> {
    /// An amount in IDR.
    pub fn idr(value: V) -> Self {
        Self {
            value,
            currency: Currency::Idr,
            extra: Map::new(),
        }
    }
}

impl<V: Exactness> Money<V> {
    /// Whole rupiah; `None` if there are hundredths, or another currency.
    pub fn rupiah(&self) -> Option<Rupiah> {
        let rupiah = self.value.into().rupiah();
        rupiah.filter(|_| self.currency == Currency::Idr)
    }

    pub(crate) fn from_value(value: Value) -> Option<Self> {
        let Value::Object(mut extra) = value else {
            return V::from_value(&value).map(Self::idr);
        };
        let (value, currency) = (extra.remove("value"), extra.remove("currency"));
        Self::from_members(value, currency, extra)
    }

    pub(crate) fn from_members(
        value: Option<Value>,
        currency: Option<Value>,
        extra: Map<String, Value>,
    ) -> Option<Self> {
        let currency = match currency {
            None | Some(Value::Null) => Currency::Idr,
            Some(Value::String(text)) if text.is_empty() => Currency::Idr,
            Some(Value::String(text)) => Currency::other(text),
            Some(_) => return None,
        };
        Some(Self {
            value: V::from_value(&value?)?,
            currency,
            extra,
        })
    }
}

impl<V> From<V> for Money<V> {
    fn from(value: V) -> Self {
        Self::idr(value)
    }
}

impl<V: fmt::Debug> fmt::Debug for Money<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Money")
            .field("value", &self.value)
            .field("currency", &self.currency)
            .finish_non_exhaustive()
    }
}

impl<V: fmt::Display> fmt::Display for Money<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.value)
    }
}

impl<V: Exactness> Serialize for Money<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("value", &self.value.into())?;
        map.serialize_entry("currency", &self.currency)?;
        // `extra` is open to callers: a second amount must not get in by it.
        for (name, value) in &self.extra {
            if name != "value" && name != "currency" {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}

impl<'de, V: Exactness> Deserialize<'de> for Money<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read::option_money(deserializer)?.ok_or_else(|| D::Error::custom(V::ERROR))
    }
}

mod sealed {
    use serde_json::Value;

    use super::{Amount, ParseAmountError, ParseRupiahError, Rupiah};

    /// Exactness of a value of money: whole rupiah, or hundredths.
    pub trait Exactness: Copy + Into<Amount> {
        /// Says that a value cannot be read.
        type Error: std::error::Error;
        /// The one error.
        const ERROR: Self::Error;

        /// Reads a number or text.
        fn from_value(value: &Value) -> Option<Self>;
    }

    impl Exactness for Rupiah {
        type Error = ParseRupiahError;
        const ERROR: ParseRupiahError = ParseRupiahError;

        fn from_value(value: &Value) -> Option<Self> {
            Amount::from_value(value)?.rupiah()
        }
    }

    impl Exactness for Amount {
        type Error = ParseAmountError;
        const ERROR: ParseAmountError = ParseAmountError;

        fn from_value(value: &Value) -> Option<Self> {
            Self::from_value(value)
        }
    }
}

#[cfg(test)]
mod tests;
