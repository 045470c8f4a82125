//! `docs/UPDATE.md`, step by step: its commands on its inputs have its outputs.

use std::{fs, path::Path};

use serde_json::{Value, json};
use singapay_tests::spec::root;
use xtask::{cli, diff, document, published, update};

use crate::{HOST, edit};

/// Suites that go over all operations.
const SUITES: [&str; 6] = [
    "requests",
    "inventory",
    "capability",
    "outcomes",
    "tolerance",
    "unmodelled",
];
/// Lines of an overlay that a new payout may ask of a person.
const MOST: usize = 40;

/// The blocks of a language, in order.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let start = format!("```{language}\n");
    let parts = page.split(&start).skip(1);
    parts
        .map(|part| part.split("```").next().unwrap().to_owned())
        .collect()
}

/// Every line of a block is in the output, in this order.
fn tells(output: &str, block: &str) {
    let mut rest = output;
    for line in block.lines() {
        let at = rest
            .find(line)
            .unwrap_or_else(|| panic!("{line} is not in\n{output}"));
        rest = &rest[at + line.len()..];
    }
}

/// Replaces lines below a place as a block of `-` and `+` lines says.
fn edited(text: &str, below: &str, block: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(String::from).collect();
    let mut at = lines.iter().position(|line| line == below).unwrap();
    for change in block.lines() {
        let (sign, line) = change.split_at(1);
        if sign == "+" {
            lines.insert(at, line.to_owned());
            at += 1;
        } else {
            let found = lines[at..].iter().position(|one| one == line);
            at += found.unwrap_or_else(|| panic!("{line} is not below {below}"));
            lines.remove(at);
        }
    }
    lines.join("\n") + "\n"
}

/// The SDK's own code of a root; an operation that is not offered is not in it.
fn names(root: &Path, word: &str) -> bool {
    [
        "singapay/src/generated",
        "singapay-api/src/generated",
        "singapay-sandbox/src/generated",
    ]
    .iter()
    .flat_map(|folder| fs::read_dir(root.join("crates").join(folder)).unwrap())
    .any(|file| {
        fs::read_to_string(file.unwrap().path())
            .unwrap()
            .contains(word)
    })
}

#[test]
#[ignore = "compiles the SDK once more; for the full tier"]
fn the_update_page_is_what_happens() {
    let page = fs::read_to_string(root().join("docs/UPDATE.md")).unwrap();
    let (yaml, told) = (blocks(&page, "yaml"), blocks(&page, "text"));
    let copy = update::Scratch::create(root(), "example").unwrap();
    let here = &copy.0;
    // 1
    let edits = xtask::yaml::parse(&yaml[0]).unwrap();
    let old = document::load(&here.join(published::vendored(HOST))).unwrap();
    let new = edit::edited(&old, &json!({"edits": edits}), &Value::Null);
    let next = here.join("next.json");
    fs::write(&next, new.to_string()).unwrap();
    // 2
    let review = diff::words(here, Path::new(HOST), &next, None).unwrap();
    tells(&review.to_string(), &told[0]);
    // 3
    let review = update::update(here, HOST, &next, None, false, true).unwrap();
    tells(&review.to_string(), &told[1]);
    assert!(!names(here, "disbursement/instant"));
    // 5
    let overlay = here.join(published::overlay_path(HOST));
    let text = fs::read_to_string(&overlay).unwrap();
    let block = &blocks(&page, "diff")[0];
    assert!(block.lines().filter(|line| line.starts_with('+')).count() <= MOST);
    let below = "- target: $.paths['/api/v2.0/disbursement/instant'].post";
    fs::write(&overlay, edited(&text, below, block)).unwrap();
    // 6
    cli::generate(here, false).unwrap();
    assert!(names(here, "disbursement/instant"));
    // 7
    let review = diff::words(here, root(), here, None).unwrap();
    tells(&review.to_string(), &told[2]);
    // 8 and 9
    assert_eq!(copy.test(root(), &SUITES).unwrap(), [""; 0]);
    let snapshot = here.join("tests/tests/requests/snapshots/transfer_instant.snap");
    let snapshot = fs::read_to_string(snapshot).unwrap();
    tells(
        &snapshot,
        "POST /api/v2.0/disbursement/instant\nx-signature: \n",
    );
}
