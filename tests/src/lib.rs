//! Suites that cross crates live in `tests/` of this package; here is what they share.
#![allow(clippy::unwrap_used)]

/// Keeps the example of the README true: it runs as it stands there.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

pub mod book;
pub mod canary;
pub mod driver;
#[allow(missing_docs)]
#[rustfmt::skip]
pub mod generated;
pub mod json;
pub mod log;
pub mod payouts;
pub mod recorder;
pub mod rig;
pub mod spec;
pub use singapay_test_gateways::wire;

#[cfg(test)]
mod tests {
    #[test]
    fn the_handler_of_the_readme_takes_at_most_ten_lines() {
        let readme = include_str!("../../README.md");
        let start = readme.find("async fn paid(tx").unwrap();
        let handler = readme[start..].split_once("\n}\n").unwrap().0;
        assert!(handler.lines().count() < 10, "{handler}");
    }
}
