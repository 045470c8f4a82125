//! JSON for people: without secrets, as lines or as a table.

use std::fmt::Write as _;

use serde_json::Value;

use crate::{generated::calls::HIDDEN, terminal::printable};

/// What stands in the place of a value that is not shown.
const INSTEAD: &str = "(hidden)";

/// The name of a member that is not shown.
pub(crate) fn is_hidden(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    HIDDEN.contains(&last)
}

/// Takes out what may be a secret or personal data, at any depth.
pub(crate) fn hide(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::Null => {}
                    // An object of such a name is looked into.
                    Value::Object(_) => hide(member),
                    Value::Array(_) if !is_hidden(name) => hide(member),
                    _ if is_hidden(name) => *member = INSTEAD.into(),
                    _ => {}
                }
            }
        }
        Value::Array(rows) => rows.iter_mut().for_each(hide),
        _ => {}
    }
}

/// A list as a table, anything else as lines.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::Array(rows) if rows.iter().any(Value::is_object) => table(rows),
        Value::Null => String::new(),
        value => {
            let cells = cells(value);
            let width = cells.iter().map(|(name, _)| width(name)).max();
            let mut text = String::new();
            for (name, cell) in cells {
                let _ = writeln!(text, "{}  {cell}", padded(&name, width.unwrap_or(0)));
            }
            text
        }
    }
}

fn table(rows: &[Value]) -> String {
    let rows: Vec<Vec<(String, String)>> = rows.iter().map(cells).collect();
    let mut columns: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flatten() {
        if !columns.contains(&name.as_str()) {
            columns.push(name);
        }
    }
    let cell = |row: &[(String, String)], column: &str| {
        let found = row.iter().find(|(name, _)| name == column);
        found.map_or(String::new(), |(_, cell)| cell.clone())
    };
    let widths: Vec<usize> = columns
        .iter()
        .map(|column| {
            let cells = rows.iter().map(|row| width(&cell(row, column)));
            cells.max().unwrap_or(0).max(width(column))
        })
        .collect();
    let mut text = String::new();
    let mut line = |cells: Vec<String>| {
        let padded = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| padded(cell, *width));
        let _ = writeln!(text, "{}", padded.collect::<Vec<_>>().join("  ").trim_end());
    };
    line(columns.iter().map(ToString::to_string).collect());
    for row in &rows {
        line(columns.iter().map(|column| cell(row, column)).collect());
    }
    text
}

/// Everything in a value that is no object, by its dotted place; lists stay whole.
fn cells(value: &Value) -> Vec<(String, String)> {
    fn walk(at: &str, value: &Value, found: &mut Vec<(String, String)>) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let dot = if at.is_empty() { "" } else { "." };
                    walk(&format!("{at}{dot}{name}"), member, found);
                }
            }
            Value::Null => found.push((printable(at), String::new())),
            Value::String(text) => found.push((printable(at), printable(text))),
            other => found.push((printable(at), printable(&other.to_string()))),
        }
    }
    let mut found = Vec::new();
    walk("", value, &mut found);
    found
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn padded(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_hidden_at_any_depth() {
        let mut value = json!([{"a": {"card_number": "4111", "name": "x"}, "token": null}]);
        hide(&mut value);
        assert_eq!(
            value,
            json!([{"a": {"card_number": "(hidden)", "name": "x"}, "token": null}])
        );
    }

    #[test]
    fn a_table_has_every_column_and_no_control_characters() {
        let rows = json!([{"id": 1, "b": {"c": "é\u{1b}[2J\u{202e}"}}, {"id": 200, "d": [1, 2]}]);
        assert_eq!(
            text(&rows),
            "b.c     id   d\né\u{fffd}[2J\u{fffd}  1\n        200  [1,2]\n"
        );
        assert_eq!(text(&json!({"a": 1, "long": "x"})), "a     1\nlong  x\n");
        assert_eq!(text(&json!("x")), "  x\n");
    }
}
