//! Tables that repeat what the code has are whole, and say the same.

use std::fs;

use singapay::PayoutState;
use singapay_tests::spec::root;
use toml::{Table, Value};

use crate::pages::Page;

#[test]
fn every_state_of_a_payout_has_its_sentence() {
    let page = Page::read("payouts.md");
    let figure = fs::read_to_string(root().join("docs/book/src/figures/payout.svg")).unwrap();
    for state in PayoutState::ALL {
        let row = format!("| `{state}` | {} |", state.advice());
        assert!(page.text.contains(&row), "{row}");
        assert!(figure.contains(&format!(">{state}<")), "{state}");
    }
}

#[test]
fn every_variant_has_its_row() {
    let api = root().join("tests/tests/public_api/snapshots/public_api__facade.snap");
    let api = fs::read_to_string(api).unwrap();
    for (kind, file, full) in [
        ("PersonReason", "payouts.md", true),
        ("ErrorKind", "errors.md", false),
    ] {
        let page = Page::read(file);
        let prefix = format!("singapay::{kind}::");
        let variants: Vec<_> = api
            .lines()
            .filter_map(|line| line.strip_prefix(&prefix))
            .collect();
        assert!(variants.len() > 3, "{kind}");
        for name in variants {
            let row = match full {
                true => format!("| `{kind}::{name}` |"),
                false => format!("| `{name}` |"),
            };
            assert!(page.text.contains(&row), "{file}: {row}");
        }
    }
}

fn manifest(name: &str) -> Table {
    let path = root().join("crates").join(name).join("Cargo.toml");
    fs::read_to_string(path).unwrap().parse().unwrap()
}

fn features(name: &str) -> Vec<String> {
    let manifest = manifest(name);
    let features = manifest.get("features").and_then(Value::as_table);
    let features = features.into_iter().flat_map(Table::keys);
    features
        .filter(|name| !name.starts_with("__"))
        .cloned()
        .collect()
}

#[test]
fn every_feature_is_explained() {
    for file in ["start.md", "id/start.md"] {
        let page = Page::read(file);
        for feature in features("singapay") {
            let row = format!("| `{feature}` |");
            assert!(
                feature == "default" || page.text.contains(&row),
                "{file}: {row}"
            );
        }
    }
}

/// What is to be pasted names crates and features that exist.
#[test]
fn dependencies_can_be_pasted() {
    let mut count = 0;
    for page in crate::pages::all() {
        for block in page.blocks_of("toml") {
            let table: Table = block.parse().unwrap();
            let dependencies = table["dependencies"].as_table().unwrap();
            for (name, dependency) in dependencies {
                let Some(path) = dependency.get("path").and_then(Value::as_str) else {
                    continue;
                };
                assert_eq!(path, format!("../sdk/crates/{name}"), "{}", page.file);
                let known = features(name);
                let named = dependency.get("features").and_then(Value::as_array);
                for feature in named.into_iter().flatten().filter_map(Value::as_str) {
                    assert!(
                        known.iter().any(|known| known == feature),
                        "{name}: {feature}"
                    );
                }
                count += 1;
            }
        }
    }
    assert!(count > 8, "{count}");
}
