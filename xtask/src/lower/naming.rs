//! Public names, made from operation ids and field names only, so that a component that the
//! publisher renames renames nothing of ours.

use std::fmt::Display;

use heck::ToPascalCase;

/// The first of the name, the name with a 2 behind it, with a 3, that is free.
pub(crate) fn free(
    name: &str,
    between: impl Display,
    mut is_free: impl FnMut(&str) -> bool,
) -> String {
    let (mut free, mut number) = (name.to_owned(), 1);
    while !is_free(&free) {
        number += 1;
        free = format!("{name}{between}{number}");
    }
    free
}

/// `topup_ewallet`, `Request` -> `TopupEwalletRequest`.
pub(super) fn join(parent: &str, field: &str) -> String {
    identifier(&format!("{parent}_{field}"))
}

/// `payment-link-transaction` -> `PaymentLinkTransaction`: only letters and digits that every identifier may
/// have, and no digit first.
pub(super) fn identifier(name: &str) -> String {
    let plain = name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
    let pascal = match plain.to_pascal_case() {
        own if own == "Self" => "SelfType".to_owned(),
        pascal if pascal.starts_with(|first: char| first.is_ascii_alphabetic()) => pascal,
        pascal => format!("V{pascal}"),
    };
    // The generator does the same, and its names must be ours.
    if pascal == name {
        pascal
    } else {
        identifier(&pascal)
    }
}
