//! The shapes in which the gateway wraps an answer.
//!
//! Reading is tolerant: a status or code may be text or number, `data` may be absent, null, or the
//! empty thing of the wrong kind; members that are not known are kept. Whether an answer is a
//! success is decided from its bytes, by [`Judgement`](crate::Judgement).
//!
//! Contents of `data` are read strictly. The text of the error then comes from serde and may
//! quote the answer: keep it out of logs, and use its line and column.
//!
//! In use: `crates/singapay-core/src/envelope/tests.rs`.

mod page;
mod refusal;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::{operation::Envelope, reading::Reading, shape, tolerant};

pub use page::Page;
pub use refusal::{FieldError, Refusal};

/// An answer that wraps its data.
pub trait Enveloped {
    /// Type of the data inside.
    type Data;

    /// The data, if the answer has any of the expected shape.
    fn into_data(self) -> Option<Self::Data>;

    /// Position of this answer in a list, if it says so.
    fn page(&self) -> Option<&Page> {
        None
    }
}

/// Envelope of an answer, by its members alone; `None` for what is no JSON object.
pub fn detect(body: &[u8]) -> Option<Envelope> {
    Reading::parse(body).map(|body| body.envelope())
}

/// `{status, success, data}`: payment v1.0, payment links, tokens.
#[derive(Clone, Serialize, Deserialize)]
#[serde(from = "V1Wire<T>", bound(deserialize = "T: Deserialize<'de>"))]
#[non_exhaustive]
pub struct V1<T> {
    /// HTTP status, repeated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<i64>,
    /// True if the gateway calls it a success.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
    /// Text for humans.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<T>,
    /// Page metadata at top level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pagination: Option<Page>,
    /// Other metadata; some lists put the page metadata here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meta: Option<Map<String, Value>>,
    /// Members that are not known.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
    #[serde(skip)]
    page_in_meta: Option<Page>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct V1Wire<T> {
    #[serde(default, deserialize_with = "tolerant::option_integer")]
    status: Option<i64>,
    #[serde(default, deserialize_with = "tolerant::option_boolean")]
    success: Option<bool>,
    #[serde(default, deserialize_with = "tolerant::option_text")]
    message: Option<String>,
    #[serde(default, deserialize_with = "shape::read")]
    data: Option<T>,
    #[serde(default, deserialize_with = "tolerant::option_object")]
    pagination: Option<Page>,
    #[serde(default, deserialize_with = "tolerant::option_object")]
    meta: Option<Map<String, Value>>,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

impl<T> From<V1Wire<T>> for V1<T> {
    fn from(wire: V1Wire<T>) -> Self {
        Self {
            page_in_meta: wire.meta.as_ref().and_then(Page::in_meta),
            status: wire.status,
            success: wire.success,
            message: wire.message,
            data: wire.data,
            pagination: wire.pagination,
            meta: wire.meta,
            extra: wire.extra,
        }
    }
}

impl<T> Enveloped for V1<T> {
    type Data = T;

    fn into_data(self) -> Option<T> {
        self.data
    }

    fn page(&self) -> Option<&Page> {
        self.pagination
            .as_ref()
            .filter(|page| !page.is_empty())
            .or(self.page_in_meta.as_ref())
    }
}

/// `{response_code, response_message, data}`: payment v2.0.
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
#[non_exhaustive]
pub struct V2<T> {
    /// `SP000` for success.
    #[serde(
        default,
        deserialize_with = "tolerant::option_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub response_code: Option<String>,
    /// Text for humans; differs between successes.
    #[serde(
        default,
        deserialize_with = "tolerant::option_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub response_message: Option<String>,
    /// The data.
    #[serde(
        default,
        deserialize_with = "shape::read",
        skip_serializing_if = "Option::is_none"
    )]
    pub data: Option<T>,
    /// Members that are not known.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl<T> Enveloped for V2<T> {
    type Data = T;

    fn into_data(self) -> Option<T> {
        self.data
    }
}

/// `{command, response_code, response_text, data}`: bill payments.
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
#[non_exhaustive]
pub struct Biller<T> {
    /// Command of the request, repeated.
    #[serde(
        default,
        deserialize_with = "tolerant::option_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub command: Option<String>,
    /// `00` success, `01` pending, anything else a failure; not always padded.
    #[serde(
        default,
        deserialize_with = "tolerant::option_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub response_code: Option<String>,
    /// Text for humans.
    #[serde(
        default,
        deserialize_with = "tolerant::option_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub response_text: Option<String>,
    /// The data.
    #[serde(
        default,
        deserialize_with = "shape::read",
        skip_serializing_if = "Option::is_none"
    )]
    pub data: Option<T>,
    /// Members that are not known.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl<T> Enveloped for Biller<T> {
    type Data = T;

    fn into_data(self) -> Option<T> {
        self.data
    }
}

/// `{code, message, data, request_id, pricing}`: identity checks.
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
#[non_exhaustive]
pub struct Identity<T> {
    /// `SUCCESS` when the lookup ran, whatever it found.
    #[serde(
        default,
        deserialize_with = "tolerant::option_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub code: Option<String>,
    /// Text for humans.
    #[serde(
        default,
        deserialize_with = "tolerant::option_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub message: Option<String>,
    /// The data.
    #[serde(
        default,
        deserialize_with = "shape::read",
        skip_serializing_if = "Option::is_none"
    )]
    pub data: Option<T>,
    /// Request id, repeated.
    #[serde(
        default,
        deserialize_with = "tolerant::option_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub request_id: Option<String>,
    /// Price category of the check: billed or free.
    #[serde(
        default,
        deserialize_with = "tolerant::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub pricing: Option<Pricing>,
    /// Members that are not known.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

crate::open_enum! {
    /// Price category of an identity check: billed or free.
    pub enum Pricing {
        /// Billed.
        Paid = "PAID",
        /// Not billed.
        Free = "FREE",
    }
}

impl<T> Enveloped for Identity<T> {
    type Data = T;

    fn into_data(self) -> Option<T> {
        self.data
    }
}

/// No envelope: the fields are at top level.
#[derive(Clone)]
pub struct Flat<T>(pub T);

impl<T> Enveloped for Flat<T> {
    type Data = T;

    fn into_data(self) -> Option<T> {
        Some(self.0)
    }
}

impl<T: Serialize> Serialize for Flat<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Flat<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}

/// Debug that names the fields and shows none of them.
macro_rules! closed_debug {
    ($($name:ident { $($field:ident),* })*) => {$(
        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    $(.field(stringify!($field), &format_args!("..")))*
                    .finish()
            }
        }
    )*};
}

closed_debug! {
    V1 { status, success, message, data, pagination, meta, extra }
    V2 { response_code, response_message, data, extra }
    Biller { command, response_code, response_text, data, extra }
    Identity { code, message, data, request_id, pricing, extra }
    Flat {}
}

#[cfg(test)]
mod tests;
