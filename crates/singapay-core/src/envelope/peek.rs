//! Success or not, from the bytes, before anything is decoded.

use std::fmt;

use http::StatusCode;
use serde::{
    Deserialize, Deserializer as _,
    de::{IgnoredAny, MapAccess, Visitor},
};
use serde_json::{Map, Value};

use crate::{operation::Envelope, tolerant};

/// What the top level of an answer says about its outcome.
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Peek {
    /// `response_code`, of v2 and biller answers.
    pub response_code: Option<String>,
    /// `success`, of v1 answers.
    pub success: Option<bool>,
    /// `code`, of identity answers.
    pub code: Option<String>,
    /// `command`, of biller answers.
    pub command: Option<String>,
    has_request_id: bool,
    has_error: bool,
}

/// Reads the outcome members of a JSON object.
///
/// `None` for anything that is not one complete JSON object: HTML, nothing, a truncated body. Of a
/// repeated member the last one counts, as it does for the gateway's own language.
pub fn peek(body: &[u8]) -> Option<Peek> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let peek = deserializer.deserialize_map(TopLevel).ok()?;
    deserializer.end().ok()?;
    Some(peek)
}

impl Peek {
    pub(super) fn of(body: &Map<String, Value>) -> Self {
        let text = |name| body.get(name).cloned().and_then(tolerant::text_of);
        Self {
            response_code: text("response_code"),
            success: body.get("success").and_then(tolerant::boolean_of),
            code: text("code"),
            command: text("command"),
            has_request_id: body.contains_key("request_id"),
            has_error: body.contains_key("error"),
        }
    }

    /// Which envelope this is, by its members alone.
    pub fn envelope(&self) -> Envelope {
        if self.command.is_some() && self.response_code.is_some() {
            Envelope::Biller
        } else if self.code.is_some() && self.has_request_id {
            Envelope::Identity
        } else if self.response_code.is_some() {
            Envelope::V2
        } else if self.success.is_some() || self.has_error {
            Envelope::V1
        } else {
            Envelope::Flat
        }
    }

    /// Whether this is the success that an operation with this envelope promises.
    ///
    /// Anything that contradicts itself is not: a success code under a server error or redirect, or
    /// `success: true` beside a failing `response_code`. An answer that is no success is not thereby
    /// a proof that nothing happened.
    pub fn is_success(&self, envelope: Envelope, status: StatusCode) -> bool {
        match envelope {
            // The code decides, not the status (fact sheet 01, section 6).
            Envelope::V2 => {
                self.response_code.as_deref() == Some("SP000")
                    && self.success != Some(false)
                    && (status.is_success() || status.is_client_error())
            }
            Envelope::V1 => {
                self.success == Some(true)
                    && self
                        .response_code
                        .as_deref()
                        .is_none_or(|code| code == "SP000")
                    && status.is_success()
            }
            // 01 is pending, which is no failure.
            Envelope::Biller => {
                matches!(self.biller_code().as_deref(), Some("00" | "01")) && status.is_success()
            }
            Envelope::Identity => self.code.as_deref() == Some("SUCCESS") && status.is_success(),
            Envelope::Flat => self.envelope() == Envelope::Flat && status.is_success(),
            Envelope::Any => self.is_success(self.envelope(), status),
        }
    }

    /// `response_code` padded to two digits, as the biller host should always write it.
    pub fn biller_code(&self) -> Option<String> {
        self.response_code.as_deref().map(pad)
    }
}

/// Pads a one-digit code.
pub(super) fn pad(code: &str) -> String {
    match code.as_bytes() {
        [digit] if digit.is_ascii_digit() => format!("0{code}"),
        _ => code.to_owned(),
    }
}

impl fmt::Debug for Peek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Peek")
            .field("envelope", &self.envelope())
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Member {
    ResponseCode,
    Success,
    Code,
    Command,
    RequestId,
    Error,
    #[serde(other)]
    Other,
}

struct TopLevel;

impl<'de> Visitor<'de> for TopLevel {
    type Value = Peek;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Peek, A::Error> {
        let mut peek = Peek::default();
        while let Some(member) = map.next_key()? {
            match member {
                Member::ResponseCode => peek.response_code = tolerant::text_of(map.next_value()?),
                Member::Code => peek.code = tolerant::text_of(map.next_value()?),
                Member::Command => peek.command = tolerant::text_of(map.next_value()?),
                Member::Success => peek.success = tolerant::boolean_of(&map.next_value()?),
                Member::RequestId | Member::Error | Member::Other => {
                    map.next_value::<IgnoredAny>()?;
                    peek.has_request_id |= matches!(member, Member::RequestId);
                    peek.has_error |= matches!(member, Member::Error);
                }
            }
        }
        Ok(peek)
    }
}
