//! Answers that the sandbox is told to give: codes by what they say, written down apart from the table.

use singapay::Reason::{self, *};

/// Nothing was done, and the gateway says so.
pub(crate) const REFUSALS: [(&str, Reason); 22] = [
    ("SP003", InsufficientBalance),
    ("SP006", BeneficiaryLimit),
    ("SP007", AccountLimit),
    ("SP008", InvalidReference),
    ("SP010", BeneficiaryNotFound),
    ("SP011", VendorInactive),
    ("SP012", BadRequest),
    ("SP013", Unauthorized),
    ("SP014", NotFound),
    ("SP015", Forbidden),
    ("SP016", SignatureRefused),
    ("SP017", IpNotRegistered),
    ("SP018", Validation),
    ("SP020", AccountNotFound),
    ("SP102", WrongState),
    ("SP403", AccountNeedsCredential),
    ("4019900", SignatureRefused),
    ("4039914", InsufficientBalance),
    ("4039915", Forbidden),
    ("4039923", AccountLimit),
    ("4049911", BeneficiaryNotFound),
    ("4229901", Validation),
];

/// The reference is known.
pub(crate) const DUPLICATES: [&str; 4] =
    ["SP004", "SP_DD_DUPLICATE_REFERENCE", "4099901", "4099902"];

/// It may have been done or not.
pub(crate) const AMBIGUOUS: [(&str, Reason); 6] = [
    ("SP001", OutcomeUnknown),
    ("SP002", OutcomeUnknown),
    ("SP005", OutcomeUnknown),
    ("SP009", TransactionNotFound),
    ("SP019", OutcomeUnknown),
    ("5049900", OutcomeUnknown),
];

/// The same of the biller.
pub(crate) const BILLER_REFUSALS: [(&str, Reason); 2] = [("04", Validation), ("06", NotFound)];
pub(crate) const BILLER_AMBIGUOUS: [(&str, Reason); 4] = [
    ("02", WrongState),
    ("03", OutcomeUnknown),
    ("05", OutcomeUnknown),
    ("99", OutcomeUnknown),
];

/// The same of identity checks.
pub(crate) const IDENTITY_REFUSALS: [(&str, Reason); 4] = [
    ("CLIENT_ERROR", Validation),
    ("UNAUTHORIZED", Unauthorized),
    ("INSUFFICIENT_BALANCE", InsufficientBalance),
    ("IP_NOT_ALLOWED", IpNotRegistered),
];
pub(crate) const IDENTITY_AMBIGUOUS: [(&str, Reason); 2] = [
    ("INTERNAL_ERROR", OutcomeUnknown),
    ("SERVER_ERROR", OutcomeUnknown),
];
