//! The hand-written sources of the crates: what the client does by itself is read there.

use std::{collections::HashSet, fs, io, path::Path, sync::LazyLock};

use crate::{
    error::{Error, Result},
    output,
};

/// Sources that call operations by their paths.
pub(crate) const CALLERS: [&str; 2] = [
    "crates/singapay-auth/src/token/http_source.rs",
    "crates/singapay/src/payouts/quote.rs",
];

/// Sources that read by name what became of a payout or a payment.
pub(crate) const READERS: [&str; 3] = [
    "crates/singapay-webhook/src/answers.rs",
    "crates/singapay/src/resolve/",
    "crates/singapay/src/waiting/",
];

/// The crates that are built of what is generated.
pub(crate) const BUILT: [&str; 5] = [
    "crates/singapay-api/",
    "crates/singapay-cli/",
    "crates/singapay-store/",
    "crates/singapay-webhook/",
    "crates/singapay/",
];

/// The sandbox's products, which name the operations that they have a behaviour for.
pub(crate) const PRODUCTS: [&str; 1] = ["crates/singapay-sandbox/src/products/"];

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
    let all = ours.map(read).collect::<io::Result<Vec<_>>>()?;
    // One that is called otherwise now would be looked at by nobody.
    let named = [&CALLERS[..], &READERS, &BUILT, &PRODUCTS].concat();
    let is_gone = |path: &&str| below(&all, &[path]).next().is_none();
    match named.into_iter().find(is_gone) {
        None => Ok(all),
        Some(path) => Err(io::Error::new(io::ErrorKind::NotFound, path)),
    }
}

/// Those of files or folders.
pub(crate) fn below<'s>(all: &'s [Source], paths: &[&str]) -> impl Iterator<Item = &'s Source> {
    let is_below = |source: &&Source| paths.iter().any(|path| source.path.starts_with(path));
    all.iter().filter(is_below)
}

impl Source {
    /// True if a name stands in it.
    pub(crate) fn names(&self, name: &str) -> bool {
        self.names.contains(name)
    }
}
