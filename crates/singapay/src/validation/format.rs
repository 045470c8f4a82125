//! Formats of text. Only what cannot be one is refused: what is left is for the gateway to judge.

use super::Check;

/// Format that a text must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// An e-mail address.
    Email,
    /// An absolute URL, of any scheme: an app has its own.
    Url,
}

impl Check {
    /// Text of a format; an empty one is not looked at.
    pub(crate) fn format(&mut self, field: &str, text: &str, format: Format) {
        let (fits, words) = match format {
            Format::Email => (is_email(text), "must be an e-mail address"),
            Format::Url => (is_url(text), "must be an absolute URL"),
        };
        if !text.is_empty() && !fits {
            self.report(field, words);
        }
    }
}

/// A name and a host around the last `@`; a quoted name may hold anything.
fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else {
        return false;
    };
    let quoted = name.len() > 2 && name.starts_with('"') && name.ends_with('"');
    let plain = |part: &str| !part.is_empty() && !part.contains([' ', '@']);
    let printable = !text.contains(char::is_control);
    printable && plain(host) && (quoted || plain(name))
}

/// A scheme, `://`, and something without spaces.
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let may_stand = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.chars().all(may_stand)
        && !rest.is_empty()
        && !rest.contains(|letter: char| letter.is_whitespace() || letter.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_an_address_passes() {
        for text in [
            "rina@example.com",
            "rina+shop@sub.example.co.id",
            "o'neil@localhost",
            "\"rina w@ijaya\"@example.com",
            "rina@[192.0.2.1]",
            "rina@bücher.example",
        ] {
            assert!(is_email(text), "{text}");
        }
        for text in [
            "nobody",
            "@",
            "@example.com",
            "rina@",
            "r ina@example.com",
            "a@b@c",
            "a@b c",
            "a@b\n",
        ] {
            assert!(!is_email(text), "{text:?}");
        }
    }

    #[test]
    fn what_may_be_a_url_passes() {
        for text in [
            "https://toko.example.com/selesai?id=1#a",
            "http://localhost:3000",
            "toko-app://bayar",
        ] {
            assert!(is_url(text), "{text}");
        }
        for text in [
            "toko",
            "toko.example.com/x",
            "https://",
            "//toko.example.com",
            "://x",
            "1a://x",
            "https://a b",
            "https://a\n",
        ] {
            assert!(!is_url(text), "{text:?}");
        }
    }
}
