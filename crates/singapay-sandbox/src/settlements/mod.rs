//! Money that came in: it waits, becomes available in batches, and may be taken back.

mod collection;
mod listing;
pub(crate) mod record;
mod settlement;
mod simulation;
mod webhook;

use crate::{
    part::Part,
    state::{Hooks, Settles},
};

pub(crate) const PART: Part = Part {
    listings: &[listing::LISTING],
    admin: simulation::admin,
    hooks: Hooks {
        resume: collection::resume,
        ..Hooks::NONE
    },
    ..Part::new(&[])
};

/// The events' words for the payments of a product; `None` where they settle in silence.
fn settles(hooks: &[&'static Hooks], kind: &str) -> Option<&'static Settles> {
    let mut announced = hooks.iter().filter_map(|hooks| hooks.settles.as_ref());
    announced.find(|settles| settles.kind == kind)
}
