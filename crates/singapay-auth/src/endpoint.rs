//! Addresses of the gateway's hosts.
//!
//! ```
//! use singapay_auth::Endpoints;
//!
//! assert!(Endpoints::single("http://127.0.0.1:8420")?.is_loopback());
//! # Ok::<(), singapay_auth::endpoint::EndpointError>(())
//! ```

use std::{fmt, str::FromStr};

use http::{
    Uri,
    uri::{Authority, Scheme},
};
use singapay_core::operation::Host;

/// The gateway to talk to. There is no default: sandbox and production are never a guess.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Environment {
    /// Virtual funds.
    Sandbox,
    /// Real money.
    Production,
    /// Addresses given by the caller, for example of a local sandbox or a proxy.
    Custom(Endpoints),
}

impl Environment {
    /// Addresses of its hosts.
    pub fn endpoints(&self) -> Endpoints {
        match self {
            Self::Sandbox => Endpoints::known([
                "sandbox-payment-b2b.singapay.id",
                "sandbox-biller-b2b.singapay.id",
                "sandbox-apigw.singapay.id",
            ]),
            Self::Production => Endpoints::known([
                "payment-b2b.singapay.id",
                "biller-b2b.singapay.id",
                "api.singapay.id",
            ]),
            Self::Custom(endpoints) => endpoints.clone(),
        }
    }
}

impl FromStr for Environment {
    type Err = EnvironmentError;

    /// Reads `sandbox` or `production`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "sandbox" => Ok(Self::Sandbox),
            "production" => Ok(Self::Production),
            _ => Err(EnvironmentError(())),
        }
    }
}

/// Neither `sandbox` nor `production`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the environment must be `sandbox` or `production`")]
pub struct EnvironmentError(());

/// Base addresses of the three hosts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    payment: Endpoint,
    biller: Endpoint,
    identity: Endpoint,
}

impl Endpoints {
    /// One address for all three hosts, for example of a local sandbox.
    ///
    /// # Errors
    ///
    /// An address that [`Endpoint::parse`] refuses.
    pub fn single(base_url: &str) -> Result<Self, EndpointError> {
        let endpoint = Endpoint::parse(base_url)?;
        Ok(Self {
            payment: endpoint.clone(),
            biller: endpoint.clone(),
            identity: endpoint,
        })
    }

    /// The same addresses, but another one for `host`.
    ///
    /// # Errors
    ///
    /// An address that [`Endpoint::parse`] refuses.
    pub fn with(mut self, host: Host, base_url: &str) -> Result<Self, EndpointError> {
        let endpoint = Endpoint::parse(base_url)?;
        match host {
            Host::Payment => self.payment = endpoint,
            Host::Biller => self.biller = endpoint,
            Host::Identity => self.identity = endpoint,
        }
        Ok(self)
    }

    /// Address of a host.
    pub fn get(&self, host: Host) -> &Endpoint {
        match host {
            Host::Payment => &self.payment,
            Host::Biller => &self.biller,
            Host::Identity => &self.identity,
        }
    }

    /// True if all three hosts are on this machine.
    pub fn is_loopback(&self) -> bool {
        [&self.payment, &self.biller, &self.identity]
            .iter()
            .all(|endpoint| is_loopback(endpoint.authority.host()))
    }

    fn known([payment, biller, identity]: [&'static str; 3]) -> Self {
        let endpoint = |authority| Endpoint {
            scheme: Scheme::HTTPS,
            authority: Authority::from_static(authority),
        };
        Self {
            payment: endpoint(payment),
            biller: endpoint(biller),
            identity: endpoint(identity),
        }
    }
}

/// Scheme and authority of one host: `https://host[:port]`, or `http` on a loopback address.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    scheme: Scheme,
    authority: Authority,
}

impl Endpoint {
    /// Reads a base URL.
    ///
    /// # Errors
    ///
    /// Anything but `https://host[:port]`, with or without a final slash. `http` is taken for
    /// `localhost` and loopback addresses only. A path, query or user name is refused: operation
    /// paths already start with `/api`, and the path is signed.
    pub fn parse(base_url: &str) -> Result<Self, EndpointError> {
        let uri: Uri = base_url.parse().map_err(|_| EndpointError::Invalid)?;
        if base_url.contains(['#', '?']) || !matches!(uri.path(), "" | "/") {
            return Err(EndpointError::HasPath);
        }
        Self::of(&uri)
    }

    /// Scheme and authority of a request target, under the same rules.
    pub(crate) fn of(uri: &Uri) -> Result<Self, EndpointError> {
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(EndpointError::Invalid);
        };
        if authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(EndpointError::HasUser);
        }
        let plain_allowed = *scheme == Scheme::HTTP && is_loopback(authority.host());
        if *scheme != Scheme::HTTPS && !plain_allowed {
            return Err(EndpointError::NotHttps);
        }
        Ok(Self {
            scheme: scheme.clone(),
            authority: authority.clone(),
        })
    }

    /// The base URL without a final slash.
    pub fn base_url(&self) -> String {
        self.to_string()
    }

    /// True if a request target is written with these very words.
    pub(crate) fn is_spelt(&self, uri: &Uri) -> bool {
        (uri.scheme(), uri.authority()) == (Some(&self.scheme), Some(&self.authority))
    }

    /// True if both name the same host and port.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let same_host = || {
            let (host, other) = (self.authority.host(), other.authority.host());
            host.eq_ignore_ascii_case(other)
        };
        self.scheme == other.scheme
            && (self.authority == other.authority || same_host() && self.port() == other.port())
    }

    fn port(&self) -> u16 {
        let default = if self.scheme == Scheme::HTTPS {
            443
        } else {
            80
        };
        self.authority.port_u16().unwrap_or(default)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({self})")
    }
}

/// True if a host, as it stands in a URL, is this machine: `localhost` or a loopback address. Only
/// such a one may be spoken to in plain text, and never through a proxy.
pub fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

/// Reason for which an address cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointError {
    /// Not an absolute URL.
    #[error("must be an absolute URL, such as https://gateway.example")]
    Invalid,
    /// Plain HTTP to another machine.
    #[error("only https is allowed, except for loopback addresses")]
    NotHttps,
    /// Holds a path, a query or a fragment.
    #[error("a base URL must not have a path, query or fragment")]
    HasPath,
    /// Holds a user name, or no host.
    #[error("a base URL must name a host, and no user")]
    HasUser,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_or_loopback() {
        for url in [
            "https://a.example",
            "https://a.example:8443/",
            "http://localhost:1",
            "http://127.0.0.1:80",
            "http://[::1]:9",
            "http://LocalHost:9",
            "http://127.9.9.9:9",
        ] {
            assert!(Endpoint::parse(url).is_ok(), "{url}");
        }
        for (url, error) in [
            ("http://a.example", EndpointError::NotHttps),
            ("http://localhost.example", EndpointError::NotHttps),
            // A name server decides who answers to these.
            ("http://shop.localhost", EndpointError::NotHttps),
            ("http://localhost.", EndpointError::NotHttps),
            ("http://127.1", EndpointError::NotHttps),
            ("http://[::ffff:127.0.0.1]", EndpointError::NotHttps),
            ("http://0.0.0.0", EndpointError::NotHttps),
            ("http://127.0.0.1.example", EndpointError::NotHttps),
            ("ftp://a.example", EndpointError::NotHttps),
            ("https://a.example/api", EndpointError::HasPath),
            ("https://a.example/?x", EndpointError::HasPath),
            ("https://a.example/#x", EndpointError::HasPath),
            ("https://u:p@a.example", EndpointError::HasUser),
            ("a.example", EndpointError::Invalid),
            ("/api", EndpointError::HasPath),
            ("", EndpointError::Invalid),
        ] {
            assert_eq!(Endpoint::parse(url), Err(error), "{url}");
        }
    }

    #[test]
    fn hosts_differ_per_environment() {
        let of = |environment: Environment, host| environment.endpoints().get(host).base_url();
        assert_eq!(
            of(Environment::Sandbox, Host::Payment),
            "https://sandbox-payment-b2b.singapay.id"
        );
        assert_eq!(
            of(Environment::Production, Host::Identity),
            "https://api.singapay.id"
        );
        let custom = Endpoints::single("http://localhost:9000").unwrap();
        let custom = custom.with(Host::Biller, "https://b.example").unwrap();
        assert_eq!(
            of(Environment::Custom(custom.clone()), Host::Biller),
            "https://b.example"
        );
        assert_eq!(
            of(Environment::Custom(custom), Host::Payment),
            "http://localhost:9000"
        );
        assert!("staging".parse::<Environment>().is_err());
        assert!("".parse::<Environment>().is_err());
    }

    #[test]
    fn the_default_port_and_case_do_not_matter() {
        let a = Endpoint::parse("https://A.example:443").unwrap();
        let b = Endpoint::parse("https://a.example").unwrap();
        assert!(a.is_same(&b));
        assert!(!a.is_same(&Endpoint::parse("https://a.example:8443").unwrap()));
    }
}
