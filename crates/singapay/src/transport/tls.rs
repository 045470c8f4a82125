//! TLS: certificates are always verified, against the roots of the platform.

use std::sync::Arc;

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use rustls::{ClientConfig, RootCertStore};
use singapay_core::BoxError;

use crate::error::{Error, ErrorKind};

/// A connector for `https`, or for a gateway on this machine.
pub(super) fn connector(loopback_only: bool) -> Result<HttpsConnector<HttpConnector>, Error> {
    let mut http = HttpConnector::new();
    http.set_nodelay(true);
    http.enforce_http(false);
    // ring rather than aws-lc-rs: a fraction of the build time, no further build tools.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = HttpsConnectorBuilder::new();
    Ok(if loopback_only {
        // Without roots no certificate is accepted, and none has to be on the machine.
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth();
        builder
            .with_tls_config(config)
            .https_or_http()
            .enable_http1()
            .wrap_connector(http)
    } else {
        builder
            .with_provider_and_platform_verifier(provider)
            .map_err(failed)?
            .https_only()
            .enable_http1()
            .wrap_connector(http)
    })
}

fn failed(error: impl Into<BoxError>) -> Error {
    Error::local(ErrorKind::Config, "TLS could not be set up").with_source(error)
}
