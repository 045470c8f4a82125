//! Text that must never be printed.
//!
//! ```
//! use singapay_core::Secret;
//!
//! let secret = Secret::new("client secret");
//! assert_eq!(format!("{secret:?}"), "[redacted]");
//! assert_eq!(secret.expose(), "client secret");
//! ```

use std::{
    fmt,
    hash::{Hash, Hasher},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

const REDACTED: &str = "[redacted]";

/// A credential: not printable, not serialisable, wiped on drop.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes over the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself. Whoever calls this is responsible for where it goes.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// True if there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True if there is nothing in it that a key is made of: only white space, control characters and
    /// the like, or the quotes of an empty text, which some readers of environment files keep.
    pub fn is_blank(&self) -> bool {
        let is_quote = |c| matches!(c, '"' | '\'');
        !self
            .0
            .chars()
            .any(|c| c.is_alphanumeric() || c.is_ascii_punctuation() && !is_quote(c))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// A sensitive field of a request or answer, such as a card number: goes over the wire like any
/// string, but is never printed, and is wiped on drop.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Sensitive(Zeroizing<String>);

impl Sensitive {
    /// Takes over the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself. Whoever calls this is responsible for where it goes.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// True if there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Hash for Sensitive {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.expose().hash(state);
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl From<String> for Sensitive {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Sensitive {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl Serialize for Sensitive {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Sensitive {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::tolerant::text(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_str, to_string};

    use super::*;

    #[test]
    fn nothing_is_printed() {
        let secret = Secret::new("canary");
        let sensitive = Sensitive::new("canary");
        assert_eq!(format!("{secret:?} {secret:#?}"), "[redacted] [redacted]");
        assert_eq!(
            format!("{sensitive:?} {:?}", Some(&sensitive)),
            "[redacted] Some([redacted])"
        );
        assert_eq!((secret.expose(), sensitive.expose()), ("canary", "canary"));
    }

    #[test]
    fn sensitive_text_goes_over_the_wire() {
        let card = Sensitive::from("4111111111111111");
        assert_eq!(to_string(&card).unwrap(), r#""4111111111111111""#);
        for json in [r#""4111111111111111""#, "4111111111111111"] {
            assert_eq!(from_str::<Sensitive>(json).unwrap(), card);
        }
    }

    #[test]
    fn a_refusal_does_not_repeat_the_value() {
        for json in [r#"["canary"]"#, r#"{"canary":"canary"}"#, "null"] {
            let error = from_str::<Sensitive>(json).unwrap_err();
            assert!(!error.to_string().contains("canary"), "{error}");
        }
    }

    #[test]
    fn emptiness_is_told() {
        assert!(Secret::new("").is_empty() && Sensitive::default().is_empty());
        assert!(!Secret::from("x").is_empty() && !Sensitive::from("x".to_owned()).is_empty());
    }

    #[test]
    fn what_holds_no_visible_character_is_blank() {
        for blank in [
            "", " \r\n\t", "\0", "\u{a0}", "\u{200b}", "\u{feff}", "\"\"", "''", "\" \"",
        ] {
            assert!(Secret::new(blank).is_blank(), "{blank:?}");
        }
        for secret in ["x", " 0 ", "-", "é"] {
            assert!(!Secret::new(secret).is_blank(), "{secret:?}");
        }
    }

    #[test]
    fn what_is_held_is_wiped_on_drop() {
        fn wiped<T: zeroize::ZeroizeOnDrop>(_: &T) {}
        wiped(&Secret::new("canary").0);
        wiped(&Sensitive::new("canary").0);
    }
}
