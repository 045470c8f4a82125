//! TLS, by a library that reqwest has: certificates and host names are always verified.

use reqwest::{Client, ClientBuilder};

use super::why::causes;
use crate::error::{Error, ErrorKind};

/// Library that speaks TLS.
///
/// Both verify certificates against the roots of the platform, and those of
/// [`SingapayBuilder::root_certificate`](crate::SingapayBuilder::root_certificate); neither can be
/// told not to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tls {
    /// rustls, the default where it is there: with the provider that the program has installed, else
    /// with aws-lc-rs.
    #[cfg(any(feature = "rustls", feature = "rustls-no-provider"))]
    Rustls,
    /// The platform's own library (OpenSSL, Secure Transport, SChannel).
    #[cfg(feature = "native-tls")]
    NativeTls,
}

impl Tls {
    /// Library used unless another choice is made; none in a build without TLS.
    pub(crate) fn preferred() -> Option<Self> {
        let all: &[Self] = &[
            #[cfg(any(feature = "rustls", feature = "rustls-no-provider"))]
            Self::Rustls,
            #[cfg(feature = "native-tls")]
            Self::NativeTls,
        ];
        all.first().copied()
    }
}

/// Makes the client. `roots` (PEM) are trusted beside those of the platform; without a list nobody is.
pub(super) fn build(
    builder: ClientBuilder,
    tls: Option<Tls>,
    roots: Option<&[Vec<u8>]>,
) -> Result<Client, Error> {
    #[cfg(feature = "__tls")]
    let builder = match tls {
        Some(tls) => verified::with(builder, tls, roots)?,
        None => builder,
    };
    #[cfg(not(feature = "__tls"))]
    let _ = (tls, roots);
    builder.build().map_err(failed)
}

fn failed(error: reqwest::Error) -> Error {
    // The error's type tells this in words only.
    let no_store = causes(&error).any(|cause| cause.to_string().contains("No CA certificates"));
    let summary = match no_store {
        true => {
            "this machine has no usable store of root certificates: install its CA certificates, let \
             SSL_CERT_FILE name them, or add a root with SingapayBuilder::root_certificate"
        }
        false => "the HTTP client could not be set up",
    };
    Error::local(ErrorKind::Config, summary).with_source(error)
}

#[cfg(feature = "__tls")]
mod verified {
    use reqwest::{Certificate, ClientBuilder};
    use singapay_core::BoxError;

    use super::Tls;
    use crate::error::{Error, ErrorKind};

    /// The builder with this library and these roots, whatever it had.
    pub(super) fn with(
        builder: ClientBuilder,
        tls: Tls,
        roots: Option<&[Vec<u8>]>,
    ) -> Result<ClientBuilder, Error> {
        let builder = speaking(builder, tls)?;
        let Some(roots) = roots else {
            return Ok(builder.tls_certs_only([]));
        };
        let roots = certificates(roots)?;
        if roots.is_empty() {
            return Ok(builder);
        }
        // Tried here, so that what fails later is not theirs.
        let tried = speaking(ClientBuilder::new(), tls)?.tls_certs_only(roots.clone());
        tried.build().map_err(no_root)?;
        Ok(builder.tls_certs_merge(roots))
    }

    fn speaking(builder: ClientBuilder, tls: Tls) -> Result<ClientBuilder, Error> {
        let builder = match tls {
            #[cfg(any(feature = "rustls", feature = "rustls-no-provider"))]
            Tls::Rustls => {
                has_provider()?;
                builder.tls_backend_rustls()
            }
            #[cfg(feature = "native-tls")]
            Tls::NativeTls => builder.tls_backend_native(),
        };
        Ok(builder
            .tls_danger_accept_invalid_certs(false)
            .tls_danger_accept_invalid_hostnames(false))
    }

    /// Without one reqwest panics.
    #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
    fn has_provider() -> Result<(), Error> {
        match rustls::crypto::CryptoProvider::get_default() {
            Some(_) => Ok(()),
            None => Err(Error::local(
                ErrorKind::Config,
                "rustls has no provider: install one first (CryptoProvider::install_default), or \
                 switch on the feature `rustls`",
            )),
        }
    }

    #[cfg(feature = "rustls")]
    fn has_provider() -> Result<(), Error> {
        Ok(())
    }

    /// One certificate of each text.
    fn certificates(roots: &[Vec<u8>]) -> Result<Vec<Certificate>, Error> {
        let mut certificates = Vec::with_capacity(roots.len());
        for pem in roots {
            let found = Certificate::from_pem_bundle(pem).map_err(no_root)?;
            let first = found.into_iter().next();
            certificates.push(first.ok_or_else(|| no_root("no certificate"))?);
        }
        Ok(certificates)
    }

    fn no_root(error: impl Into<BoxError>) -> Error {
        let summary = "a root certificate is no certificate in PEM";
        Error::local(ErrorKind::Config, summary).with_source(error)
    }
}
