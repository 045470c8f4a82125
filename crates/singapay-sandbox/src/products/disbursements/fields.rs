//! Fields that transfers and the questions before them share.

use crate::{
    banks::{self, Bank},
    http::validate::Fields,
};

pub(super) const SMALLEST: i64 = 10_000;
pub(super) const LARGEST: i64 = 250_000_000;

/// A bank by SWIFT code; a three-digit code is refused there (seen live).
pub(super) fn bank_by_swift(fields: &mut Fields<'_>) -> Option<&'static Bank> {
    let swift = fields.text("bank_swift_code", 11);
    let bank = banks::by_swift(&swift);
    if bank.is_none() && !swift.is_empty() {
        fields.invalid("bank_swift_code");
    }
    bank
}

pub(super) fn bank_by_code(fields: &mut Fields<'_>) -> Option<&'static Bank> {
    let code = fields.text("bank_code", 8);
    let bank = banks::by_any_code(&code);
    if bank.is_none() && !code.is_empty() {
        fields.invalid("bank_code");
    }
    bank
}

pub(super) fn account_number(fields: &mut Fields<'_>, longest: usize) -> String {
    let number = fields.text("bank_account_number", longest);
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    if !number.is_empty() && (!digits || number.len() < 6) {
        fields.fail(
            "bank_account_number",
            format!("The bank account number field must be between 6 and {longest} digits."),
        );
    }
    number
}
