use std::collections::HashMap;

use singapay_core::Secret;

use super::*;

fn problems(result: Result<Credentials, CredentialsError>) -> Vec<CredentialProblem> {
    result.unwrap_err().problems().to_vec()
}

fn from(variables: &[(&str, &str)]) -> Result<Credentials, CredentialsError> {
    let variables: HashMap<_, _> = variables.iter().copied().collect();
    Credentials::from_lookup(|name| variables.get(name).map(|value| (*value).to_owned()))
}

#[test]
fn accounts_choose_the_credential() {
    let credentials = Credentials::builder()
        .default_credential("p0", "c0", "s0")
        .specific(Credential::new("shop", "p1", "c1", "s1").accounts(["ACC1", "ACC2"]))
        .build()
        .unwrap();
    assert_eq!(credentials.for_account("ACC2").unwrap().name(), "shop");
    assert_eq!(credentials.for_account("ACC3").unwrap().name(), DEFAULT);
    assert_eq!(credentials.by_name("shop").unwrap().client_id(), "c1");
    assert!(credentials.by_name("other").is_none());
    assert_eq!(credentials.payment()[0].name(), DEFAULT);
}

#[test]
fn without_a_default_an_unassigned_account_has_no_credential() {
    let credentials = Credentials::builder()
        .specific(Credential::new("shop", "p1", "c1", "s1").accounts(["ACC1"]))
        .build()
        .unwrap();
    assert!(credentials.for_account("ACC3").is_none());
}

#[test]
fn all_problems_come_at_once() {
    let problems = problems(
        Credentials::builder()
            .default_credential("", "c", "s ")
            .specific(Credential::new("a", "p", "c", "s").accounts(["X"]))
            .specific(Credential::new("a", "p", "d:e", "s").accounts(["X"]))
            .identity("", "s")
            .build(),
    );
    let (a, default) = ("a".to_owned(), DEFAULT.to_owned());
    assert_eq!(
        problems,
        [
            CredentialProblem::Empty {
                credential: default.clone(),
                setting: "the partner id"
            },
            CredentialProblem::Unprintable {
                credential: default.clone(),
                setting: "the client secret"
            },
            CredentialProblem::Colon {
                credential: a.clone()
            },
            CredentialProblem::Empty {
                credential: "identity".into(),
                setting: "the client id"
            },
            CredentialProblem::DuplicateClientId {
                first: default,
                second: a.clone()
            },
            CredentialProblem::DuplicateName {
                credential: a.clone()
            },
            CredentialProblem::DuplicateAccount {
                account: "X".into(),
                first: a.clone(),
                second: a
            },
        ]
    );
}

/// They become header values and parts of what is signed.
#[test]
fn settings_that_no_header_carries_as_they_are_are_refused() {
    let of = |text: &str| {
        let default = Credentials::builder().default_credential(text, "c", "s");
        let specific = Credential::new("shop", "p", "c2", "s2").accounts([text]);
        let specific = Credentials::builder().specific(specific);
        let identity = Credentials::builder().identity("c", text);
        let named = Credentials::builder().specific(Credential::new(text, "p", "c", "s"));
        let client = Credentials::builder().default_credential("p", text, "s");
        [default, specific, identity, named, client].map(|builder| builder.build().is_err())
    };
    for text in [
        "",
        " ",
        " x",
        "x ",
        "a\nb",
        "a\r\nX-Evil: 1",
        "a\0",
        "é",
        "a\u{7f}",
    ] {
        assert_eq!(of(text), [true; 5], "{text:?}");
    }
    assert_eq!(of("a b"), [false; 5]);
}

#[test]
fn what_is_given_twice_is_a_problem() {
    let twice = [
        Credentials::builder()
            .default_credential("p", "c", "s")
            .default_credential("p", "d", "s"),
        Credentials::builder()
            .biller("p", "c", "s")
            .biller("p", "d", "s"),
        Credentials::builder().identity("c", "s").identity("d", "s"),
    ];
    for builder in twice {
        let found = problems(builder.build());
        assert!(
            matches!(found[..], [CredentialProblem::GivenTwice { .. }]),
            "{found:?}"
        );
    }
}

#[test]
fn nothing_is_a_problem_too() {
    assert_eq!(
        problems(Credentials::builder().build()),
        [CredentialProblem::None]
    );
}

#[test]
fn where_nothing_is_set_the_variables_are_named() {
    assert_eq!(
        problems(from(&[])),
        [
            missing("SINGAPAY_PARTNER_ID"),
            missing("SINGAPAY_CLIENT_ID"),
            missing("SINGAPAY_CLIENT_SECRET"),
        ]
    );
}

#[test]
fn empty_variables_are_named_beside_missing_ones() {
    assert_eq!(
        problems(from(&[
            ("SINGAPAY_PARTNER_ID", "p"),
            ("SINGAPAY_CLIENT_ID", " "),
            ("SINGAPAY_IDENTITY_CLIENT_ID", "i"),
            ("SINGAPAY_IDENTITY_CLIENT_SECRET", ""),
        ])),
        [
            empty("SINGAPAY_CLIENT_ID"),
            missing("SINGAPAY_CLIENT_SECRET"),
            empty("SINGAPAY_IDENTITY_CLIENT_SECRET"),
        ]
    );
}

fn missing(variable: &str) -> CredentialProblem {
    CredentialProblem::MissingVariable {
        variable: variable.into(),
    }
}

fn empty(variable: &str) -> CredentialProblem {
    CredentialProblem::EmptyVariable {
        variable: variable.into(),
    }
}

#[test]
fn variables_give_every_kind_of_credential() {
    let credentials = from(&[
        ("SINGAPAY_PARTNER_ID", "p"),
        ("SINGAPAY_CLIENT_ID", "c"),
        ("SINGAPAY_CLIENT_SECRET", "s"),
        ("SINGAPAY_BILLER_PARTNER_ID", "bp"),
        ("SINGAPAY_BILLER_CLIENT_ID", "bc"),
        ("SINGAPAY_BILLER_CLIENT_SECRET", "bs"),
        ("SINGAPAY_IDENTITY_CLIENT_ID", "ic"),
        ("SINGAPAY_IDENTITY_CLIENT_SECRET", "is"),
        ("SINGAPAY_CREDENTIALS", "shop, pay-outs"),
        ("SINGAPAY_CREDENTIAL_SHOP_PARTNER_ID", "p1"),
        ("SINGAPAY_CREDENTIAL_SHOP_CLIENT_ID", "c1"),
        ("SINGAPAY_CREDENTIAL_SHOP_CLIENT_SECRET", "s1"),
        ("SINGAPAY_CREDENTIAL_PAY_OUTS_PARTNER_ID", "p2"),
        ("SINGAPAY_CREDENTIAL_PAY_OUTS_CLIENT_ID", "c2"),
        ("SINGAPAY_CREDENTIAL_PAY_OUTS_CLIENT_SECRET", "s2"),
        ("SINGAPAY_CREDENTIAL_PAY_OUTS_ACCOUNTS", "A1,A2"),
    ])
    .unwrap();
    assert_eq!(credentials.for_account("A2").unwrap().name(), "pay-outs");
    assert_eq!(credentials.by_name("shop").unwrap().partner_id(), "p1");
    assert_eq!(credentials.biller().unwrap().client_secret().expose(), "bs");
    assert_eq!(credentials.identity().unwrap().client_id(), "ic");
}

#[test]
fn half_set_variables_are_reported() {
    assert_eq!(
        problems(from(&[
            ("SINGAPAY_CLIENT_ID", "c"),
            ("SINGAPAY_IDENTITY_CLIENT_SECRET", "s"),
            ("SINGAPAY_CREDENTIALS", "a-b,a_b"),
            ("SINGAPAY_CREDENTIAL_A_B_PARTNER_ID", "p"),
        ])),
        [
            missing("SINGAPAY_PARTNER_ID"),
            missing("SINGAPAY_CLIENT_SECRET"),
            missing("SINGAPAY_CREDENTIAL_A_B_CLIENT_ID"),
            missing("SINGAPAY_CREDENTIAL_A_B_CLIENT_SECRET"),
            CredentialProblem::SameVariables {
                first: "a-b".into(),
                second: "a_b".into()
            },
            missing("SINGAPAY_IDENTITY_CLIENT_ID"),
        ]
    );
}

#[test]
fn nothing_here_prints_a_secret() {
    let builder = Credentials::builder()
        .default_credential("canary-p", "canary-c", Secret::new("canary-s"))
        .biller("canary-p", "canary-c", "canary-s")
        .identity("canary-c", "canary-s");
    let broken = builder
        .clone()
        .default_credential("", "canary-x", "canary-y");
    let printed = format!(
        "{builder:?} {:?} {:?}",
        builder.clone().build(),
        broken.build()
    );
    assert!(!printed.contains("canary"), "{printed}");
}
