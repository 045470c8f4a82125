//! A raw client without its hooks would send requests that nobody authenticated, signed or bounded.
//! So it must not compile.

#![allow(clippy::unwrap_used)]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const PACKAGE: &str = "crates/singapay-api";

/// The line that implements `ClientHooks` for the client of every host.
const HOOKS: &str = "hooks!(payment, biller, identity);";

fn repository() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap().to_path_buf()
}

/// A workspace with a copy of the real package in it; its other packages are the real ones.
fn copy(to: &Path) {
    let root = repository();
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let crates = format!(
        "path = \"{}/crates/",
        root.display().to_string().replace('\\', "/")
    );
    let members = |line: &str| match line.starts_with("members = ") {
        true => "members = [\"crates/*\"]\n".to_owned(),
        false => format!("{line}\n"),
    };
    let manifest = manifest.replace("path = \"crates/", &crates);
    let manifest: String = manifest.lines().map(members).collect();
    fs::write(to.join("Cargo.toml"), manifest).unwrap();
    fs::copy(root.join("Cargo.lock"), to.join("Cargo.lock")).unwrap();
    copy_folder(&root.join(PACKAGE), &to.join(PACKAGE));
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn check(workspace: &Path) -> Output {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    Command::new(cargo)
        .args(["check", "--offline", "--quiet", "--package", "singapay-api"])
        // The clients are the same without their operations, and checked sooner.
        .arg("--no-default-features")
        .current_dir(workspace)
        // Kept from run to run, so that dependencies are checked once.
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("hooks"),
        )
        .env("CARGO_TERM_COLOR", "never")
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap()
}

#[test]
fn a_client_without_hooks_does_not_compile() {
    let workspace = tempfile::tempdir().unwrap();
    copy(workspace.path());
    let whole = check(workspace.path());
    let errors = String::from_utf8_lossy(&whole.stderr);
    assert!(
        whole.status.success(),
        "the copy compiles as it is: {errors}"
    );

    let file = workspace.path().join(PACKAGE).join("src/hooks.rs");
    let source = fs::read_to_string(&file).unwrap();
    assert!(source.contains(HOOKS));
    fs::write(&file, source.replace(HOOKS, "")).unwrap();
    let without = check(workspace.path());
    let errors = String::from_utf8_lossy(&without.stderr);
    assert!(!without.status.success());
    for host in ["payment", "biller", "identity"] {
        let missing = format!("missing `impl ClientHooks<Inner> for {host}::Client`");
        assert!(errors.contains(&missing), "{host}: {errors}");
    }
}
