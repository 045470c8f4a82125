//! Maintainers' commands: `cargo xtask <command>`.
//!
//! `vendor -> overlay -> lower -> generate`, each step a pure function over JSON.
// There is one error type here, and it ends as a printed text.
#![allow(clippy::missing_errors_doc)]

pub mod banks;
pub mod bundle;
pub mod cli;
pub mod codes;
pub mod diff;
pub mod document;
pub mod error;
pub mod foreign;
pub mod generate;
pub mod lower;
pub mod metadata;
pub mod output;
pub mod overlay;
pub mod pipeline;
pub mod published;
pub mod repair;
mod rules;
mod samples;
pub mod scaffold;
mod sources;
pub mod update;
pub mod vendor;
pub mod yaml;
