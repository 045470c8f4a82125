//! Being written.
use crate::error::Result;
use std::path::Path;
/// d
pub fn files(_: &Path, _: &Path, _: &Path, _: Option<&str>) -> Result<String> {
    Ok(String::new())
}
