//! Files that the pipeline makes, and their comparison with what is checked in.

use std::path::PathBuf;

/// One file that a step makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Path from the root of the repository.
    pub path: PathBuf,
    /// The whole text.
    pub text: String,
}
