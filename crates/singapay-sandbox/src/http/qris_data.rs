//! Reads the tag-length-value text of a QR code (EMV, QRIS).

/// The tags in order. Ends where the text breaks off.
pub(crate) struct Tags<'a>(pub(crate) &'a str);

impl<'a> Iterator for Tags<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let (id, rest) = self.0.split_at_checked(2)?;
        let (length, rest) = rest.split_at_checked(2)?;
        let (value, rest) = rest.split_at_checked(length.parse().ok()?)?;
        self.0 = rest;
        Some((id, value))
    }
}

/// Value of a top-level tag; `None` when it is missing or the text breaks off before it.
pub(crate) fn tag<'a>(qr_data: &'a str, wanted: &str) -> Option<&'a str> {
    Tags(qr_data)
        .find(|(id, _)| *id == wanted)
        .map(|(_, value)| value)
}

/// Whole rupiah of tag 54. `Some(Err(()))` when there is an amount that is not whole rupiah.
pub(crate) fn amount(qr_data: &str) -> Option<Result<i64, ()>> {
    let text = tag(qr_data, "54")?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit());
    Some(match whole.parse() {
        Ok(amount) if digits && fraction.bytes().all(|b| b == b'0') => Ok(amount),
        _ => Err(()),
    })
}

/// `mpm-static` for tag 01 = 11, otherwise `mpm-dynamic`.
pub(crate) fn kind(qr_data: &str) -> &'static str {
    if tag(qr_data, "01") == Some("11") {
        "mpm-static"
    } else {
        "mpm-dynamic"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_amount_and_kind() {
        let qr = "000201010212530336054061000005802ID";
        assert_eq!(amount(qr), Some(Ok(100_000)));
        assert_eq!(kind(qr), "mpm-dynamic");
        assert_eq!(amount("000201010211"), None);
        assert_eq!(amount("00020154041.50"), Some(Err(())));
        assert_eq!(kind("000201010211"), "mpm-static");
        assert_eq!(amount("0002016299"), None);
        assert_eq!(amount("é"), None);
    }
}
