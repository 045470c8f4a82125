//! Formats that are times, and the type of `singapay-core` that reads each.

/// The type under `singapay_core::time` for a format.
pub(super) fn rust_type(format: &str) -> Option<&'static str> {
    match format {
        "unix-millis" => Some("time::UnixMillis"),
        "unix-seconds" => Some("time::UnixSeconds"),
        "date-time" => Some("time::Iso8601"),
        "wib-date-time" => Some("time::WibDateTime"),
        "wib-text" => Some("time::WibText"),
        "any-time" => Some("time::AnyTime"),
        _ => None,
    }
}
