//! Makes source files from the lowered documents.

use crate::{error::Result, lower::Lowered, output::Output};

/// All files made from the lowered documents.
pub fn outputs(_lowered: &Lowered) -> Result<Vec<Output>> {
    Ok(Vec::new())
}
