#[cfg(feature = "call")]
pub(crate) mod call;
mod canonicalize;
#[cfg(feature = "call")]
mod delivered;
#[cfg(feature = "call")]
pub(crate) mod doctor;
#[cfg(feature = "pages")]
pub(crate) mod help_pages;
#[cfg(feature = "call")]
pub(crate) mod listen;
#[cfg(feature = "call")]
pub(crate) mod logs;
#[cfg(feature = "call")]
pub(crate) mod replay;
mod sign;
#[cfg(feature = "call")]
pub(crate) mod trigger;
mod verify;

pub(crate) use canonicalize::canonicalize;
pub(crate) use sign::sign;
pub(crate) use verify::verify;

use singapay_auth::scheme::RequestToSign;

use crate::report::shortened;

/// The text that is signed, with the token shortened.
fn string_to_sign(request: &RequestToSign<'_>) -> String {
    let RequestToSign {
        method,
        path,
        token,
        body,
        timestamp,
    } = request;
    format!("{method}:{path}:{}:{body}:{timestamp}", shortened(token))
}
