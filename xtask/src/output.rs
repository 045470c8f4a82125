//! Files that the pipeline makes, and their comparison with what is checked in.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use similar::TextDiff;
use walkdir::{DirEntry, WalkDir};

use crate::error::{Error, Result};

/// One file that a step makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Path from the root of the repository.
    pub path: PathBuf,
    /// The whole text.
    pub text: String,
}

impl Output {
    /// A file at this path.
    pub fn new(path: impl Into<PathBuf>, text: String) -> Self {
        let path = path.into();
        Self { path, text }
    }
}

/// A folder that holds nothing but outputs, besides those named `generated`.
const OWNED: &str = "spec/lowered";
/// Folders in which folders named `generated` are looked for.
const SEARCHED: [&str; 2] = ["crates", "tests"];

/// Differences between the outputs and the files.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Outputs whose file is absent or different.
    pub changed: Vec<Output>,
    /// Files in folders of outputs that no output makes any more.
    pub stale: Vec<PathBuf>,
}

impl Difference {
    /// Compares outputs with the files below `root`.
    pub fn find(root: &Path, outputs: Vec<Output>) -> Result<Self> {
        let made: BTreeSet<PathBuf> = outputs.iter().map(|output| output.path.clone()).collect();
        let mut stale = owned(root).map_err(io_error)?;
        stale.retain(|file| !made.contains(file));
        let mut changed = outputs;
        changed.retain(|output| current(root, &output.path).as_deref() != Some(&output.text));
        Ok(Self { changed, stale })
    }

    /// True if the files are what the outputs are.
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.stale.is_empty()
    }

    /// Writes and deletes until nothing differs.
    pub fn apply(&self, root: &Path) -> Result<()> {
        for output in &self.changed {
            write(&root.join(&output.path), &output.text)?;
        }
        for path in &self.stale {
            fs::remove_file(root.join(path)).map_err(io_error)?;
        }
        Ok(())
    }

    /// The difference as one unified diff, from the files to the outputs.
    pub fn to_diff(&self, root: &Path) -> String {
        let changed = self.changed.iter();
        let changed = changed.map(|output| (&output.path, output.text.as_str()));
        let stale = self.stale.iter().map(|path| (path, ""));
        let diffs = changed.chain(stale).map(|(path, new)| {
            let old = current(root, path).unwrap_or_default();
            let path = path.display();
            TextDiff::from_lines(old.as_str(), new)
                .unified_diff()
                .header(&format!("a/{path}"), &format!("b/{path}"))
                .to_string()
        });
        diffs.collect()
    }
}

/// Writes a file, and the folders around it.
pub fn write(path: &Path, text: impl AsRef<[u8]>) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(io_error)?;
    }
    fs::write(path, text).map_err(io_error)
}

/// The text of a file; line ends are compared as the repository stores them.
fn current(root: &Path, path: &Path) -> Option<String> {
    let text = fs::read_to_string(root.join(path)).ok()?;
    Some(text.replace("\r\n", "\n"))
}

/// Files, as seen from the root, that only outputs may be.
fn owned(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut owned = files_below(root, OWNED)?;
    for folder in SEARCHED {
        let all = files_below(root, folder)?.into_iter();
        owned.extend(all.filter(|file| file.iter().any(|part| part == "generated")));
    }
    Ok(owned)
}

/// All files of a folder, as seen from the root; folders of what is built are left out.
pub(crate) fn files_below(root: &Path, folder: &str) -> io::Result<Vec<PathBuf>> {
    let all = files(&root.join(folder))?.into_iter();
    Ok(all
        .map(|file| file.strip_prefix(root).map(Path::to_owned).unwrap_or(file))
        .collect())
}

/// The same, as seen from where the command runs, sorted.
pub fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let is_wanted = |entry: &DirEntry| entry.depth() == 0 || entry.file_name() != "target";
    let all = WalkDir::new(folder).sort_by_file_name().into_iter();
    let all = all.filter_entry(is_wanted).filter(|_| folder.exists());
    let files = all.filter(|entry| !entry.as_ref().is_ok_and(|it| it.file_type().is_dir()));
    files.map(|file| Ok(file?.into_path())).collect()
}

fn io_error(cause: io::Error) -> Error {
    Error::new("files", cause)
}
