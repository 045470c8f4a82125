//! Legal spellings of foreign documents that say what another spelling says: references between
//! everything but schemas are replaced, their names decoded, and what harms nobody is left out.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::{
    references,
    report::Report,
    structure::{self, Node},
};
use crate::document::{Object, Pointer, items, members, text};

/// Words of Swagger 2.0 that some write beside the schema of a parameter.
const BESIDE_SCHEMA: &str = "collectionFormat default enum format items maxLength maximum \
    minLength minimum nullable pattern type";

/// Rewrites a document so that references are between schemas only.
pub(super) fn foreign(document: &mut Value, report: &Report) {
    let whole = document.clone();
    structure::visit_mut(document, &mut |value, node, at| match node {
        Node::Schema | Node::Document | Node::Components => {}
        Node::Info => {
            let info = value.as_object_mut();
            if info.is_some_and(|info| info.remove("externalDocs").is_some()) {
                report.change("left-out", &at.child("externalDocs"), "");
            }
        }
        _ => {
            replace(value, &whole, at, report);
            if matches!(node, Node::Parameter | Node::Header) {
                parameter(value, at, report);
            }
        }
    });
    cycles(&whole, report);
}

/// True if a comment of Rust may have it: no control character, and nothing that turns the text around.
fn is_written(letter: &char) -> bool {
    let turns = matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !turns && (!letter.is_control() || ['\n', '\t'].contains(letter))
}

/// Local references with escapes of URLs, as pointers; prose without carriage returns, which no comment may
/// have.
pub(super) fn decode(value: &mut Value) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(target)) = object.get_mut("$ref")
                && target.starts_with('#')
                && let Ok(decoded) = percent_decode_str(target).decode_utf8()
            {
                *target = decoded.into_owned();
            }
            for key in ["description", "summary", "title"] {
                if let Some(Value::String(prose)) = object.get_mut(key) {
                    let lines = prose.replace("\r\n", "\n").replace('\r', "\n");
                    *prose = lines.chars().filter(is_written).collect();
                }
            }
            object.values_mut().for_each(decode);
        }
        Value::Array(items) => items.iter_mut().for_each(decode),
        _ => {}
    }
}

/// Replaces a reference by what it leads to, through other references if need be.
fn replace(value: &mut Value, whole: &Value, at: &Pointer, report: &Report) {
    let mut seen = BTreeSet::new();
    while let Some(target) = text(value, "$ref").map(ToOwned::to_owned) {
        let finding = match references::find(whole, &target) {
            _ if !target.starts_with('#') => "is not supported here",
            None => "points to nothing",
            Some(_) if !seen.insert(target.clone()) => "leads back to itself",
            Some(found) => {
                let mut found = found.clone();
                // Members beside the reference describe this place.
                for key in ["description", "summary"] {
                    if let (Some(own), Some(object)) = (value.get(key), found.as_object_mut()) {
                        object.insert(key.to_owned(), own.clone());
                    }
                }
                *value = found;
                continue;
            }
        };
        report.problem(at, format_args!("reference `{target}` {finding}"));
        // So that it is reported once.
        *value = json!({});
    }
}

/// A parameter in the words of Swagger 2.0 gets a schema; beside one these words say nothing.
fn parameter(value: &mut Value, at: &Pointer, report: &Report) {
    let Some(object) = value.as_object_mut() else {
        return;
    };
    let words = BESIDE_SCHEMA.split(' ');
    let words: Object = words.filter_map(|key| object.remove_entry(key)).collect();
    if words.is_empty() {
        return;
    }
    if object.contains_key("schema") || object.contains_key("content") {
        for key in words.keys() {
            report.change("left-out", &at.child(key), "beside `schema`");
        }
    } else {
        let note = "made of what stands at the parameter";
        report.change("parameter-schema", at, note);
        object.insert("schema".to_owned(), words.into());
    }
}

/// Components that are nothing but a way back to themselves have no type.
fn cycles(document: &Value, report: &Report) {
    for (name, schema) in members(&document["components"], "schemas") {
        let at = Pointer::root().path(&["components", "schemas", name]);
        let own = format!("#{}", at.as_str());
        let mut open = Vec::from([schema]);
        let mut seen = BTreeSet::new();
        while let Some(schema) = open.pop() {
            open.extend(items(schema, "allOf"));
            let Some(target) = text(schema, "$ref") else {
                continue;
            };
            if target == own {
                let finding = "is itself, through references alone: a cycle without a type";
                report.problem(&at, finding);
                break;
            }
            if seen.insert(target) {
                open.extend(references::find(document, target));
            }
        }
    }
}
