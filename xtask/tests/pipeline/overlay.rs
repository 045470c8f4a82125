//! Overlays: how they are read, and what they change.

use serde_json::{Value, json};
use xtask::overlay::{Applied, apply_matching, parse};

const HEAD: &str = "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n";

const EVIDENCE: &str =
    "x-evidence: {level: documented, source: 'documentation of request signing'}";

fn applied(document: &mut Value, actions: &str) -> Applied {
    let actions = actions.replace("EVIDENCE", EVIDENCE);
    let overlay = parse(&format!("{HEAD}{actions}")).unwrap();
    apply_matching(document, &overlay.actions)
}

/// The document after all actions, and the targets of those that changed nothing.
fn apply_text(mut document: Value, actions: &str) -> (Value, Vec<String>) {
    let applied = applied(&mut document, actions);
    assert_eq!(applied.unmatched, Vec::<String>::new());
    (document, applied.obsolete)
}

#[test]
fn update_merges_and_remove_removes() {
    let document = json!({"paths": {"/api/a": {"post": {
        "tags": ["x"], "old": 1, "items": [1, 2, 3]}}}});
    let (overlaid, obsolete) = apply_text(
        document,
        "- {target: \"$.paths['/api/a'].post\", update: {tags: [y], x: {y: 1}}, EVIDENCE}\n\
         - {target: \"$.paths['/api/a'].post.old\", remove: true, EVIDENCE}\n\
         - {target: \"$.paths['/api/a'].post.items[?@ < 3]\", remove: true, EVIDENCE}\n",
    );
    let expected = json!({"tags": ["x", "y"], "x": {"y": 1}, "items": [3]});
    assert_eq!(overlaid["paths"]["/api/a"]["post"], expected);
    assert_eq!(obsolete, Vec::<String>::new());
}

#[test]
fn an_action_sees_the_work_of_the_ones_before_it() {
    let (overlaid, _) = apply_text(
        json!({}),
        "- {target: $, update: {a: {}}, EVIDENCE}\n- {target: $.a, update: {b: 1}, EVIDENCE}\n",
    );
    assert_eq!(overlaid, json!({"a": {"b": 1}}));
}

#[test]
fn all_actions_without_a_match_are_listed() {
    let found = applied(
        &mut json!({"a": 1}),
        "- {target: $.b, remove: true, EVIDENCE}\n\
         - {target: $.a, remove: true, EVIDENCE}\n\
         - {target: $.c.d, update: {e: 1}, EVIDENCE}\n",
    );
    let expected = ["4: $.b: matches nothing", "6: $.c.d: matches nothing"];
    assert_eq!(found.unmatched, expected);
}

#[test]
fn an_update_that_changes_nothing_is_obsolete() {
    let (_, obsolete) = apply_text(
        json!({"a": {"enum": ["x", "y"], "b": {"c": 1}}}),
        "- {target: $.a, update: {enum: [y], b: {c: 1}}, EVIDENCE}\n",
    );
    assert_eq!(obsolete, ["$.a"]);
}

#[test]
fn a_scalar_cannot_be_updated() {
    let action = "- {target: $.a, update: {b: 1}, EVIDENCE}\n";
    let found = applied(&mut json!({"a": 1}), action);
    assert!(found.unmatched[0].contains("neither an object nor an array"));
}

fn findings(actions: &str) -> Vec<String> {
    parse(&format!("{HEAD}{actions}"))
        .unwrap_err()
        .findings()
        .to_vec()
}

#[test]
fn evidence_is_demanded_of_every_action() {
    let found = findings(
        "- {target: $.a, remove: true}\n\
         - {target: $.b, remove: true, x-evidence: {level: live, source: ' '}}\n\
         - {target: $.c, remove: true, x-evidence: {level: hearsay, source: s}}\n",
    );
    assert_eq!(found.len(), 3);
    assert_eq!(found[0], "4: \"$.a\": missing field `x-evidence`");
    assert_eq!(found[1], "5: \"$.b\": x-evidence names no source");
    assert!(found[2].contains("unknown variant `hearsay`"));
}

#[test]
fn misspelt_and_empty_actions_are_refused() {
    let evidence = "x-evidence: {level: live, source: s}";
    let found = findings(&format!(
        "- {{target: $.a, updat: {{}}, {evidence}}}\n- {{target: $.b, {evidence}}}\n"
    ));
    assert!(found[0].contains("unknown field `updat`"));
    assert!(found[1].contains("neither updates nor removes"));
}

#[test]
fn a_key_written_twice_is_refused() {
    let text = format!("{HEAD}- target: $.a\n  target: $.b\n  remove: true\n");
    assert!(parse(&text).unwrap_err().to_string().contains("duplicate"));
}

#[test]
fn another_version_is_refused() {
    let error = parse("overlay: 2.0.0\ninfo: {title: t, version: '1'}\nactions: []").unwrap_err();
    assert_eq!(error.to_string(), "overlay: version 2.0.0 is not 1.0.x");
}

#[test]
fn an_array_target_takes_the_update_as_one_entry() {
    let action = "- {target: $.a, update: {name: b}, EVIDENCE}\n";
    let (overlaid, _) = apply_text(json!({"a": [{"name": "a"}]}), action);
    assert_eq!(overlaid["a"], json!([{"name": "a"}, {"name": "b"}]));
    let (again, obsolete) = apply_text(overlaid.clone(), action);
    assert_eq!(again, overlaid);
    assert_eq!(obsolete, ["$.a"]);
}

#[test]
fn scalars_and_kinds_are_replaced_within_objects() {
    let document = json!({"a": {"type": ["string", "null"], "maxLength": 4}});
    let action = "- {target: $.a, update: {type: string, maxLength: 8}, EVIDENCE}\n";
    let (overlaid, _) = apply_text(document, action);
    let expected = json!({"type": "string", "maxLength": 8});
    assert_eq!(overlaid["a"], expected);
}
