//! Banks under the names that requests, answers and people have for them.
//!
//! ```
//! use singapay_core::bank::Bank;
//!
//! assert_eq!(Bank::find("BCA").map(|bank| bank.code()), Some("014"));
//! ```

use crate::generated::banks::BANKS;

/// A bank that is known: the gateway publishes no list that a program can read, so others exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bank(&'static [&'static str]);

impl Bank {
    /// The bank of that name: its three digits, a SWIFT code with or without the branch, or a name.
    pub fn find(name: &str) -> Option<Self> {
        let name = name.trim();
        let name = match is_swift(name) {
            true => short(name),
            false => name,
        };
        let mut all = BANKS.iter();
        let bank = all.find(|bank| bank.iter().any(|known| known.eq_ignore_ascii_case(name)))?;
        Some(Self(bank))
    }

    /// All that are known.
    pub fn all() -> impl Iterator<Item = Self> {
        BANKS.iter().map(|bank| Self(bank))
    }

    /// Its three digits.
    pub fn code(&self) -> &'static str {
        self.0.last().copied().unwrap_or_default()
    }

    /// Its SWIFT code, as far as one is known.
    pub fn swift(&self) -> Option<&'static str> {
        self.0.iter().copied().find(|name| is_swift(name))
    }

    /// The first of its names.
    pub fn name(&self) -> Option<&'static str> {
        let mut names = self.0.iter().copied();
        names.find(|name| !is_swift(name) && !is_code(name))
    }
}

/// One spelling for all names of a bank: its three digits where it is known, else the name itself in capitals,
/// without the branch of a SWIFT code.
pub fn canonical(name: &str) -> String {
    match Bank::find(name) {
        Some(bank) => bank.code().to_owned(),
        None if is_swift(name.trim()) => short(name.trim()).to_ascii_uppercase(),
        None => name.trim().to_ascii_uppercase(),
    }
}

/// True if the names are known to mean two banks. Names that cannot be compared do not differ.
pub(crate) fn differ(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim(), other.trim());
    match (Bank::find(one), Bank::find(other)) {
        (Some(one), Some(other)) => one != other,
        _ => {
            is_code(one) && is_code(other) && one != other
                || is_swift(one)
                    && is_swift(other)
                    && !short(one).eq_ignore_ascii_case(short(other))
        }
    }
}

fn is_code(name: &str) -> bool {
    name.len() == 3 && name.bytes().all(|byte| byte.is_ascii_digit())
}

/// Eight letters and digits, country included; eleven with the branch.
fn is_swift(name: &str) -> bool {
    matches!(name.len(), 8 | 11)
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && name[4..6].eq_ignore_ascii_case("ID")
}

/// Without the branch.
fn short(swift: &str) -> &str {
    swift.get(..8).unwrap_or(swift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bank_is_found_by_code_swift_and_name() {
        for name in [
            "002",
            "BRINIDJA",
            "brinidjaxxx",
            "BRI",
            " Bank Rakyat Indonesia ",
        ] {
            let bank = Bank::find(name).unwrap();
            assert_eq!(
                (bank.code(), bank.swift(), bank.name()),
                ("002", Some("BRINIDJA"), Some("BRI"))
            );
            assert_eq!(canonical(name), "002");
        }
        assert_eq!(canonical("abcdidjaxxx"), "ABCDIDJA");
        assert_eq!(Bank::find("688").unwrap().swift(), None);
        assert!(Bank::all().all(|bank| is_code(bank.code()) && bank.name().is_some()));
    }

    #[test]
    fn one_bank_has_many_names() {
        for (one, other, differs) in [
            ("002", "BRI", false),
            ("002", "brinidja", false),
            ("BRINIDJAXXX", "002", false),
            ("002", "014", true),
            ("BRI", "BCA", true),
            ("CENAIDJA", "002", true),
            ("SYBTIDJ1", "200", false),
            ("999", "998", true),
            ("ABCDIDJA", "ABCEIDJA", true),
            ("ABCDIDJA", "abcdidja", false),
            // Nobody knows whether these are the same.
            ("999", "Bank Nowhere", false),
            ("BCA", "", false),
        ] {
            assert_eq!(differ(one, other), differs, "{one} {other}");
            assert_eq!(differ(other, one), differs, "{other} {one}");
        }
    }
}
