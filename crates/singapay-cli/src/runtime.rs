//! The runtime of commands that talk to others.

use tokio::runtime::{Builder, Runtime};

use crate::output::Output;

/// A runtime on this thread.
pub(crate) fn new() -> Result<Runtime, Output> {
    let made = Builder::new_current_thread().enable_all().build();
    made.map_err(|error| Output::unusable(error.to_string()))
}
