//! What was asked, as far as it could be read.

use bytes::Bytes;
use http::{Method, request::Parts};

/// Characters that are kept of a path or query that no parser has bounded.
const KEPT: usize = 1_000;

pub(crate) struct Asked {
    pub(crate) method: Option<Method>,
    pub(crate) path: String,
    pub(super) query: Option<String>,
    pub(super) body: Bytes,
}

impl Asked {
    /// Copies, because a part of what was read would keep the whole of it.
    pub(crate) fn of(parts: &Parts, body: &[u8]) -> Self {
        Self {
            method: Some(parts.method.clone()),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(ToOwned::to_owned),
            body: Bytes::copy_from_slice(body),
        }
    }

    /// The first line of a head that could not be read, if that is the line of a request.
    pub(crate) fn of_head(head: &[u8]) -> Self {
        let (method, target) = line(head).unzip();
        let (path, query) = match target.and_then(|target| target.split_once('?')) {
            Some((path, query)) => (path, Some(query)),
            None => (target.unwrap_or_default(), None),
        };
        Self {
            method,
            path: start(path),
            query: query.map(start),
            body: Bytes::new(),
        }
    }
}

fn line(head: &[u8]) -> Option<(Method, &str)> {
    let line = head
        .trim_ascii_start()
        .split(|byte| *byte == b'\n')
        .next()?;
    let mut words = str::from_utf8(line).ok()?.split(' ');
    let (method, target, _version) = (words.next()?, words.next()?, words.next()?);
    let method = Method::from_bytes(method.as_bytes()).ok()?;
    target.starts_with('/').then_some((method, target))
}

fn start(text: &str) -> String {
    text.chars().take(KEPT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_head_only_the_line_of_a_request_is_taken() {
        let told = |head: &[u8]| {
            let asked = Asked::of_head(head);
            let method = asked.method.map(|method| method.to_string());
            (method.unwrap_or_default(), asked.path, asked.query)
        };
        let known = |method: &str, path: &str, query: Option<&str>| {
            (method.to_owned(), path.to_owned(), query.map(str::to_owned))
        };
        assert_eq!(
            told(b"\r\nGET /a?b=c HTTP/1.1\r\nX"),
            known("GET", "/a", Some("b=c"))
        );
        for nothing in [
            &b""[..],
            b"GET /half-of-a-pa",
            b"\x16\x03\x01\x02\x00 /a HTTP/1.1\n",
            b"PRI * HTTP/2.0\r\n\r\n",
            b"G\xffT /a HTTP/1.1\r\n",
        ] {
            assert_eq!(told(nothing), known("", "", None), "{nothing:?}");
        }
        let long = format!("GET /{} HTTP/1.1", "é".repeat(5_000));
        assert_eq!(told(long.as_bytes()).1.chars().count(), KEPT);
    }
}
