use std::fmt;

pub use crate::generated::kinds::EventKind;
use crate::recognize;

impl EventKind {
    /// The kind of an event by its `event` text, in any of the spellings that are documented or
    /// were seen; [`EventKind::Unknown`] for others.
    pub fn from_name(name: &str) -> Self {
        recognize::by_name(name)
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
