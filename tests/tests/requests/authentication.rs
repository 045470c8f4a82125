//! Authentication, computed again from the description of the schemes, without code of the SDK.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha512};
use singapay_tests::{
    recorder::{CREDENTIAL, NOW, Recorded, TOKEN},
    spec::Operation,
};

/// The day of [`NOW`] in Jakarta.
const DAY: &str = "20260821";

const OWN_HEADERS: [&str; 5] = [
    "authorization",
    "x-client-id",
    "x-partner-id",
    "x-signature",
    "x-timestamp",
];

/// All headers of authentication are there that have to be, with the right values, and no others.
pub(crate) fn check(operation: &Operation<'_>, request: &Recorded) {
    let (client_id, secret) = CREDENTIAL;
    let bearer = format!("Bearer {TOKEN}");
    let basic = format!("Basic {}", STANDARD.encode(format!("{client_id}:{secret}")));
    let partner_id = match operation.document.name {
        "payment" => Some("partner-1"),
        "biller" => Some("partner-2"),
        _ => None,
    };
    let now = NOW.to_string();
    let signature = (operation.metadata("signed") == true).then(|| signature(request, secret));
    let of_the_day = sha512(secret, &format!("{client_id}_{secret}_{DAY}"));
    let expected = match operation.metadata("auth").as_str().unwrap() {
        "bearer" => [
            Some(bearer.as_str()),
            None,
            partner_id,
            signature.as_deref(),
            signature.as_ref().map(|_| now.as_str()),
        ],
        "scheme-a" => [None, Some(client_id), partner_id, Some(&of_the_day), None],
        "scheme-b" => [Some(basic.as_str()), None, partner_id, None, None],
        "scheme-d" => [None; 5],
        other => panic!("{other} is no scheme"),
    };
    assert_eq!(OWN_HEADERS.map(|name| request.header(name)), expected);
    assert_eq!(request.header("accept"), Some("application/json"));
    let content_type = (!request.body.is_empty()).then_some("application/json");
    assert_eq!(request.header("content-type"), content_type);
    match operation.metadata("auth").as_str().unwrap() {
        "scheme-d" => {
            let sent: Value = serde_json::from_slice(&request.body).unwrap();
            assert_eq!(sent, identity(client_id, secret));
        }
        "scheme-a" | "scheme-b" => {
            assert_eq!(
                request.body.as_ref(),
                br#"{"grant_type":"client_credentials"}"#
            );
        }
        _ => {}
    }
}

/// `X-Signature` of a signed request; its body has to be canonical.
fn signature(request: &Recorded, secret: &str) -> String {
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    let mut canonical = String::new();
    write(&body, &mut canonical);
    assert_eq!(String::from_utf8_lossy(&request.body), canonical);
    let timestamp = request.header("x-timestamp").unwrap();
    let hash = hex::encode(Sha256::digest(&request.body));
    let (method, target) = (&request.method, &request.target);
    sha512(
        secret,
        &format!("{method}:{target}:{TOKEN}:{hash}:{timestamp}"),
    )
}

/// Keys in byte order at every depth, nothing between the tokens, letters and `/` as they are.
fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| name.as_bytes());
            text.push('{');
            for (index, (name, member)) in members.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write(member, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(item, text);
            }
            text.push(']');
        }
        scalar => text.push_str(&scalar.to_string()),
    }
}

/// The body of an identity token request.
fn identity(client_id: &str, secret: &str) -> Value {
    let time = "2026-08-21T03:00:00Z";
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{client_id}:{time}").as_bytes());
    let signature = hex::encode(mac.finalize().into_bytes());
    json!({"client_id": client_id, "timestamp": time, "signature": signature})
}

fn sha512(secret: &str, message: &str) -> String {
    let mut mac = Hmac::<Sha512>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

#[test]
fn the_published_vector_of_scheme_c_is_met() {
    let request = Recorded {
        method: "POST".into(),
        target: "/api/v2.0/demo?x=1".into(),
        headers: Default::default(),
        body: Default::default(),
    };
    let hash = hex::encode(Sha256::digest(&request.body));
    let message = format!("POST:{}:tok-demo:{hash}:1787280000", request.target);
    let signature = sha512("sec-demo", &message);
    assert!(
        signature.starts_with("7fc042d8ee395c127119c10f2368841853515a580281921cc7a958397094c239")
    );
}
