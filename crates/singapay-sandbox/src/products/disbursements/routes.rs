//! Bank transfers.

use super::{checks, reads, transfer};
use crate::http::operation::{Operation, SignatureFailure};

const SUCCESS: &str = "Successfully";
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
