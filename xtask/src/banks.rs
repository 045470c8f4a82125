//! The banks: `spec/banks.yaml`, read strictly.

use std::{collections::BTreeSet, path::Path};

use serde::Deserialize;

use crate::{
    error::{Error, Result},
    yaml,
};

/// Path of the file.
pub(crate) const SOURCE: &str = "spec/banks.yaml";

/// One bank.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bank {
    /// Three digits.
    pub code: String,
    /// SWIFT codes of eight letters and digits.
    pub swift: Vec<String>,
    /// Names, the short one first.
    pub names: Vec<String>,
    /// Evidence for the codes.
    pub evidence: Evidence,
}

/// Evidence for a bank's codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// A transfer by the code succeeded.
    Live,
    /// A page of the gateway has the code.
    Documented,
    /// Public lists have the code.
    Public,
}

/// Reads the file below `root`; nothing where there is none.
pub(crate) fn read(root: &Path) -> Result<Vec<Bank>> {
    let banks: Vec<Bank> = yaml::read(root, SOURCE)?.unwrap_or_default();
    Error::collect(SOURCE, findings(&banks))?;
    Ok(banks)
}

fn findings(banks: &[Bank]) -> Vec<String> {
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    for bank in banks {
        let code = &bank.code;
        if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            findings.push(format!("{code}: a bank code has three digits"));
        }
        if bank.swift.iter().any(|swift| swift.len() != 8) {
            findings.push(format!("{code}: a SWIFT code has eight letters and digits"));
        }
        let names = bank.swift.iter().chain(&bank.names);
        for name in names.chain([code]) {
            if !seen.insert(name.to_ascii_uppercase()) {
                findings.push(format!("{code}: {name} names two banks"));
            }
        }
    }
    findings
}
