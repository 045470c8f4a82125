//! A proxy, HTTP or SOCKS5, and the environment's.

use std::fmt;

use http::Uri;
use reqwest::{NoProxy, Url};

/// Address of a proxy, and credentials for it.
#[derive(Clone)]
pub(crate) struct Proxy {
    inner: reqwest::Proxy,
    /// Host and port, for a person.
    pub(super) name: String,
}

/// Reason for which an address cannot be a proxy's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProxyError {
    #[error("not a URL")]
    Invalid,
    #[error("only `http://`, `socks5://` or `socks5h://[user:password@]host:port` is supported")]
    OtherScheme,
    #[error("it must not have a path or query")]
    HasPath,
}

impl Proxy {
    /// Reads `scheme://[user:password@]host:port`. Errors do not repeat the text: it may hold a
    /// password.
    pub(crate) fn parse(text: &str) -> Result<Self, ProxyError> {
        if !text.contains("://") {
            return Err(ProxyError::OtherScheme);
        }
        let url = Url::parse(text.trim()).map_err(|_| ProxyError::Invalid)?;
        if !matches!(url.scheme(), "http" | "socks5" | "socks5h") {
            return Err(ProxyError::OtherScheme);
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(ProxyError::HasPath);
        }
        let inner = reqwest::Proxy::all(url.clone()).map_err(|_| ProxyError::Invalid)?;
        // reqwest reads it once more, as this, and would go directly where that fails.
        let uri: Uri = url.as_str().parse().map_err(|_| ProxyError::Invalid)?;
        let authority = uri.authority().ok_or(ProxyError::Invalid)?.as_str();
        let name = authority
            .rsplit_once('@')
            .map_or(authority, |(_, host)| host);
        let usable = !name.is_empty() && !name.starts_with(':');
        if !usable
            || Uri::builder()
                .scheme("http")
                .authority(name)
                .path_and_query("/")
                .build()
                .is_err()
        {
            return Err(ProxyError::Invalid);
        }
        let name = name.to_owned();
        Ok(Self { inner, name })
    }

    /// Proxy that `HTTPS_PROXY` or `ALL_PROXY` names, in capitals or not, except for what `NO_PROXY` lists.
    pub(crate) fn from_environment(
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, ProxyError> {
        let find = |names: &[&str]| {
            let mut values = names.iter().filter_map(|name| lookup(name));
            values.find(|value| !value.trim().is_empty())
        };
        let Some(address) = find(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]) else {
            return Ok(None);
        };
        let mut proxy = match address.contains("://") {
            true => Self::parse(&address)?,
            false => Self::parse(&format!("http://{}", address.trim()))?,
        };
        let exceptions = find(&["NO_PROXY", "no_proxy"]);
        proxy.inner = proxy
            .inner
            .no_proxy(exceptions.and_then(|list| NoProxy::from_string(&list)));
        Ok(Some(proxy))
    }

    pub(super) fn to_reqwest(&self) -> reqwest::Proxy {
        self.inner.clone()
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_http_or_socks_address_is_a_proxy() {
        for (text, error) in [
            ("", ProxyError::OtherScheme),
            ("proxy.example:3128", ProxyError::OtherScheme),
            ("https://proxy.example:3128", ProxyError::OtherScheme),
            ("socks4://proxy.example:1080", ProxyError::OtherScheme),
            ("http://proxy.example:3128/path", ProxyError::HasPath),
            ("http://proxy.example:3128/?a=b", ProxyError::HasPath),
            ("socks5://proxy.example:1080/path", ProxyError::HasPath),
            ("http://user:password@:3128", ProxyError::Invalid),
            ("socks5://user:password@:1080", ProxyError::Invalid),
            ("socks5h://", ProxyError::Invalid),
        ] {
            assert_eq!(Proxy::parse(text).err(), Some(error), "{text}");
        }
        for scheme in ["http", "socks5", "socks5h"] {
            let proxy = Proxy::parse(&format!(" {scheme}://proxy.example:3128 ")).unwrap();
            assert_eq!(proxy.name, "proxy.example:3128");
        }
    }

    #[test]
    fn the_password_is_not_shown() {
        let proxy = Proxy::parse("http://merchant:p%40canary@proxy.example:3128/").unwrap();
        let debug = format!("{proxy:?}");
        assert!(
            debug.contains("proxy.example:3128")
                && !debug.contains("merchant")
                && !debug.contains("canary"),
            "{debug}"
        );
    }

    #[test]
    fn the_environment_names_a_proxy_by_any_of_four_variables() {
        let read = |variables: &[(&str, &str)]| {
            Proxy::from_environment(|name| {
                let found = variables.iter().find(|(other, _)| *other == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        for variables in [&[][..], &[("HTTPS_PROXY", " ")], &[("HTTP_PROXY", "a:1")]] {
            assert!(read(variables).unwrap().is_none(), "{variables:?}");
        }
        for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            for value in [
                "proxy.example:3128",
                "http://user:canary@proxy.example:3128",
            ] {
                let proxy = read(&[(name, value)]).unwrap().unwrap();
                assert_eq!(proxy.name, "proxy.example:3128");
            }
        }
        let refused = read(&[("HTTPS_PROXY", "https://proxy.example")]);
        assert_eq!(refused.err(), Some(ProxyError::OtherScheme));
    }
}
