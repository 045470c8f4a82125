//! Number of times that a webhook is tried again (documented, except for 401, which was seen).

/// Retries that an answer allows; `None` is a connection error, timeout or DNS failure.
pub(super) fn retries_after(status: Option<u16>, nine_after_401: bool) -> usize {
    match status {
        None | Some(500) => 1,
        Some(503) => 4,
        Some(400 | 404) => 2,
        Some(301..=303) => 0,
        Some(401) if nine_after_401 => 9,
        Some(_) => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_documented_table() {
        let table = [
            (Some(500), 1),
            (Some(503), 4),
            (Some(400), 2),
            (Some(404), 2),
            (Some(301), 0),
            (Some(401), 5),
            (Some(422), 5),
            (None, 1),
        ];
        for (status, retries) in table {
            assert_eq!(retries_after(status, false), retries, "{status:?}");
        }
        assert_eq!(retries_after(Some(401), true), 9);
    }
}
