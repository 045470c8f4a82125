//! Everything that a client in any language needs, as variables.

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
        let variables = variables(sandbox);
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

fn variables(sandbox: &Sandbox) -> Vec<(String, String)> {
    let (main, biller) = (sandbox.credentials(), sandbox.biller_credentials());
    let mut variables: Vec<(String, String)> = [
        ("BASE_URL", sandbox.base_url()),
        ("PARTNER_ID", &main.partner_id),
        ("CLIENT_ID", &main.client_id),
        ("CLIENT_SECRET", main.client_secret.expose()),
        ("ACCOUNT_ID", sandbox.account_id()),
        ("BILLER_PARTNER_ID", &biller.partner_id),
        ("BILLER_CLIENT_ID", &biller.client_id),
        ("BILLER_CLIENT_SECRET", biller.client_secret.expose()),
        ("BILLER_PASSWORD", biller.password.expose()),
        ("IDENTITY_CLIENT_ID", &main.identity_client_id),
        (
            "IDENTITY_CLIENT_SECRET",
            main.identity_client_secret.expose(),
        ),
    ]
    .map(|(name, value)| (format!("SINGAPAY_{name}"), value.to_owned()))
    .into();
    variables.push((
        "SINGAPAY_SANDBOX_ADMIN".to_owned(),
        format!("{}/_sandbox", sandbox.base_url()),
    ));
    let accounts = sandbox.accounts();
    let mut names = Vec::new();
    for (index, credentials) in sandbox.all_credentials().iter().enumerate().skip(1) {
        // A name of the dashboard's may be anything; variables and their list want a plain one.
        let is_plain = credentials
            .name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric());
        let name = match is_plain && !credentials.name.is_empty() {
            true => credentials.name.to_ascii_lowercase(),
            false => format!("specific{index}"),
        };
        let own = accounts
            .iter()
            .filter(|account| account.credential == credentials.name);
        let own: Vec<&str> = own.map(|account| account.id.as_str()).collect();
        for (setting, value) in [
            ("PARTNER_ID", credentials.partner_id.clone()),
            ("CLIENT_ID", credentials.client_id.clone()),
            (
                "CLIENT_SECRET",
                credentials.client_secret.expose().to_owned(),
            ),
            ("ACCOUNTS", own.join(",")),
        ] {
            let variable = format!(
                "SINGAPAY_CREDENTIAL_{}_{setting}",
                name.to_ascii_uppercase()
            );
            if !value.is_empty() {
                variables.push((variable, value));
            }
        }
        names.push(name);
    }
    if !names.is_empty() {
        variables.push(("SINGAPAY_CREDENTIALS".to_owned(), names.join(",")));
    }
    variables
}
