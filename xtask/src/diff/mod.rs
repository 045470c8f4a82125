//! What a change of a document means for those who use the SDK.
//!
//! Both documents are lowered first, so the comparison is about the public items that come out,
//! not about how the publisher arranges the document.

mod operations;
mod schemas;
mod usage;

use std::{fmt, path::Path};

use serde_json::{Value, json};

use crate::{
    bundle, cli, document,
    error::Result,
    lower::{self, LOWERED, Profile},
    overlay, pipeline,
};

/// What a change asks of users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Code that compiled, or calls that were accepted, may not be any more.
    Breaking,
    /// There is more than before, or it behaves better.
    Additive,
    /// Documentation.
    Cosmetic,
}

impl Class {
    /// The part of the version that a change of this class raises.
    pub fn semver(self) -> &'static str {
        match self {
            Self::Breaking => "major (minor while the version is 0.x)",
            Self::Additive => "minor (patch while the version is 0.x)",
            Self::Cosmetic => "patch",
        }
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// What it asks of users.
    pub class: Class,
    /// The public item: an operation, a type or a field of a type.
    pub item: String,
    /// What changed.
    pub what: String,
    /// Operations and events that are affected.
    pub affected: Vec<String>,
}

/// All differences, and what a maintainer has to do before the new document can be generated from.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Sorted by class, then item.
    pub changes: Vec<Change>,
    /// Overlay actions that match nothing in the new document, and what cannot be lowered there.
    pub open: Vec<String>,
}

impl Comparison {
    /// The class of the whole; `None` if nothing changed.
    pub fn class(&self) -> Option<Class> {
        self.changes.iter().map(|change| change.class).min()
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (class, title) in [
            (Class::Breaking, "Breaking"),
            (Class::Additive, "Additive"),
            (Class::Cosmetic, "Cosmetic"),
        ] {
            let mut changes = self
                .changes
                .iter()
                .filter(|change| change.class == class)
                .peekable();
            if changes.peek().is_none() {
                continue;
            }
            writeln!(f, "{title}")?;
            for change in changes {
                write!(f, "  {}: {}", change.item, change.what)?;
                match change.affected.as_slice() {
                    [] => writeln!(f)?,
                    [one] if *one == change.item => writeln!(f)?,
                    affected => writeln!(f, " ({})", affected.join(", "))?,
                }
            }
        }
        if !self.open.is_empty() {
            writeln!(f, "To do before generating")?;
            self.open
                .iter()
                .try_for_each(|finding| writeln!(f, "  {finding}"))?;
        }
        match self.class() {
            Some(class) => writeln!(f, "Raise: {}", class.semver()),
            None => writeln!(f, "Raise: nothing, the public items are the same"),
        }
    }
}

/// Compares two files.
///
/// A lowered document is taken as it is. Any other gets the overlay of `host`, which may be left
/// out if one of the files is called like a host; without a host it is taken as a foreign one.
pub fn files(root: &Path, old: &Path, new: &Path, host: Option<&str>) -> Result<Comparison> {
    let host = match host {
        Some(host) => Some(cli::host(host)?),
        None => [old, new]
            .iter()
            .filter_map(|path| path.file_stem()?.to_str())
            .find(|stem| pipeline::HOSTS.contains(stem)),
    };
    let (old, old_open) = prepare(document::load(old)?, root, host)?;
    let (new, new_open) = prepare(document::load(new)?, root, host)?;
    let mut comparison = compare(&old, &new);
    comparison.open = new_open
        .into_iter()
        .filter(|open| !old_open.contains(open))
        .collect();
    Ok(comparison)
}

/// Compares two lowered documents.
pub fn compare(old: &Value, new: &Value) -> Comparison {
    let mut changes = operations::compare(old, new);
    changes.extend(schemas::compare(old, new));
    changes.sort();
    Comparison {
        changes,
        open: Vec::new(),
    }
}

/// The lowered document with its events inside, and what stands in the way of lowering it.
fn prepare(document: Value, root: &Path, host: Option<&str>) -> Result<(Value, Vec<String>)> {
    if document.get(LOWERED).is_some() {
        return Ok((document, Vec::new()));
    }
    let Some(host) = host else {
        return Ok((
            lower::lower(document, Profile::Foreign)?.document,
            Vec::new(),
        ));
    };
    let mut document = bundle::inline(&document)?;
    let actions = pipeline::actions(root, host)?;
    let mut open: Vec<String> = overlay::apply_matching(&mut document, &actions).unmatched;
    let (outcome, findings) = lower::attempt(document, Profile::Gateway)?;
    open.extend(findings);
    let mut lowered = outcome.document;
    if let Some(events) = outcome.events {
        join_events(&mut lowered, events);
    }
    Ok((lowered, open))
}

/// Events beside operations; a type of theirs that is called like one of an operation gets a
/// prefix, because it is another public item.
fn join_events(lowered: &mut Value, events: Value) {
    let text = events
        .to_string()
        .replace("#/components/schemas/", "#/components/schemas/event.");
    let Ok(events) = document::parse(&text) else {
        return;
    };
    for (name, schema) in document::members(&events["components"], "schemas") {
        lowered["components"]["schemas"][format!("event.{name}")] = schema.clone();
    }
    lowered["x-singapay-events"] = events
        .get("x-singapay-events")
        .cloned()
        .unwrap_or(json!({}));
}

#[cfg(test)]
mod tests;
