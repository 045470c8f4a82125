//! Names for numbers: invented, and always the same for the same number.

/// The holder of an account or wallet.
pub(crate) fn holder(number: &str) -> String {
    const FIRST: [&str; 6] = ["Adi", "Bunga", "Citra", "Dewi", "Eko", "Fajar"];
    const LAST: [&str; 5] = ["Pratama", "Lestari", "Wijaya", "Santoso", "Utami"];
    let sum = number
        .bytes()
        .fold(7_usize, |sum, b| sum * 31 % 9_973 + usize::from(b));
    format!(
        "{} {}",
        FIRST[sum % FIRST.len()],
        LAST[sum / 7 % LAST.len()]
    )
}
