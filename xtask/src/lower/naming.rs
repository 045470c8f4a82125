//! Public names, made from operation ids and field names only, so that a component that the
//! publisher renames renames nothing of ours.

use heck::ToPascalCase;

/// `topup_ewallet`, `Request` -> `TopupEwalletRequest`.
pub(super) fn join(parent: &str, field: &str) -> String {
    // Once more over the whole: the generator does the same, and its names must be ours.
    format!("{parent}_{field}").to_pascal_case()
}

/// `payment-link-transaction` -> `PaymentLinkTransaction`.
pub(super) fn pascal(name: &str) -> String {
    name.to_pascal_case()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_stable_under_repetition() {
        assert_eq!(join("topup_ewallet", "Request"), "TopupEwalletRequest");
        assert_eq!(join("CardPayment", "url_3ds"), "CardPaymentUrl3ds");
        let name = join("CreatePaymentLinkV1", "request");
        assert_eq!(name, "CreatePaymentLinkV1Request");
        assert_eq!(pascal(&name), name);
    }
}
