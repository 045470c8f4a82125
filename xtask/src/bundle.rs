//! Replaces local references by what they refer to.
//!
//! Overlays address everything through paths, so a document with metadata must not depend on the
//! names that its publisher gave to components.

use std::collections::HashMap;

use serde_json::Value;

use crate::{
    document::{Object, Pointer, text},
    error::{Error, Result},
};

const STEP: &str = "bundle";
/// Values of a document whose references are replaced; the largest of ours has a tenth of a million.
const MOST: usize = 5_000_000;

/// The document with every local `$ref` replaced and without components.
pub fn inline(document: &Value) -> Result<Value> {
    let mut bundler = Bundler {
        document,
        done: HashMap::new(),
        open: Vec::new(),
        count: 0,
    };
    let mut inlined = bundler.value(document, &Pointer::root())?;
    if let Some(root) = inlined.as_object_mut() {
        root.remove("components");
    }
    Ok(inlined)
}

struct Bundler<'a> {
    document: &'a Value,
    /// What references stand for, and of how many values it is.
    done: HashMap<String, (Value, usize)>,
    open: Vec<String>,
    /// Values so far.
    count: usize,
}

impl Bundler<'_> {
    fn value(&mut self, value: &Value, at: &Pointer) -> Result<Value> {
        self.count += 1;
        if self.count > MOST {
            let finding = format_args!("references stand for more than {MOST} values in all");
            return Err(Error::at(STEP, at, finding));
        }
        match value {
            Value::Object(object) => match text(value, "$ref") {
                Some(target) => {
                    let target = self.target(target, at)?;
                    merge_siblings(target, object, at)
                }
                None => self.object(object, at).map(Value::Object),
            },
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let items = items.map(|(index, item)| self.value(item, &at.child(index)));
                items.collect()
            }
            scalar => Ok(scalar.clone()),
        }
    }

    fn object(&mut self, object: &Object, at: &Pointer) -> Result<Object> {
        object
            .iter()
            // Components are reached through references only; one that nobody uses may be cyclic.
            .filter(|(key, _)| !(at.as_str().is_empty() && *key == "components"))
            .map(|(key, value)| {
                let key = match at.as_str().ends_with("/content") {
                    true => without_charset(key),
                    false => key,
                };
                Ok((key.to_owned(), self.value(value, &at.child(key))?))
            })
            .collect()
    }

    fn target(&mut self, reference: &str, at: &Pointer) -> Result<Value> {
        if let Some((done, count)) = self.done.get(reference) {
            self.count += count;
            // One that is too large already is not copied once more.
            return match self.count > MOST {
                true => self.value(&Value::Null, at),
                false => Ok(done.clone()),
            };
        }
        let Some(pointer) = reference.strip_prefix('#') else {
            let finding = format_args!("{reference} is not in this document");
            return Err(Error::at(STEP, at, finding));
        };
        if self.open.iter().any(|open| open == reference) {
            let cycle = self.open.join(" -> ");
            let finding = format_args!("{cycle} -> {reference} is a cycle, it cannot be inlined");
            return Err(Error::at(STEP, at, finding));
        }
        let Some(target) = self.document.pointer(pointer) else {
            let finding = format_args!("{reference} refers to nothing");
            return Err(Error::at(STEP, at, finding));
        };
        self.open.push(reference.to_owned());
        let before = self.count;
        let inlined = self.value(target, &Pointer::parse(pointer))?;
        self.open.pop();
        let made = (inlined.clone(), self.count - before);
        self.done.insert(reference.to_owned(), made);
        Ok(inlined)
    }
}

/// A media type without its character set, which is UTF-8 in any case.
fn without_charset(media: &str) -> &str {
    let parts = media.split_once(';');
    let said = parts.filter(|(_, more)| more.trim_start().starts_with("charset="));
    said.map_or(media, |(essence, _)| essence.trim_end())
}

fn merge_siblings(mut target: Value, reference: &Object, at: &Pointer) -> Result<Value> {
    for (key, sibling) in reference.iter().filter(|(key, _)| *key != "$ref") {
        let Some(object) = target.as_object_mut() else {
            let finding = "the reference has siblings, its target no members";
            return Err(Error::at(STEP, at, finding));
        };
        match (key.as_str(), object.get(key)) {
            // They document the place instead of narrowing the schema.
            ("description" | "summary" | "title" | "example" | "examples" | "deprecated", _) => {}
            (_, Some(present)) if present != sibling => {
                let finding = format_args!("`{key}` beside $ref contradicts its target");
                return Err(Error::at(STEP, at, finding));
            }
            _ => {}
        }
        object.insert(key.clone(), sibling.clone());
    }
    Ok(target)
}
