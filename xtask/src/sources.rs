//! The hand-written sources of the crates: what the client does by itself is read there.

use std::{collections::HashSet, fs, io, path::Path, sync::LazyLock};

use crate::{
    error::{Error, Result},
    output,
};

/// A source, without the lines that are comments.
#[derive(Debug)]
pub(crate) struct Source {
    /// Path in the repository.
    pub(crate) path: String,
    /// Its code.
    pub(crate) code: String,
    names: HashSet<String>,
}

static ALL: LazyLock<io::Result<Vec<Source>>> = LazyLock::new(read);

/// All of them, sorted by path.
pub(crate) fn all() -> Result<&'static [Source]> {
    let all = ALL.as_ref().map(Vec::as_slice);
    all.map_err(|cause| Error::new("read", format_args!("the sources of the crates: {cause}")))
}

fn read() -> io::Result<Vec<Source>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let paths = output::files_below(&root, "crates")?.into_iter();
    let paths = paths.map(|path| path.to_string_lossy().replace('\\', "/"));
    let ours = paths.filter(|path| {
        path.ends_with(".rs") && path.contains("/src/") && !path.contains("/generated/")
    });
    let read = |path: String| {
        let text = fs::read_to_string(root.join(&path))?;
        let is_comment = |line: &&str| line.trim_start().starts_with("//");
        let lines: Vec<_> = text.lines().filter(|line| !is_comment(line)).collect();
        let code = lines.join("\n");
        let part = |letter: char| letter.is_alphanumeric() || letter == '_';
        let names = code.split(|letter| !part(letter)).map(str::to_owned);
        Ok(Source {
            path,
            names: names.collect(),
            code,
        })
    };
    ours.map(read).collect()
}

/// Those of a file or a folder.
pub(crate) fn below<'s>(all: &'s [Source], path: &str) -> impl Iterator<Item = &'s Source> {
    all.iter()
        .filter(move |source| source.path.starts_with(path))
}

impl Source {
    /// True if a name stands in it.
    pub(crate) fn names(&self, name: &str) -> bool {
        self.names.contains(name)
    }
}
