//! Paths, methods and parameters that a raw request may have.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use singapay_core::path::is_segment;

/// The only methods; another spelling of one is another method.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// Everything but the unreserved characters of RFC 3986.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The method, if it is one.
pub(super) fn method(text: &str) -> Option<&'static str> {
    METHODS.into_iter().find(|method| *method == text)
}

/// Reason for which a path cannot be used; nothing if it can.
///
/// There is one spelling of a path, and every server reads it the same way: no escapes, no empty or
/// dot segments, nothing that starts a host, a query or a header.
pub(super) fn problem(path: &str) -> Option<&'static str> {
    let Some(rest) = path.strip_prefix("/api/") else {
        return Some("must start with /api/");
    };
    let fits = rest.split('/').all(is_segment);
    (!fits).then_some(
        "must hold letters, digits and -._~ between its slashes, with no segment empty or of dots alone",
    )
}

/// True if a server's framework would read a member of this name as another HTTP method. PHP cuts a
/// parameter's name at a NUL, and reads a dot or a space in it as an underscore.
pub(super) fn is_method_override(name: &str) -> bool {
    let name = name.split('\0').next().unwrap_or_default().trim();
    name.replace(['.', ' '], "_")
        .eq_ignore_ascii_case("_method")
}

/// The query of a request target, with its question mark.
pub(super) fn query(parameters: &[(String, String)]) -> String {
    let mut text = String::new();
    for (name, value) in parameters {
        text.push(if text.is_empty() { '?' } else { '&' });
        text.extend(utf8_percent_encode(name, ESCAPED));
        text.push('=');
        text.extend(utf8_percent_encode(value, ESCAPED));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_spelling() {
        for fits in ["/api/v1.0/x", "/api/a-b_c~d", "/api/.x", "/api/x.."] {
            assert_eq!(problem(fits), None, "{fits}");
        }
        for unfit in [
            "/api",
            "/api/",
            "/x/api/y",
            "/api//x",
            "/api/x/",
            "/api/./x",
            "/api/../x",
            "/api/x/...",
            "/api/%2e%2e/x",
            "/api/x?y",
            "/api/x#y",
            "/api/x\\y",
            "/api/x y",
            "/api/x\r\ny: z",
            "/api/é",
        ] {
            assert!(problem(unfit).is_some(), "{unfit}");
        }
    }
}
