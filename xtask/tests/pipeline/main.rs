//! The commands as a maintainer runs them, on copies of the documents of this repository, and their
//! steps on documents of the tests.
#![allow(clippy::unwrap_used)]

mod bundle;
mod completeness;
mod diff;
mod document;
mod features;
mod foreign;
mod generation;
mod hosts;
mod lower;
mod lowering;
mod output;
mod overlay;
mod provenance;
mod published;
mod readme;
mod refusals;
mod repair;
mod scaffold;
mod support;
mod vendored;
