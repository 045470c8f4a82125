//! The package in which clients of foreign documents are compiled, one after the other, so that
//! what they depend on is compiled once.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::STEP;
use crate::{
    error::{Error, Result},
    update,
};

const LIBRARY: &str = include_str!("../../templates/library.rs");

/// The package.
pub(super) struct Package {
    folder: PathBuf,
    target: PathBuf,
}

impl Package {
    /// Makes it below the target folder, with the dependencies that this repository locks.
    pub(super) fn create(root: &Path) -> Result<Self> {
        let folder = update::target(root).join("foreign");
        let failed = |cause| Error::new(STEP, cause);
        fs::create_dir_all(folder.join("src")).map_err(failed)?;
        let core = root.join("crates/singapay-core");
        let manifest = manifest(&workspace_versions(root)?, &core);
        fs::write(folder.join("Cargo.toml"), manifest).map_err(failed)?;
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).map_err(failed)?;
        fs::write(folder.join("src/lib.rs"), LIBRARY).map_err(failed)?;
        Ok(Self {
            target: folder.join("target"),
            folder,
        })
    }

    /// Compiles a client; gives the errors, if there are any.
    pub(super) fn check(&self, client: &str) -> Result<Option<String>> {
        let failed = |cause| Error::new(STEP, cause);
        fs::write(self.folder.join("src/client.rs"), client).map_err(failed)?;
        let mut cargo = update::cargo(&self.folder, &self.target);
        cargo.args(["check", "--quiet", "--message-format", "short"]);
        let output = cargo.output().map_err(failed)?;
        if output.status.success() {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&output.stderr);
        let errors = text.lines().filter(|line| line.contains("error"));
        Ok(Some(errors.take(12).collect::<Vec<_>>().join("\n")))
    }
}

/// The workspace's own words about its dependencies.
fn workspace_versions(root: &Path) -> Result<toml::Table> {
    let text = fs::read_to_string(root.join("Cargo.toml"));
    let text = text.map_err(|cause| Error::new(STEP, cause))?;
    let manifest: toml::Table = text.parse().map_err(|cause| Error::new(STEP, cause))?;
    let workspace = manifest.get("workspace");
    let dependencies = workspace.and_then(|workspace| workspace.get("dependencies")?.as_table());
    let missing = || Error::new(STEP, "the workspace has no dependencies");
    dependencies.cloned().ok_or_else(missing)
}

fn manifest(versions: &toml::Table, core: &Path) -> String {
    let mut dependencies = toml::Table::new();
    for name in ["progenitor-client", "reqwest", "serde", "serde_json"] {
        if let Some(version) = versions.get(name) {
            let mut version = version.clone();
            if let ("reqwest", Some(version)) = (name, version.as_table_mut()) {
                version.insert("features".to_owned(), vec!["multipart"].into());
            }
            dependencies.insert(name.to_owned(), version);
        }
    }
    let path = toml::Value::String(core.display().to_string());
    let core = toml::Table::from_iter([("path".to_owned(), path)]);
    dependencies.insert("singapay-core".to_owned(), core.into());
    // Not a member of the workspace around it.
    let mut manifest = toml::toml! {
        package = { name = "foreign", version = "0.0.0", edition = "2024" }
        workspace = {}
    };
    manifest.insert("dependencies".to_owned(), dependencies.into());
    manifest.to_string()
}
