//! Canonical JSON: no panics, and the laws that the forms obey.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;
use singapay_auth::canonical::{Form, canonicalize, outbound};

fuzz_target!(|body: &[u8]| {
    let write = |form, body: &[u8]| canonicalize(body, form, 100);
    let written = write(Form::NumbersAsWritten, body);
    let kept = write(Form::PhpListsKept, body);
    let literal = write(Form::PhpLiteral, body);

    if let Ok(written) = &written {
        assert!(serde_json::from_slice::<IgnoredAny>(body).is_ok());
        assert_eq!(write(Form::NumbersAsWritten, written).as_ref(), Ok(written));
        // PHP's sample sorts everything, so sorting first changes nothing.
        assert_eq!(write(Form::PhpLiteral, written).ok(), literal.clone().ok());
    } else {
        assert!(kept.is_err() && literal.is_err());
    }
    for php in [&kept, &literal].into_iter().flatten() {
        assert!(std::str::from_utf8(php).is_ok());
        assert!(serde_json::from_slice::<IgnoredAny>(php).is_ok());
    }
    if !body.is_empty()
        && let Ok(own) = outbound(body)
    {
        assert_eq!(outbound(&own).as_ref(), Ok(&own));
        for other in [written, kept, literal] {
            assert_eq!(other.as_ref(), Ok(&own));
        }
    }
});
