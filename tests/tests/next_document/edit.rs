//! Edits of a document, as `mutations.yaml` writes them.

use serde_json::Value;

/// The document after the edits of a mutation.
pub(crate) fn edited(document: &Value, mutation: &Value, places: &Value) -> Value {
    let mut document = document.clone();
    for edit in mutation["edits"].as_array().unwrap() {
        let word = |index: usize| edit[index].as_str().unwrap();
        let place = |index: usize| keys(word(index), places);
        match word(0) {
            "set" => set(&mut document, &place(1), edit[2].clone()),
            "gone" => drop(take(&mut document, &place(1))),
            "move" => {
                let value = take(&mut document, &place(1));
                set(&mut document, &place(2), value);
            }
            "copy" => {
                let value = inside(&mut document, &place(1)).clone();
                set(&mut document, &place(2), value);
            }
            "push" => inside(&mut document, &place(1))
                .as_array_mut()
                .unwrap()
                .push(edit[2].clone()),
            "reverse" => reverse(&mut document),
            "rename" => {
                let (old, new) = (format!("\"{}\"", word(1)), format!("\"{}\"", word(2)));
                document = serde_json::from_str(&document.to_string().replace(&old, &new)).unwrap();
            }
            other => panic!("{other}"),
        }
    }
    document
}

fn keys(place: &str, places: &Value) -> Vec<String> {
    let mut keys = Vec::new();
    for key in place.split(' ') {
        match key.strip_prefix('$').and_then(|name| places[name].as_str()) {
            Some(known) => keys.extend(known.split(' ').map(String::from)),
            None => keys.push(key.to_owned()),
        }
    }
    keys
}

/// The value at a place; what is missing on the way is made.
fn inside<'a>(document: &'a mut Value, keys: &[String]) -> &'a mut Value {
    keys.iter().fold(document, |value, key| match value {
        Value::Array(items) => &mut items[key.parse::<usize>().unwrap()],
        value => &mut value[key.as_str()],
    })
}

fn set(document: &mut Value, keys: &[String], value: Value) {
    *inside(document, keys) = value;
}

/// Every list the other way round.
fn reverse(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.reverse();
            items.iter_mut().for_each(reverse);
        }
        Value::Object(members) => members.values_mut().for_each(reverse),
        _ => {}
    }
}

fn take(document: &mut Value, keys: &[String]) -> Value {
    let (last, around) = keys.split_last().unwrap();
    match inside(document, around) {
        Value::Array(items) => items.remove(last.parse().unwrap()),
        value => value
            .as_object_mut()
            .unwrap()
            .remove(last)
            .unwrap_or_else(|| panic!("{keys:?}")),
    }
}
