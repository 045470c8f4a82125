//! Banks under the names that requests and answers have for them.

use crate::generated::banks::BANKS;

/// True if the names are known to mean two banks. Names that cannot be compared do not differ.
pub(super) fn differ(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim(), other.trim());
    match (find(one), find(other)) {
        (Some(one), Some(other)) => one != other,
        _ => {
            is_code(one) && is_code(other) && one != other
                || is_swift(one)
                    && is_swift(other)
                    && !short(one).eq_ignore_ascii_case(short(other))
        }
    }
}

fn find(name: &str) -> Option<usize> {
    let name = if is_swift(name) { short(name) } else { name };
    BANKS
        .iter()
        .position(|bank| bank.iter().any(|known| known.eq_ignore_ascii_case(name)))
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
