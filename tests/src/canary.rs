//! Values that must never be printed, and the search for them.

/// Card number. Invented, but of a real one's form.
pub const CARD: &str = "4929731846205517";
/// Card verification value.
pub const CVV: &str = "7319";
/// Card expiry, YYMM.
pub const EXPIRY: &str = "3908";
/// Client secret of the payment host.
pub const SECRET: &str = "canary-secret-5d1f";
/// Client secret of the biller host.
pub const BILLER_SECRET: &str = "canary-biller-secret";
/// `biller-client` and [`BILLER_SECRET`], as basic authorization writes them.
pub const BILLER_BASIC: &str = "YmlsbGVyLWNsaWVudDpjYW5hcnktYmlsbGVyLXNlY3JldA";
/// Client secret of the identity host.
pub const IDENTITY_SECRET: &str = "canary-identity-secret";
/// Access token.
pub const TOKEN: &str = "canary.token.8c21";
/// Phone number of a customer.
pub const PHONE: &str = "081298761234";
/// One-time password.
pub const OTP: &str = "864207";
/// Password of a biller call.
pub const PASSWORD: &str = "canary-password";

/// All of them.
pub const ALL: [&str; 11] = [
    CARD,
    CVV,
    EXPIRY,
    SECRET,
    BILLER_SECRET,
    BILLER_BASIC,
    IDENTITY_SECRET,
    TOKEN,
    PHONE,
    OTP,
    PASSWORD,
];

/// The canaries that a text holds.
pub fn found_in(text: &str) -> Vec<&'static str> {
    ALL.into_iter()
        .filter(|canary| {
            text.match_indices(canary)
                .any(|(at, _)| stands_alone(text, at, at + canary.len()))
        })
        .collect()
}

/// Fails if the text holds a canary.
#[track_caller]
pub fn assert_clean(what: &str, text: &str) {
    let found = found_in(text);
    assert!(found.is_empty(), "{what} shows {found:?}: {text}");
}

/// Four digits in the middle of a port number or a duration are no CVV.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    !before.is_some_and(|c| c.is_ascii_digit() || c == '.')
        && !after.is_some_and(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canaries_are_found() {
        assert_eq!(found_in("cvv: 7319,"), [CVV]);
        assert_eq!(found_in(&format!("x{SECRET}y{PHONE}")), [SECRET, PHONE]);
    }

    #[test]
    fn other_numbers_are_none() {
        for text in ["127.0.0.1:47319", "elapsed: 1.7319ms", "73190"] {
            assert!(found_in(text).is_empty(), "{text}");
        }
    }
}
