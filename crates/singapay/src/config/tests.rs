use std::collections::BTreeMap;

use singapay_auth::webhook::sign_delivery;
use singapay_core::Timestamp;

use super::*;
use crate::{ErrorKind, Singapay};

const ACCOUNT: &str = "01K946KF851RK7FX075GJHBVKF";

fn from(variables: &[(&str, &str)]) -> Result<Singapay, String> {
    let variables: BTreeMap<_, _> = variables.iter().copied().collect();
    let lookup = |name: &str| variables.get(name).map(|value| (*value).to_owned());
    built(SingapayBuilder::from_lookup(lookup))
}

fn built(builder: SingapayBuilder) -> Result<Singapay, String> {
    builder.build().map_err(|error| {
        assert_eq!(error.kind(), ErrorKind::Config);
        error.to_string()
    })
}

const CREDENTIAL: [(&str, &str); 3] = [
    ("SINGAPAY_PARTNER_ID", "partner"),
    ("SINGAPAY_CLIENT_ID", "client"),
    ("SINGAPAY_CLIENT_SECRET", "canary"),
];

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    CREDENTIAL.iter().chain(more).copied().collect()
}

#[test]
fn every_variable_is_read() {
    let client = from(&with(&[
        ("SINGAPAY_BASE_URL", "http://127.0.0.1:9000"),
        ("SINGAPAY_BILLER_BASE_URL", "http://127.0.0.1:9001"),
        ("SINGAPAY_IDENTITY_BASE_URL", "http://127.0.0.1:9002"),
        ("SINGAPAY_BILLER_PARTNER_ID", "partner-b"),
        ("SINGAPAY_BILLER_CLIENT_ID", "client-b"),
        ("SINGAPAY_BILLER_CLIENT_SECRET", "canary"),
        ("SINGAPAY_IDENTITY_CLIENT_ID", "client-i"),
        ("SINGAPAY_IDENTITY_CLIENT_SECRET", "canary"),
        ("SINGAPAY_CREDENTIALS", "outlet-1"),
        ("SINGAPAY_CREDENTIAL_OUTLET_1_PARTNER_ID", "partner-o"),
        ("SINGAPAY_CREDENTIAL_OUTLET_1_CLIENT_ID", "client-o"),
        ("SINGAPAY_CREDENTIAL_OUTLET_1_CLIENT_SECRET", "canary"),
        ("SINGAPAY_CREDENTIAL_OUTLET_1_ACCOUNTS", ACCOUNT),
        ("SINGAPAY_ACCOUNT_ID", ACCOUNT),
        ("SINGAPAY_PROXY", "http://user:canary@127.0.0.1:3128"),
        ("SINGAPAY_TIMEOUT", "20"),
        ("SINGAPAY_CONNECT_TIMEOUT", "5"),
    ]))
    .unwrap();
    let urls = [Host::Payment, Host::Biller, Host::Identity].map(|host| client.base_url(host));
    assert_eq!(urls[0], "http://127.0.0.1:9000");
    assert_eq!(urls[1], "http://127.0.0.1:9001");
    assert_eq!(urls[2], "http://127.0.0.1:9002");
    assert_eq!(client.account().unwrap(), ACCOUNT);
    assert!(!format!("{client:?}").contains("canary"));
}

#[test]
fn the_environment_has_no_default() {
    let error = from(&CREDENTIAL).unwrap_err();
    assert!(error.contains("no environment"), "{error}");
    for name in ["sandbox", "production"] {
        assert!(
            from(&with(&[("SINGAPAY_ENVIRONMENT", name)])).is_ok(),
            "{name}"
        );
    }
    let client = from(&with(&[("SINGAPAY_ENVIRONMENT", "sandbox")])).unwrap();
    let error = client.account().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
}

#[test]
fn a_missing_environment_is_named_beside_other_problems_and_a_bad_one_once() {
    let error = from(&with(&[("SINGAPAY_TIMEOUT", "soon")])).unwrap_err();
    for part in ["no environment", "SINGAPAY_TIMEOUT must be"] {
        assert!(error.contains(part), "{part}: {error}");
    }
    for settings in [
        vec![("SINGAPAY_ENVIRONMENT", "live")],
        vec![("SINGAPAY_ENVIRONMENT", " ")],
        vec![("SINGAPAY_BASE_URL", "http://gateway.example")],
        vec![
            ("SINGAPAY_ENVIRONMENT", "sandbox"),
            ("SINGAPAY_BASE_URL", "http://127.0.0.1:1"),
        ],
        vec![
            ("SINGAPAY_ENVIRONMENT", "sandbox"),
            ("SINGAPAY_BILLER_BASE_URL", "http://127.0.0.1:1"),
        ],
    ] {
        let error = from(&with(&settings)).unwrap_err();
        assert!(!error.contains("no environment"), "{error}");
    }
}

#[test]
fn every_problem_is_named_and_no_value() {
    let error = from(&[
        ("SINGAPAY_ENVIRONMENT", "canary"),
        ("SINGAPAY_BASE_URL", "http://canary.example"),
        ("SINGAPAY_BILLER_BASE_URL", "https://biller.example"),
        ("SINGAPAY_PARTNER_ID", "canary"),
        ("SINGAPAY_ACCOUNT_ID", "canary"),
        ("SINGAPAY_PROXY", "ftp://canary:1"),
        ("SINGAPAY_LOCAL_ADDRESS", "canary"),
        ("SINGAPAY_TIMEOUT", "canary"),
        ("SINGAPAY_CONNECT_TIMEOUT", " "),
        ("SINGAPAY_CREDENTIALS", ""),
    ])
    .unwrap_err();
    for part in [
        "SINGAPAY_ENVIRONMENT and SINGAPAY_BASE_URL exclude each other",
        "SINGAPAY_BILLER_BASE_URL is set without SINGAPAY_BASE_URL",
        "default account is no ULID",
        "proxy: only",
        "SINGAPAY_LOCAL_ADDRESS must be",
        "SINGAPAY_TIMEOUT must be",
        "SINGAPAY_CONNECT_TIMEOUT is empty",
        "SINGAPAY_CREDENTIALS is empty",
        "SINGAPAY_CLIENT_ID is not set",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
    assert!(!error.contains("canary"), "{error}");
}

#[test]
fn what_is_given_twice_is_refused() {
    let builder = || Singapay::builder().credential("partner", "client", "canary");
    let twice = builder()
        .base_url("http://localhost:1")
        .environment(Environment::Sandbox)
        .account(ACCOUNT)
        .account(ACCOUNT)
        .proxy("http://127.0.0.1:1")
        .proxy("http://127.0.0.1:2");
    let error = built(twice).unwrap_err();
    for part in ["environment", "default account", "proxy"] {
        assert!(
            error.contains(&format!("the {part} was given twice")),
            "{error}"
        );
    }
    let variables = SingapayBuilder::from_lookup(|name| {
        let found = with(&[("SINGAPAY_ENVIRONMENT", "sandbox")]);
        let found = found.iter().find(|(other, _)| *other == name);
        found.map(|(_, value)| (*value).to_owned())
    });
    let error = built(variables.credential("partner", "client", "canary")).unwrap_err();
    assert!(
        error.contains("from environment variables and from code"),
        "{error}"
    );
}

#[test]
fn settings_without_sense_are_refused() {
    let builder = || {
        let builder = Singapay::builder().environment(Environment::Sandbox);
        builder.credential("partner", "client", "canary")
    };
    for (builder, part) in [
        (builder().timeout(Duration::ZERO), "the timeout is zero"),
        (
            builder().connect_timeout(Duration::ZERO),
            "the connect timeout is zero",
        ),
        (
            builder().token_timeout(Duration::ZERO),
            "the token timeout is zero",
        ),
        (builder().user_agent("a\nb"), "user agent"),
    ] {
        let error = built(builder).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
    assert!(built(builder().proxy("http://user:canary@127.0.0.1:3128")).is_ok());
    assert!(!format!("{:?}", builder().proxy("http://u:canary@127.0.0.1:1")).contains("canary"));
}

#[test]
fn the_environments_proxy_is_one_of_the_settings() {
    for (proxy, built) in [
        (("HTTPS_PROXY", "http://127.0.0.1:3128"), true),
        (("NO_PROXY", "*"), true),
        (("HTTPS_PROXY", "https://canary.example"), false),
    ] {
        let settings = with(&[
            ("SINGAPAY_ENVIRONMENT", "sandbox"),
            ("SINGAPAY_PROXY", "environment"),
            ("SINGAPAY_LOCAL_ADDRESS", "127.0.0.1"),
            proxy,
        ]);
        let result = from(&settings);
        assert_eq!(result.is_ok(), built, "{proxy:?}");
        if let Err(error) = result {
            assert!(error.contains("proxy: only") && !error.contains("canary"));
        }
    }
}

#[derive(Debug)]
struct At(Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

#[test]
fn a_webhook_verifier_has_the_keys_of_every_credential_and_the_clock() {
    let now = Timestamp::from_unix_seconds(1_700_000_000);
    let client = Singapay::builder()
        .environment(Environment::Sandbox)
        .credential("partner", "client", "secret")
        .specific_credential(Credential::new(
            "outlet",
            "partner-o",
            "client-o",
            "secret-o",
        ))
        .biller_credential("partner-b", "client-b", "secret-b")
        .clock(At(now))
        .build()
        .unwrap();
    let verifier = client.webhook_verifier("/hooks").build().unwrap();
    for (secret, partner, name) in [
        ("secret", "partner", "default"),
        ("secret-o", "partner-o", "outlet"),
        ("secret-b", "partner-b", "biller"),
    ] {
        let signed = sign_delivery(&Secret::new(secret), partner, "/hooks", r#"{"a":1}"#, now);
        let signed = signed.unwrap();
        let verified = verifier.verify(&signed.headers, signed.body).unwrap();
        assert_eq!(&*verified.key_name, name);
        assert_eq!(verified.partner_id.as_deref(), Some(partner));
    }
    let signed = sign_delivery(&Secret::new("other"), "partner", "/hooks", "{}", now).unwrap();
    assert!(verifier.verify(&signed.headers, signed.body).is_err());
}
