//! The operations and how far each is proven, as a table.

use crate::{document::text, lower::Lowered, pipeline::operations};

/// One line per operation, hosts and paths in order, and a line of totals.
pub fn table(lowered: &Lowered) -> String {
    let mut rows = Vec::new();
    for host in &lowered.hosts {
        for (path, method, operation) in operations(&host.document) {
            let metadata = &operation["x-singapay"];
            let of = |key| text(metadata, key).unwrap_or("-").to_owned();
            rows.push([
                host.name.clone(),
                text(operation, "operationId").unwrap_or("-").to_owned(),
                of("product"),
                of("effect"),
                of("evidence"),
                format!("{} {path}", method.to_uppercase()),
            ]);
        }
    }
    let mut table = String::new();
    let head = [
        "host",
        "operation",
        "product",
        "effect",
        "evidence",
        "request",
    ]
    .map(String::from);
    let widths: Vec<usize> = (0..head.len())
        .map(|column| {
            let cells = rows.iter().chain([&head]).map(|row| row[column].len());
            cells.max().unwrap_or_default()
        })
        .collect();
    for row in std::iter::once(&head).chain(&rows) {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"));
        table.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        table.push('\n');
    }
    let proven = rows.iter().filter(|row| row[4] == "live").count();
    let events = lowered.events["x-singapay-events"]
        .as_object()
        .map_or(0, serde_json::Map::len);
    table.push_str(&format!(
        "{} operations, {proven} of them live; {events} events\n",
        rows.len()
    ));
    table
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::lower::LoweredHost;

    #[test]
    fn every_operation_has_a_line() {
        let document = json!({"paths": {"/api/a": {
            "get": {"operationId": "get_a", "x-singapay": {
                "product": "as", "effect": "read", "evidence": "live"}},
            "post": {"operationId": "create_a"}}}});
        let lowered = Lowered {
            hosts: vec![LoweredHost {
                name: "payment".into(),
                document,
            }],
            events: json!({"x-singapay-events": {"a": {}}}),
        };
        let table = table(&lowered);
        let lines: Vec<_> = table.lines().collect();
        assert_eq!(
            lines[1],
            "payment  get_a      as       read    live      GET /api/a"
        );
        assert_eq!(
            lines[2],
            "payment  create_a   -        -       -         POST /api/a"
        );
        assert_eq!(lines[3], "2 operations, 1 of them live; 1 events");
    }
}
