//! Takes over a published document.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    cli,
    document::{self, text},
    error::{Error, Result},
    generate, output, pipeline,
    published::{self, Trial},
};

const STEP: &str = "vendor";
const PROVENANCE: &str = "spec/vendor/PROVENANCE.toml";

/// Provenance of a vendored document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// Version of OpenAPI.
    pub openapi: String,
    /// Day on which it was taken over, UTC.
    pub date: String,
    /// Place where it was found, and whether it is the publisher's file or transcribed.
    pub origin: String,
    /// SHA-256 of the file as it was given, before it was formatted; for a later comparison with
    /// what the publisher offers.
    pub given_sha256: String,
    /// SHA-256 of the file that is checked in.
    pub sha256: String,
}

/// Makes a document the vendored one of a host, if the SDK can be generated from it.
///
/// Given the vendored file itself, after a transcription was corrected, only its form and its record
/// are renewed.
pub fn take(root: &Path, host: &str, file: &Path, origin: Option<&str>) -> Result<String> {
    let host = cli::host(host)?;
    let document = document::load(file)?;
    check(&document)?;
    let overlay = published::overlay_text(root, host)?;
    let trial = Trial::from([(host.to_owned(), (document, overlay))]);
    let (pipeline, open) = pipeline::attempt(root, &published::all(root, &trial)?)?;
    let findings = open.iter().flat_map(Error::findings).cloned().collect();
    Error::collect(STEP, findings)?;
    generate::outputs(&pipeline.lowered)?;
    for (path, text) in taken(root, host, file, origin)? {
        output::write(&root.join(path), &text)?;
    }
    let path = published::vendored(host);
    Ok(format!(
        "{} written; now run `cargo xtask generate`\n",
        path.display()
    ))
}

/// The vendored document of a host and the record of all, after this one is taken.
pub fn taken(
    root: &Path,
    host: &str,
    file: &Path,
    origin: Option<&str>,
) -> Result<[(PathBuf, String); 2]> {
    let given = fs::read(file)
        .map_err(|cause| Error::new(STEP, format_args!("{}: {cause}", file.display())))?;
    let document = document::load(file)?;
    check(&document)?;
    let target = root.join(published::vendored(host));
    let known = match fs::read_to_string(root.join(PROVENANCE)) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            return Err(Error::new(STEP, cause));
        }
        known => known.unwrap_or_default(),
    };
    let in_place = matches!((file.canonicalize(), target.canonicalize()), (Ok(a), Ok(b)) if a == b);
    let text = document::to_text(&document);
    let mut entries: BTreeMap<String, Provenance> =
        toml::from_str(&known).map_err(|cause| Error::new(STEP, cause))?;
    let mut provenance = provenance(&given, &text, &document, origin);
    let is_same = |before: &Provenance| in_place || before.sha256 == provenance.sha256;
    let before = entries.remove(host).filter(is_same);
    if let Some(before) = before {
        provenance.date = before.date;
        if origin.is_none() {
            provenance.origin = before.origin;
        }
    }
    entries.insert(host.to_owned(), provenance);
    let record = record(&known, &entries)?;
    Ok([
        (published::vendored(host), text),
        (PROVENANCE.into(), record),
    ])
}

/// Checks that a document is OpenAPI 3.
pub fn check(document: &Value) -> Result<()> {
    let swagger = text(document, "swagger").map(|version| format!("Swagger {version}"));
    let version = text(document, "openapi").map(str::to_owned).or(swagger);
    let version = version.unwrap_or_default();
    if !version.starts_with("3.0.") && !version.starts_with("3.1.") {
        let finding = format_args!("OpenAPI 3.0 or 3.1 is wanted, this is `{version}`");
        return Err(Error::new(STEP, finding));
    }
    let paths = document.get("paths").and_then(Value::as_object);
    if paths.is_none_or(serde_json::Map::is_empty) {
        return Err(Error::new(STEP, "the document describes no paths"));
    }
    Ok(())
}

fn provenance(
    given: &[u8],
    checked_in: &str,
    document: &Value,
    origin: Option<&str>,
) -> Provenance {
    let sha256 = |bytes: &[u8]| hex::encode(Sha256::digest(bytes));
    let word = |value, key| text(value, key).unwrap_or_default().to_owned();
    let today = DateTime::<Utc>::from(SystemTime::now());
    Provenance {
        title: word(&document["info"], "title"),
        version: word(&document["info"], "version"),
        openapi: word(document, "openapi"),
        date: today.format("%F").to_string(),
        origin: origin.unwrap_or("given by hand").to_owned(),
        given_sha256: sha256(given),
        sha256: sha256(checked_in.as_bytes()),
    }
}

/// The provenance file with these entries; comments at its head stay.
fn record(known: &str, entries: &BTreeMap<String, Provenance>) -> Result<String> {
    let entries = toml::to_string_pretty(entries).map_err(|cause| Error::new(STEP, cause))?;
    let is_head = |line: &&str| line.starts_with('#') || line.trim().is_empty();
    let head: Vec<&str> = known.lines().take_while(is_head).collect();
    let head = head.join("\n").trim().to_owned();
    Ok(match head.as_str() {
        "" => entries,
        head => format!("{head}\n\n{entries}"),
    })
}
