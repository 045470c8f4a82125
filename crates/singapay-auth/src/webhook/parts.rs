//! The security headers of a delivery.

use http::{HeaderName, header};

use super::{HeaderSource, HeaderValues, VerifyError};
use crate::{headers, scheme::Signature};

/// Names for error texts; header names cannot lend theirs for long enough.
const SIGNATURE: (HeaderName, &str) = (headers::SIGNATURE, "x-signature");
const TIMESTAMP: (HeaderName, &str) = (headers::TIMESTAMP, "x-timestamp");
const AUTHORIZATION: (HeaderName, &str) = (header::AUTHORIZATION, "authorization");
const PARTNER_ID: (HeaderName, &str) = (headers::PARTNER_ID, "x-partner-id");

/// Unix seconds have 10 digits until the year 2286.
const TIMESTAMP_DIGITS: std::ops::RangeInclusive<usize> = 9..=11;

pub(super) struct Parts<'a> {
    pub(super) signature: Signature,
    pub(super) timestamp: &'a str,
    pub(super) seconds: i64,
    pub(super) token: &'a str,
    pub(super) partner_id: Option<&'a str>,
}

impl<'a> Parts<'a> {
    pub(super) fn read<H: HeaderSource + ?Sized>(headers: &'a H) -> Result<Self, VerifyError> {
        let malformed = |name| VerifyError::MalformedHeader { name };
        let timestamp = required(headers, TIMESTAMP)?;
        let digits = timestamp.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || !TIMESTAMP_DIGITS.contains(&timestamp.len()) {
            return Err(malformed(TIMESTAMP.1));
        }
        let seconds = timestamp.parse().map_err(|_| malformed(TIMESTAMP.1))?;
        let signature = required(headers, SIGNATURE)?;
        let signature =
            Signature::from_hex(signature.as_bytes()).ok_or_else(|| malformed(SIGNATURE.1))?;
        let token = without_bearer(required(headers, AUTHORIZATION)?);
        if token.is_empty() {
            return Err(malformed(AUTHORIZATION.1));
        }
        let partner_id = match headers.values(&PARTNER_ID.0) {
            HeaderValues::None => None,
            HeaderValues::One(value) => Some(text(value, PARTNER_ID.1)?),
            HeaderValues::Many => return Err(VerifyError::DuplicateHeader { name: PARTNER_ID.1 }),
        };
        Ok(Self {
            signature,
            timestamp,
            seconds,
            token,
            partner_id,
        })
    }
}

fn required<'a, H: HeaderSource + ?Sized>(
    headers: &'a H,
    (header, name): (HeaderName, &'static str),
) -> Result<&'a str, VerifyError> {
    match headers.values(&header) {
        HeaderValues::None => Err(VerifyError::MissingHeader { name }),
        HeaderValues::Many => Err(VerifyError::DuplicateHeader { name }),
        HeaderValues::One(value) => text(value, name),
    }
}

fn text<'a>(value: &'a [u8], name: &'static str) -> Result<&'a str, VerifyError> {
    std::str::from_utf8(value).map_err(|_| VerifyError::MalformedHeader { name })
}

/// A bare token is fine too.
fn without_bearer(authorization: &str) -> &str {
    match authorization.split_at_checked(7) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer ") => token.trim_start(),
        _ if authorization.eq_ignore_ascii_case("bearer") => "",
        _ => authorization,
    }
}
