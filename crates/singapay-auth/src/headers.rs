//! The gateway's own header names.
//!
//! In use: `crates/singapay-auth/src/webhook/verifier.rs`.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Names the credential, on payment and biller.
pub const PARTNER_ID: HeaderName = HeaderName::from_static("x-partner-id");
/// Client id of a scheme A token request.
pub const CLIENT_ID: HeaderName = HeaderName::from_static("x-client-id");
/// Signature of a request, token request or webhook.
pub const SIGNATURE: HeaderName = HeaderName::from_static("x-signature");
/// Time of a signed request or webhook.
pub const TIMESTAMP: HeaderName = HeaderName::from_static("x-timestamp");

/// Headers by which a server's framework takes a request for another one than was checked and signed.
const OVERRIDES: [&str; 5] = [
    "x-http-method-override",
    "x-http-method",
    "x-method-override",
    "x-original-url",
    "x-rewrite-url",
];

/// True if authentication, or the HTTP library, owns this header, or if it would make it another request,
/// so that no caller may set it.
pub fn is_owned(name: &HeaderName) -> bool {
    [PARTNER_ID, CLIENT_ID, SIGNATURE, TIMESTAMP].contains(name)
        || OVERRIDES.contains(&name.as_str())
        || [
            header::AUTHORIZATION,
            header::PROXY_AUTHORIZATION,
            header::HOST,
            header::CONTENT_LENGTH,
            header::CONTENT_ENCODING,
            header::TRANSFER_ENCODING,
            header::CONNECTION,
            header::EXPECT,
        ]
        .contains(name)
}

pub(crate) fn set(to: &mut HeaderMap, name: HeaderName, text: &str) -> Result<(), &'static str> {
    let value = HeaderValue::from_str(text).map_err(|_| "a setting cannot travel in a header")?;
    to.insert(name, value);
    Ok(())
}

pub(crate) fn set_sensitive(
    to: &mut HeaderMap,
    name: HeaderName,
    text: &str,
) -> Result<(), &'static str> {
    let mut value =
        HeaderValue::from_str(text).map_err(|_| "a setting cannot travel in a header")?;
    value.set_sensitive(true);
    to.insert(name, value);
    Ok(())
}
