//! Overlay text for operations that nobody has described yet, copied from their nearest neighbours.
//!
//! Each stub pays out and is signed until somebody says otherwise, and is not offered while it says
//! `unconfirmed`.

use std::collections::BTreeSet;

use heck::ToSnakeCase;
use serde_json::{Value, json};
use serde_json_path::JsonPath;

use crate::{
    bundle,
    document::{Operation, operations, request, text, texts},
    error::Result,
    lower::free,
    metadata::EXTENSION,
    overlay, published,
    repair::fields,
};

/// Marks what a person has to decide.
const DECIDE: &str = "# decide";

/// Description of an operation.
const STUB: &str = include_str!("../templates/stub.yaml");

/// Keys of limits.
const LIMITS: [&str; 5] = [
    "minimum:",
    "maximum:",
    "minLength:",
    "maxLength:",
    "pattern:",
];

/// An operation that the overlay does not know, and a description of it to start from.
#[derive(Debug, PartialEq, Eq)]
pub struct Stub {
    /// Method and path.
    pub request: String,
    /// Method and path of the operation that it was copied from.
    pub sibling: String,
    /// Overlay actions.
    pub text: String,
}

/// A stub for each operation of a document that the overlay does not describe.
pub fn stubs(host: &str, overlay: &str, document: &Value) -> Result<Vec<Stub>> {
    // A document that cannot be read is reported where it is lowered.
    let Ok(mut document) = bundle::inline(document) else {
        return Ok(Vec::new());
    };
    overlay::apply_matching(&mut document, &published::read(host, overlay)?.actions);
    let is_known = |(.., operation): &Operation<'_>| operation.get(EXTENSION).is_some();
    let (known, new): (Vec<_>, Vec<_>) = operations(&document).partition(is_known);
    let ids = known
        .iter()
        .filter_map(|(.., operation)| text(operation, "operationId"));
    let mut taken: BTreeSet<String> = ids.map(str::to_owned).collect();
    let known: Vec<_> = known.into_iter().map(|one| (one, fields(one.2))).collect();
    let mut stubs = Vec::new();
    for one in new {
        let mine = (one, fields(one.2));
        let nearest = known.iter().max_by_key(|other| likeness(&mine, other));
        if let Some((sibling, _)) = nearest {
            let name = name(&one, &mut taken);
            let text = head(&one, sibling, &name) + &corrections(&one, sibling, overlay);
            stubs.push(Stub {
                request: request(one.1, one.0),
                sibling: request(sibling.1, sibling.0),
                text,
            });
        }
    }
    Ok(stubs)
}

type WithFields<'a> = (Operation<'a>, BTreeSet<String>);

/// The more segments, fields and the method are shared, the nearer.
fn likeness((one, mine): &WithFields<'_>, (other, theirs): &WithFields<'_>) -> usize {
    let mut pairs = one.0.split('/').zip(other.0.split('/'));
    let segments = pairs.by_ref().take_while(|(one, other)| one == other);
    let shared = mine.intersection(theirs).count();
    segments.count() * 4
        + shared * 20 / mine.len().max(theirs.len()).max(1)
        + usize::from(one.1 == other.1) * 4
}

/// An operation id that nobody has: the published one, or words of the path.
fn name((path, method, operation): &Operation<'_>, taken: &mut BTreeSet<String>) -> String {
    let words = path.split('/').filter(|part| !part.starts_with('{'));
    let words: Vec<_> = words.skip(3).collect();
    let words = format!("{method}_{}", words.join("_"));
    let published = text(operation, "operationId").map(ToSnakeCase::to_snake_case);
    let stem = published.unwrap_or(words).to_snake_case();
    free(&stem, "_", |name| taken.insert(name.to_owned()))
}

/// The action that describes the operation.
fn head(one: &Operation<'_>, sibling: &Operation<'_>, name: &str) -> String {
    let mine = fields(one.2);
    let metadata = &sibling.2[EXTENSION];
    let has = |side: &str, field: &str| {
        let ends = format!(".{field}");
        let mut own = mine.iter().filter(|mine| mine.starts_with(side));
        own.any(|mine| mine.ends_with(&ends))
    };
    let word = |key: &str| text(metadata, key).map(str::to_owned);
    let shapes = [
        ("response.response_message", "v2"),
        ("response.response_text", "biller"),
        ("response.success", "v1"),
    ];
    let shape = shapes.iter().find(|(field, _)| mine.contains(*field));
    let envelope = shape.map_or_else(|| word("envelope"), |(_, shape)| Some((*shape).into()));
    let account = match one.0.contains("{account_id}") {
        true => "path",
        false if mine.contains("request.account_id") => "body",
        false => "none",
    };
    let reference = text(&metadata["reference"], "field").filter(|field| has("request", field));
    let theirs = fields(sibling.2);
    let [own, other] = [&mine, &theirs].map(|all| {
        let answered = all.iter().filter(|field| field.starts_with("response"));
        answered.collect::<Vec<_>>()
    });
    let essential = texts(metadata, "essential");
    let essential: Vec<_> = essential.filter(|field| has("response", field)).collect();
    let payout = match metadata.get("payout") {
        Some(payout) => format!("{payout} {DECIDE}"),
        None => format!("{{beneficiary: decide, echo: {{}}}} {DECIDE}: of what pays out only"),
    };
    let replay = |field| format!("\n      field: {field}\n      replay: unknown");
    let values = [
        ("{name}", Some(name.to_owned())),
        ("{product}", word("product")),
        ("{auth}", word("auth")),
        ("{envelope}", envelope),
        ("{reference}", reference.map(replay)),
        ("{inquiry}", word("inquiry")),
        ("{account}", Some(account.to_owned())),
        ("{model}", word("model").filter(|_| own == other)),
        ("{essential}", Some(essential.join(", "))),
        ("{payout}", Some(payout)),
    ];
    // A line about something that the sibling does not have is left out.
    let lines = STUB.lines().filter_map(|line| {
        let mut known = values.iter().filter(|(place, _)| line.contains(place));
        known.try_fold(line.to_owned(), |line, (place, value)| {
            Some(line.replace(place, value.as_ref()?))
        })
    });
    let lines = lines.collect::<Vec<_>>().join("\n");
    let copied = request(sibling.1, sibling.0);
    let source = format!("the published document; copied from {copied}");
    action(&overlay::target(one.0, one.1), lines.lines(), &source)
}

fn action<'l>(target: &str, lines: impl Iterator<Item = &'l str>, source: &str) -> String {
    let lines: String = lines.map(|line| format!("  {line}\n")).collect();
    format!(
        "\n- target: {target}\n{lines}  x-evidence:\n    level: derived\n    source: {source}\n"
    )
}

/// The sibling's corrections that change something here, too.
fn corrections(one: &Operation<'_>, sibling: &Operation<'_>, overlay: &str) -> String {
    let (theirs, mine) = (
        overlay::target(sibling.0, sibling.1),
        overlay::target(one.0, one.1),
    );
    let starts: Vec<usize> = overlay::starts(overlay).collect();
    let lines: Vec<&str> = overlay.lines().collect();
    let mut copied = String::new();
    let (path, method, operation) = one;
    let mut document = json!({"paths": {*path: {*method: operation}}});
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).map_or(lines.len(), |next| next - 1);
        let block = &lines[start - 1..end];
        let place = block[0]
            .strip_prefix("- target: ")
            .and_then(|at| at.strip_prefix(&theirs));
        let Some(below) = place.filter(|rest| !rest.is_empty()) else {
            continue;
        };
        let place = format!("{mine}{below}");
        let found = JsonPath::parse(&place).is_ok_and(|path| !path.query(&document).is_empty());
        let body = block[1..]
            .iter()
            .take_while(|line| **line != "  x-evidence:");
        let asked = below.contains("requestBody");
        let body = body.map(|line| {
            let line = line.get(2..).unwrap_or_default();
            // What one operation refuses says little about another.
            match asked && LIMITS.iter().any(|key| line.trim_start().starts_with(key)) {
                true => format!("{line} {DECIDE}"),
                false => line.to_owned(),
            }
        });
        let body: Vec<_> = body.collect();
        let source = format!("as of {}", request(sibling.1, sibling.0));
        let text = action(&place, body.iter().map(String::as_str), &source);
        let alone = format!("overlay: 1.0.0\ninfo: {{title: t, version: '1'}}\nactions:\n{text}");
        let action = overlay::parse(&alone).unwrap_or_default().actions;
        let applied = found.then(|| overlay::apply_matching(&mut document, &action));
        if applied.is_some_and(|applied| applied.obsolete.is_empty()) {
            copied += &text;
        }
    }
    copied
}
