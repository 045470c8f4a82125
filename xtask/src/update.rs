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
    diff::{self, Comparison, Side},
    document,
    error::{Error, Result},
    output, pipeline, repair, vendor,
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
const ASIDE: [&str; 3] = ["target", ".git", "fuzz"];

/// Tries a document, and takes it over if nothing stands in the way; gives the review.
///
/// `compile` is whether the code is compiled and the snapshots are made anew.
pub fn update(
    root: &Path,
    host: &str,
    file: &Path,
    origin: Option<&str>,
    compile: bool,
) -> Result<Comparison> {
    let host = cli::host(host)?;
    let new = document::load(file)?;
    vendor::check(&new)?;
    let old = document::load(&root.join(pipeline::vendored(host)))?;
    let overlay = pipeline::overlay_text(root, host)?;
    let repaired = repair::overlay(host, &overlay, &old, &new)?;
    let after = Side::of_document(root, host, new, repaired.text.clone());
    let mut review = diff::compare(&Side::of_root(root), &after);
    review.repaired = repaired.notes;
    if !review.open.is_empty() {
        return Ok(review);
    }
    let copy = Scratch::create(root)?;
    let taken = vendor::taken(root, host, file, origin)?;
    for (path, text) in taken {
        output::write(&copy.0.join(path), &text)?;
    }
    output::write(&copy.0.join(pipeline::overlay_path(host)), &repaired.text)?;
    cli::generate(&copy.0, false)?;
    if compile {
        review.open.extend(copy.check(root)?);
    }
    if review.open.is_empty() {
        copy.take_back(root)?;
    }
    Ok(review)
}

/// A copy of the repository, which stays below the target folder so that the next one is quick.
struct Scratch(PathBuf);

impl Scratch {
    fn create(root: &Path) -> Result<Self> {
        let copy = Self(target(root).join("update"));
        mirror(root, &copy.0, &|_| true)?;
        Ok(copy)
    }

    /// Compiles what depends on the specification and makes its snapshots; gives what failed.
    fn check(&self, root: &Path) -> Result<Vec<String>> {
        let mut arguments =
            Vec::from(["test", "--quiet", "--no-fail-fast", "-p", "singapay-tests"]);
        arguments.extend(SUITES.iter().flat_map(|suite| ["--test", suite]));
        let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(arguments)
            .current_dir(&self.0)
            // Its own: cargo would take what was built of the copy for what is built of the repository.
            .env("CARGO_TARGET_DIR", target(root).join("update-build"))
            .env("INSTA_UPDATE", "always")
            .output()
            .map_err(|cause| Error::new(STEP, cause))?;
        if output.status.success() {
            return Ok(Vec::new());
        }
        let text = [output.stderr, output.stdout].concat();
        let text = String::from_utf8_lossy(&text);
        let told = |line: &&str| {
            line.starts_with("error") || line.ends_with("FAILED") || line.contains(" panicked at ")
        };
        let told: Vec<_> = text.lines().filter(told).map(ToOwned::to_owned).collect();
        Ok(if told.is_empty() {
            Vec::from([text.into_owned()])
        } else {
            told
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

fn target(root: &Path) -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

/// Makes the wanted files below one folder those of another, and leaves alone what is the same.
fn mirror(from: &Path, to: &Path, wanted: &dyn Fn(&Path) -> bool) -> Result<()> {
    let (source, present) = (wanted_files(from, wanted)?, wanted_files(to, wanted)?);
    for file in &source {
        let bytes = fs::read(from.join(file)).map_err(|cause| Error::new(STEP, cause))?;
        if fs::read(to.join(file)).ok().as_ref() != Some(&bytes) {
            output::write(&to.join(file), bytes)?;
        }
    }
    for file in present.iter().filter(|file| !source.contains(*file)) {
        fs::remove_file(to.join(file)).map_err(|cause| Error::new(STEP, cause))?;
    }
    Ok(())
}

fn wanted_files(root: &Path, wanted: &dyn Fn(&Path) -> bool) -> Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    let entries = match fs::read_dir(root) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(found),
        entries => entries.map_err(|cause| Error::new(STEP, cause))?,
    };
    for entry in entries {
        let path = entry.map_err(|cause| Error::new(STEP, cause))?.path();
        let name = path.strip_prefix(root).unwrap_or(&path).to_owned();
        if ASIDE.iter().any(|aside| name == Path::new(aside)) {
            continue;
        }
        match path.is_dir() {
            true => {
                let inside = output::files(&path).map_err(|cause| Error::new(STEP, cause))?;
                found.extend(
                    inside
                        .iter()
                        .map(|file| file.strip_prefix(root).unwrap_or(file).to_owned()),
                );
            }
            false => drop(found.insert(name)),
        }
    }
    found.retain(|file| wanted(file));
    Ok(found)
}
