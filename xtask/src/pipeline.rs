//! `vendor -> overlay -> lower` for the documents of this repository.

use std::{collections::BTreeSet, path::Path};

use serde_json::{Value, json};

use crate::{
    banks, codes,
    document::{self, METHODS, Object, Operation, Pointer, flag, operations, request},
    error::{Error, Result},
    lower::{self, Absent, Lowered, LoweredHost, Profile, Unmodelled},
    metadata,
    output::Output,
    overlay::{self, Evidence},
    published::{self, Published, Trial, overlay_path},
    samples, sources, yaml,
};

/// What is said of an operation whose metadata nobody has confirmed.
pub const UNCONFIRMED: &str =
    "New: its description is a copy of another operation's, and waits for a person.";

/// The lowered documents and the files that hold them.
#[derive(Debug)]
pub struct Pipeline {
    /// Input of generation.
    pub lowered: Lowered,
    /// `spec/lowered/*.json`.
    pub outputs: Vec<Output>,
    /// Overlay actions that change nothing any more, as `host: target`.
    pub obsolete: Vec<String>,
}

/// Runs the pipeline over the vendored documents below `root`.
pub fn run(root: &Path) -> Result<Pipeline> {
    let (pipeline, open) = attempt(root, &published::all(root, &Trial::new())?)?;
    open.into_iter().next().map_or(Ok(pipeline), Err)
}

/// The same as far as it goes, and what stands in its way, with these documents.
///
/// Operations that nothing is known about are left out, and are among what is in the way.
pub fn attempt(root: &Path, documents: &[Published]) -> Result<(Pipeline, Vec<Error>)> {
    let mut lowered = Lowered {
        codes: yaml::read(root, codes::SOURCE)?,
        banks: banks::read(root)?,
        ..Lowered::default()
    };
    let mut outputs = Vec::new();
    let mut obsolete = Vec::new();
    let mut reports = Object::new();
    let mut events = Vec::new();
    let mut open = Vec::new();
    let products = products()?;
    let mut modelled = BTreeSet::new();
    for published in documents {
        let (host, applied) = (published.host, &published.applied);
        lowered.absent.extend(absent(published));
        let mut document = published.corrected.clone();
        let unused = applied.obsolete.clone();
        open.extend(published.unmatched().err());
        open.extend(leave_out_unknown(host, &mut document, &mut lowered.absent));
        for (path, method, operation) in operations(&document) {
            let id = document::text(operation, "operationId").unwrap_or_default();
            if products.contains(&format!("\"{id}\"")) {
                modelled.insert((method.to_owned(), path.to_owned()));
            }
            lowered.unmodelled.push(Unmodelled {
                method: method.to_owned(),
                path: path.to_owned(),
                operation: operation.clone(),
            });
        }
        lowered.samples.extend(samples::of(&document));
        let (outcome, findings) = lower::attempt(document, Profile::Gateway)
            .map_err(|error| error.after(&format!("{host}: ")))?;
        let findings = findings.into_iter().map(|finding| {
            let place = finding.strip_prefix('#').and_then(|at| applied.line(at));
            let by = place.map(|line| format!(" ({}:{line})", overlay_path(host)));
            format!("{host}: {finding}{}", by.unwrap_or_default())
        });
        open.extend(Error::collect("lower", findings.collect()).err());
        outputs.push(lowered_output(host, &outcome.document));
        let mut report = json!({ "rules": outcome.report.to_json() });
        if !unused.is_empty() {
            report["obsolete_overlay_actions"] = json!(unused);
        }
        reports.insert(host.to_owned(), report);
        obsolete.extend(unused.into_iter().map(|target| format!("{host}: {target}")));
        events.extend(outcome.events);
        lowered.hosts.push(LoweredHost {
            name: host.to_owned(),
            document: outcome.document,
        });
    }
    // Hosts share the place of their tokens.
    let is_modelled = |one: &Unmodelled| modelled.contains(&(one.method.clone(), one.path.clone()));
    lowered.unmodelled.retain(|one| !is_modelled(one));
    if let Some(events) = merge_events(events)? {
        outputs.push(lowered_output("events", &events));
        lowered.events = events;
    }
    outputs.push(lowered_output("report", &reports.into()));
    let pipeline = Pipeline {
        lowered,
        outputs,
        obsolete,
    };
    Ok((pipeline, open))
}

/// The code of the sandbox's products.
fn products() -> Result<String> {
    let products = sources::below(sources::all()?, &sources::PRODUCTS);
    Ok(products.map(|source| source.code.as_str()).collect())
}

/// Takes the operations without metadata out of a document, and those that nobody has confirmed.
fn leave_out_unknown(host: &str, document: &mut Value, absent: &mut Vec<Absent>) -> Option<Error> {
    let mut findings = Vec::new();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        for method in METHODS {
            let Some(operation) = item.get(method) else {
                continue;
            };
            match operation.get(metadata::EXTENSION) {
                Some(known) if !flag(known, "unconfirmed") => continue,
                Some(_) => absent.push(Absent {
                    host: host.to_owned(),
                    request: request(method, path),
                    reason: UNCONFIRMED.to_owned(),
                }),
                None => findings.push(format!(
                    "{host}: {}: no `{}` metadata: {} is new",
                    Pointer::root().path(&["paths", path, method]),
                    metadata::EXTENSION,
                    request(method, path)
                )),
            }
            item.as_object_mut().and_then(|item| item.remove(method));
        }
    }
    Error::collect("lower", findings).err()
}

/// The published operations that the overlay takes away, and the requests that other documents print,
/// with the reason.
fn absent(published: &Published) -> Vec<Absent> {
    let Published {
        host,
        document,
        overlay,
        ..
    } = published;
    let absent = |request, evidence: &Evidence| Absent {
        host: (*host).to_owned(),
        request,
        reason: evidence.note.clone().unwrap_or_default(),
    };
    let removed = overlay.actions.iter().filter(|action| action.remove);
    let removed = removed.flat_map(|action| {
        let is_it = |(path, method, _): &Operation<'_>| {
            let item = format!("$.paths['{path}']");
            action.target == item || action.target == overlay::target(path, method)
        };
        let all = operations(document).filter(is_it);
        all.map(|(path, method, _)| absent(request(method, path), &action.evidence))
    });
    let others = overlay.absent.iter();
    let others = others.map(|one| absent(one.request.clone(), &one.evidence));
    removed.chain(others).collect()
}

fn lowered_output(name: &str, document: &Value) -> Output {
    let text = document::to_text(document);
    Output::new(format!("spec/lowered/{name}.json"), text)
}

/// One document of all events; hosts may not describe the same event or type twice.
fn merge_events(documents: Vec<Value>) -> Result<Option<Value>> {
    let mut documents = documents.into_iter();
    let Some(mut merged) = documents.next() else {
        return Ok(None);
    };
    let mut findings = Vec::new();
    for document in documents {
        for pointer in ["/components/schemas", "/x-singapay-events"] {
            let (Some(target), Some(source)) =
                (merged.pointer_mut(pointer), document.pointer(pointer))
            else {
                continue;
            };
            for (name, value) in source.as_object().into_iter().flatten() {
                match target.get(name) {
                    Some(present) if present != value => {
                        findings.push(format!("event or type `{name}` comes from two hosts"));
                    }
                    _ => target[name] = value.clone(),
                }
            }
        }
    }
    Error::collect("lower", findings)?;
    Ok(Some(merged))
}
