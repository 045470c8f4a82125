//! Money that came in: it waits, becomes available in batches, and may be taken back.

mod collection;
mod settlement;
mod simulation;
mod webhook;

pub(crate) use collection::Collection;
pub(crate) use settlement::{Settlement, TakenBack};

use crate::part::{Part, Settles};

pub(crate) const PART: Part = Part {
    resume: collection::resume,
    ..Part::new(&[])
};

/// The events' words for the payments of a product; `None` where they settle in silence.
fn settles(parts: &'static [Part], kind: &str) -> Option<&'static Settles> {
    let mut announced = parts.iter().filter_map(|part| part.settles.as_ref());
    announced.find(|settles| settles.kind == kind)
}
