//! Reads and writes the tag-length-value text of a QR code (EMV, QRIS).

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

/// Number of the sandbox among acquirers.
pub(crate) const NNS: &str = "93600999";

/// A code for one payment, in rupiah, to an account; `label` tells it from every other code.
pub(crate) fn write(merchant: &str, account_number: &str, amount: i64, label: &str) -> String {
    let printable = |c: &char| c.is_ascii_graphic() || *c == ' ';
    let mut name: String = merchant.chars().filter(printable).take(25).collect();
    if name.trim().is_empty() {
        name = "SingaPay Merchant".to_owned();
    }
    // The last digits tell it apart; the tags have room for eleven and for 25.
    let pan = format!("{NNS}{}", tail(account_number, 11));
    let acquirer: String = [
        ("00", "ID.SINGAPAY.WWW"),
        ("01", &pan),
        ("02", account_number),
        ("03", "UMI"),
    ]
    .map(|(id, value)| one(id, value))
    .concat();
    let mut text: String = [
        ("00", "01"),
        ("01", "12"),
        ("26", &acquirer),
        ("52", "5399"),
        ("53", "360"),
        ("54", &amount.to_string()),
        ("58", "ID"),
        ("59", &name),
        ("60", "JAKARTA"),
        ("61", "10110"),
        ("62", &one("05", tail(label, 25))),
    ]
    .map(|(id, value)| one(id, value))
    .concat();
    text.push_str("6304");
    let sum = checksum(text.as_bytes());
    format!("{text}{sum:04X}")
}

fn tail(text: &str, length: usize) -> &str {
    text.get(text.len().saturating_sub(length)..)
        .unwrap_or(text)
}

fn one(id: &str, value: &str) -> String {
    format!("{id}{:02}{value}", value.len())
}

/// CRC-16 with polynomial 1021 and start FFFF, over all that stands before it.
fn checksum(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |sum, byte| {
        (0..8).fold(sum ^ (u16::from(*byte) << 8), |sum, _| {
            let shifted = sum << 1;
            if sum & 0x8000 == 0 {
                shifted
            } else {
                shifted ^ 0x1021
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        assert_eq!(
            checksum(b"123456789"),
            0x29B1,
            "the check value of this sum"
        );
        let qr = write(
            "Toko Sumber Rejeki dan Kawan-Kawan é",
            "000000000123",
            15_000,
            "R-1",
        );
        assert_eq!((kind(&qr), amount(&qr)), ("mpm-dynamic", Some(Ok(15_000))));
        assert_eq!(tag(&qr, "59"), Some("Toko Sumber Rejeki dan Ka"));
        assert_eq!(tag(&qr, "62"), Some("0503R-1"));
        let mut tags = Tags(&qr);
        assert_eq!((tags.by_ref().count(), tags.0), (12, ""));
        assert_eq!(
            tag(&write("é", "1", 1, "x"), "59"),
            Some("SingaPay Merchant")
        );
    }

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
