//! Text fields that must never be printed.

const SUFFIXES: &str = "_password _phone _phone_no _phone_number _secret";

/// True if text under this name is sensitive: card data, credentials, one-time codes, national ids, phone
/// numbers, prepaid codes.
pub(super) fn is_sensitive(field: &str) -> bool {
    match field {
        "card_cvv" | "card_expiry" | "card_number" | "customer_pan" | "cvv" | "pan" => true,
        "access_token" | "authorization" | "client_secret" | "merchant_password" | "password"
        | "pin" | "refresh_token" | "secret" | "signature" | "token" => true,
        "otp" | "otp_code" | "otp_number" | "otp_token" => true,
        "id_card_number" | "identity_number" | "ktp" | "nik" | "npwp" | "passport_number" => true,
        "customer_number" | "msisdn" | "phone" | "phone_no" | "phone_number" => true,
        _ => SUFFIXES.split(' ').any(|suffix| field.ends_with(suffix)),
    }
}
