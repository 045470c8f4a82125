//! No secret is ever printed: not by `Debug` of any public type, not by an error or its causes, not
//! in a log line, not in a panic.

#![allow(clippy::unwrap_used)]

mod echoes;
mod panics;
mod source;
mod types;

use std::{error::Error, fmt::Debug};

use singapay_tests::canary;

/// `Debug`, short and long.
#[track_caller]
fn assert_closed(what: &str, value: &dyn Debug) {
    canary::assert_clean(what, &format!("{value:?}"));
    canary::assert_clean(what, &format!("{value:#?}"));
}

/// `Debug` and `Display` of an error and of everything that caused it.
#[track_caller]
fn assert_quiet(what: &str, error: &(dyn Error + 'static)) {
    for cause in std::iter::successors(Some(error), |&cause| cause.source()) {
        canary::assert_clean(what, &cause.to_string());
        assert_closed(what, &cause);
    }
}
