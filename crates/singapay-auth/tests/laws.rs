//! Laws of canonical JSON that need no PHP, over generated documents.

#![allow(clippy::unwrap_used)]

mod document;

use serde::de::IgnoredAny;
use singapay_auth::canonical::{Form, canonicalize, outbound};

const DOCUMENTS: usize = 5_000;

#[test]
fn canonical_forms_obey_their_laws() {
    let mut generator = document::Generator::new(7);
    let mut sent = 0;
    for _ in 0..DOCUMENTS {
        let document = generator.document();
        if document.is_empty() {
            continue;
        }
        let text = String::from_utf8_lossy(&document);
        let write = |form, body: &[u8]| canonicalize(body, form, 64).ok();
        let written = write(Form::NumbersAsWritten, &document);
        let kept = write(Form::PhpListsKept, &document);
        let literal = write(Form::PhpLiteral, &document);
        match &written {
            None => assert!(kept.is_none() && literal.is_none(), "{text}"),
            Some(bytes) => {
                assert!(
                    serde_json::from_slice::<IgnoredAny>(bytes).is_ok(),
                    "{text}"
                );
                assert_eq!(
                    write(Form::NumbersAsWritten, bytes).as_ref(),
                    Some(bytes),
                    "{text}"
                );
                assert_eq!(write(Form::PhpLiteral, bytes), literal, "{text}");
            }
        }
        if let Ok(own) = outbound(&document) {
            sent += 1;
            assert_eq!(outbound(&own).as_ref(), Ok(&own), "{text}");
            for other in [&written, &kept, &literal] {
                assert_eq!(other.as_ref(), Some(&own), "{text}");
            }
            let before: serde_json::Value = serde_json::from_slice(&document).unwrap();
            let after: serde_json::Value = serde_json::from_slice(&own).unwrap();
            assert_eq!(before, after, "{text}");
        }
    }
    assert!(sent > DOCUMENTS / 10);
}
