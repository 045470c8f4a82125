//! The commands as a maintainer runs them, on copies of the documents of this repository.
#![allow(clippy::unwrap_used)]

mod completeness;
mod diff;
mod features;
mod foreign;
mod generation;
mod lowering;
mod readme;
mod refusals;
mod scaffold;
mod support;
mod vendored;
