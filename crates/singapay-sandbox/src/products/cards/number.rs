//! Card numbers: those of the sandbox, the check digit, and the part that is kept.

/// A card of the sandbox's own whose payment is done with the answer.
pub(super) const DONE_AT_ONCE: &str = "5555555555554444";
/// The documented example of a card whose holder is sent to a 3-D Secure page.
pub(super) const THREE_D_SECURE: &str = "4000000000000002";
pub(super) fn mask(number: &str) -> String {
    match (
        number.get(..6),
        number.len().checked_sub(4).and_then(|at| number.get(at..)),
    ) {
        (Some(head), Some(tail)) => format!("{head}******{tail}"),
        _ => "******".to_owned(),
    }
}

pub(crate) fn passes_luhn(number: &str) -> bool {
    let digits: Option<Vec<u32>> = number.chars().rev().map(|c| c.to_digit(10)).collect();
    let Some(digits) = digits.filter(|digits| (12..=19).contains(&digits.len())) else {
        return false;
    };
    let sum: u32 = digits
        .iter()
        .enumerate()
        .map(|(at, digit)| match (at % 2, digit * 2) {
            (0, _) => *digit,
            (_, twice) if twice > 9 => twice - 9,
            (_, twice) => twice,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sandbox_cards_pass_and_others_do_not() {
        assert!(passes_luhn("4111111111111111"));
        assert!(passes_luhn(DONE_AT_ONCE) && passes_luhn(THREE_D_SECURE));
        assert!(!passes_luhn("4111111111111112"));
        assert!(!passes_luhn("41111111x1111111"));
        assert_eq!(mask("4111111111111111"), "411111******1111");
    }
}
