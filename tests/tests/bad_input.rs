//! Input and settings that cannot be right: one error that names all of it, and nothing on the wire.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use singapay::{
    Credential, Delivery, Error, ErrorKind, Money, MoneyOutPolicy, Rupiah, Singapay,
    SingapayBuilder, types::EwalletCode,
};
use singapay_tests::{
    recorder,
    rig::{self, ACCOUNT},
    wire::Wire,
};

#[track_caller]
fn assert_fields(error: &Error, expected: &[&str]) {
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert_eq!((error.attempts(), error.status()), (0, None));
    let fields: Vec<_> = error
        .field_errors()
        .iter()
        .map(|own| own.field.as_str())
        .collect();
    assert_eq!(fields, expected, "{error}");
    let text = error.to_string();
    for field in expected {
        assert!(text.contains(field), "{text} names {field}");
    }
    assert!(!text.contains('\n'), "{text}");
}

#[tokio::test]
async fn every_missing_field_is_named() {
    let wire = Wire::start([]).await;
    // Without an account of its own.
    let singapay = recorder::settings(wire.base_url()).build().unwrap();
    let money_out = singapay.money_out(MoneyOutPolicy::new()).unwrap();

    let error = money_out.topup_ewallet().send().await.unwrap_err();
    let fields = [
        "account_id",
        "amount",
        "customer_number",
        "ewallet_code",
        "reference_number",
    ];
    assert_fields(&error, &fields);
    let error = money_out.pay_qris().send().await.unwrap_err();
    let fields = [
        "account_id",
        "amount",
        "customer_name",
        "qr_data",
        "reference_number",
    ];
    assert_fields(&error, &fields);
    let error = money_out.pay_prepaid().send().await.unwrap_err();
    let fields = [
        "command",
        "data.customer_id",
        "data.password",
        "data.product_code",
    ];
    assert_fields(&error, &fields);
    let error = singapay
        .qris_payouts()
        .get_status()
        .send()
        .await
        .unwrap_err();
    assert_fields(&error, &["account_id", "reference_number", "scope"]);
    assert_eq!(wire.connections(), 0);
}

#[tokio::test]
async fn what_is_out_of_range_is_named_with_what_is_missing() {
    let wire = Wire::start([]).await;
    let singapay = rig::client(wire.base_url());
    let error = singapay
        .cards()
        .create()
        .account_id("not-an-account")
        .amount(Rupiah::new(4_999))
        .customer_country("IDN")
        .card_expiry("12/30")
        .card_cvv("12345")
        .send()
        .await
        .unwrap_err();
    let fields: Vec<_> = error
        .field_errors()
        .iter()
        .map(|own| own.field.as_str())
        .collect();
    for field in [
        "account_id",
        "amount",
        "card_cvv",
        "card_expiry",
        "card_holder_email",
        "card_number",
        "customer_country",
        "customer_name",
        "goods_name",
    ] {
        assert!(fields.contains(&field), "{field} is named: {error}");
    }
    // Values that were sent in are not repeated.
    for value in ["12/30", "12345", "not-an-account", "IDN"] {
        assert!(!error.to_string().contains(value), "{error}");
    }

    let money_out = singapay.money_out(MoneyOutPolicy::new()).unwrap();
    for amount in [40_000, 75_000, 1_050_000] {
        let error = money_out
            .create_cardless_withdrawal()
            .account_id(ACCOUNT)
            .reference_number("R-1")
            .amount(Rupiah::new(amount))
            .customer_id("081200000001")
            .customer_name("Rina Wijaya")
            .vendor_code("ALFAMART")
            .send()
            .await
            .unwrap_err();
        assert_fields(&error, &["amount"]);
    }
    assert_eq!(wire.connections(), 0);
}

#[tokio::test]
async fn nobody_pays_out_nothing_or_less() {
    let wire = Wire::start([]).await;
    let money_out = rig::money_out(wire.base_url());
    for amount in [0, -1, i64::MIN] {
        let call = rig::topup(&money_out).amount(Money::idr(Rupiah::new(amount)));
        assert_fields(&call.send().await.unwrap_err(), &["amount"]);
    }
    assert_eq!(wire.connections(), 0);
}

#[tokio::test]
async fn a_malformed_account_id_is_named_wherever_it_travels() {
    let wire = Wire::start([]).await;
    let singapay = rig::client(wire.base_url());
    let money_out = singapay.money_out(MoneyOutPolicy::new()).unwrap();
    for account in [
        "",
        "123456789012",
        "01K946KF851RK7FX075GJHBVK",
        "../01K946KF851RK7FX075GJHB",
    ] {
        let in_body = rig::topup(&money_out).account_id(account);
        assert_fields(&in_body.send().await.unwrap_err(), &["account_id"]);
        let in_path = singapay
            .ewallet_topups()
            .get_status()
            .account_id(account)
            .reference_number("R-1");
        assert_fields(&in_path.send().await.unwrap_err(), &["account_id"]);
    }
    assert_eq!(wire.connections(), 0);
}

#[tokio::test]
async fn the_policy_names_all_it_forbids() {
    let wire = Wire::start([]).await;
    let policy = MoneyOutPolicy::new()
        .max_amount(Rupiah::new(9_999))
        .allow_banks(["014"])
        .allow_beneficiaries(["081200000009"]);
    let money_out = rig::client(wire.base_url()).money_out(policy).unwrap();
    let error = rig::topup(&money_out).send().await.unwrap_err();
    assert_fields(&error, &["amount", "bank", "beneficiary"]);
    assert_eq!(wire.connections(), 0);
}

/// Settings from variables, as in an environment.
fn variables(variables: &[(&str, &str)]) -> SingapayBuilder {
    let variables: Vec<(String, String)> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    SingapayBuilder::from_lookup(move |name| {
        let found = variables.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.clone())
    })
}

#[track_caller]
fn assert_config(builder: SingapayBuilder, expected: &[&str]) {
    let error = builder.build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    assert_eq!(error.delivery(), Delivery::NotSent);
    let text = error.to_string();
    for part in expected {
        assert!(text.contains(part), "{text} says {part}");
    }
    assert!(!text.contains("the-secret"), "{text}");
}

const COMPLETE: [(&str, &str); 4] = [
    ("SINGAPAY_ENVIRONMENT", "sandbox"),
    ("SINGAPAY_PARTNER_ID", "partner"),
    ("SINGAPAY_CLIENT_ID", "client"),
    ("SINGAPAY_CLIENT_SECRET", "the-secret"),
];

fn with(more: &[(&'static str, &'static str)]) -> SingapayBuilder {
    let mut all: Vec<_> = more.to_vec();
    all.extend(
        COMPLETE
            .iter()
            .filter(|(name, _)| !more.iter().any(|(own, _)| own == name)),
    );
    variables(&all)
}

#[test]
fn complete_variables_are_enough() {
    assert!(with(&[]).build().is_ok());
}

#[test]
fn missing_variables_are_named() {
    assert_config(
        variables(&[]),
        &["environment", "SINGAPAY_PARTNER_ID is not set"],
    );
    for (missing, _) in &COMPLETE[1..] {
        let rest: Vec<_> = COMPLETE
            .iter()
            .copied()
            .filter(|(name, _)| name != missing)
            .collect();
        assert_config(variables(&rest), &[missing]);
    }
    assert_config(
        variables(&[("SINGAPAY_CLIENT_ID", "client")]),
        &[
            "environment",
            "SINGAPAY_PARTNER_ID",
            "SINGAPAY_CLIENT_SECRET",
        ],
    );
}

#[test]
fn the_environment_is_never_a_guess() {
    for name in ["staging", "", "Production ", "prod"] {
        assert_config(
            with(&[("SINGAPAY_ENVIRONMENT", name)]),
            &["SINGAPAY_ENVIRONMENT"],
        );
    }
    assert_config(
        Singapay::builder().credential("p", "c", "the-secret"),
        &["environment"],
    );
}

#[test]
fn empty_settings_are_named() {
    for secret in ["", "  "] {
        assert_config(
            with(&[("SINGAPAY_CLIENT_SECRET", secret)]),
            &["SINGAPAY_CLIENT_SECRET", "empty"],
        );
    }
    let empty = Singapay::builder().base_url("http://127.0.0.1:1");
    assert_config(
        empty.credential("", "", ""),
        &["partner id", "client id", "client secret"],
    );
}

#[test]
fn contradicting_settings_are_named() {
    assert_config(
        with(&[("SINGAPAY_BASE_URL", "https://pay.example")]),
        &["SINGAPAY_ENVIRONMENT", "SINGAPAY_BASE_URL"],
    );
    assert_config(
        with(&[]).credential("p", "c", "the-secret"),
        &["environment variables and from code"],
    );
    assert_config(
        rig::settings("http://127.0.0.1:1").base_url("http://127.0.0.1:2"),
        &["twice"],
    );
    assert_config(
        rig::settings("http://127.0.0.1:1").credential("p", "c", "the-secret"),
        &["twice"],
    );
    let shop = |name: &str, id: &str| Credential::new(name, "p", id, "the-secret");
    assert_config(
        rig::settings("http://127.0.0.1:1")
            .specific_credential(shop("a", "c1").accounts([ACCOUNT]))
            .specific_credential(shop("b", "c2").accounts([ACCOUNT])),
        &["`a`", "`b`", ACCOUNT],
    );
}

#[test]
fn secrets_go_to_no_unprotected_address() {
    for address in [
        "http://pay.example",
        "ftp://pay.example",
        "pay.example",
        "https://u:p@pay.example",
    ] {
        assert_config(rig::settings(address), &["base URL"]);
    }
}

#[test]
fn everything_wrong_is_said_at_once() {
    assert_config(
        with(&[
            ("SINGAPAY_ENVIRONMENT", "staging"),
            ("SINGAPAY_CLIENT_SECRET", ""),
        ])
        .timeout(Duration::ZERO)
        .user_agent("a\nb"),
        &[
            "SINGAPAY_ENVIRONMENT",
            "SINGAPAY_CLIENT_SECRET",
            "the timeout is zero",
            "user agent",
        ],
    );
}

#[test]
fn real_money_needs_a_word_of_its_own() {
    let production = with(&[("SINGAPAY_ENVIRONMENT", "production")])
        .build()
        .unwrap();
    let error = production.money_out(MoneyOutPolicy::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(
        production
            .money_out(MoneyOutPolicy::new().allow_production())
            .is_ok()
    );
    // An address that nobody knows is taken for a real one.
    let elsewhere = rig::settings("https://pay.example").build().unwrap();
    assert!(elsewhere.money_out(MoneyOutPolicy::new()).is_err());
}

#[tokio::test]
async fn an_account_that_no_credential_serves_is_not_sent() {
    let wire = Wire::start([]).await;
    let shop = Credential::new("shop", "p", "c", "s").accounts(["01K946KF851RK7FX075GJHBVKE"]);
    let singapay = Singapay::builder()
        .base_url(wire.base_url())
        .specific_credential(shop)
        .build()
        .unwrap();
    let money_out = singapay.money_out(MoneyOutPolicy::new()).unwrap();
    let unassigned = rig::topup(&money_out).ewallet_code(EwalletCode::Ovo);
    let error = unassigned.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    let unknown = rig::topup(&money_out).with_credential("nobody");
    assert_eq!(unknown.send().await.unwrap_err().kind(), ErrorKind::Config);
    assert_eq!(wire.connections(), 0);
}
