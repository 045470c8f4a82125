//! Every type, method, call and command that is named exists.

use std::{collections::BTreeSet, fs, path::Path};

use singapay_tests::spec::root;

use crate::pages::all;

/// The public API as text, of all crates that have one.
fn public() -> String {
    let mut text = String::new();
    read(&root().join("tests/tests/public_api/snapshots"), &mut text);
    text
}

/// The sources of those that have none.
fn sources() -> String {
    let mut text = String::new();
    read(&root().join("crates/singapay-store/src"), &mut text);
    read(&root().join("crates/singapay-api/src/generated"), &mut text);
    text
}

fn read(path: &Path, text: &mut String) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            read(&entry.unwrap().path(), text);
        }
    } else {
        text.push_str(&fs::read_to_string(path).unwrap());
    }
}

/// The identifiers of a text.
fn identifiers(text: &str) -> BTreeSet<&str> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.split(|letter| !is_part(letter)).collect()
}

/// True of `Payouts`, and of no constant or plain word.
fn is_type(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_uppercase())
        && word.chars().any(char::is_lowercase)
        && word.chars().all(char::is_alphanumeric)
}

#[test]
fn every_type_and_method_exists() {
    let (public, sources) = (public(), sources());
    let (known, in_sources) = (identifiers(&public), identifiers(&sources));
    let mut count = 0;
    for page in all() {
        for word in &page.words {
            let path = word.split(['(', '?', ' ']).next().unwrap();
            let parts: Vec<_> = path.split("::").collect();
            let said = format!("{}: {word}", page.file);
            match parts[..] {
                // Of another client.
                ["SingaPay", _] => {}
                [.., kind, member] if is_type(kind) => {
                    let full = format!("{kind}::{member}");
                    let is_of_store = sources.contains(&format!("pub struct {kind} "))
                        && in_sources.contains(member);
                    assert!(has_word(&public, &full) || is_of_store, "{said}");
                    count += 1;
                }
                [name] if is_type(name) && name == word && name.len() > 3 => {
                    let is_known = known.contains(name) || in_sources.contains(name);
                    assert!(is_known || is_prose(name), "{said}");
                    count += 1;
                }
                _ => {}
            }
        }
    }
    assert!(count > 80, "{count}");
}

/// True if the text has it, and not as the begin of a longer word.
fn has_word(text: &str, word: &str) -> bool {
    let mut rests = text
        .match_indices(word)
        .map(|(at, _)| &text[at + word.len()..]);
    rests.any(|rest| !rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_'))
}

/// Words in backticks that look like a type.
fn is_prose(word: &str) -> bool {
    ["Date", "IndeterminateOutcomeError"].contains(&word)
}

/// `payment_links().create()`, as the table of operations has it.
#[test]
fn every_call_is_an_operation() {
    let coverage = fs::read_to_string(root().join("spec/COVERAGE.md")).unwrap();
    let mut count = 0;
    for page in all() {
        for word in &page.words {
            let call = word.strip_prefix("client.").unwrap_or(word);
            let Some((product, verb)) = call.split_once("().") else {
                continue;
            };
            if !coverage.contains(&format!("`client.{product}().")) {
                continue;
            }
            let verb = verb.split(['(', '.']).next().unwrap();
            let is_operation = coverage.contains(&format!("`client.{product}().{verb}("));
            let is_more = verb == "find_by_reference";
            assert!(is_operation || is_more, "{}: {word}", page.file);
            count += 1;
        }
    }
    assert!(count > 60, "{count}");
}

#[test]
fn every_variable_exists() {
    let mut sources = String::new();
    read(&root().join("crates/singapay/src/config"), &mut sources);
    read(
        &root().join("crates/singapay-auth/src/credential"),
        &mut sources,
    );
    let known = identifiers(&sources);
    // Those of other clients.
    let others = ["moving.md"];
    for page in all() {
        let names = page
            .words
            .iter()
            .filter(|word| word.starts_with("SINGAPAY_"));
        for name in names.filter(|_| !others.contains(&page.file.as_str())) {
            let name = name.split('=').next().unwrap();
            let is_specific = name.starts_with("SINGAPAY_CREDENTIAL_");
            assert!(known.contains(name) || is_specific, "{}: {name}", page.file);
        }
    }
}
