//! Enums that the gateway may extend without breaking a reader.

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
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            /// The value as on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Other(text) => text.as_str(),
                }
            }

            /// Whether this version knows the value.
            pub fn is_known(&self) -> bool {
                !::std::matches!(self, Self::Other(_))
            }

            /// A value by its text on the wire, also one that this version does not know.
            pub fn other(text: impl ::std::convert::Into<::std::string::String>) -> Self {
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
