use std::io::{Result, Write};

use serde::Serialize;

/// Findings of a command, step by step.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    pub(crate) canonical: String,
    pub(crate) body_sha256: String,
    /// With the token shortened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) string_to_sign: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) signature: Option<String>,
    /// Form of the body that was signed, when a delivery verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) form: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) valid: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
}

impl Report {
    pub(crate) fn print(&self, to: &mut impl Write, json: bool) -> Result<()> {
        if json {
            return writeln!(to, "{}", serde_json::to_string(self)?);
        }
        let mut line = |name: &str, value: &str| writeln!(to, "{name:<15} {value}");
        line("canonical", &self.canonical)?;
        line("body sha256", &self.body_sha256)?;
        for (name, value) in [
            ("string to sign", self.string_to_sign.as_deref()),
            ("signature", self.signature.as_deref()),
            ("form", self.form),
            (
                "valid",
                self.valid.map(|valid| if valid { "yes" } else { "no" }),
            ),
            ("reason", self.reason.as_deref()),
        ] {
            if let Some(value) = value {
                line(name, value)?;
            }
        }
        Ok(())
    }
}

/// Enough of a token to recognise it, not enough to use it.
pub(crate) fn shortened(token: &str) -> String {
    let shown: String = match token.chars().count() {
        0..16 => String::new(),
        _ => token.chars().take(6).collect(),
    };
    format!("{shown}…")
}
