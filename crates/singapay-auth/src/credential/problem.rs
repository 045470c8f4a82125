use std::fmt;

/// Everything that is wrong with a set of credentials, at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialsError {
    pub(super) problems: Vec<CredentialProblem>,
}

impl CredentialsError {
    /// The single problems, in the order of the settings.
    pub fn problems(&self) -> &[CredentialProblem] {
        &self.problems
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("credentials cannot be used: ")?;
        for (at, problem) in self.problems.iter().enumerate() {
            if at > 0 {
                f.write_str("; ")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for CredentialsError {}

/// One thing that is wrong with a set of credentials. Holds names, never values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialProblem {
    /// No credential at all.
    #[error("no credential was given: set partner id, client id and client secret")]
    None,
    /// A setting is empty or only white space.
    #[error("{setting} of credential `{credential}` is empty")]
    Empty {
        /// Credential.
        credential: String,
        /// Setting.
        setting: &'static str,
    },
    /// A setting cannot travel in a header.
    #[error(
        "{setting} of credential `{credential}` has white space around it or characters that no header can carry"
    )]
    Unprintable {
        /// Credential.
        credential: String,
        /// Setting.
        setting: &'static str,
    },
    /// A Basic user name cannot hold a colon.
    #[error("the client id of credential `{credential}` has a colon in it")]
    Colon {
        /// Credential.
        credential: String,
    },
    /// Two credentials have one name.
    #[error("two credentials are called `{credential}`")]
    DuplicateName {
        /// The name.
        credential: String,
    },
    /// Two credentials have one client id.
    #[error("credentials `{first}` and `{second}` have the same client id")]
    DuplicateClientId {
        /// Credential.
        first: String,
        /// Other credential.
        second: String,
    },
    /// An account is assigned twice.
    #[error("account {account} is assigned to credentials `{first}` and `{second}`")]
    DuplicateAccount {
        /// The account.
        account: String,
        /// Credential.
        first: String,
        /// Other credential.
        second: String,
    },
    /// The Default credential serves every account that nothing else serves.
    #[error("accounts are assigned to the default credential, which serves all others anyway")]
    AccountsOfDefault,
    /// Two values were given for one setting, and nothing says which counts.
    #[error("{setting} was given twice")]
    GivenTwice {
        /// Setting.
        setting: &'static str,
    },
    /// Some variables of a group are set, others are not.
    #[error("environment variable {variable} is not set")]
    MissingVariable {
        /// The variable.
        variable: String,
    },
    /// A variable is set to empty text, or white space alone.
    #[error("environment variable {variable} is empty")]
    EmptyVariable {
        /// The variable.
        variable: String,
    },
    /// Two names of credentials lead to the same variables.
    #[error("credential names `{first}` and `{second}` lead to the same environment variables")]
    SameVariables {
        /// Name.
        first: String,
        /// Other name.
        second: String,
    },
}
