//! Keys and bounds of a verifier.

use super::*;

#[test]
fn the_key_of_the_deliverys_partner_id_comes_first() {
    let secret = Secret::new("shared");
    let verifier = Verifier::builder()
        .key(WebhookKey::new("first", &secret).partner_id("p1"))
        .key(WebhookKey::new("second", &secret).partner_id("p2"))
        .key(WebhookKey::new("nameless", &secret))
        .path(PATH)
        .clock(Fixed)
        .build()
        .unwrap();
    let now = Timestamp::from_unix_seconds(NOW);
    for (partner_id, key) in [
        (Some("p1"), "first"),
        (Some("p2"), "second"),
        (Some("p3"), "first"),
        (None, "first"),
    ] {
        let partner = partner_id.unwrap_or("none");
        let mut delivery = sign_delivery(&secret, partner, PATH, "{}", now).unwrap();
        if partner_id.is_none() {
            delivery.headers.remove("x-partner-id");
        }
        let verified = verifier.verify(&delivery.headers, delivery.body).unwrap();
        assert_eq!(&*verified.key_name, key, "{partner_id:?}");
    }
}

#[test]
fn bounds_can_be_chosen() {
    let verifier = Verifier::builder()
        .key(WebhookKey::new("main", &Secret::new("sec-demo")))
        .path(PATH)
        .window(Duration::from_secs(60))
        .max_body_bytes(10)
        .max_depth(2)
        .clock(Fixed)
        .build()
        .unwrap();
    assert_eq!(verifier.window(), Duration::from_secs(60));
    assert_eq!((verifier.max_body_bytes(), verifier.path()), (10, PATH));
    let verify = |body: &'static str, seconds| {
        let signed_at = Timestamp::from_unix_seconds(seconds);
        let secret = Secret::new("sec-demo");
        let delivery = sign_delivery(&secret, "p", PATH, body, signed_at).unwrap();
        verifier.verify(&delivery.headers, delivery.body)
    };
    assert!(verify(r#"{"a":"12"}"#, NOW - 60).is_ok());
    assert_eq!(
        verify(r#"{"a":"123"}"#, NOW).unwrap_err(),
        VerifyError::BodyTooLarge { limit: 10 }
    );
    assert!(matches!(
        verify("{}", NOW - 61),
        Err(VerifyError::Stale { age: 61, .. })
    ));
    assert!(verify("[[1]]", NOW).is_ok());
    let error = verifier
        .verify(&signed("{}").headers, "[[[1]]]")
        .unwrap_err();
    assert!(matches!(error, VerifyError::Body(_)));
    assert_eq!(error.status(), 400);
    assert_eq!(VerifyError::Signature.status(), 401);
}

#[test]
fn the_keys_of_all_credentials_that_can_sign_are_taken() {
    let credentials = crate::Credentials::builder()
        .default_credential("p1", "c1", "s1")
        .specific(crate::credential::Credential::new("shop", "p2", "c2", "s2").accounts(["A"]))
        .biller("p3", "c3", "s3")
        .build()
        .unwrap();
    let verifier = Verifier::builder()
        .credentials(&credentials)
        .path(PATH)
        .clock(Fixed)
        .build()
        .unwrap();
    let now = Timestamp::from_unix_seconds(NOW);
    for (partner_id, secret) in [("p1", "s1"), ("p2", "s2"), ("p3", "s3")] {
        let secret = Secret::new(secret);
        let delivery = sign_delivery(&secret, partner_id, PATH, "{}", now).unwrap();
        let verified = verifier.verify(&delivery.headers, delivery.body).unwrap();
        assert_eq!(verified.partner_id.as_deref(), Some(partner_id));
    }
}

#[test]
fn settings_that_make_no_sense_are_errors() {
    let key = || WebhookKey::new("k", &Secret::new("s"));
    let error = |builder: VerifierBuilder| builder.build().unwrap_err();
    assert_eq!(error(Verifier::builder().path("/")), VerifierError::NoKeys);
    assert_eq!(error(Verifier::builder().key(key())), VerifierError::NoPath);
    for path in ["", "hooks", "https://shop.example/hooks"] {
        let builder = Verifier::builder().key(key()).path(path);
        assert_eq!(error(builder), VerifierError::PathWithoutSlash);
    }
}

/// HMAC fills a key up with zeros, so a key of zeros is the empty one too.
#[test]
fn a_key_without_a_secret_is_refused_and_verifies_nothing() {
    for blank in ["", " ", "\t\r\n", "\0\0", "\u{a0}", "\u{feff}", "\u{200b}"] {
        let secret = Secret::new(blank);
        let signed = WebhookKey::new("good", &Secret::new("s"));
        let credential = crate::credential::Credential::new("shop", "p", "c", blank);
        for key in [WebhookKey::new("k", &secret), WebhookKey::from(&credential)] {
            let builder = Verifier::builder().path(PATH).key(signed.clone()).key(key);
            let error = builder.build().unwrap_err();
            assert_eq!(error, VerifierError::EmptySecret, "{blank:?}");
        }
    }
}

#[test]
fn a_window_that_was_chosen_stays_and_another_can_stand_in_for_none() {
    let ledger = Duration::from_secs(900);
    assert_eq!(verifier().window(), Duration::from_secs(300));
    assert_eq!(verifier().or_window(ledger).window(), ledger);
    let builder = Verifier::builder().key(WebhookKey::new("main", &Secret::new("sec-demo")));
    let chosen = builder.path(PATH).window(Duration::from_secs(60));
    let chosen = chosen.build().unwrap().or_window(ledger);
    assert_eq!(chosen.window(), Duration::from_secs(60));
}

#[test]
fn a_delivery_that_was_kept_is_put_together_again_and_a_changed_body_is_seen() {
    for (body, canonical) in [
        (r#"{"b":{},"a":1e1}"#, r#"{"a":10,"b":[]}"#),
        (r#"{ "a" : 1e1 }"#, r#"{"a":1e1}"#),
        ("[1, 2]", "[1, 2]"),
    ] {
        let headers = signed_over(canonical);
        let verified = verifier().verify(&headers, body).unwrap();
        let form = SignedForm::from_name(verified.form.as_str()).unwrap();
        assert_eq!(form, verified.form);
        let restore = |body: &'static str| {
            let key = (&*verified.key_name, verified.partner_id.as_deref());
            Verified::restore(body.into(), form, key, verified.signed_at).unwrap()
        };
        let restored = restore(body);
        assert_eq!(restored.deduplication_key(), verified.deduplication_key());
        assert_eq!(restored.canonical, verified.canonical);
        assert_eq!(format!("{restored:?}"), format!("{verified:?}"));
        assert_ne!(restore("[3]").hash, verified.hash);
    }
    assert_eq!(SignedForm::from_name("other"), None);
}
