//! Errors of the commands: a list of findings, so that a maintainer sees all of them at once.

use std::fmt;

use crate::document::Pointer;

/// Result of a step.
pub type Result<T> = std::result::Result<T, Error>;

/// Result of a part of one: what was made, or why it could not be.
pub type Made<T> = std::result::Result<T, String>;

/// Failure of a step: one finding or more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    step: &'static str,
    findings: Vec<String>,
}

impl Error {
    /// An error of `step` with one finding.
    pub fn new(step: &'static str, finding: impl fmt::Display) -> Self {
        Self {
            step,
            findings: vec![finding.to_string()],
        }
    }

    /// An error of `step` about one place of a document.
    pub fn at(step: &'static str, pointer: &Pointer, finding: impl fmt::Display) -> Self {
        Self::new(step, format_args!("{pointer}: {finding}"))
    }

    /// `Ok` if there are no findings, otherwise one error with all of them.
    pub fn collect(step: &'static str, findings: Vec<String>) -> Result<()> {
        if findings.is_empty() {
            Ok(())
        } else {
            Err(Self { step, findings })
        }
    }

    /// All that was made, or one error with every reason why something could not be.
    pub fn gather<T>(
        step: &'static str,
        made: impl IntoIterator<Item = Made<T>>,
    ) -> Result<Vec<T>> {
        let (mut good, mut findings) = (Vec::new(), Vec::new());
        for one in made {
            match one {
                Ok(one) => good.push(one),
                Err(finding) => findings.push(finding),
            }
        }
        Self::collect(step, findings)?;
        Ok(good)
    }

    /// The same findings, each after this text.
    #[must_use]
    pub fn after(mut self, text: &str) -> Self {
        for finding in &mut self.findings {
            finding.insert_str(0, text);
        }
        self
    }

    /// The findings.
    pub fn findings(&self) -> &[String] {
        &self.findings
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.findings.as_slice() {
            [one] => write!(f, "{}: {one}", self.step),
            many => {
                write!(f, "{}: {} problems", self.step, many.len())?;
                many.iter()
                    .try_for_each(|finding| write!(f, "\n  - {finding}"))
            }
        }
    }
}

impl std::error::Error for Error {}
