//! The members of an answer's top level that tell success from failure, in one pass over its bytes.

use std::fmt;

use serde::{
    Deserialize, Deserializer as _,
    de::{IgnoredAny, MapAccess, Visitor},
};
use serde_json::{Map, Value};

use crate::{operation::Envelope, tolerant};

#[derive(Default)]
pub(crate) struct Reading {
    /// `response_code`, of v2 and biller answers.
    pub(crate) response_code: Option<String>,
    /// `success`, of v1 answers.
    pub(crate) success: Option<bool>,
    /// `code`, of identity answers.
    pub(crate) code: Option<String>,
    has_command: bool,
    has_request_id: bool,
    has_error: bool,
    /// True if a member that counts stands twice.
    pub(crate) repeated: bool,
    has_data: bool,
}

impl Reading {
    /// `None` for anything that is not one complete JSON object: HTML, nothing, a truncated body.
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        let reading = deserializer.deserialize_map(TopLevel).ok()?;
        deserializer.end().ok()?;
        Some(reading)
    }

    pub(crate) fn of(body: &Map<String, Value>) -> Self {
        Self::with(
            |name| body.get(name).cloned(),
            |name| body.contains_key(name),
        )
    }

    /// From members that are known already: their values, and whether they are there.
    pub(crate) fn with(value: impl Fn(&str) -> Option<Value>, has: impl Fn(&str) -> bool) -> Self {
        let text = |name| value(name).and_then(tolerant::text_of);
        Self {
            response_code: text("response_code"),
            success: value("success").as_ref().and_then(tolerant::boolean_of),
            code: text("code"),
            has_command: text("command").is_some(),
            has_request_id: has("request_id"),
            has_error: has("error"),
            repeated: false,
            has_data: has("data"),
        }
    }

    /// Envelope of the answer, by its members alone.
    pub(crate) fn envelope(&self) -> Envelope {
        if self.has_command && self.response_code.is_some() {
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
    Data,
    #[serde(other)]
    Other,
}

struct TopLevel;

impl<'de> Visitor<'de> for TopLevel {
    type Value = Reading;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Reading, A::Error> {
        let mut reading = Reading::default();
        while let Some(member) = map.next_key()? {
            match member {
                Member::ResponseCode => {
                    reading.repeated |= reading.response_code.is_some();
                    reading.response_code = tolerant::text_of(map.next_value()?);
                }
                Member::Code => {
                    reading.repeated |= reading.code.is_some();
                    reading.code = tolerant::text_of(map.next_value()?);
                }
                Member::Success => {
                    reading.repeated |= reading.success.is_some();
                    reading.success = tolerant::boolean_of(&map.next_value()?);
                }
                Member::Command => {
                    reading.has_command = tolerant::text_of(map.next_value()?).is_some();
                }
                Member::RequestId | Member::Error | Member::Data | Member::Other => {
                    reading.repeated |= matches!(member, Member::Data) && reading.has_data;
                    map.next_value::<IgnoredAny>()?;
                    reading.has_request_id |= matches!(member, Member::RequestId);
                    reading.has_error |= matches!(member, Member::Error);
                    reading.has_data |= matches!(member, Member::Data);
                }
            }
        }
        Ok(reading)
    }
}
