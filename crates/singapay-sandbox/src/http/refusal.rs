//! Refusals: the same one has another shape per operation.

use std::{borrow::Cow, net::IpAddr};

use serde_json::{Map, Value, json};

use super::{
    envelope::Envelope,
    verdict::{RefusedSignature, Why},
};
use crate::settings::Quirks;

/// Field name to messages, in the order they were found.
pub(crate) type FieldErrors = Vec<(String, String)>;

/// Reasons for which an operation is not carried out.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Refusal {
    /// Fields are missing or wrong.
    Fields(FieldErrors),
    /// As `Fields`, with another HTTP status than 422.
    FieldsAs(u16, FieldErrors),
    /// No or no live token, or a partner id that does not belong to it.
    Unauthorized,
    /// The caller's address is not on the list.
    Address(IpAddr),
    /// The account does not exist.
    AccountNotFound,
    /// The account belongs to another credential.
    NeedsOwnCredential,
    /// A version 2 code with its HTTP status.
    Code {
        http: u16,
        code: &'static str,
        message: String,
        data: Value,
    },
    /// A version 1 error.
    V1 { http: u16, message: String },
    /// A body of its own.
    Flat { http: u16, body: Value },
    /// A status without a body.
    Bare(u16),
    /// Another one, and what its answer does not tell.
    Explained(Box<(Refusal, Why)>),
}

impl Refusal {
    pub(crate) fn code(http: u16, code: &'static str, message: &str) -> Self {
        Self::Code {
            http,
            code,
            message: message.to_owned(),
            data: json!({}),
        }
    }

    pub(crate) fn v1(http: u16, message: impl Into<String>) -> Self {
        Self::V1 {
            http,
            message: message.into(),
        }
    }

    pub(crate) fn insufficient_balance() -> Self {
        Self::code(400, "SP003", "Insufficient Balance")
    }

    pub(crate) fn duplicate_reference() -> Self {
        Self::code(400, "SP004", "Duplicate Reference Number")
    }

    pub(crate) fn transaction_not_found() -> Self {
        Self::code(404, "SP009", "Transaction Not Found")
    }

    pub(crate) fn field(field: &str, message: &str) -> Self {
        Self::Fields(vec![(field.to_owned(), message.to_owned())])
    }

    /// Tells the request log a reason that the answer does not.
    pub(crate) fn because(self, reason: impl Into<Cow<'static, str>>) -> Self {
        Self::Explained(Box::new((self, Why::reason(reason))))
    }

    /// As [`Refusal::because`], for a signature.
    pub(crate) fn because_signed(
        self,
        reason: impl Into<Cow<'static, str>>,
        signature: RefusedSignature,
    ) -> Self {
        let why = Why {
            signature: Some(Box::new(signature)),
            ..Why::reason(reason)
        };
        Self::Explained(Box::new((self, why)))
    }

    /// The refusal itself, and why.
    pub(crate) fn explained(self) -> (Self, Why) {
        let reason = match &self {
            Self::Explained(_) => String::new(),
            Self::Fields(errors) | Self::FieldsAs(_, errors) => {
                let mut names: Vec<&str> = errors.iter().map(|(name, _)| name.as_str()).collect();
                names.dedup();
                format!("fields: {}", names.join(", "))
            }
            Self::Unauthorized => "token".to_owned(),
            Self::Address(_) => "address".to_owned(),
            Self::AccountNotFound => "account not found".to_owned(),
            Self::NeedsOwnCredential => "account of another credential".to_owned(),
            Self::Code { code, message, .. } => format!("{code} {message}"),
            Self::V1 { http, message } => format!("{http} {message}"),
            Self::Flat { http, .. } | Self::Bare(http) => http.to_string(),
        };
        match self {
            Self::Explained(inner) => *inner,
            plain => (plain, Why::reason(reason)),
        }
    }

    /// Status and body; `None` for a bare status.
    pub(crate) fn render(self, envelope: Envelope, quirks: &Quirks) -> (u16, Option<Value>) {
        match envelope {
            Envelope::Biller(_) => return self.at_biller(),
            Envelope::Identity => return self.at_identity(),
            Envelope::V1 | Envelope::V2(_) | Envelope::Flat => {}
        }
        let v1 = envelope == Envelope::V1;
        match self {
            Self::Fields(errors) if v1 => {
                let errors = field_map(&errors, false);
                let error = json!({"code": 422, "message": "Validation error", "errors": errors});
                (
                    422,
                    Some(json!({"status": 422, "success": false, "error": error})),
                )
            }
            Self::Fields(errors) => fields_v2(422, &errors, quirks),
            Self::FieldsAs(http, errors) => fields_v2(http, &errors, quirks),
            Self::Unauthorized if v1 => v1_error(401, "Unauthorized partner, please sign in"),
            Self::Unauthorized => v2_error(401, "SP013", "Unauthorized", json!({})),
            Self::Address(ip) => v2_error(
                403,
                "SP017",
                &format!("Your IP address ({ip}) is not registered"),
                json!({}),
            ),
            Self::AccountNotFound if v1 => v1_error(404, "Account not found"),
            Self::AccountNotFound => {
                v2_error(404, "SP020", "Merchant Account Not Found", json!({}))
            }
            // Seen in both shapes, on both versions.
            Self::NeedsOwnCredential if quirks.access_denied_without_code => {
                v1_error(403, "Access denied to this account.")
            }
            Self::NeedsOwnCredential => v2_error(
                403,
                "SP403",
                "This account requires its own credential. Please use the account-specific API key.",
                json!({}),
            ),
            Self::Code {
                http,
                code,
                message,
                data,
            } => v2_error(http, code, &message, data),
            Self::V1 { http, message } => v1_error(http, &message),
            Self::Flat { http, body } => (http, Some(body)),
            Self::Bare(http) => (http, None),
            Self::Explained(inner) => inner.0.render(envelope, quirks),
        }
    }
}

impl Refusal {
    /// As the biller host says it: who is calling is refused in the shape of version 1.
    fn at_biller(self) -> (u16, Option<Value>) {
        match self {
            Self::Fields(errors) | Self::FieldsAs(_, errors) => {
                let body = json!({
                    "response_code": "04",
                    "response_text": "Rejected Format Error",
                    "data": field_map(&errors, true),
                });
                (422, Some(body))
            }
            Self::Code {
                http,
                code,
                message,
                ..
            } => (
                http,
                Some(json!({"response_code": code, "response_text": message})),
            ),
            Self::Address(ip) => {
                v1_error(403, &format!("Your IP address ({ip}) is not registered"))
            }
            Self::V1 { http, message } => v1_error(http, &message),
            Self::Flat { http, body } => (http, Some(body)),
            Self::Bare(http) => (http, None),
            Self::Explained(inner) => inner.0.at_biller(),
            Self::Unauthorized | Self::AccountNotFound | Self::NeedsOwnCredential => {
                v1_error(401, "Unauthorized merchant, please sign in")
            }
        }
    }

    /// As the identity host says it; nothing that is refused is billed.
    fn at_identity(self) -> (u16, Option<Value>) {
        let (http, code, message) = match self {
            Self::Fields(errors) | Self::FieldsAs(_, errors) => {
                let first = errors.into_iter().next();
                (400, "CLIENT_ERROR", first.map(|e| e.1).unwrap_or_default())
            }
            Self::Code {
                http,
                code,
                message,
                ..
            } => (http, code, message),
            Self::Address(_) => (403, "IP_NOT_ALLOWED", "ip not allowed".to_owned()),
            Self::V1 { http, message } => (http, "CLIENT_ERROR", message),
            Self::Flat { http, body } => return (http, Some(body)),
            Self::Bare(http) => return (http, None),
            Self::Explained(inner) => return inner.0.at_identity(),
            Self::Unauthorized | Self::AccountNotFound | Self::NeedsOwnCredential => {
                (401, "UNAUTHORIZED", "invalid token".to_owned())
            }
        };
        let body = json!({"code": code, "message": message, "pricing": "FREE"});
        (http, Some(body))
    }
}

pub(crate) fn v1_error(http: u16, message: &str) -> (u16, Option<Value>) {
    let error = json!({"code": http, "message": message});
    (
        http,
        Some(json!({"status": http, "success": false, "error": error})),
    )
}

fn v2_error(http: u16, code: &str, message: &str, data: Value) -> (u16, Option<Value>) {
    (
        http,
        Some(json!({"response_code": code, "response_message": message, "data": data})),
    )
}

fn fields_v2(http: u16, errors: &FieldErrors, quirks: &Quirks) -> (u16, Option<Value>) {
    let errors = field_map(errors, quirks.v2_errors_as_text);
    v2_error(http, "SP018", "Validation error", json!({"errors": errors}))
}

fn field_map(errors: &FieldErrors, as_text: bool) -> Value {
    let mut map = Map::new();
    for (field, message) in errors {
        if as_text {
            map.entry(field.clone()).or_insert_with(|| json!(message));
        } else if let Value::Array(list) = map.entry(field.clone()).or_insert_with(|| json!([])) {
            list.push(json!(message));
        }
    }
    Value::Object(map)
}
