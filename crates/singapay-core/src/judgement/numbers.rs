//! Numbers of accounts, wallets and customers under the spellings that answers have for them.

/// Differences of spelling that leave it the same number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spelling {
    /// The answer has a number, which keeps no leading zeros.
    pub(super) bare: bool,
    /// With `0`, `62` or neither it is the same telephone.
    pub(super) telephone: bool,
}

/// True if the answer names somebody else than was asked for. Masked digits are not compared.
pub(super) fn differ(asked: &str, told: &str, by: Spelling) -> bool {
    let (asked, told) = (plain(asked), plain(told));
    if let Some((head, tail)) = masked(&told) {
        let begins = by.telephone || asked.starts_with(head);
        return !(begins && asked.ends_with(tail));
    }
    let zeros = |number: &str| by.bare && number.trim_start_matches('0') == told;
    asked != told && !zeros(&asked) && !(by.telephone && is_same_telephone(&asked, &told))
}

/// A number without what people put between its digits; any other text as it is.
fn plain(text: &str) -> String {
    let bare = text.chars().filter(|c| !matches!(c, ' ' | '-' | '+'));
    let bare: String = bare.collect();
    let is_number = bare.chars().all(|c| c.is_ascii_digit() || is_mask(c));
    if is_number { bare } else { text.to_owned() }
}

fn is_mask(c: char) -> bool {
    matches!(c, '*' | '•' | 'x' | 'X')
}

/// The digits before and behind the mask of a number.
fn masked(number: &str) -> Option<(&str, &str)> {
    let is_number = number.chars().all(|c| c.is_ascii_digit() || is_mask(c));
    let (head, rest) = number.split_once(is_mask).filter(|_| is_number)?;
    let tail = rest.rsplit(is_mask).next().unwrap_or_default();
    Some((head, tail))
}

fn is_same_telephone(one: &str, other: &str) -> bool {
    let local = |number: &str| {
        let local = number
            .strip_prefix("62")
            .or_else(|| number.strip_prefix('0'));
        let local = local.unwrap_or(number);
        let is_mobile = local.starts_with('8') && local.bytes().all(|byte| byte.is_ascii_digit());
        is_mobile.then(|| local.to_owned())
    };
    local(one).is_some_and(|one| local(other) == Some(one))
}
