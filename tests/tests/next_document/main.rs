//! The gateway's next document: what a change of it means is said by `cargo xtask diff`, and compared
//! here with what the generated code and the requests show.
//!
//! The truth is read by other code than the verdict: the text of the public API as its snapshots have
//! it, and the lowered documents as the suites of requests read them.

#![allow(clippy::unwrap_used)]

#[path = "../public_api/krate.rs"]
mod krate;
#[path = "../public_api/lines.rs"]
#[allow(dead_code)]
mod lines;
#[path = "../public_api/macros.rs"]
mod macros;
#[path = "../public_api/names.rs"]
#[allow(dead_code)]
mod names;
#[path = "../public_api/text.rs"]
mod text;

mod edit;
mod example;
mod truth;

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::Value;
use singapay_tests::spec::root;
use truth::Truth;
use xtask::{
    diff::{self, Side},
    document, published, repair,
};

const HOST: &str = "payment";

fn given() -> Value {
    xtask::yaml::parse(include_str!("mutations.yaml")).unwrap()
}

/// Slow: each change generates everything.
#[test]
#[ignore = "generates the SDK more than a hundred times; for the full tier"]
fn every_verdict_is_what_users_see() {
    assert_verdicts(1);
}

#[test]
fn one_verdict_of_nine_is_what_users_see() {
    assert_verdicts(9);
}

/// Every change gets the verdict that is expected, and the one that follows from what is generated.
fn assert_verdicts(step: usize) {
    let given = given();
    let mutations = given["mutations"].as_array().unwrap();
    assert!(mutations.len() >= 80, "{}", mutations.len());
    let mutations: Vec<_> = mutations.iter().step_by(step).collect();
    let old = document::load(&root().join(published::vendored(HOST))).unwrap();
    let overlay = published::overlay_text(root(), HOST).unwrap();
    let before = Side::of_root(root());
    let truth = Truth::of(&before);
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(mutation) = mutations.get(next.fetch_add(1, Ordering::Relaxed)) {
            let new = edit::edited(&old, mutation, &given["places"]);
            let repaired = repair::overlay(HOST, &overlay, &old, &new).unwrap();
            let after = Side::of_document(root(), HOST, new, repaired.text);
            let comparison = diff::compare(&before, &after);
            let told = comparison.verdict().to_string();
            let expected = mutation["expect"].as_str().unwrap();
            let mut problems = Vec::new();
            if told != expected {
                problems.push(format!("told {told}:\n{comparison}"));
            }
            if expected == "undecided" {
                let open = mutation["open"].as_str().unwrap();
                if !comparison.open.iter().any(|finding| finding.contains(open)) {
                    problems.push(format!("`{open}` is not to do: {:#?}", comparison.open));
                }
            } else if told != "undecided" {
                let (true_verdict, because) = match before.files().eq(after.files()) {
                    true => ("nothing", "generated code is the same".to_owned()),
                    false => truth.verdict(&Truth::of(&after)),
                };
                if true_verdict != expected {
                    problems.push(format!("in truth {true_verdict}:\n{because}"));
                }
            }
            if !problems.is_empty() {
                let name = mutation["name"].as_str().unwrap();
                let text = format!("## {name}: expected {expected}\n{}", problems.join("\n"));
                wrong.lock().unwrap().push(text);
            }
        }
    };
    thread::scope(|scope| {
        let count = thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..count {
            thread::Builder::new()
                .stack_size(1 << 26)
                .spawn_scoped(scope, work)
                .unwrap();
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(
        wrong.is_empty(),
        "{} of {} are wrong\n{}",
        wrong.len(),
        mutations.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_mutation_has_a_name_and_a_reason_of_its_own() {
    let given = given();
    let mut names = BTreeMap::new();
    for mutation in given["mutations"].as_array().unwrap() {
        let name = mutation["name"].as_str().unwrap();
        assert!(mutation["because"].as_str().is_some(), "{name}");
        assert_eq!(names.insert(name, ()), None, "{name}");
    }
}
