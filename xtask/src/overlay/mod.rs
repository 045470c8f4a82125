//! Applies OpenAPI Overlay 1.0 documents.
//!
//! An overlay records what is known to differ from the published document, and adds our metadata.
//! Every action carries its evidence.

mod action;
mod merge;

use serde_json::Value;
use serde_json_path::JsonPath;

pub use action::{Action, Evidence, Overlay, Unoffered, parse, starts};

use crate::{document::Pointer, error::Made};

/// Step name in errors.
const STEP: &str = "overlay";

/// Result of applying the actions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Targets of actions that changed nothing.
    pub obsolete: Vec<String>,
    /// Actions that match nothing or cannot be applied, and why.
    pub unmatched: Vec<String>,
    /// Places that actions changed, and the lines of the actions.
    pub touched: Vec<(String, usize)>,
}

impl Applied {
    /// The line of the action that changed a place, or of what lies around it the nearest.
    pub fn line(&self, place: &str) -> Option<usize> {
        let around = |touched: &str| {
            place
                .strip_prefix(touched)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ':']))
        };
        let touched = self.touched.iter().filter(|(touched, _)| around(touched));
        touched
            .max_by_key(|(touched, _)| touched.len())
            .map(|(_, line)| *line)
    }
}

/// The target of an action about an operation.
pub(crate) fn target(path: &str, method: &str) -> String {
    format!("$.paths['{path}'].{method}")
}

/// Applies what can be applied, in order.
pub fn apply_matching(document: &mut Value, actions: &[Action]) -> Applied {
    let mut applied = Applied::default();
    for action in actions {
        match apply_one(document, action, &mut applied.touched) {
            Ok(true) => {}
            Ok(false) => applied.obsolete.push(action.target.clone()),
            Err(why) => {
                let why = format!("{}: {}: {why}", action.line, action.target);
                applied.unmatched.push(why);
            }
        }
    }
    applied
}

fn apply_one(
    document: &mut Value,
    action: &Action,
    touched: &mut Vec<(String, usize)>,
) -> Made<bool> {
    let path = JsonPath::parse(&action.target).map_err(|cause| cause.to_string())?;
    let nodes = path.query_located(document).into_iter();
    let places: Vec<_> = nodes
        .map(|node| node.location().to_json_pointer())
        .collect();
    if places.is_empty() {
        return Err("matches nothing".to_owned());
    }
    touched.extend(places.iter().map(|place| (place.clone(), action.line)));
    let mut changed = false;
    if let Some(update) = &action.update {
        for place in &places {
            let Some(target) = document.pointer_mut(place) else {
                continue;
            };
            changed |= merge::into_target(target, update)
                .map_err(|why| format!("{}: {why}", Pointer::parse(place)))?;
        }
    }
    if action.remove {
        // Backwards, so that removing an array item does not move the ones still to be removed.
        for place in places.iter().rev() {
            changed |= remove(document, place);
        }
    }
    Ok(changed)
}

fn remove(document: &mut Value, place: &str) -> bool {
    let Some((parent, key)) = place.rsplit_once('/') else {
        return false;
    };
    let key = key.replace("~1", "/").replace("~0", "~");
    match document.pointer_mut(parent) {
        Some(Value::Object(object)) => object.remove(&key).is_some(),
        Some(Value::Array(items)) => match key.parse::<usize>() {
            Ok(index) if index < items.len() => {
                items.remove(index);
                true
            }
            _ => false,
        },
        _ => false,
    }
}
