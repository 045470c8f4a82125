//! Bank transfers (fact sheet 04, section 1).

mod checks;
mod outcome;
mod reads;
mod transfer;

use super::{
    banks::{self, Bank},
    operation::{Operation, SignatureFailure},
    validate::Fields,
};

const SUCCESS: &str = "Successfully";
const SMALLEST: i64 = 10_000;
const LARGEST: i64 = 250_000_000;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::v1(
        "list_disbursements",
        "GET",
        "/api/v1.0/disbursement/{account_id}",
        reads::list,
    ),
    Operation::v1(
        "get_disbursement",
        "GET",
        "/api/v1.0/disbursement/{account_id}/{transaction_id}",
        reads::show,
    ),
    Operation::v1(
        "check_disbursement_fee",
        "POST",
        "/api/v1.0/disbursement/{account_id}/check-fee",
        checks::fee,
    ),
    Operation::v1(
        "check_beneficiary",
        "POST",
        "/api/v1.0/disbursement/check-beneficiary",
        checks::beneficiary_v1,
    ),
    Operation::v2(
        "check_beneficiary_v2",
        "POST",
        "/api/v2.0/disbursement/check-beneficiary",
        SUCCESS,
        checks::beneficiary_v2,
    ),
    // The failure shape is documented as that of the e-wallet top-up.
    Operation::v2(
        "transfer_disbursement",
        "POST",
        "/api/v2.0/disbursement/transfer",
        SUCCESS,
        transfer::v2,
    )
    .signed(SignatureFailure::Disputed),
    Operation::v2(
        "get_disbursement_status",
        "POST",
        "/api/v2.0/disbursement/{account_id}/inquiry-status",
        SUCCESS,
        reads::status,
    ),
    // Whether version 1 must be signed is disputed: a signature is checked, and not asked for.
    Operation::v1(
        "transfer_disbursement_v1",
        "POST",
        "/api/v1.0/disbursement/{account_id}/transfer",
        transfer::v1,
    )
    .signed_if_given(),
    Operation::v2(
        "get_disbursement_status_v1",
        "POST",
        "/api/v1.0/disbursement/{account_id}/inquiry-status",
        SUCCESS,
        reads::status,
    ),
];

/// A bank by SWIFT code; a three-digit code is refused there (seen live).
fn bank_by_swift(fields: &mut Fields<'_>) -> Option<&'static Bank> {
    let swift = fields.text("bank_swift_code", 11);
    let bank = banks::by_swift(&swift);
    if bank.is_none() && !swift.is_empty() {
        fields.invalid("bank_swift_code");
    }
    bank
}

fn bank_by_code(fields: &mut Fields<'_>) -> Option<&'static Bank> {
    let code = fields.text("bank_code", 8);
    let bank = banks::by_any_code(&code);
    if bank.is_none() && !code.is_empty() {
        fields.invalid("bank_code");
    }
    bank
}

fn account_number(fields: &mut Fields<'_>, longest: usize) -> String {
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
