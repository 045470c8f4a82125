use http::{HeaderMap, HeaderName, HeaderValue};

/// Values of a request under one header name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderValues<'a> {
    /// The header is missing.
    None,
    /// Exactly one, as it should be.
    One(&'a [u8]),
    /// Several values. Security headers must not be ambiguous.
    Many,
}

impl<'a> HeaderValues<'a> {
    /// Counts the values of one name.
    pub fn of(values: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut values = values.into_iter();
        match (values.next(), values.next()) {
            (None, _) => Self::None,
            (Some(value), None) => Self::One(value),
            (Some(_), Some(_)) => Self::Many,
        }
    }
}

/// Request headers of any web framework. Names are looked up without regard to case.
pub trait HeaderSource {
    /// The values under `name`, whose text is in lower case.
    fn values(&self, name: &HeaderName) -> HeaderValues<'_>;
}

impl HeaderSource for HeaderMap {
    fn values(&self, name: &HeaderName) -> HeaderValues<'_> {
        HeaderValues::of(self.get_all(name).iter().map(HeaderValue::as_bytes))
    }
}

/// Pairs of name and value.
impl<N: AsRef<str>, V: AsRef<[u8]>> HeaderSource for [(N, V)] {
    fn values(&self, name: &HeaderName) -> HeaderValues<'_> {
        let same = self
            .iter()
            .filter(|(own, _)| own.as_ref().eq_ignore_ascii_case(name.as_str()));
        HeaderValues::of(same.map(|(_, value)| value.as_ref()))
    }
}
