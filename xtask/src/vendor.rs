//! Takes over a published document.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    cli,
    document::{self, text},
    error::{Error, Result},
    generate, output, pipeline,
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
    let overlay = pipeline::overlay_text(root, host)?;
    let trial = pipeline::Trial::from([(host.to_owned(), (document, overlay))]);
    let (pipeline, open) = pipeline::attempt(root, &trial)?;
    let findings = open.iter().flat_map(Error::findings).cloned().collect();
    Error::collect(STEP, findings)?;
    generate::outputs(&pipeline.lowered)?;
    for (path, text) in taken(root, host, file, origin)? {
        output::write(&root.join(path), &text)?;
    }
    let path = pipeline::vendored(host);
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
    let target = root.join(pipeline::vendored(host));
    let known = match fs::read_to_string(root.join(PROVENANCE)) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            return Err(Error::new(STEP, cause));
        }
        known => known.unwrap_or_default(),
    };
    let in_place = matches!((file.canonicalize(), target.canonicalize()), (Ok(a), Ok(b)) if a == b);
    let text = document::to_text(&document);
    let before = entries(&known)?.remove(host).filter(|_| in_place);
    let mut provenance = provenance(&given, &text, &document, origin, &today());
    if let Some(before) = before {
        provenance.date = before.date;
        if origin.is_none() {
            provenance.origin = before.origin;
        }
    }
    let known = record(&known, host, provenance)?;
    Ok([(pipeline::vendored(host), text), (PROVENANCE.into(), known)])
}

/// Checks that a document is OpenAPI 3.
pub fn check(document: &Value) -> Result<()> {
    let version = text(document, "openapi").unwrap_or_default();
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
    date: &str,
) -> Provenance {
    let sha256 = |bytes: &[u8]| hex::encode(Sha256::digest(bytes));
    let info = |key| {
        document
            .get("info")
            .and_then(|info| text(info, key))
            .unwrap_or_default()
    };
    Provenance {
        title: info("title").to_owned(),
        version: info("version").to_owned(),
        openapi: text(document, "openapi").unwrap_or_default().to_owned(),
        date: date.to_owned(),
        origin: origin.unwrap_or("given by hand").to_owned(),
        given_sha256: sha256(given),
        sha256: sha256(checked_in.as_bytes()),
    }
}

fn entries(known: &str) -> Result<BTreeMap<String, Provenance>> {
    toml::from_str(known).map_err(|cause| Error::new(STEP, cause))
}

/// The provenance file with one entry replaced; comments at its head stay.
fn record(known: &str, host: &str, provenance: Provenance) -> Result<String> {
    let mut entries = entries(known)?;
    entries.insert(host.to_owned(), provenance);
    let entries = toml::to_string_pretty(&entries).map_err(|cause| Error::new(STEP, cause))?;
    let is_head = |line: &&str| line.starts_with('#') || line.trim().is_empty();
    let head: Vec<&str> = known.lines().take_while(is_head).collect();
    let head = head.join("\n").trim().to_owned();
    Ok(if head.is_empty() {
        entries
    } else {
        format!("{head}\n\n{entries}")
    })
}

/// Today in UTC, `YYYY-MM-DD`.
fn today() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    date(now.map_or(0, |since| since.as_secs() / 86_400))
}

/// The civil date of a day counted from 1970-01-01.
fn date(days: u64) -> String {
    // Eras of 400 years that start on 1 March 0000.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year_of_era = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{:02}",
        day_of_year - (153 * shifted + 2) / 5 + 1
    )
}
