//! Credentials from environment variables.

use singapay_core::Secret;
use zeroize::Zeroizing;

use super::{
    Credential, CredentialProblem, Credentials, CredentialsBuilder, CredentialsError, DEFAULT,
};

impl Credentials {
    /// Reads credentials from variables that `lookup` finds, such as
    /// `|name| std::env::var(name).ok()`.
    ///
    /// | Credential | Variables |
    /// |---|---|
    /// | Default | `SINGAPAY_PARTNER_ID`, `SINGAPAY_CLIENT_ID`, `SINGAPAY_CLIENT_SECRET` |
    /// | biller | `SINGAPAY_BILLER_PARTNER_ID`, `SINGAPAY_BILLER_CLIENT_ID`, `SINGAPAY_BILLER_CLIENT_SECRET` |
    /// | identity | `SINGAPAY_IDENTITY_CLIENT_ID`, `SINGAPAY_IDENTITY_CLIENT_SECRET` |
    /// | Specific | `SINGAPAY_CREDENTIALS` lists their names with commas; each name, in upper case and with `_` for everything else than letters and digits, gives `SINGAPAY_CREDENTIAL_<NAME>_PARTNER_ID`, `…_CLIENT_ID`, `…_CLIENT_SECRET` and, optional, `…_ACCOUNTS` (ULIDs with commas) |
    ///
    /// A group of which no variable is set is left out.
    ///
    /// # Errors
    ///
    /// All problems at once; a group that is half set, or set to empty text, is one. Where nothing is
    /// set at all, the variables of the Default credential are named.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, CredentialsError> {
        let mut builder = CredentialsBuilder::default();
        if let Some(default) = group(&lookup, "SINGAPAY", DEFAULT, false, &mut builder.problems) {
            builder = builder.set_default(default);
        }
        let mut seen: Vec<(String, String)> = Vec::new();
        let names = lookup("SINGAPAY_CREDENTIALS").unwrap_or_default();
        for name in list(&names) {
            let upper = |c: char| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_uppercase()
                } else {
                    '_'
                }
            };
            let prefix: String = "SINGAPAY_CREDENTIAL_"
                .chars()
                .chain(name.chars().map(upper))
                .collect();
            if let Some((_, first)) = seen.iter().find(|(other, _)| *other == prefix) {
                let (first, second) = (first.clone(), name.to_owned());
                builder
                    .problems
                    .push(CredentialProblem::SameVariables { first, second });
                continue;
            }
            if let Some(credential) = group(&lookup, &prefix, name, true, &mut builder.problems) {
                let accounts = lookup(&format!("{prefix}_ACCOUNTS")).unwrap_or_default();
                builder = builder.specific(credential.accounts(list(&accounts)));
            }
            seen.push((prefix, name.to_owned()));
        }
        if let Some(biller) = group(
            &lookup,
            "SINGAPAY_BILLER",
            "biller",
            false,
            &mut builder.problems,
        ) {
            builder = builder.biller(
                biller.partner_id(),
                biller.client_id(),
                biller.client_secret().clone(),
            );
        }
        let variables = [
            "SINGAPAY_IDENTITY_CLIENT_ID",
            "SINGAPAY_IDENTITY_CLIENT_SECRET",
        ];
        if let Some([id, secret]) = read(&lookup, variables, false, &mut builder.problems) {
            builder = builder.identity(id.as_str(), Secret::new(secret.as_str()));
        }
        builder.build().map_err(|error| match error.problems() {
            [CredentialProblem::None] => CredentialsError {
                problems: variables_of("SINGAPAY").map(missing).into(),
            },
            _ => error,
        })
    }
}

fn group(
    lookup: &impl Fn(&str) -> Option<String>,
    prefix: &str,
    name: &str,
    required: bool,
    problems: &mut Vec<CredentialProblem>,
) -> Option<Credential> {
    let variables = variables_of(prefix);
    let variables = variables.each_ref().map(String::as_str);
    let [partner_id, client_id, secret] = read(lookup, variables, required, problems)?;
    Some(Credential::new(
        name,
        partner_id.as_str(),
        client_id.as_str(),
        Secret::new(secret.as_str()),
    ))
}

fn variables_of(prefix: &str) -> [String; 3] {
    ["PARTNER_ID", "CLIENT_ID", "CLIENT_SECRET"].map(|setting| format!("{prefix}_{setting}"))
}

fn missing(variable: String) -> CredentialProblem {
    CredentialProblem::MissingVariable { variable }
}

/// All variables of a group, or nothing; an empty one is a problem, and a missing one is a problem once another is set.
fn read<const N: usize>(
    lookup: &impl Fn(&str) -> Option<String>,
    variables: [&str; N],
    required: bool,
    problems: &mut Vec<CredentialProblem>,
) -> Option<[Zeroizing<String>; N]> {
    let values = variables.map(|variable| lookup(variable).map(Zeroizing::new));
    if values.iter().all(Option::is_none) && !required {
        return None;
    }
    let is_blank = |value: &Zeroizing<String>| value.trim().is_empty();
    for (variable, value) in variables.iter().zip(&values) {
        let variable = (*variable).to_owned();
        match value {
            None => problems.push(missing(variable)),
            Some(value) if is_blank(value) => {
                problems.push(CredentialProblem::EmptyVariable { variable });
            }
            Some(_) => {}
        }
    }
    if values
        .iter()
        .any(|value| value.as_ref().is_none_or(is_blank))
    {
        return None;
    }
    Some(values.map(Option::unwrap_or_default))
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}
