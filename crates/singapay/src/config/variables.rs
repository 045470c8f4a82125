//! Settings from environment variables.

use std::{env, time::Duration};

use singapay_auth::Credentials;
use singapay_core::operation::Host;

use super::{CredentialsSource, SingapayBuilder};

impl SingapayBuilder {
    /// Reads every setting from environment variables.
    ///
    /// | Variable | Meaning |
    /// |---|---|
    /// | `SINGAPAY_ENVIRONMENT` | `sandbox` or `production`. This or `SINGAPAY_BASE_URL`, not both; there is no default |
    /// | `SINGAPAY_BASE_URL` | a gateway elsewhere, such as a local sandbox: `https://host[:port]`, or `http` on a loopback address |
    /// | `SINGAPAY_BILLER_BASE_URL`, `SINGAPAY_IDENTITY_BASE_URL` | other addresses for these two hosts, beside `SINGAPAY_BASE_URL` |
    /// | `SINGAPAY_PARTNER_ID`, `SINGAPAY_CLIENT_ID`, `SINGAPAY_CLIENT_SECRET` | the Default credential |
    /// | `SINGAPAY_CREDENTIALS` | names of Specific credentials, with commas |
    /// | `SINGAPAY_CREDENTIAL_<NAME>_PARTNER_ID`, `…_CLIENT_ID`, `…_CLIENT_SECRET` | one Specific credential; the name in upper case, with `_` for everything else than letters and digits |
    /// | `SINGAPAY_CREDENTIAL_<NAME>_ACCOUNTS` | accounts (ULIDs) that use it, with commas; optional |
    /// | `SINGAPAY_BILLER_PARTNER_ID`, `SINGAPAY_BILLER_CLIENT_ID`, `SINGAPAY_BILLER_CLIENT_SECRET` | the credential of the biller host |
    /// | `SINGAPAY_IDENTITY_CLIENT_ID`, `SINGAPAY_IDENTITY_CLIENT_SECRET` | the credential of the identity host |
    /// | `SINGAPAY_ACCOUNT_ID` | the default account (ULID); optional |
    /// | `SINGAPAY_PROXY` | a proxy, `http://`, `socks5://` or `socks5h://[user:password@]host:port`, or `environment` for the one of `HTTPS_PROXY` and `NO_PROXY`; optional |
    /// | `SINGAPAY_LOCAL_ADDRESS` | IP address of this machine that calls come from; optional |
    /// | `SINGAPAY_TIMEOUT` | whole seconds for a whole call; optional, 60 |
    /// | `SINGAPAY_CONNECT_TIMEOUT` | whole seconds for connecting; optional, 10 |
    ///
    /// A variable that is set but empty is an error, and so is a group that is half set. All
    /// problems are reported by [`build`](Self::build), at once. Values are never repeated.
    pub fn from_env() -> Self {
        Self::from_lookup(|name| env::var(name).ok())
    }

    /// The same from any source of variables.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let mut builder = Self {
            credentials: CredentialsSource::Environment(Credentials::from_lookup(&lookup)),
            ..Self::default()
        };
        let mut get = |name: &'static str| {
            let value = lookup(name)?;
            if value.trim().is_empty() {
                builder.problems.push(format!("{name} is empty"));
                builder.environment_refused |=
                    matches!(name, "SINGAPAY_ENVIRONMENT" | "SINGAPAY_BASE_URL");
                return None;
            }
            Some(value.trim().to_owned())
        };
        let environment = get("SINGAPAY_ENVIRONMENT");
        let base_url = get("SINGAPAY_BASE_URL");
        let others = [
            (Host::Biller, "SINGAPAY_BILLER_BASE_URL"),
            (Host::Identity, "SINGAPAY_IDENTITY_BASE_URL"),
        ];
        let others = others.map(|(host, name)| (host, name, get(name)));
        // The names themselves are read with the credentials.
        get("SINGAPAY_CREDENTIALS");
        let account = get("SINGAPAY_ACCOUNT_ID");
        let proxy = get("SINGAPAY_PROXY");
        let local_address = get("SINGAPAY_LOCAL_ADDRESS");
        let timeouts = ["SINGAPAY_TIMEOUT", "SINGAPAY_CONNECT_TIMEOUT"];
        let [timeout, connect_timeout] = timeouts.map(|name| get(name).map(|text| (name, text)));

        if environment.is_some() && base_url.is_some() {
            let problem = "SINGAPAY_ENVIRONMENT and SINGAPAY_BASE_URL exclude each other";
            builder.refuse_environment(problem.to_owned());
        } else if let Some(name) = environment {
            match name.parse() {
                Ok(environment) => builder.environment = Some(environment),
                Err(error) => builder.refuse_environment(format!("SINGAPAY_ENVIRONMENT: {error}")),
            }
        } else if let Some(url) = base_url {
            builder = builder.base_url(&url);
        }
        for (host, name, url) in others {
            if let Some(url) = url {
                builder = builder.host_url(host, name, &url);
            }
        }
        if let Some(account) = account {
            builder = builder.account(account);
        }
        match proxy.as_deref() {
            None => {}
            Some("environment") => builder = builder.proxy_from_lookup(&lookup),
            Some(proxy) => builder = builder.proxy(proxy),
        }
        match local_address.map(|text| text.parse()) {
            None => {}
            Some(Ok(address)) => builder = builder.local_address(address),
            Some(Err(_)) => {
                let problem = "SINGAPAY_LOCAL_ADDRESS must be an IP address";
                builder.problems.push(problem.to_owned());
            }
        }
        if let Some(timeout) = timeout.and_then(|setting| builder.seconds(setting)) {
            builder = builder.timeout(timeout);
        }
        if let Some(timeout) = connect_timeout.and_then(|setting| builder.seconds(setting)) {
            builder = builder.connect_timeout(timeout);
        }
        builder
    }

    fn seconds(&mut self, (name, text): (&str, String)) -> Option<Duration> {
        match text.parse() {
            Ok(seconds) => Some(Duration::from_secs(seconds)),
            Err(_) => {
                self.problems
                    .push(format!("{name} must be a whole number of seconds"));
                None
            }
        }
    }
}
