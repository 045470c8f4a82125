//! Meanings of the gateway's codes: `spec/codes.yaml`, read strictly.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Path of the file.
pub(crate) const SOURCE: &str = "spec/codes.yaml";

/// Contents of `spec/codes.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codes {
    pub(crate) meanings: Vec<Meaning>,
    pub(crate) codes: BTreeMap<String, Vec<Row>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Meaning {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) meaning: String,
    pub(crate) advice: String,
    #[serde(default)]
    pub(crate) caller: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) code: String,
    pub(crate) meaning: Option<String>,
    pub(crate) proof: Proof,
    pub(crate) product: Option<String>,
    #[serde(default)]
    pub(crate) operations: Vec<String>,
    #[serde(default)]
    pub(crate) status: Status,
    pub(crate) evidence: Evidence,
    pub(crate) note: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Status {
    #[default]
    Unknown,
    One(u16),
    Some(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Evidence {
    Live,
    Documented,
    Peer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Proof {
    Accepted,
    Refused,
    Duplicate,
    Nothing,
}

impl Proof {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused: not processed",
            Self::Duplicate => "duplicate: the original may have succeeded",
            Self::Nothing => "nothing: the outcome is unknown",
        }
    }
}
