//! Enums that the gateway may extend without breaking a reader.
//!
//! In use: `crates/singapay-core/src/payout.rs`.

use std::fmt;

/// Text of an enum value that this version does not know.
///
/// It cannot be built or compared directly, so code cannot come to depend on a value being
/// unknown: when a later version knows it, only `as_str` and the wire stay the same, and they do.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnknownText(Box<str>);

impl UnknownText {
    /// For [`open_enum!`](crate::open_enum!) only: keeps known text out of the unknown variant.
    #[doc(hidden)]
    pub fn __from_open_enum(text: String) -> Self {
        Self(text.into_boxed_str())
    }

    /// The text, as on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownText {
    /// Shows no text: nobody knows what the gateway put there.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("..")
    }
}

/// Defines an open enum: known variants, and `Other` for text that is not known yet.
///
/// Unknown text is kept and written back as it came. Reading never fails on text, numbers or
/// booleans. `Other` is made by `From` or, for a request, explicitly by `other(..)`; both give the
/// known variant when the text is known, so equal text is always an equal value.
///
/// ```
/// singapay_core::open_enum! {
///     /// Direction of a payment.
///     pub enum Direction {
///         /// To the merchant.
///         In = "in",
///         /// From the merchant.
///         Out = "out",
///     }
/// }
///
/// assert_eq!(Direction::from("in"), Direction::In);
/// assert_eq!(Direction::other("sideways").as_str(), "sideways");
/// assert!(!Direction::from("sideways").is_known());
/// ```
#[macro_export]
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $text:literal ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        $vis enum $name {
            $( $(#[$variant_meta])* $variant, )+
            /// A value that this version does not know.
            Other($crate::open_enum::UnknownText),
        }

        impl $name {
            /// Every value that this version knows.
            $vis const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            /// The value as on the wire.
            $vis fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Other(text) => text.as_str(),
                }
            }

            /// True if this version knows the value.
            $vis fn is_known(&self) -> bool {
                !::std::matches!(self, Self::Other(_))
            }

            /// A value by its text on the wire, also one that this version does not know.
            $vis fn other(text: impl ::std::convert::Into<::std::string::String>) -> Self {
                let text = text.into();
                match text.as_str() {
                    $( $text => Self::$variant, )+
                    _ => Self::Other($crate::open_enum::UnknownText::__from_open_enum(text)),
                }
            }
        }

        impl ::std::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::other(text)
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                Self::other(text)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                ::std::result::Result::Ok(Self::other(text))
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::std::cmp::PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> ::std::option::Option<::std::cmp::Ordering> {
                ::std::option::Option::Some(::std::cmp::Ord::cmp(self, other))
            }
        }

        impl ::std::cmp::Ord for $name {
            /// By text, so that the order does not change when a value becomes known.
            fn cmp(&self, other: &Self) -> ::std::cmp::Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::tolerant::text(deserializer).map(Self::other)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use serde_json::{from_str, to_string};

    crate::open_enum! {
        /// Result of a payment.
        enum Status {
            /// Done.
            Success = "00",
            /// Under way.
            Pending = "01",
        }
    }

    #[test]
    fn known_values_are_variants() {
        assert_eq!(Status::KNOWN, [Status::Success, Status::Pending]);
        assert_eq!(from_str::<Status>(r#""00""#).unwrap(), Status::Success);
        assert_eq!("01".parse::<Status>().unwrap(), Status::Pending);
        assert_eq!(Status::other("00"), Status::Success);
        assert!(Status::Success.is_known());
    }

    #[test]
    fn unknown_values_are_kept_and_written_back() {
        for text in ["07", "", "Success", "00 ", "é\n"] {
            let json = to_string(text).unwrap();
            let status: Status = from_str(&json).unwrap();
            assert!(!status.is_known());
            assert_eq!((status.as_str(), status.to_string().as_str()), (text, text));
            assert_eq!(to_string(&status).unwrap(), json);
        }
    }

    #[test]
    fn scalars_of_another_type_are_read() {
        assert_eq!(from_str::<Status>("7").unwrap().as_str(), "7");
        assert_eq!(from_str::<Status>("true").unwrap().as_str(), "true");
        assert!(from_str::<Status>("null").is_err());
        assert!(from_str::<Status>("{}").is_err());
    }

    #[test]
    fn order_is_that_of_the_text() {
        let mut all = [Status::other("005"), Status::Pending, Status::Success];
        all.sort();
        assert_eq!(all.map(|status| status.to_string()), ["00", "005", "01"]);
    }

    #[test]
    fn debug_hides_unknown_text() {
        assert_eq!(format!("{:?}", Status::Success), "Success");
        assert_eq!(format!("{:?}", Status::other("canary")), "Other(..)");
    }
}
