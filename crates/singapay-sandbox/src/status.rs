//! Status as a reader sees it.

/// The status that is told: what is open past its expiry has expired, whatever is stored.
pub(crate) fn computed(stored: &str, expired: bool) -> &str {
    if stored == "open" && expired {
        "expired"
    } else {
        stored
    }
}
