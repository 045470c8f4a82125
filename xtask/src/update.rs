//! Takes over the gateway's next document: everything is tried in a copy, and the repository changes
//! only when all of it holds.

use std::{
    collections::BTreeSet,
    env,
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    cli,
    diff::{self, Comparison},
    document,
    error::{Error, Result},
    output, published, vendor,
};

const STEP: &str = "update";
/// Suites whose snapshots show what users see and what is sent.
const SUITES: [&str; 5] = [
    "public_api",
    "inventory",
    "requests",
    "payloads",
    "request_rules",
];
/// Folders that are not part of the work.
const ASIDE: [&str; 2] = [".git", "fuzz"];

/// Tries a document, and takes it over if nothing stands in the way; gives the review.
///
/// `compile` is whether the code is compiled and the snapshots are made anew, `stubs` whether new
/// operations are described as copies of others, which are not offered until somebody confirms them.
pub fn update(
    root: &Path,
    host: &str,
    file: &Path,
    origin: Option<&str>,
    compile: bool,
    stubs: bool,
) -> Result<Comparison> {
    let host = cli::host(host)?;
    let new = document::load(file)?;
    vendor::check(&new)?;
    let old = document::load(&root.join(published::vendored(host)))?;
    let (mut review, overlay) = diff::next(root, host, &old, new, stubs)?;
    if !review.open.is_empty() {
        return Ok(review);
    }
    let copy = Scratch::create(root, "update")?;
    let taken = vendor::taken(root, host, file, origin)?;
    for (path, text) in taken {
        output::write(&copy.0.join(path), &text)?;
    }
    output::write(&copy.0.join(published::overlay_path(host)), &overlay)?;
    cli::generate(&copy.0, false)?;
    if compile {
        review.open.extend(copy.test(root, &SUITES)?);
    }
    if review.open.is_empty() {
        copy.take_back(root)?;
    }
    Ok(review)
}

/// A copy of the repository, which stays below the target folder so that the next one is quick.
#[derive(Debug)]
pub struct Scratch(pub PathBuf);

impl Scratch {
    /// The copy of this name.
    pub fn create(root: &Path, name: &str) -> Result<Self> {
        let copy = Self(target(root).join(name));
        mirror(root, &copy.0, &|_| true)?;
        // Under a version of its own, or cargo would take what is built of it for what is built of the
        // repository; so both share what is built of everything else.
        for manifest in wanted_files(&copy.0, &|path| path.ends_with("Cargo.toml"))? {
            let path = copy.0.join(manifest);
            let text = fs::read_to_string(&path).map_err(failed)?;
            output::write(&path, numbered(&text, &format!("0.0.{}", name.len())))?;
        }
        Ok(copy)
    }

    /// Runs these suites and makes their snapshots; gives what failed.
    pub fn test(&self, root: &Path, suites: &[&str]) -> Result<Vec<String>> {
        let mut arguments =
            Vec::from(["test", "--quiet", "--no-fail-fast", "-p", "singapay-tests"]);
        arguments.extend(suites.iter().flat_map(|suite| ["--test", suite]));
        let output = cargo(&self.0, &target(root))
            .args(arguments)
            .env("INSTA_UPDATE", "always")
            .output()
            .map_err(failed)?;
        if output.status.success() {
            return Ok(Vec::new());
        }
        let text = [output.stderr, output.stdout].concat();
        let text = String::from_utf8_lossy(&text);
        let mut is_reason = false;
        let told = |line: &&str| {
            // What a panic says stands below it.
            let reason = std::mem::replace(&mut is_reason, line.contains(" panicked at "));
            reason || is_reason || line.starts_with("error") || line.ends_with("FAILED")
        };
        let told: Vec<_> = text.lines().filter(told).map(ToOwned::to_owned).collect();
        Ok(match told.is_empty() {
            true => Vec::from([text.into_owned()]),
            false => told,
        })
    }

    /// Writes what the specification makes back into the repository.
    fn take_back(&self, root: &Path) -> Result<()> {
        mirror(&self.0, root, &|path| {
            let made = |part: &OsStr| ["generated", "snapshots"].iter().any(|name| part == *name);
            path.starts_with("spec") || path.iter().any(made)
        })
    }
}

/// A manifest with another version, and without what it asks of those of its own workspace.
fn numbered(manifest: &str, version: &str) -> String {
    let mut text = String::new();
    for line in manifest.lines() {
        let asked = line.split_once(", version = \"");
        match asked.filter(|_| line.contains("path = ")) {
            _ if line.starts_with("version = \"") => text += &format!("version = \"{version}\""),
            Some((before, after)) => {
                text += before;
                text += after.split_once('"').map_or("", |(_, rest)| rest);
            }
            None => text += line,
        }
        text.push('\n');
    }
    text
}

/// The command of cargo in a folder, with what it builds in another.
pub(crate) fn cargo(folder: &Path, target: &Path) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(folder).env("CARGO_TARGET_DIR", target);
    cargo
}

/// The folder of what is built of a repository.
pub(crate) fn target(root: &Path) -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

/// Makes the wanted files below one folder those of another, and leaves alone what is the same.
fn mirror(from: &Path, to: &Path, wanted: &dyn Fn(&Path) -> bool) -> Result<()> {
    let (source, present) = (wanted_files(from, wanted)?, wanted_files(to, wanted)?);
    for file in &source {
        let bytes = fs::read(from.join(file)).map_err(failed)?;
        if fs::read(to.join(file)).ok().as_ref() != Some(&bytes) {
            output::write(&to.join(file), bytes)?;
        }
    }
    for file in present.iter().filter(|file| !source.contains(*file)) {
        fs::remove_file(to.join(file)).map_err(failed)?;
    }
    Ok(())
}

fn wanted_files(root: &Path, wanted: &dyn Fn(&Path) -> bool) -> Result<BTreeSet<PathBuf>> {
    let all = output::files_below(root, "").map_err(failed)?.into_iter();
    let aside = |file: &PathBuf| ASIDE.iter().any(|aside| file.starts_with(aside));
    Ok(all.filter(|file| !aside(file) && wanted(file)).collect())
}

fn failed(cause: io::Error) -> Error {
    Error::new(STEP, cause)
}
