//! `vendor -> overlay -> lower` for the documents of this repository.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::{
    banks, bundle, codes,
    document::{self, Object, members},
    error::{Error, Result},
    lower::{self, Absent, Lowered, LoweredHost, Profile},
    output::Output,
    overlay,
};

/// The hosts, in the order in which they are generated.
pub const HOSTS: [&str; 3] = ["payment", "biller", "identity"];

/// The lowered documents and the files that hold them.
#[derive(Debug)]
pub struct Pipeline {
    /// What generation reads.
    pub lowered: Lowered,
    /// `spec/lowered/*.json`.
    pub outputs: Vec<Output>,
    /// Overlay actions that change nothing any more, as `host: target`.
    pub obsolete: Vec<String>,
}

/// Runs the pipeline over the vendored documents below `root`.
pub fn run(root: &Path) -> Result<Pipeline> {
    let mut lowered = Lowered {
        codes: codes::read(root)?,
        banks: banks::read(root)?,
        ..Lowered::default()
    };
    let mut outputs = Vec::new();
    let mut obsolete = Vec::new();
    let mut reports = Object::new();
    let mut events = Vec::new();
    for host in HOSTS {
        let vendored = root.join(vendored(host));
        if !vendored.exists() {
            continue;
        }
        let published = document::load(&vendored)?;
        lowered.absent.extend(absent(root, host, &published)?);
        let (document, unused) = overlaid(root, host, &published)?;
        let outcome = lower::lower(document, Profile::Gateway).map_err(|error| error.of(host))?;
        let text = document::to_text(&outcome.document);
        outputs.push(Output {
            path: lowered_path(host),
            text,
        });
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
    if let Some(events) = merge_events(events)? {
        outputs.push(Output {
            path: lowered_path("events"),
            text: document::to_text(&events),
        });
        lowered.events = events;
    }
    outputs.push(Output {
        path: lowered_path("report"),
        text: document::to_text(&Value::Object(reports)),
    });
    Ok(Pipeline {
        lowered,
        outputs,
        obsolete,
    })
}

/// The bundled document after its overlay, and the overlay's obsolete actions.
pub fn overlaid(root: &Path, host: &str, document: &Value) -> Result<(Value, Vec<String>)> {
    let document = bundle::inline(document).map_err(|error| error.of(host))?;
    let actions = actions(root, host)?;
    let overlaid = overlay::apply(document, &actions).map_err(|error| error.of(host))?;
    Ok((overlaid.document, overlaid.obsolete))
}

/// The overlay actions of a host; none if it has no overlay.
pub fn actions(root: &Path, host: &str) -> Result<Vec<overlay::Action>> {
    match overlay_text(root, host)? {
        Some(text) => overlay::parse(&text).map_err(|error| error.of(host)),
        None => Ok(Vec::new()),
    }
}

fn overlay_text(root: &Path, host: &str) -> Result<Option<String>> {
    let path = root.join(format!("spec/overlays/{host}.yaml"));
    if !path.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(&path);
    text.map(Some)
        .map_err(|cause| Error::new("read", format_args!("{}: {cause}", path.display())))
}

/// The published operations that the overlay takes away, and the requests that other documents print,
/// with the reason.
fn absent(root: &Path, host: &str, published: &Value) -> Result<Vec<Absent>> {
    let mut found = Vec::new();
    for action in actions(root, host)?.iter().filter(|action| action.remove) {
        for (path, method, _) in operations(published) {
            let item = format!("$.paths['{path}']");
            if action.target == item || action.target == format!("{item}.{method}") {
                found.push(Absent {
                    host: host.to_owned(),
                    method: method.clone(),
                    path: path.clone(),
                    reason: action.evidence.note.clone().unwrap_or_default(),
                });
            }
        }
    }
    let text = overlay_text(root, host)?.unwrap_or_default();
    if !text.is_empty() {
        for unoffered in overlay::unoffered(&text).map_err(|error| error.of(host))? {
            let request = unoffered.request.split_once(' ');
            let (method, path) = request.unwrap_or_default();
            found.push(Absent {
                host: host.to_owned(),
                method: method.to_ascii_lowercase(),
                path: path.to_owned(),
                reason: unoffered.evidence.note.unwrap_or_default(),
            });
        }
    }
    Ok(found)
}

/// Where the vendored document of a host lies.
pub fn vendored(host: &str) -> PathBuf {
    PathBuf::from(format!("spec/vendor/{host}.json"))
}

fn lowered_path(name: &str) -> PathBuf {
    PathBuf::from(format!("spec/lowered/{name}.json"))
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

/// Every operation of a lowered document: path, method, operation.
pub fn operations(document: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
    members(document, "paths").flat_map(|(path, item)| {
        item.as_object()
            .into_iter()
            .flatten()
            .map(move |(method, operation)| (path, method, operation))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GATEWAY: &str = include_str!("../tests-data/gateway.json");
    const OVERLAY: &str = include_str!("../tests-data/gateway.yaml");

    #[test]
    fn a_host_gives_its_document_its_events_and_its_report() {
        let root = std::env::temp_dir().join(format!("xtask-pipeline-{}", std::process::id()));
        for (path, text) in [
            ("spec/vendor/payment.json", GATEWAY),
            ("spec/overlays/payment.yaml", OVERLAY),
        ] {
            fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
            fs::write(root.join(path), text).unwrap();
        }
        let pipeline = run(&root).unwrap();
        let paths: Vec<_> = pipeline
            .outputs
            .iter()
            .map(|output| output.path.display().to_string())
            .collect();
        assert_eq!(
            paths,
            [
                "spec/lowered/payment.json",
                "spec/lowered/events.json",
                "spec/lowered/report.json"
            ]
        );
        assert_eq!(pipeline.lowered.hosts[0].name, "payment");
        assert!(pipeline.lowered.events["x-singapay-events"]["wallet-topup"].is_object());
        assert_eq!(run(&root).unwrap().outputs, pipeline.outputs);
        assert_eq!(pipeline.lowered.absent, []);

        fs::write(
            root.join("spec/overlays/payment.yaml"),
            OVERLAY.replace("created_at", "made"),
        )
        .unwrap();
        let error = run(&root).unwrap_err().to_string();
        assert_eq!(
            error,
            "overlay: payment: action 4, $..properties.made: matches nothing"
        );
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn an_operation_that_the_overlay_removes_is_listed_as_absent() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let absent = run(&root).unwrap().lowered.absent;
        let found = absent
            .iter()
            .find(|absent| absent.path.ends_with("/accounts/update-status/{id}"))
            .unwrap();
        assert_eq!(
            (found.host.as_str(), found.method.as_str()),
            ("payment", "patch")
        );
        assert!(found.reason.contains("404"), "{}", found.reason);
    }

    #[test]
    fn requests_that_only_other_documents_print_are_listed_and_not_offered() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let lowered = run(&root).unwrap().lowered;
        for (method, path) in [
            ("delete", "/api/v1.0/qris-dynamic/{id}/delete"),
            ("post", "/api/v1.0/cardless-withdrawals/{account_id}"),
            (
                "patch",
                "/api/v1.0/cardless-withdrawals/{account_id}/cancel/{id}",
            ),
        ] {
            let listed =
                |absent: &&Absent| (absent.method.as_str(), absent.path.as_str()) == (method, path);
            let found = lowered.absent.iter().find(listed).unwrap();
            assert!(
                found.reason.contains("never tried")
                    || found.reason.contains("not tried")
                    || found.reason.contains("404")
            );
            let offered = operations(&lowered.hosts[0].document);
            assert!(
                !offered
                    .into_iter()
                    .any(|(known, its, _)| known == path && its == method)
            );
        }
    }

    #[test]
    fn two_hosts_may_not_describe_one_event_differently() {
        let events = |kind: &str| json!({"components": {"schemas": {}}, "x-singapay-events": {"a": {"schema": kind}}});
        assert!(merge_events(vec![events("x"), events("x")]).is_ok());
        let error = merge_events(vec![events("x"), events("y")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "lower: event or type `a` comes from two hosts"
        );
        assert_eq!(merge_events(Vec::new()).unwrap(), None);
    }
}
