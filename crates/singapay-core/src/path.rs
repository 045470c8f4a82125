//! Paths that a request may have.
//!
//! In use: `tests/tests/paths.rs`.

use crate::Operation;

/// True if a text can be one segment of a request path, and nothing but that.
///
/// It holds letters, digits and `-._~`, and is neither empty nor made of dots. There is one spelling
/// of it, which every client, proxy and server reads the same way: an escape is no substitute, since
/// some servers decode it before they look for slashes.
pub fn is_segment(text: &str) -> bool {
    are_segment(text.as_bytes())
}

fn are_segment(bytes: &[u8]) -> bool {
    let plain =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    bytes.iter().all(plain) && bytes.iter().any(|byte| *byte != b'.')
}

fn segments(path: &str) -> impl Iterator<Item = &[u8]> {
    path.as_bytes().split(|byte| *byte == b'/')
}

impl Operation {
    /// True if a path is this operation's template with an id in each of its places, and nothing else.
    ///
    /// Of an operation without a template, which is a request by method and path, only the segments
    /// are judged.
    pub fn has_path(&self, path: &str) -> bool {
        if self.path.is_empty() {
            let rest = path.strip_prefix("/api/");
            return rest.is_some_and(|rest| segments(rest).all(are_segment));
        }
        let mut found = segments(path);
        let mut same = segments(self.path).map(|expected| {
            found
                .next()
                .is_some_and(|found| match expected.starts_with(b"{") {
                    true => are_segment(found),
                    false => expected == found,
                })
        });
        same.all(|same| same) && found.next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation(path: &'static str) -> Operation {
        Operation {
            id: "cancel",
            method: "PATCH",
            path,
            ..Operation::BARE
        }
    }

    #[test]
    fn a_segment_has_one_spelling() {
        for text in [
            "7",
            "-7",
            ".a",
            "a.",
            "a..b",
            "~",
            "a-b_c~d",
            "01K946KF851RK7FX075GJHBVKF",
        ] {
            assert!(is_segment(text), "{text}");
        }
        for text in [
            "", ".", "..", "...", "a/b", "a\\b", "%2e", "a%20b", "a b", "a?b", "a#b", "a;b", "a:b",
            "a\0", "a\n", "é", "／", "{id}",
        ] {
            assert!(!is_segment(text), "{text}");
        }
    }

    #[test]
    fn a_path_has_its_template_segment_by_segment() {
        let cancel = operation("/api/v2.0/card/{account_id}/cancel/{id}");
        assert!(cancel.has_path("/api/v2.0/card/A/cancel/7"));
        for path in [
            "",
            "/",
            "api/v2.0/card/A/cancel/7",
            "/api/v2.0/card/A/cancel",
            "/api/v2.0/card/A/cancel/",
            "/api/v2.0/card/A/cancel/7/",
            "/api/v2.0/card/A/cancel/7/8",
            "/api/v2.0/card//cancel/7",
            "/api/v2.0/card/A/Cancel/7",
            "/api/v2.0/card/A/inquiry-status/7",
            "/api/v2.0/card/A/cancel/..",
            "/api/v2.0/card/A/cancel/a%2Fb",
            "/v/api/v2.0/card/A/cancel/7",
        ] {
            assert!(!cancel.has_path(path), "{path}");
        }
        let unknown = operation("");
        assert!(unknown.has_path("/api/v9.0/x"));
        for path in [
            "/api",
            "/api/",
            "/x/api/y",
            "/api/x/",
            "/api/../x",
            "/api//x",
            "/api/%78",
        ] {
            assert!(!unknown.has_path(path), "{path}");
        }
    }
}
