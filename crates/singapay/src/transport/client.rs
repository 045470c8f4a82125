//! The settings of reqwest's client: those that a program may choose, and those that nobody may.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    time::Duration,
};

use reqwest::{ClientBuilder, Url};

use super::{
    clients::Destination,
    proxy::Proxy,
    tls::{self, Tls},
};
use crate::error::Error;

/// Time that an idle connection is kept. Shorter than servers usually do, so that a request rarely
/// meets a connection that is just being closed.
const IDLE: Duration = Duration::from_secs(30);

/// Changes that a program makes to the builder of the client.
#[cfg(feature = "http-client-hook")]
pub(crate) type Hook = std::sync::Arc<dyn Fn(ClientBuilder) -> ClientBuilder + Send + Sync>;

/// Settings of the HTTP client.
#[derive(Clone)]
pub(crate) struct TransportSettings {
    /// Addresses to which most requests go.
    pub(crate) origins: Vec<Url>,
    /// Bound for DNS, proxy, TCP and TLS together.
    pub(crate) connect_timeout: Duration,
    /// Value of the `User-Agent` header.
    pub(crate) user_agent: String,
    /// Library that speaks TLS; none in a build without.
    pub(crate) tls: Option<Tls>,
    /// True if TLS is spoken at all: plain endpoints on this machine need no roots.
    pub(crate) https: bool,
    /// Roots (PEM) that are trusted beside those of the platform.
    pub(crate) roots: Vec<Vec<u8>>,
    /// Proxy for everything but this machine.
    pub(crate) proxy: Option<Proxy>,
    /// Address that connections come from.
    pub(crate) local_address: Option<IpAddr>,
    /// The program's own changes.
    #[cfg(feature = "http-client-hook")]
    pub(crate) hook: Option<Hook>,
}

impl TransportSettings {
    /// A client with no connections yet. Needs no runtime.
    pub(super) fn client(&self, destination: Destination) -> Result<reqwest::Client, Error> {
        let mut builder = reqwest::Client::builder().pool_idle_timeout(IDLE);
        #[cfg(feature = "http-client-hook")]
        if let Some(hook) = &self.hook {
            builder = hook(builder);
        }
        builder = forced(builder).connect_timeout(self.connect_timeout);
        if let Some(address) = self.local_address {
            builder = builder.local_address(address);
        }
        builder = match destination {
            // Plain text may cross loopback, so nobody may say that it is elsewhere. Ports are the URL's.
            Destination::Loopback => builder.no_proxy().resolve_to_addrs(
                "localhost",
                &[
                    (Ipv4Addr::LOCALHOST, 0).into(),
                    (Ipv6Addr::LOCALHOST, 0).into(),
                ],
            ),
            Destination::Elsewhere => builder.https_only(true).proxy(match &self.proxy {
                Some(proxy) => proxy.to_reqwest(),
                // Any proxy keeps those of the environment out.
                None => reqwest::Proxy::custom(|_| None::<Url>),
            }),
        };
        tls::build(builder, self.tls, self.https.then_some(&*self.roots))
    }
}

/// A client that only builds the requests of generated code. Nothing is ever sent through it.
pub(crate) fn request_builder() -> Result<reqwest::Client, Error> {
    tls::build(ClientBuilder::new().no_proxy(), Tls::preferred(), None)
}

/// Sets what no program may change: what was signed is sent once, to where it was meant to go, and its
/// answer comes as it was written.
fn forced(builder: ClientBuilder) -> ClientBuilder {
    let builder = builder
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .http1_only()
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        // It writes whole requests to the log.
        .connection_verbose(false);
    #[cfg(feature = "http-client-hook")]
    let builder = builder.cookie_store(false);
    builder
}
