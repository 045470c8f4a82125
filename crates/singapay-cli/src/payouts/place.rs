//! Where a report may be written: never over what a run needs.

use std::path::{Path, PathBuf};

use super::failure::Failure;

/// What SQLite puts behind the name of a store's file.
const BESIDE: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// Refuses a report that would replace the store or the file of payouts, or that is no ordinary file.
pub(crate) fn check(report: &Path, file: &Path, store: &str) -> Result<(), Failure> {
    let refuse = |text: &str| Err(Failure::Unusable(text.to_owned()));
    if report.file_name().is_none() || !folder(report).is_dir() {
        return refuse("the report needs the name of a file in a folder that is there");
    }
    if report
        .symlink_metadata()
        .is_ok_and(|found| !found.is_file())
    {
        return refuse("the report would replace what is no ordinary file");
    }
    let mut kept = names(file);
    if let Some(store) = store.strip_prefix("sqlite://") {
        for name in names(Path::new(store)) {
            kept.extend(BESIDE.map(|end| format!("{name}{end}")));
        }
    }
    match names(report).iter().any(|name| kept.contains(name)) {
        true => refuse("the report would replace the store or the file of payouts"),
        false => Ok(()),
    }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// A path with its folder made plain, and where it leads if it is a link. Case tells no files apart everywhere.
fn names(path: &Path) -> Vec<String> {
    let place = folder(path)
        .canonicalize()
        .map(|folder| folder.join(path.file_name().unwrap_or_default()));
    [place, path.canonicalize()]
        .into_iter()
        .flatten()
        .map(|path: PathBuf| path.to_string_lossy().to_lowercase())
        .collect()
}
