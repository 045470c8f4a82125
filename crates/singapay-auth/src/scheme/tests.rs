use singapay_core::{Secret, Timestamp};

use super::*;

fn secret() -> Secret {
    Secret::new("sec-demo")
}

#[test]
fn scheme_a_signs_the_jakarta_day() {
    // 2026-08-20T17:00:00Z is midnight of the 21st in Jakarta.
    let midnight = Timestamp::from_unix_seconds(1_787_245_200);
    assert_eq!(jakarta_date(midnight), "20260821");
    assert_eq!(
        jakarta_date(Timestamp::from_unix_seconds(1_787_245_199)),
        "20260820"
    );
    assert_eq!(
        token_signature("cid-demo", &secret(), midnight).to_hex(),
        "bd7e0163a746887d38e38fdfeaa86e5e97a4090968a35ce84dca97327c402bffc5ca697f560514aada8d80f4bc5e6a035bd0d98d5abe3fa8b45a1fac4109844b"
    );
}

#[test]
fn scheme_b_is_basic() {
    assert_eq!(
        basic_authorization("cid", &secret()).expose(),
        "Basic Y2lkOnNlYy1kZW1v"
    );
}

#[test]
fn scheme_c_signs_method_path_token_body_and_time() {
    let body = r#"{"reference_number":"REF-1","notes":"a\/b é","amount":{"value":"10000.00","currency":"IDR"},"account_id":"01K946KF851RK7FX075GJHBVKF"}"#;
    let canonical = crate::canonical::outbound(body.as_bytes()).unwrap();
    let hash = BodyHash::of(&canonical);
    assert_eq!(
        hash.to_string(),
        "ccdf2652a4c83b4b53258ee1620ecb0a4dd28d453bb211af8d73e1af149db0fd"
    );
    let request = RequestToSign {
        method: "POST",
        path: "/api/v2.0/ewallet/trigger-topup",
        token: "tok-demo",
        body: hash,
        timestamp: "1787280000",
    };
    let key = SigningKey::new(&secret());
    let signature = request.sign(&key);
    assert_eq!(
        signature.to_hex(),
        "9d2a0e34b3510dc06dd13c044dc2cf3c94a129bef89e08bd3167d281a90d3a863aab17324e3ef37e546f7c7f022a0120e3d43702702ddc4949832727ef837b75"
    );
    assert!(request.verify(&key, &signature));
    let upper = Signature::from_hex(signature.to_hex().to_uppercase().as_bytes()).unwrap();
    assert!(request.verify(&key, &upper));
    assert!(
        !RequestToSign {
            method: "PUT",
            ..request
        }
        .verify(&key, &signature)
    );
    assert!(!request.verify(&SigningKey::new(&Secret::new("other")), &signature));
}

#[test]
fn scheme_c_hashes_an_empty_body_as_the_empty_string() {
    let request = RequestToSign {
        method: "POST",
        path: "/api/v2.0/demo?x=1",
        token: "tok-demo",
        body: BodyHash::of(b""),
        timestamp: "1787280000",
    };
    assert_eq!(
        request.sign(&SigningKey::new(&secret())).to_hex(),
        "7fc042d8ee395c127119c10f2368841853515a580281921cc7a958397094c239acb7b696985e3c2eeb140ca83bfb049cd784b79b43da9f3a6b3c26fea113d8fe"
    );
}

#[test]
fn scheme_d_is_sha256_with_a_colon_in_utc() {
    let now = Timestamp::from_unix_millis(1_787_274_000_999);
    assert_eq!(identity_timestamp(now), "2026-08-21T01:00:00Z");
    assert_eq!(
        identity_signature("kc_test_demo", &secret(), "2026-08-21T01:00:00Z"),
        "43fdd74cfd638f5436cdf061945af02fcf71a8256bbc14718843df4801b6730f"
    );
}

#[test]
fn timestamps_are_unix_seconds_unless_asked() {
    let now = Timestamp::from_unix_millis(1_787_274_000_999);
    assert_eq!(TimestampFormat::default().write(now), "1787274000");
    assert_eq!(TimestampFormat::Iso8601.write(now), "2026-08-21T01:00:00Z");
}

#[test]
fn an_empty_key_verifies_nothing() {
    let request = RequestToSign {
        method: "POST",
        path: "/p",
        token: "t",
        body: BodyHash::of(b""),
        timestamp: "1",
    };
    for (secret, verifies) in [("", false), (" ", false), ("\0", false), ("s", true)] {
        let key = SigningKey::new(&Secret::new(secret));
        assert_eq!(
            request.verify(&key, &request.sign(&key)),
            verifies,
            "{secret:?}"
        );
    }
}

#[test]
fn nothing_here_prints_a_secret() {
    let key = SigningKey::new(&Secret::new("canary-secret"));
    let request = RequestToSign {
        method: "POST",
        path: "/p?q=canary-query",
        token: "canary-token",
        body: BodyHash::of(b""),
        timestamp: "1",
    };
    let printed = format!(
        "{key:?} {request:?} {:?} {:?}",
        request.sign(&key),
        request.text()
    );
    assert!(!printed.contains("canary"), "{printed}");
}

#[test]
fn signatures_are_exactly_128_digits() {
    let digits = "0123456789abcdefABCDEF09afAF".repeat(5)[..128].to_owned();
    let read = |text: &str| Signature::from_hex(text.as_bytes()).map(|it| it.to_hex());
    assert_eq!(read(&digits), Some(digits.to_lowercase()));
    assert_eq!(
        (read(&digits[1..]), read(&format!("{digits}0")), read("")),
        (None, None, None)
    );
    for byte in 0..=255_u8 {
        let mut text = digits.clone().into_bytes();
        text[77] = byte;
        assert_eq!(
            Signature::from_hex(&text).is_some(),
            byte.is_ascii_hexdigit(),
            "{byte}"
        );
    }
}

#[test]
fn keys_are_wiped_on_drop() {
    fn wiped<T: zeroize::ZeroizeOnDrop>() {}
    // An HMAC state is two of these and wipes nothing itself; `Secret` is proven where it is defined.
    wiped::<sha2::Sha512>();
}
