//! Files that are made, and what is checked in.

use std::{fs, path::PathBuf};

use xtask::output::{Difference, Output};

fn output(path: &str, text: &str) -> Output {
    Output {
        path: path.into(),
        text: text.into(),
    }
}

#[test]
fn what_differs_is_written_and_what_is_stale_is_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for (path, text) in [
        ("crates/a/src/generated/same.rs", "same\n"),
        ("crates/a/src/generated/old.rs", "old\n"),
        ("crates/a/src/generated/deep/stale.rs", "stale\n"),
        ("crates/a/src/hand.rs", "hand\n"),
        ("spec/lowered/gone.json", "{}\n"),
    ] {
        fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        fs::write(root.join(path), text).unwrap();
    }
    let outputs = vec![
        output("crates/a/src/generated/same.rs", "same\n"),
        output("crates/a/src/generated/old.rs", "new\n"),
        output("crates/b/src/generated/first.rs", "first\n"),
    ];
    let difference = Difference::find(root, outputs.clone()).unwrap();
    assert_eq!(difference.changed, outputs[1..]);
    assert_eq!(
        difference.stale,
        [
            PathBuf::from("spec/lowered/gone.json"),
            PathBuf::from("crates/a/src/generated/deep/stale.rs"),
        ]
    );
    let diff = difference.to_diff(root);
    assert!(diff.contains("--- a/crates/a/src/generated/old.rs"));
    assert!(diff.contains("-old\n+new\n"));
    assert!(diff.contains("-stale\n"));

    difference.apply(root).unwrap();
    assert!(root.join("crates/a/src/hand.rs").exists());
    assert!(Difference::find(root, outputs).unwrap().is_empty());
}
