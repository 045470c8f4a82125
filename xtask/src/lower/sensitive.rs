//! Text fields that must never be printed.

/// Card data, credentials, one-time codes, national ids, phone numbers, prepaid codes.
const NAMES: &[&str] = &[
    "access_token",
    "authorization",
    "card_cvv",
    "card_expiry",
    "card_number",
    "client_secret",
    "customer_number",
    "customer_pan",
    "cvv",
    "id_card_number",
    "identity_number",
    "ktp",
    "merchant_password",
    "msisdn",
    "nik",
    "npwp",
    "otp",
    "otp_code",
    "otp_number",
    "otp_token",
    "pan",
    "passport_number",
    "password",
    "phone",
    "phone_no",
    "phone_number",
    "pin",
    "refresh_token",
    "secret",
    "signature",
    "token",
];
const SUFFIXES: &[&str] = &[
    "_password",
    "_phone",
    "_phone_no",
    "_phone_number",
    "_secret",
];

/// True if text under this name is sensitive.
pub(super) fn is_sensitive(field: &str) -> bool {
    NAMES.contains(&field) || SUFFIXES.iter().any(|suffix| field.ends_with(suffix))
}
