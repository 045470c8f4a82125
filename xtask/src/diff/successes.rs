//! A second success, which the one type of an operation's answers reads as well.

use serde_json::Value;

use crate::{document::members, repair};

/// The successes that came beside others and answer otherwise.
pub(super) fn come(host: &str, was: &Value, is: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (path, method, operation) in repair::operations(is) {
        let before = &was["paths"][path][method];
        let known: Vec<_> = successes(before).collect();
        let stays =
            successes(operation).any(|(status, _)| before["responses"].get(status).is_some());
        let read_alike = |one: &Value| {
            known
                .iter()
                .any(|(_, known)| known["content"] == one["content"])
        };
        for (status, one) in successes(operation) {
            if stays && before["responses"].get(status).is_none() && !read_alike(one) {
                let request = format!("{} {path}", method.to_uppercase());
                found.push(format!(
                    "{host}: {request} may answer {status} now, and otherwise: what does it mean?"
                ));
            }
        }
    }
    found
}

fn successes(operation: &Value) -> impl Iterator<Item = (&String, &Value)> {
    members(operation, "responses").filter(|(status, _)| status.starts_with('2'))
}
