//! rustls without a provider: an error until the program installs one. The provider is the process's,
//! so this is a test of its own: `cargo test -p singapay --no-default-features --features
//! rustls-no-provider,qris --test no_provider`.

#![cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use singapay::{Environment, ErrorKind, Singapay};
use tokio_rustls::rustls::crypto::aws_lc_rs;

#[test]
fn a_missing_provider_is_an_error_and_no_panic() {
    for environment in [Some(Environment::Sandbox), None] {
        let build = || {
            let builder = Singapay::builder().credential("partner", "client", "secret");
            match environment.clone() {
                Some(environment) => builder.environment(environment).build(),
                None => builder.base_url("http://127.0.0.1:1").build(),
            }
        };
        let error = build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("no provider"), "{error}");
    }
    aws_lc_rs::default_provider().install_default().unwrap();
    let builder = Singapay::builder().credential("partner", "client", "secret");
    assert!(builder.environment(Environment::Sandbox).build().is_ok());
}
