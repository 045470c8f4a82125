//! Operations that moved.

use serde_json::json;
use xtask::repair;

/// True if what the overlay says of the operation at one path follows it to the other.
fn follows(from: &str, to: &str) -> bool {
    let document = |path: &str| json!({"paths": {path: {"get": {}}}});
    let target = |path: &str| format!("$.paths['{path}'].get");
    let overlay = format!(
        "overlay: 1.0.0\ninfo: {{title: t, version: '1'}}\nactions:\n- target: {}\n  remove: true\n  \
         x-evidence: {{level: live, source: s}}\n",
        target(from)
    );
    let repaired = repair::overlay("payment", &overlay, &document(from), &document(to)).unwrap();
    assert_eq!(
        repaired.text.contains(&target(to)),
        !repaired.notes.is_empty()
    );
    !repaired.notes.is_empty()
}

#[test]
fn paths_are_compared_without_versions_names_and_slashes() {
    assert!(follows("/api/v2.0/a/{id}", "/api/v2.1/a/{key}/"));
    assert!(!follows("/api/v2.0/a", "/api/v2.0/b"));
    assert!(!follows("/api/vendor/a", "/api/v1/a"));
}
