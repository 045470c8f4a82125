//! TLS: certificates are always verified, against the roots of the platform and those the caller adds.

use std::time::Duration;

use http::Uri;
use singapay_core::BoxError;
use tower_service::Service;

use super::connect::{Connector, Wire};
use crate::error::{Error, ErrorKind};

/// Which library speaks TLS.
///
/// Both verify certificates against the roots of the platform, and those of
/// [`SingapayBuilder::root_certificate`](crate::SingapayBuilder::root_certificate); neither can be
/// told not to.
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

    /// A connector that speaks TLS to `https` addresses, trusting these roots (PEM) too. Plain ones are on this machine: the
    /// pipeline lets no other plain address through.
    #[cfg_attr(
        not(any(feature = "rustls", feature = "native-tls")),
        allow(unused_variables, clippy::needless_pass_by_value)
    )]
    pub(super) fn over<C>(
        self,
        inner: C,
        timeout: Duration,
        roots: &[Vec<u8>],
    ) -> Result<Connector, Error>
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
                    .with_tls_config(rustls_config(provider, roots)?)
                    .https_or_http()
                    .enable_http1()
                    .wrap_connector(inner);
                Ok(Connector::new(connector, timeout))
            }
            #[cfg(feature = "native-tls")]
            Self::NativeTls => {
                let mut tls = native_tls::TlsConnector::builder();
                for root in roots {
                    let root = native_tls::Certificate::from_pem(root).map_err(no_root)?;
                    tls.add_root_certificate(root);
                }
                let tls = tls.build().map_err(failed)?;
                let connector = hyper_tls::HttpsConnector::from((inner, tls.into()));
                Ok(Connector::new(connector, timeout))
            }
        }
    }
}

#[cfg(feature = "rustls")]
fn rustls_config(
    provider: std::sync::Arc<rustls::crypto::CryptoProvider>,
    roots: &[Vec<u8>],
) -> Result<rustls::ClientConfig, Error> {
    use rustls::{
        RootCertStore,
        pki_types::{CertificateDer, pem::PemObject},
    };
    let roots = roots.iter().map(|pem| CertificateDer::from_pem_slice(pem));
    let roots = roots.collect::<Result<Vec<_>, _>>().map_err(no_root)?;
    // Tried here, so that what fails below is the platform's.
    let mut tried = RootCertStore::empty();
    for root in &roots {
        tried.add(root.clone()).map_err(no_root)?;
    }
    // The platform's own verifier, with more roots; rustls calls every verifier but its own dangerous.
    let verifier = std::sync::Arc::new(
        rustls_platform_verifier::Verifier::new_with_extra_roots(roots, provider.clone())
            .map_err(no_store)?,
    );
    Ok(rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth())
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn no_root(error: impl Into<BoxError>) -> Error {
    let summary = "a root certificate is no certificate in PEM";
    Error::local(ErrorKind::Config, summary).with_source(error)
}

#[cfg(feature = "rustls")]
fn no_store(error: impl Into<BoxError>) -> Error {
    let summary = "this machine has no usable store of root certificates: install its CA certificates, let \
                   SSL_CERT_FILE name them, or add a root with SingapayBuilder::root_certificate";
    Error::local(ErrorKind::Config, summary).with_source(error)
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn failed(error: impl Into<BoxError>) -> Error {
    Error::local(ErrorKind::Config, "TLS could not be set up").with_source(error)
}
