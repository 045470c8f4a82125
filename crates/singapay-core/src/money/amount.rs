//! Rupiah and hundredths of a rupiah, without rounding.

use std::{cmp::Ordering, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::Value;

use super::{Currency, Money, Rupiah};
use crate::tolerant;

/// Floats above this can no longer hold two decimals, so a fraction could hide: 2^46 rupiah.
pub(super) const LARGEST_FLOAT: i64 = 1 << 46;

/// An exact amount in rupiah, with up to two decimals, as balances and statements have them.
///
/// Kept as a count of minor units (sen, a hundredth of a rupiah); nothing is ever rounded. Reads a number,
/// text of the form `-1234.56`, and each of these as the `value` of an object whose `currency` is IDR or
/// missing. Decimals after the second must be zeros; three decimals, an exponent in text, a plus sign and
/// separators are refused (`15.000` is fifteen thousand in Indonesia). Writes text with two decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(i128);

/// Text is not an amount in rupiah with at most two decimals. Does not repeat the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an amount in rupiah with at most two decimals")]
#[non_exhaustive]
pub struct ParseAmountError;

impl Amount {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// This many hundredths of a rupiah.
    pub const fn from_minor_units(minor_units: i128) -> Self {
        Self(minor_units)
    }

    /// The number of hundredths of a rupiah.
    pub const fn minor_units(self) -> i128 {
        self.0
    }

    /// Whole rupiah; `None` if there are hundredths, or more rupiah than [`Rupiah`] holds.
    pub fn rupiah(self) -> Option<Rupiah> {
        let whole = i64::try_from(self.0 / 100).ok()?;
        (self.0 % 100 == 0).then_some(Rupiah::new(whole))
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
    pub fn checked_add(self, other: impl Into<Self>) -> Option<Self> {
        self.0.checked_add(other.into().0).map(Self)
    }

    /// The difference, or `None` on overflow.
    #[must_use]
    pub fn checked_sub(self, other: impl Into<Self>) -> Option<Self> {
        self.0.checked_sub(other.into().0).map(Self)
    }

    pub(super) fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => tolerant::hundredths(text).map(Self),
            Value::Number(number) => match number.as_i64() {
                Some(whole) => Some(Rupiah::new(whole).into()),
                None => tolerant::hundredths(&tolerant::number_text(number)?)
                    .map(Self)
                    .filter(|amount| amount.0.abs() <= 100 * i128::from(LARGEST_FLOAT)),
            },
            _ => None,
        }
    }

    /// With two decimals, always.
    fn decimal(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let minor_units = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", minor_units / 100, minor_units % 100)
    }
}

impl From<Rupiah> for Amount {
    fn from(rupiah: Rupiah) -> Self {
        Self(100 * i128::from(rupiah.value()))
    }
}

impl PartialEq<Rupiah> for Amount {
    fn eq(&self, other: &Rupiah) -> bool {
        *self == Self::from(*other)
    }
}

impl PartialOrd<Rupiah> for Amount {
    fn partial_cmp(&self, other: &Rupiah) -> Option<Ordering> {
        self.partial_cmp(&Self::from(*other))
    }
}

impl fmt::Display for Amount {
    /// The number alone: `1234.56`, and `1234` where it is whole.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.decimal();
        f.pad(text.strip_suffix(".00").unwrap_or(&text))
    }
}

impl FromStr for Amount {
    type Err = ParseAmountError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        tolerant::hundredths(text).map(Self).ok_or(ParseAmountError)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.decimal())
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let money = Money::<Self>::deserialize(deserializer)?;
        match money.currency {
            Currency::Idr => Ok(money.value),
            _ => Err(D::Error::custom(ParseAmountError)),
        }
    }
}
