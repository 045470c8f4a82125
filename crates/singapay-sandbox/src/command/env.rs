//! Variables of a client, in the forms in which they are written.

use clap::ValueEnum;
use serde_json::{Map, Value};

use crate::Sandbox;

/// A way to write variables.
#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum Format {
    /// `export NAME='value'`, for `eval` and `source`.
    Shell,
    /// `NAME="value"`, for a file `.env`.
    Dotenv,
    /// One JSON object.
    Json,
}

impl Format {
    /// The variables of a sandbox.
    pub(super) fn write(self, sandbox: &Sandbox) -> String {
        let variables = sandbox.variables();
        let lines = |line: &dyn Fn(&str, &str) -> String| {
            let lines = variables.iter().map(|(name, value)| line(name, value));
            lines.collect::<Vec<_>>().join("\n")
        };
        match self {
            Self::Shell => {
                lines(&|name, value| format!("export {name}='{}'", value.replace('\'', r"'\''")))
            }
            Self::Dotenv => lines(&|name, value| {
                let escaped = value
                    .replace('\\', r"\\")
                    .replace('"', "\\\"")
                    .replace('$', r"\$");
                format!("{name}=\"{escaped}\"")
            }),
            Self::Json => {
                let members = variables
                    .into_iter()
                    .map(|(name, value)| (name, Value::from(value)));
                Value::Object(members.collect::<Map<_, _>>()).to_string()
            }
        }
    }
}
