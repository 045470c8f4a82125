//! Generated items that hand-written code names: where they are gone or of another type, it does not
//! compile any more, or means something else.

use super::{
    Side,
    surface::{own_name, shown},
};
use crate::sources::{BUILT, Source, below};

/// The items that are not what they were, each with a file that names it.
pub(super) fn find(old: &Side, new: &Side) -> Vec<String> {
    let mut found = Vec::new();
    for (path, was) in &old.surface {
        let what = match new.surface.get(path) {
            Some(is) if is.text == was.text => continue,
            Some(_) => "is of another type",
            None => "is gone",
        };
        let (owner, member) = own_name(path);
        let uses =
            |source: &&Source| source.names(owner) && member.is_none_or(|it| source.names(it));
        let mut sources = below(new.sources, &BUILT);
        if let Some(source) = sources.find(uses) {
            let (item, file) = (shown(path), &source.path);
            found.push(format!("`{item}` {what}, and {file} names it"));
        }
    }
    found.dedup();
    found
}
