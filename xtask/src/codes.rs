//! Meanings of the gateway's codes: `spec/codes.yaml`, read strictly.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;

use crate::error::{Error, Result};

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
pub(crate) enum Proof {
    Accepted,
    Refused,
    Duplicate,
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Evidence {
    Live,
    Documented,
    Peer,
}

/// Reads the file below `root`; `None` where there is none.
pub(crate) fn read(root: &Path) -> Result<Option<Codes>> {
    let path = root.join(SOURCE);
    if !path.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(&path).map_err(|cause| Error::new(SOURCE, cause))?;
    let codes = yaml_serde::from_str(&text).map_err(|cause| Error::new(SOURCE, cause))?;
    Ok(Some(codes))
}

impl Proof {
    pub(crate) fn ident(self) -> &'static str {
        match self {
            Self::Accepted => "Accepted",
            Self::Refused => "Refused",
            Self::Duplicate => "Duplicate",
            Self::Nothing => "Nothing",
        }
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused: not processed",
            Self::Duplicate => "duplicate: the original may have succeeded",
            Self::Nothing => "nothing: the outcome is unknown",
        }
    }
}

impl Evidence {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Documented => "documented",
            Self::Peer => "peer",
        }
    }
}
