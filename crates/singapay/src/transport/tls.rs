//! TLS: certificates are always verified, against the roots of the platform.

use std::time::Duration;

use http::Uri;
use singapay_core::BoxError;
use tower_service::Service;

use super::connect::{Connector, Wire};
use crate::error::{Error, ErrorKind};

/// Which library speaks TLS.
///
/// Both verify certificates against the roots of the platform; neither can be told not to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tls {
    /// rustls with ring. The default where the feature `rustls` is on.
    #[cfg(feature = "rustls")]
    Rustls,
    /// The platform's own library (OpenSSL, Secure Transport, SChannel).
    #[cfg(feature = "native-tls")]
    NativeTls,
}

impl Tls {
    /// What is used unless another choice is made; nothing in a build without TLS.
    pub(crate) fn preferred() -> Option<Self> {
        #[cfg(feature = "rustls")]
        return Some(Self::Rustls);
        #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
        return Some(Self::NativeTls);
        #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
        None
    }

    /// A connector that speaks TLS to `https` addresses. Plain ones are on this machine: the
    /// pipeline lets no other plain address through.
    #[cfg_attr(
        not(any(feature = "rustls", feature = "native-tls")),
        allow(unused_variables, clippy::needless_pass_by_value)
    )]
    pub(super) fn over<C>(self, inner: C, timeout: Duration) -> Result<Connector, Error>
    where
        C: Service<Uri> + Clone + Send + Sync + 'static,
        C::Response: Wire + 'static,
        C::Error: Into<BoxError>,
        C::Future: Send + 'static,
    {
        match self {
            #[cfg(feature = "rustls")]
            Self::Rustls => {
                // ring rather than aws-lc-rs: a fraction of the build time, no further build tools.
                let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
                let connector = hyper_rustls::HttpsConnectorBuilder::new()
                    .with_provider_and_platform_verifier(provider)
                    .map_err(failed)?
                    .https_or_http()
                    .enable_http1()
                    .wrap_connector(inner);
                Ok(Connector::new(connector, timeout))
            }
            #[cfg(feature = "native-tls")]
            Self::NativeTls => {
                let tls = native_tls::TlsConnector::new().map_err(failed)?;
                let connector = hyper_tls::HttpsConnector::from((inner, tls.into()));
                Ok(Connector::new(connector, timeout))
            }
        }
    }
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn failed(error: impl Into<BoxError>) -> Error {
    Error::local(ErrorKind::Config, "TLS could not be set up").with_source(error)
}
