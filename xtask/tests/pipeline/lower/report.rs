//! The report that lowering gives.

use serde_json::json;

use xtask::{document::Pointer, lower::Report};

#[test]
fn changes_are_counted_and_grouped() {
    let report = Report::default();
    let operation = Pointer::parse("/paths/~1api~1a/post");
    report.change("money", &operation.child("requestBody"), "Rupiah");
    report.change("money", &operation.child("parameters"), "");
    report.change("security", &operation, "removed");
    report.change("security", &Pointer::parse("/security"), "");
    let expected = json!({
        "money": {"count": 2, "changes": {
            "/paths/~1api~1a/post": ["/parameters", "/requestBody: Rupiah"]}},
        "security": {"count": 2, "changes": {
            "": ["/security"], "/paths/~1api~1a/post": ["removed"]}},
    });
    assert_eq!(report.to_json(), expected);
}
