//! An HTTP proxy, reached with CONNECT.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderValue, Uri, uri::Scheme};
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

/// Where the proxy is, and what it wants to know.
#[derive(Clone)]
pub(crate) struct Proxy {
    pub(super) address: Uri,
    pub(super) authorization: Option<HeaderValue>,
}

/// Why an address cannot be a proxy's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProxyError {
    #[error("not a URL")]
    Invalid,
    #[error("only `http://[user:password@]host:port` is supported")]
    NotHttp,
    #[error("it must not have a path or query")]
    HasPath,
}

impl Proxy {
    /// Reads `http://[user:password@]host:port`. Errors do not repeat the text: it may hold a
    /// password.
    pub(crate) fn parse(text: &str) -> Result<Self, ProxyError> {
        let uri: Uri = text.trim().parse().map_err(|_| ProxyError::Invalid)?;
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(ProxyError::NotHttp);
        };
        if *scheme != Scheme::HTTP {
            return Err(ProxyError::NotHttp);
        }
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(ProxyError::HasPath);
        }
        let (user, host) = match authority.as_str().rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, authority.as_str()),
        };
        if host.is_empty() || host.starts_with(':') {
            return Err(ProxyError::Invalid);
        }
        let address = Uri::builder()
            .scheme("http")
            .authority(host)
            .path_and_query("/")
            .build()
            .map_err(|_| ProxyError::Invalid)?;
        let authorization = user.map(authorization).transpose()?;
        Ok(Self {
            address,
            authorization,
        })
    }
}

fn authorization(user: &str) -> Result<HeaderValue, ProxyError> {
    let decoded: Zeroizing<Vec<u8>> = Zeroizing::new(percent_decode_str(user).collect());
    let basic = Zeroizing::new(format!("Basic {}", STANDARD.encode(&*decoded)));
    let mut value = HeaderValue::from_str(&basic).map_err(|_| ProxyError::Invalid)?;
    value.set_sensitive(true);
    Ok(value)
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_http_address_is_a_proxy() {
        for (text, error) in [
            ("", ProxyError::Invalid),
            ("proxy.example:3128", ProxyError::NotHttp),
            ("https://proxy.example:3128", ProxyError::NotHttp),
            ("socks5://proxy.example:1080", ProxyError::NotHttp),
            ("http://proxy.example:3128/path", ProxyError::HasPath),
            ("http://proxy.example:3128/?a=b", ProxyError::HasPath),
            ("http://user:password@:3128", ProxyError::Invalid),
        ] {
            assert_eq!(Proxy::parse(text).err(), Some(error), "{text}");
        }
        let proxy = Proxy::parse(" http://proxy.example:3128 ").unwrap();
        assert_eq!(proxy.address, "http://proxy.example:3128/");
        assert!(proxy.authorization.is_none());
    }

    #[test]
    fn the_password_travels_in_a_header_and_is_not_shown() {
        let proxy = Proxy::parse("http://merchant:p%40canary@proxy.example:3128/").unwrap();
        let header = proxy.authorization.as_ref().unwrap();
        assert_eq!(
            header,
            &format!("Basic {}", STANDARD.encode("merchant:p@canary"))
        );
        assert!(header.is_sensitive());
        let debug = format!("{proxy:?}");
        assert!(
            !debug.contains("merchant") && !debug.contains("canary"),
            "{debug}"
        );
    }
}
