//! Overlay documents and the evidence that their actions carry.

use serde::Deserialize;
use serde_json::Value;

use super::STEP;
use crate::error::{Error, Made, Result};

/// What is known of a document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overlay {
    /// Its changes, in order.
    pub actions: Vec<Action>,
    /// The requests that are not offered.
    pub absent: Vec<Unoffered>,
    /// The questions about changes that are answered.
    pub decided: Vec<String>,
}

/// One change of a document.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Line of the file in which it begins.
    #[serde(skip)]
    pub line: usize,
    /// JSONPath (RFC 9535) of the nodes to change.
    pub target: String,
    /// What it is for, in words.
    pub description: Option<String>,
    /// Value to merge into them.
    pub update: Option<Value>,
    /// True to remove them.
    #[serde(default)]
    pub remove: bool,
    /// Evidence for the correction.
    #[serde(rename = "x-evidence")]
    pub evidence: Evidence,
}

/// Evidence for a correction.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Strength of the evidence.
    pub level: Level,
    /// Source in which it is written down.
    pub source: String,
    /// The finding.
    pub note: Option<String>,
    /// Time and place at which it was seen.
    pub seen: Option<String>,
    /// Number of times that it was seen.
    pub samples: Option<u64>,
    /// Published values that the correction stands against, though they came after it.
    #[serde(default)]
    pub against: Vec<Value>,
}

/// Strength of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Seen at the real gateway.
    Live,
    /// Published by the gateway.
    Documented,
    /// Known from other clients only.
    Peer,
    /// Follows from something else that is known.
    Derived,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    overlay: String,
    #[serde(rename = "info")]
    _info: Value,
    #[serde(rename = "extends")]
    _extends: Option<String>,
    #[serde(rename = "x-absent", default)]
    absent: Vec<Unoffered>,
    #[serde(rename = "x-decided", default)]
    decided: Vec<Decided>,
    actions: Vec<Value>,
}

/// A request that other documents print and the vendored one does not.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unoffered {
    /// Method and path.
    pub request: String,
    /// Evidence for it.
    #[serde(rename = "x-evidence")]
    pub evidence: Evidence,
}

/// A question about a change that no correction could answer, and why it is none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decided {
    question: String,
    #[serde(rename = "x-evidence")]
    _evidence: Evidence,
}

/// Reads an overlay document in YAML (or JSON, which is YAML); an empty text says nothing.
pub fn parse(text: &str) -> Result<Overlay> {
    if text.is_empty() {
        return Ok(Overlay::default());
    }
    let document = document(text)?;
    let lines = starts(text).chain(std::iter::repeat(0));
    let actions = lines.zip(document.actions);
    let read = actions.map(|(line, one)| read(line, one).map_err(|why| format!("{line}: {why}")));
    let decided = document.decided.into_iter();
    Ok(Overlay {
        actions: Error::gather(STEP, read)?,
        absent: document.absent,
        decided: decided.map(|decided| decided.question).collect(),
    })
}

/// The lines in which the actions of an overlay document begin.
pub fn starts(text: &str) -> impl Iterator<Item = usize> {
    let lines = (1..).zip(text.lines());
    let below = lines.skip_while(|(_, line)| *line != "actions:");
    below
        .filter(|(_, line)| line.starts_with("- "))
        .map(|(number, _)| number)
}

fn document(text: &str) -> Result<Document> {
    let refuse = |cause: yaml_serde::Error| Error::new(STEP, cause);
    // Through the YAML value, because only that one refuses a key that is written twice.
    let value: yaml_serde::Value = yaml_serde::from_str(text).map_err(refuse)?;
    let document: Document = yaml_serde::from_value(value).map_err(refuse)?;
    let version = &document.overlay;
    if !version.starts_with("1.0.") {
        return Err(Error::new(
            STEP,
            format_args!("version {version} is not 1.0.x"),
        ));
    }
    Ok(document)
}

fn read(line: usize, action: Value) -> Made<Action> {
    let target = action
        .get("target")
        .map_or_else(|| "no target".to_owned(), Value::to_string);
    let action: Action =
        serde_json::from_value(action).map_err(|cause| format!("{target}: {cause}"))?;
    if action.evidence.source.trim().is_empty() {
        return Err(format!("{target}: x-evidence names no source"));
    }
    if action.update.is_none() && !action.remove {
        return Err(format!("{target}: neither updates nor removes"));
    }
    Ok(Action { line, ..action })
}
