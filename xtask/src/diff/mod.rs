//! Meaning of a change of the specification for users.
//!
//! Both sides are generated in memory, and the verdict is read from what comes out: the public items
//! of the generated code, what is sent, and whether any generated file differs at all.

mod answers;
mod hidden;
mod proof;
mod relied;
mod side;
mod surface;
mod used;
mod wire;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::Path,
    process::ExitCode,
};

use serde_json::Value;

pub use self::side::Side;
use crate::{
    cli,
    document::{self, operations, request},
    error::Result,
    overlay,
    published::{self, Published, overlay_path},
    repair, scaffold,
};

/// Demand of a difference, or of the whole, on the next version, and the status with which the command
/// then ends; 1 and 2 are errors and wrong arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// A person has something to do first.
    Undecided = 20,
    /// Code that compiled, or calls that were accepted, may not be any more.
    Major = 12,
    /// There is more than before, or it behaves better.
    Minor = 11,
    /// Documentation, or what nobody sees but the gateway.
    Patch = 10,
    /// The generated code is the same.
    Nothing = 0,
}

impl Verdict {
    /// The version after this one; while it is 0.x, each part counts one place further right.
    pub fn version(self, now: &str) -> Option<String> {
        let parts = now.split('.').filter_map(|part| part.parse::<u64>().ok());
        let [major, minor, patch] = parts.collect::<Vec<_>>().try_into().ok()?;
        let early = major == 0;
        Some(match self {
            Self::Nothing | Self::Undecided => return None,
            Self::Major if !early => format!("{}.0.0", major + 1),
            Self::Major => format!("0.{}.0", minor + 1),
            Self::Minor if !early => format!("{major}.{}.0", minor + 1),
            Self::Minor | Self::Patch => format!("{major}.{minor}.{}", patch + 1),
        })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format!("{self:?}").to_lowercase())
    }
}

impl From<Verdict> for ExitCode {
    fn from(verdict: Verdict) -> Self {
        (verdict as u8).into()
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// Demand on users.
    pub class: Verdict,
    /// The public item by its path in the facade, or the operation.
    pub item: String,
    /// The change, in words.
    pub what: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.item, self.what)
    }
}

/// All differences, and what a person has to do before the new side counts.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Sorted by class, then item.
    pub changes: Vec<Change>,
    /// Work that has to be done first.
    pub open: Vec<String>,
    /// Repairs that were made automatically.
    pub repaired: Vec<String>,
    /// Operations that wait for a person, and are not offered.
    pub unconfirmed: Vec<String>,
    /// Descriptions of new operations to start from, as overlay text.
    pub stubs: String,
    /// Differences of the published document, whether or not users see them.
    pub document: Vec<String>,
    /// True if generated code differs, be it only in what nobody sees.
    pub differs: bool,
}

impl Comparison {
    /// Demand of the whole on the next version.
    pub fn verdict(&self) -> Verdict {
        if !self.open.is_empty() {
            return Verdict::Undecided;
        }
        let most = self.changes.iter().map(|change| change.class).max();
        most.unwrap_or(match self.differs {
            true => Verdict::Patch,
            false => Verdict::Nothing,
        })
    }

    /// The entry that the changes ask of the changelog.
    fn entry(&self) -> String {
        let changes = self.changes.iter();
        let seen = changes.filter(|change| change.class > Verdict::Patch);
        let lines: String = seen.map(|change| format!("- {change}\n")).collect();
        match lines.as_str() {
            "" => "- Documentation follows the gateway's.\n".to_owned(),
            _ => lines,
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let changes = |class| {
            let changes = self.changes.iter();
            let of_class = changes.filter(move |change| change.class == class);
            of_class.map(ToString::to_string).collect()
        };
        for (title, lines) in [
            ("To do first", self.open.clone()),
            ("Put right", self.repaired.clone()),
            ("Not offered until confirmed", self.unconfirmed.clone()),
            ("Breaking", changes(Verdict::Major)),
            ("Additive", changes(Verdict::Minor)),
            ("Unseen, or documentation", changes(Verdict::Patch)),
            ("The published document", self.document.clone()),
        ] {
            let box_ = if title == "To do first" { "- [ ]" } else { "-" };
            if !lines.is_empty() {
                let lines = lines.iter().map(|line| format!("{box_} {line}\n"));
                let lines: String = lines.collect();
                writeln!(f, "## {title}\n\n{lines}")?;
            }
        }
        if !self.stubs.is_empty() {
            let stubs = self.stubs.trim();
            writeln!(f, "## To start from\n\n```yaml\n{stubs}\n```\n")?;
        }
        let verdict = self.verdict();
        write!(f, "**Verdict: {verdict}**")?;
        if let Some(version) = verdict.version(env!("CARGO_PKG_VERSION")) {
            write!(f, ", so the next version is {version}")?;
        }
        writeln!(f)?;
        match verdict {
            Verdict::Nothing | Verdict::Undecided => Ok(()),
            _ => write!(f, "\nFor CHANGELOG.md:\n\n{}", self.entry()),
        }
    }
}

/// Compares what two words of the command line name.
///
/// `old` is a host, whose checked-in document is meant, a folder with a specification, or a document;
/// `new` is a document or a folder. A document is taken with the overlay of the host, if one is named
/// or one of the files is called like it.
pub fn words(root: &Path, old: &Path, new: &Path, host: Option<&str>) -> Result<Comparison> {
    if old.is_dir() && new.is_dir() {
        return Ok(compare(&Side::of_root(old), &Side::of_root(new)));
    }
    let named = |name: &str| cli::host(name).ok();
    let by_word = old.to_str().and_then(named);
    let stems = [old, new].map(|path| path.file_stem()?.to_str());
    let by_name = stems.into_iter().flatten().find_map(named);
    let host = match host {
        Some(host) => Some(cli::host(host)?),
        None => by_word.or(by_name),
    };
    let new = document::load(new)?;
    let checked_in = by_word
        .and(host)
        .map(|host| root.join(published::vendored(host)));
    let old = document::load(checked_in.as_deref().unwrap_or(old))?;
    match host {
        Some(host) => next(root, host, &old, new, false).map(|(comparison, _)| comparison),
        None => Ok(compare(&Side::foreign(old)?, &Side::foreign(new)?)),
    }
}

/// Compares the document of a host with one that would replace it; gives the overlay that goes with that, too.
///
/// `copied` is whether it describes new operations as copies of others.
pub fn next(
    root: &Path,
    host: &'static str,
    old: &Value,
    new: Value,
    copied: bool,
) -> Result<(Comparison, String)> {
    let overlay = published::overlay_text(root, host)?;
    let mut repaired = repair::overlay(host, &overlay, old, &new)?;
    let mut open = String::new();
    for stub in scaffold::stubs(host, &repaired.text, &new)? {
        if !copied {
            open += &stub.text;
            continue;
        }
        let (request, sibling) = (&stub.request, &stub.sibling);
        let at = format!(
            "{}:{}",
            overlay_path(host),
            repaired.text.lines().count() + 2
        );
        let note = format!("{at}: {request} is new: described as {sibling} is");
        repaired.notes.push(note);
        repaired.text = format!("{}\n{}", repaired.text.trim_end(), stub.text);
    }
    let before = Side::of_document(root, host, old.clone(), overlay);
    let after = Side::of_document(root, host, new, repaired.text.clone());
    let mut comparison = compare(&before, &after);
    comparison.repaired = repaired.notes;
    comparison.stubs = open;
    Ok((comparison, repaired.text))
}

/// Compares two sides.
pub fn compare(old: &Side, new: &Side) -> Comparison {
    let client = relied::Client::of(old);
    let (mut changes, mut asked) = (Vec::new(), Vec::new());
    for (id, request) in &new.requests {
        let item = surface::shown(&surface::builder_of(&new.surface, id));
        match old.requests.get(id) {
            Some(before) => {
                wire::compare(&item, before, request, &mut changes);
                asked.extend(client.open(id, &item, before, request));
            }
            None => changes.push(Change {
                class: Verdict::Minor,
                item,
                what: format!("new, {}", request.target),
            }),
        }
    }
    for (id, request) in &old.requests {
        if !new.requests.contains_key(id) && new.is_whole() {
            changes.push(Change {
                class: Verdict::Major,
                item: surface::shown(&surface::builder_of(&old.surface, id)),
                what: format!("removed, {}", request.target),
            });
        }
    }
    if old.is_whole() && new.is_whole() {
        surfaces(&old.surface, &new.surface, &mut changes);
        asked.extend(used::find(old, new));
    }
    changes.sort_by_key(|change| (Reverse(change.class), change.clone()));
    changes.dedup();
    // Where nothing could be made, nothing is known, though it could not be made before either.
    let is_open = |open: &&String| !new.is_whole() || !old.open.contains(open);
    let open = new.open.iter().filter(is_open);
    let mut open = grouped(open.cloned().collect(), old, new);
    let mut document = Vec::new();
    for (was, is) in pairs(old, new) {
        let host = is.host;
        let of = |what| format!("{}:{what}", overlay_path(host));
        open.extend(hidden::find(was, is).into_iter().map(of));
        asked.extend(proof::changed(was, is));
        asked.extend(answers::changed(was, is));
        asked.extend(client.changed(was, is));
        asked.extend(client.untold(was, is));
        tell(&was.document, &is.document, host.to_owned(), &mut document);
    }
    asked.retain(|asked| !new.decided.contains(asked));
    open.extend(asked);
    const MOST: usize = 60;
    if document.len() > MOST {
        let rest = document.len() - MOST;
        document.truncate(MOST);
        document.push(format!("and {rest} more"));
    }
    Comparison {
        changes,
        open,
        document,
        differs: old.code != new.code,
        unconfirmed: new.unconfirmed.clone(),
        ..Comparison::default()
    }
}

/// The documents of each host, before and after.
fn pairs<'s>(old: &'s Side, new: &'s Side) -> impl Iterator<Item = (&'s Published, &'s Published)> {
    let was = |is: &Published| old.documents.iter().find(|was| was.host == is.host);
    new.documents
        .iter()
        .filter_map(move |is| Some((was(is)?, is)))
}

/// The findings, with one line for all that the overlay says of an operation that is gone.
fn grouped(mut open: Vec<String>, old: &Side, new: &Side) -> Vec<String> {
    for (was, is) in pairs(old, new) {
        for (path, method, _) in operations(&was.document) {
            let place = overlay::target(path, method);
            if !is.document["paths"][path][method].is_null() {
                continue;
            }
            let of_it =
                |finding: &String| finding.contains(&place) && finding.ends_with("matches nothing");
            let gone: Vec<_> = open.extract_if(.., |finding| of_it(finding)).collect();
            if let Some((first, others)) = gone.split_first() {
                let lines = others
                    .iter()
                    .map(|one| one.split(':').nth(1).unwrap_or_default());
                let more = match lines.collect::<Vec<_>>().join(", ") {
                    lines if lines.is_empty() => lines,
                    lines => format!(", nor do lines {lines}"),
                };
                let request = request(method, path);
                open.insert(0, format!("{first}{more}: {request} is gone"));
            }
        }
    }
    open
}

fn surfaces(old: &surface::Surface, new: &surface::Surface, changes: &mut Vec<Change>) {
    let mut told: BTreeMap<String, Verdict> = BTreeMap::new();
    let mut push = |class, path: &str, what: String| {
        let item = surface::shown(path);
        // The setter has said it already.
        if !(surface::is_hidden(path) && told.get(&item) == Some(&class)) {
            told.insert(item.clone(), class);
            changes.push(Change { class, item, what });
        }
    };
    let inside = |path: &str, other: &surface::Surface| {
        let around = path.rfind("::").map(|end| &path[..end]).unwrap_or_default();
        let trait_of = path.rfind(": ").map(|end| &path[..end]).unwrap_or_default();
        [around, trait_of].iter().any(|around| {
            let home = around.split('#').next().unwrap_or_default();
            !home.is_empty()
                && !other.contains_key(home)
                && (old.contains_key(home) || new.contains_key(home))
        })
    };
    for (path, was) in old {
        match new.get(path) {
            Some(is) if was.text != is.text => {
                let what = format!("`{}` -> `{}`", was.text, is.text);
                push(Verdict::Major, path, what);
            }
            Some(is) if was.docs != is.docs && !surface::is_hidden(path) => {
                push(Verdict::Patch, path, "documentation".to_owned());
            }
            None if !surface::is_hidden(path) && !inside(path, new) => {
                push(Verdict::Major, path, "removed".to_owned());
            }
            _ => {}
        }
    }
    for path in new.keys() {
        if !old.contains_key(path) && !surface::is_hidden(path) && !inside(path, old) {
            push(Verdict::Minor, path, "new".to_owned());
        }
    }
}

/// True of a member that says nothing to a program, unless it is the name of a property.
fn is_prose(key: &str) -> bool {
    matches!(
        key,
        "description" | "example" | "examples" | "summary" | "title"
    )
}

/// Tells where two documents differ, prose and examples aside.
fn tell(was: &Value, is: &Value, at: String, told: &mut Vec<String>) {
    let (Value::Object(before), Value::Object(after)) = (was, is) else {
        if was != is {
            told.push(format!("`{at}`: {} -> {}", brief(was), brief(is)));
        }
        return;
    };
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let named = at.ends_with(" properties");
    let told_of = |key: &&String| named || !(is_prose(key) || *key == "x-singapay");
    for key in keys.into_iter().filter(told_of) {
        let at = format!("{at} {key}");
        match (before.get(key), after.get(key)) {
            (Some(was), Some(is)) => tell(was, is, at, told),
            (None, Some(_)) => told.push(format!("`{at}`: new")),
            _ => told.push(format!("`{at}`: gone")),
        }
    }
}

fn brief(value: &Value) -> String {
    const LONGEST: usize = 60;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} ...", &text[..end]),
        None => text,
    }
}
