//! The book says what is there: pages, links, names, tables, and the code that runs beside it.
//!
//! Its Rust examples are doctests, see `tests/src/book.rs`; its commands run in `crates/singapay-cli/tests/book.rs`.

#![allow(clippy::unwrap_used)]

mod code;
mod links;
mod names;
mod pages;
#[allow(dead_code, reason = "its `main` is the reader's")]
mod payout;
#[allow(dead_code, reason = "its `main` is the reader's")]
mod shop;
mod tables;
