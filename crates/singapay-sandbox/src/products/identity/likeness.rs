//! Likeness of two names.

use std::collections::HashMap;

const HONORIFICS: [&str; 12] = [
    "bapak", "bpk", "ibu", "sdr", "sdri", "mr", "mrs", "ms", "dr", "drs", "h", "hj",
];

/// Letters only, without case and honorifics.
fn plain(name: &str) -> Vec<char> {
    name.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !HONORIFICS.contains(word))
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .collect()
}

/// Tenths of a percent: the share of letter pairs that both have. Only the very same name, as far
/// as it counts, has all of them.
pub(super) fn tenths(one: &str, other: &str) -> u16 {
    let (one, other) = (plain(one), plain(other));
    if one == other {
        return 1_000;
    }
    let total = one.len().saturating_sub(1) + other.len().saturating_sub(1);
    if total == 0 {
        return 0;
    }
    let mut pairs: HashMap<&[char], usize> = HashMap::new();
    for pair in one.windows(2) {
        *pairs.entry(pair).or_default() += 1;
    }
    let mut shared = 0;
    for pair in other.windows(2) {
        if let Some(left) = pairs.get_mut(pair).filter(|left| **left > 0) {
            *left -= 1;
            shared += 1;
        }
    }
    u16::try_from(2_000 * shared / total).unwrap_or(0).min(999)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn honorifics_case_and_spaces_do_not_count_and_others_do() {
        assert_eq!(tenths("  Bapak BUDI   santoso", "Budi Santoso"), 1_000);
        let near = tenths("Budi Santosa", "Budi Santoso");
        assert!((800..1_000).contains(&near), "{near}");
        assert!(tenths("Rina", "Budi Santoso") < 300);
        assert_eq!(tenths("", "Budi"), 0);
        assert_eq!(tenths("x", "y"), 0);
    }
}
