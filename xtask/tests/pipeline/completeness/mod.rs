//! Nothing of a document is lost in silence: every member, value, parameter, answer and component is in
//! the generated types, or stands in the report with its pointer.
//!
//! Both sides are read here anew, so that a mistake of the lowering is none of this test.

mod report;
mod schema;
mod types;
mod walk;

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use syn::Item;
use xtask::{
    document, foreign,
    published::{self, Published},
};

use self::{report::Report, types::Types, walk::Walk};
use crate::support::repository;

fn items(source: &str) -> Vec<Item> {
    syn::parse_file(source).unwrap().items
}

fn module(items: &[Item], name: &str) -> Types {
    let found = items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == name => module.content.as_ref(),
        _ => None,
    });
    found.map_or_else(Types::default, |(_, items)| Types::of(items))
}

/// What is lost of a foreign document, or why there is no client.
fn lost(document: &Value) -> Result<Vec<String>, String> {
    let (source, report) =
        foreign::reported(document.clone()).map_err(|error| error.to_string())?;
    let items = items(&source);
    let (types, events) = (module(&items, "types"), module(&items, "events"));
    let mut walk = Walk::new(document, Report::of(&report), &types);
    walk.operations(&items);
    walk.webhooks(&events);
    walk.components();
    Ok(walk.lost)
}

#[test]
fn nothing_of_our_hosts_is_lost_in_silence() {
    let root = repository();
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
    let reports: Value = serde_json::from_str(&read("spec/lowered/report.json")).unwrap();
    let mut events = Types::of(&items(&read(
        "crates/singapay-webhook/src/generated/events.rs",
    )));
    events.add(Types::of(&items(&read(
        "crates/singapay-core/src/payout.rs",
    ))));
    for host in published::HOSTS {
        let published = document::load(&root.join(published::vendored(host))).unwrap();
        let overlay = published::overlay_text(&root, host).unwrap();
        let document = Published::of(host, &published, &overlay).unwrap().corrected;
        let items = items(&read(&format!(
            "crates/singapay-api/src/generated/{host}.rs"
        )));
        let mut types = module(&items, "types");
        // Of these the raw client has no types of its own.
        for path in ["envelope.rs", "payout.rs"] {
            let path = format!("crates/singapay-core/src/{path}");
            types.add(Types::of(&self::items(&read(&path))));
        }
        let mut walk = Walk::new(&document, Report::of(&reports[host]["rules"]), &types);
        walk.operations(&items);
        walk.webhooks(&events);
        assert!(walk.seen > 2, "{host}");
        assert!(walk.lost.is_empty(), "{host}\n{}", walk.lost.join("\n"));
    }
}

/// Every document of a folder that generates, with what is lost of it.
fn lost_in(folder: &Path) -> (usize, Vec<String>) {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|one| one.unwrap().path())
        .collect();
    files.sort();
    let mut findings = Vec::new();
    let mut generated = 0;
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let Ok(document) = document::load(&file) else {
            continue;
        };
        let work = std::thread::Builder::new()
            .stack_size(1 << 29)
            .spawn(move || lost(&document));
        if let Ok(lost) = work.unwrap().join().unwrap() {
            generated += 1;
            findings.extend(lost.into_iter().map(|one| format!("{name}: {one}")));
        }
    }
    (generated, findings)
}

/// Of the samples, and of a folder of other documents where the environment names one.
#[test]
fn nothing_of_foreign_documents_is_lost_in_silence() {
    let samples = repository().join("xtask/tests-data/foreign");
    let other = std::env::var_os("XTASK_FOREIGN_DOCUMENTS").map(PathBuf::from);
    for folder in [samples].into_iter().chain(other) {
        let (generated, lost) = lost_in(&folder);
        assert!(lost.is_empty(), "{}", lost.join("\n"));
        assert!(generated > 7, "{generated}");
    }
}

/// The walk itself notices what is not there.
#[test]
fn what_is_lost_without_a_line_is_found() {
    let document = json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/a": {
        "get": {"operationId": "one", "parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}],
            "responses": {"200": {"description": "", "content": {"application/json": {"schema": {
                "type": "object", "properties": {"kept": {"type": "string", "enum": ["a", "b"]},
                    "gone": {"type": "string"}}}}}}}}}}});
    let (source, report) = foreign::reported(document.clone()).unwrap();
    let source = source
        .replace("\n        pub gone:", "\n        pub other:")
        .replace("B = \"b\",", "")
        .replace("QueryParam::new(\"q\"", "QueryParam::new(\"r\"");
    let items = items(&source);
    let types = module(&items, "types");
    let mut walk = Walk::new(&document, Report::of(&report), &types);
    walk.operations(&items);
    let at = "#/paths/~1a/get";
    let schema = format!("{at}/responses/200/content/application~1json/schema");
    assert_eq!(
        walk.lost,
        [
            format!("{at}/parameters/0: `q` is not sent"),
            format!("{schema}: no member `gone`"),
            format!("{schema}/properties/kept: no value \"b\""),
        ]
    );
}
