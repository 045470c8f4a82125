//! Copies of the specification, edits of it, and the command itself.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use tempfile::TempDir;

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// A folder with the vendored documents and the overlays.
pub(crate) struct Copy(TempDir);

impl Copy {
    pub(crate) fn new() -> Self {
        let copy = Self(TempDir::new().unwrap());
        for folder in ["spec/vendor", "spec/overlays"] {
            fs::create_dir_all(copy.path(folder)).unwrap();
            for entry in fs::read_dir(repository().join(folder)).unwrap() {
                let entry = entry.unwrap();
                fs::copy(entry.path(), copy.path(folder).join(entry.file_name())).unwrap();
            }
        }
        copy
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        fs::write(self.path(path), text).unwrap();
    }

    /// Changes the vendored document of the payment host.
    pub(crate) fn edit(&self, edit: impl FnOnce(&mut Value)) {
        let mut document = payment();
        edit(&mut document);
        self.write("spec/vendor/payment.json", &document.to_string());
    }

    /// Runs the command here.
    pub(crate) fn xtask(&self, arguments: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            // Copies that share a target folder would try documents in one another's scratch copy.
            .env_remove("CARGO_TARGET_DIR")
            .arg("--root")
            .arg(self.0.path())
            .args(arguments)
            .output()
            .unwrap();
        Ran {
            status: output.status.code(),
            success: output.status.success(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Every file below a folder that generation makes, with its text.
    pub(crate) fn generated(&self) -> Vec<(PathBuf, String)> {
        let mut files = Vec::new();
        for folder in ["crates", "tests", "spec/lowered"] {
            collect(self.0.path(), &self.path(folder), &mut files);
        }
        files.push(("spec/COVERAGE.md".into(), self.read("spec/COVERAGE.md")));
        files.sort();
        files
    }
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_owned();
            files.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

/// End of a run of the command.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: Option<i32>,
    pub(crate) success: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Its output; it must have succeeded.
    #[track_caller]
    pub(crate) fn good(self) -> String {
        assert!(self.success, "{}", self.stderr);
        self.stdout
    }

    /// Its error; it must have failed.
    #[track_caller]
    pub(crate) fn refusal(self) -> String {
        assert!(!self.success, "{}", self.stdout);
        self.stderr
    }
}

/// The vendored document of the payment host.
pub(crate) fn payment() -> Value {
    xtask::document::load(&repository().join("spec/vendor/payment.json")).unwrap()
}

/// The properties of a component of a document.
#[track_caller]
pub(crate) fn properties<'a>(document: &'a mut Value, component: &str) -> &'a mut Value {
    let properties = format!("/components/schemas/{component}/properties");
    document.pointer_mut(&properties).unwrap()
}
