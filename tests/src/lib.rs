//! Suites that cross crates live in `tests/` of this package.
