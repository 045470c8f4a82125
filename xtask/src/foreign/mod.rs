//! Documents of other services: how many of them the pipeline generates a client from, whether it
//! compiles, and why the rest is refused.
//!
//! They go through the code that ours go through, with metadata optional.

mod package;
mod table;

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
};

use serde_json::Value;

use crate::{
    document::{self, text},
    error::{Error, Result},
    generate,
    lower::{self, Profile},
    output,
};

const STEP: &str = "foreign";
/// Schemas nest and refer to each other as deep as their author liked.
const STACK: usize = 1 << 29;

/// Result for one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A client was generated, and compiles if it was to be compiled.
    Generated {
        /// Lines of its source.
        lines: usize,
        /// True if `cargo check` was run over it.
        checked: bool,
    },
    /// The document is refused.
    Refused(Vec<String>),
    /// A client was generated that does not compile.
    Uncompilable(String),
}

/// One document and its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Name of the file.
    pub name: String,
    /// Bytes of the file.
    pub size: u64,
    /// Version of OpenAPI.
    pub openapi: String,
    /// Operations that it describes.
    pub operations: usize,
    /// Changes made on the way: each rule, with its number of uses.
    pub changes: Vec<(String, u64)>,
    /// Result for it.
    pub outcome: Outcome,
}

/// The source of a client for a foreign document, and what was changed on the way.
pub fn reported(document: Value) -> Result<(String, Value)> {
    let lowered = lower::lower(document, Profile::Foreign)?;
    let client = generate::foreign(&lowered.document, lowered.events.as_ref())?;
    Ok((client, lowered.report.to_json()))
}

/// Generates a client from every document, compiles it if `check`, writes it with its report into the
/// folder `out` if there is one, and gives the table and whether every one was generated.
pub fn measure(
    root: &Path,
    given: &[PathBuf],
    check: bool,
    out: Option<&Path>,
) -> Result<(String, bool)> {
    let package = check.then(|| package::Package::create(root)).transpose()?;
    let mut rows = Vec::new();
    for file in files(given)? {
        rows.push(row(&file, package.as_ref(), out)?);
    }
    let good = rows.iter().all(Row::is_generated);
    Ok((table::text(&rows), good))
}

impl Row {
    /// A client was made that compiles, if it was to be compiled.
    fn is_generated(&self) -> bool {
        matches!(self.outcome, Outcome::Generated { .. })
    }

    /// Generated, or refused with the place of every reason.
    pub fn is_in_order(&self) -> bool {
        match &self.outcome {
            Outcome::Generated { .. } => true,
            Outcome::Refused(findings) => findings.iter().all(|finding| {
                (finding.contains("#/") || finding.contains("line "))
                    && !finding.contains(generate::PANICKED)
            }),
            Outcome::Uncompilable(_) => false,
        }
    }
}

fn row(file: &Path, package: Option<&package::Package>, out: Option<&Path>) -> Result<Row> {
    let failed = |cause| Error::new(STEP, format_args!("{}: {cause}", file.display()));
    let size = fs::metadata(file).map_err(failed)?.len();
    let name = file.file_name().unwrap_or_default();
    let mut row = Row {
        name: name.to_string_lossy().into_owned(),
        size,
        openapi: "?".to_owned(),
        operations: 0,
        changes: Vec::new(),
        outcome: Outcome::Refused(Vec::new()),
    };
    let source = document::load(file).and_then(|document| {
        row.openapi = text(&document, "openapi").unwrap_or("?").to_owned();
        row.operations = document::operations(&document).count();
        on_a_deep_stack(move || reported(document))?
    });
    row.outcome = match source {
        Err(error) => Outcome::Refused(error.findings().to_vec()),
        Ok((source, report)) => {
            if let Some(out) = out {
                let (name, report) = (row.name.replace('.', "_"), document::to_text(&report));
                output::write(&out.join(format!("{name}.rs")), &source)?;
                output::write(&out.join(format!("{name}.report.json")), report)?;
            }
            let rules = report.as_object().into_iter().flatten();
            row.changes = rules
                .filter_map(|(rule, changes)| Some((rule.clone(), changes["count"].as_u64()?)))
                .collect();
            let errors = package.map(|package| package.check(&source)).transpose()?;
            match errors.as_ref().and_then(Option::as_ref) {
                Some(errors) => Outcome::Uncompilable(errors.clone()),
                None => Outcome::Generated {
                    lines: source.lines().count(),
                    checked: errors.is_some(),
                },
            }
        }
    };
    Ok(row)
}

/// A panic of our own code is an error of the same kind as one of the generator.
fn on_a_deep_stack<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let thread = thread::Builder::new().stack_size(STACK).spawn(run);
    let end = thread.map_err(|cause| Error::new(STEP, cause))?.join();
    end.map_err(|_| Error::new(STEP, generate::PANICKED))
}

/// The files, and those in folders.
fn files(given: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in given {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let inside = output::files(path).map_err(|cause| Error::new(STEP, cause))?;
        let inside = inside.into_iter();
        files.extend(inside.filter(|file| file.parent() == Some(path)));
    }
    Ok(files)
}
