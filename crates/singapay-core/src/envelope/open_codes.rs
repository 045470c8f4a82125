//! Codes after which nobody knows what happened: they prove nothing, whatever status they come with.

/// Codes of the payment host, the last one of its older API (fact sheet 01, sections 7.1 and 7.2).
pub const OPEN_CODES: [&str; 5] = ["SP001", "SP002", "SP005", "SP019", "5049900"];

/// Codes of the biller host, padded to two digits (fact sheet 06, section A.2).
pub const OPEN_BILLER_CODES: [&str; 3] = ["03", "05", "99"];
