//! `cargo xtask generate --check` on a copy of the repository: it names what somebody touched, and
//! `cargo xtask generate` repairs it.

#![allow(clippy::unwrap_used)]

use std::{
    fs,
    path::{Path, PathBuf},
};

use xtask::cli::generate;

/// Copies what generation reads and writes: the documents, and every folder of generated files.
fn copy(from: &Path, to: &Path, wanted: bool) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().unwrap().is_dir() {
            if entry.file_name() != "target" {
                copy(&path, &target, wanted || entry.file_name() == "generated");
            }
        } else if wanted {
            fs::create_dir_all(to).unwrap();
            fs::copy(path, target).unwrap();
        }
    }
}

fn repository() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap().to_path_buf()
}

#[test]
fn what_was_touched_is_named_and_repaired() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    copy(&repository().join("spec"), &root.join("spec"), true);
    for folder in ["crates", "tests"] {
        copy(&repository().join(folder), &root.join(folder), false);
    }
    let edited = "crates/singapay-api/src/generated/payment.rs";
    let before = fs::read_to_string(root.join(edited)).unwrap();
    let touched = before.replacen("pub async fn topup_ewallet", "pub async fn topup", 1);
    assert_ne!(before, touched);
    fs::write(root.join(edited), touched).unwrap();
    let deleted = "crates/singapay/src/generated/checks.rs";
    let kept = fs::read_to_string(root.join(deleted)).unwrap();
    fs::remove_file(root.join(deleted)).unwrap();
    let stale = "crates/singapay/src/generated/forgotten.rs";
    fs::write(root.join(stale), "pub struct Forgotten;\n").unwrap();

    let (diff, current) = generate(root, true).unwrap();
    assert!(!current);
    for (path, line) in [
        (edited, "-    pub async fn topup<'a>("),
        (edited, "+    pub async fn topup_ewallet<'a>("),
        (stale, "-pub struct Forgotten;"),
    ] {
        let header = format!("--- a/{path}\n+++ b/{path}\n@@ ");
        let section = diff
            .split(&header)
            .nth(1)
            .unwrap_or_else(|| panic!("{path}: {diff}"));
        let section = section.split("\n--- a/").next().unwrap();
        assert!(section.lines().any(|own| own == line), "{line}: {diff}");
    }
    assert!(diff.contains(&format!("--- a/{deleted}\n")), "{diff}");
    assert!(
        diff.ends_with("3 files differ; run `cargo xtask generate`\n"),
        "{diff}"
    );
    assert!(root.join(stale).exists(), "a check changes nothing");

    let (text, _) = generate(root, false).unwrap();
    assert!(text.ends_with(" 2 written, 1 deleted\n"), "{text}");
    assert_eq!(fs::read_to_string(root.join(edited)).unwrap(), before);
    assert_eq!(fs::read_to_string(root.join(deleted)).unwrap(), kept);
    assert!(!root.join(stale).exists());
}
