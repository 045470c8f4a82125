//! Overlay targets that follow an operation to its new place.
//!
//! A gateway moves operations: it raises the version in a path, renames a parameter, adds a slash,
//! answers 201 for 200. What the overlay knows about the operation stays true, so its targets follow.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    bundle,
    document::{Operation, items, operations, parts, successes, text},
    error::Result,
    overlay, published,
};

/// An overlay whose targets follow.
#[derive(Debug, PartialEq, Eq)]
pub struct Repaired {
    /// The overlay.
    pub text: String,
    /// The rewriting, and the reason for it.
    pub notes: Vec<String>,
}

/// The overlay of a host for a document that replaces another.
pub fn overlay(host: &str, overlay: &str, old: &Value, new: &Value) -> Result<Repaired> {
    let mut repaired = Repaired {
        text: overlay.to_owned(),
        notes: Vec::new(),
    };
    // A document that cannot be read is reported where it is lowered.
    let (Ok(old), Ok(new)) = (bundle::inline(old), bundle::inline(new)) else {
        return Ok(repaired);
    };
    let [was, is] = [&old, &new].map(|one| operations(one).collect::<Vec<_>>());
    let gone: Vec<_> = was.iter().filter(|one| at(&is, one).is_none()).collect();
    let come: Vec<_> = is.iter().filter(|one| at(&was, one).is_none()).collect();
    for one in &was {
        let (path, method, operation) = *one;
        let heirs = || -> Vec<_> { come.iter().filter(|heir| is_like(one, heir)).collect() };
        let now = match (at(&is, one), heirs().as_slice()) {
            (Some(same), _) => same,
            (None, [heir]) if gone.iter().filter(|one| is_like(one, heir)).count() == 1 => *heir,
            _ => continue,
        };
        let mut lines = Vec::new();
        let named = |name| format!("@.name == '{name}'");
        if (now.0, now.1) != (path, method) {
            lines.push((overlay::target(path, method), overlay::target(now.0, now.1)));
            let names = parts(path).into_iter().zip(parts(now.0));
            let renamed = names.filter(|(old, new)| old != new);
            lines.extend(renamed.map(|(old, new)| (named(old), named(new))));
        }
        lines.extend(spelled(operation, now.2).map(|(old, new)| (named(old), named(new))));
        if let Some((old, new)) = status(operation, now.2) {
            let under = |status| format!(".responses['{status}']");
            lines.push((under(old), under(new)));
        }
        rewrite(host, &mut repaired, &overlay::target(path, method), &lines)?;
    }
    Ok(repaired)
}

/// The operation at the place of another.
fn at<'o, 'd>(all: &'o [Operation<'d>], one: &Operation<'_>) -> Option<&'o Operation<'d>> {
    all.iter()
        .find(|(path, method, _)| (*path, *method) == (one.0, one.1))
}

/// True if one operation may be another at a new place: the path differs in versions, names of
/// parameters and slashes only and half of the fields are the same, or all fields and the id are.
fn is_like(one: &Operation<'_>, other: &Operation<'_>) -> bool {
    if one.1 != other.1 {
        return false;
    }
    let close = are_close(one.2, other.2);
    let id = text(one.2, "operationId");
    let same_id = id.is_some() && id == text(other.2, "operationId");
    (plain(one.0) == plain(other.0) && close)
        || (same_id && fields(one.2) == fields(other.2) && !fields(one.2).is_empty())
}

/// True if two operations share half of their fields.
pub(crate) fn are_close(one: &Value, other: &Value) -> bool {
    let (one, other) = (fields(one), fields(other));
    one.intersection(&other).count() * 2 >= one.len().max(other.len())
}

/// A path without versions, names of parameters and a slash at its end.
fn plain(path: &str) -> String {
    let segments = path.trim_end_matches('/').split('/').map(|segment| {
        let version = segment.strip_prefix('v').is_some_and(|rest| {
            !rest.is_empty() && rest.chars().all(|one| one.is_ascii_digit() || one == '.')
        });
        match version {
            true => "v".to_owned(),
            false if segment.starts_with('{') => "{}".to_owned(),
            false => segment.to_owned(),
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// The names of all fields of request and success, and of the query.
pub(crate) fn fields(operation: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(&operation["requestBody"], "request", &mut found);
    for (_, response) in successes(operation) {
        collect(response, "response", &mut found);
    }
    let query = items(operation, "parameters")
        .iter()
        .filter(|one| text(one, "in") == Some("query"));
    found.extend(query.filter_map(|one| text(one, "name").map(|name| format!("query.{name}"))));
    found
}

fn collect(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, inner) in object.iter().filter(|(key, _)| !key.starts_with("example")) {
                if key == "properties" {
                    for (name, property) in inner.as_object().into_iter().flatten() {
                        let at = format!("{at}.{name}");
                        collect(property, &at, found);
                        found.insert(at);
                    }
                } else {
                    collect(inner, at, found);
                }
            }
        }
        Value::Array(all) => all.iter().for_each(|inner| collect(inner, at, found)),
        _ => {}
    }
}

/// The headers that are spelled otherwise now.
fn spelled<'d>(old: &'d Value, new: &'d Value) -> impl Iterator<Item = (&'d str, &'d str)> {
    let headers = |operation: &'d Value| {
        let all = items(operation, "parameters").iter();
        let all = all.filter(|one| text(one, "in") == Some("header"));
        all.filter_map(|one| text(one, "name"))
    };
    headers(old).filter_map(move |old| {
        let is = |new: &&str| new.eq_ignore_ascii_case(old) && *new != old;
        Some((old, headers(new).find(is)?))
    })
}

/// The one status of success that went, and the one that came.
fn status<'d>(old: &'d Value, new: &'d Value) -> Option<(&'d str, &'d str)> {
    let of = |operation| successes(operation).map(|(status, _)| status);
    let (was, is): (BTreeSet<_>, BTreeSet<_>) = (of(old).collect(), of(new).collect());
    let mut pair = (was.difference(&is), is.difference(&was));
    match (pair.0.next(), pair.1.next(), pair.0.next(), pair.1.next()) {
        (Some(old), Some(new), None, None) => Some((old, new)),
        _ => None,
    }
}

/// Rewrites the targets below one, in the text, so that the rest of the file stays as it is.
fn rewrite(
    host: &str,
    repaired: &mut Repaired,
    below: &str,
    words: &[(String, String)],
) -> Result<()> {
    if words.is_empty() || repaired.text.is_empty() {
        return Ok(());
    }
    let starts: BTreeSet<usize> = overlay::starts(&repaired.text).collect();
    let pays = |update: &Value| update["x-singapay"]["effect"] == "money-out";
    let overlay = published::read(host, &repaired.text)?;
    let mut own = overlay
        .actions
        .iter()
        .filter(|action| action.target == below);
    let paying = own.find(|action| action.update.as_ref().is_some_and(pays));
    let paying = paying.map(|action| action.line);
    let moved = words.iter().any(|(old, _)| old == below);
    let (mut count, mut inside) = (0, 0);
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(repaired.text.lines()) {
        if starts.contains(&number) {
            inside = number;
        }
        let mut line = line.to_owned();
        let follows = line.find(below).map(|start| &line[start + below.len()..]);
        if starts.contains(&number)
            && follows.is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric()))
        {
            count += 1;
            for (old, new) in words {
                line = line.replace(old, new);
            }
        }
        if moved && Some(inside) == paying {
            line = unconfirmed(&line);
        }
        lines.push(line + "\n");
    }
    if count > 0 {
        let what = words.iter().map(|(old, new)| format!("`{old}` -> `{new}`"));
        let what = what.collect::<Vec<_>>().join(", ");
        let file = published::overlay_path(host);
        repaired
            .notes
            .push(format!("{file}: {count} targets follow: {what}"));
        if moved && let Some(line) = paying {
            repaired.notes.push(format!(
                "{file}:{line}: pays out at a new place: its evidence and what a repeated reference does are open until somebody confirms them"
            ));
        }
        repaired.text = lines.concat();
    }
    Ok(())
}

/// A line of the metadata of a payout, without what was seen elsewhere.
fn unconfirmed(line: &str) -> String {
    let (key, blanks) = (line.trim_start(), line.len() - line.trim_start().len());
    let open = match key.split_once(": ") {
        Some(("evidence", value)) if value.starts_with("live") => "evidence: documented",
        Some(("level", "live")) => "level: documented",
        Some(("replay", _)) => "replay: unknown",
        _ => return line.to_owned(),
    };
    " ".repeat(blanks) + open
}
