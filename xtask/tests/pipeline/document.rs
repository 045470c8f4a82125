//! Documents as they are read and written.

use serde_json::{Value, json};
use xtask::{
    document::{self, Pointer, to_text},
    error::Result,
    yaml,
};

/// Reads a file with these bytes.
fn read(bytes: &[u8]) -> Result<Value> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, bytes).unwrap();
    document::load(file.path())
}

#[test]
fn pointers_escape_slashes_and_tildes() {
    let at = Pointer::root().child("paths").child("/api/~x").child(0);
    assert_eq!(at.to_string(), "#/paths/~1api~1~0x/0");
    let document = json!({"paths": {"/api/~x": [7]}});
    assert_eq!(document.pointer(at.as_str()), Some(&json!(7)));
}

#[test]
fn documents_are_told_by_what_is_in_them() {
    let json = json!({"a": [1, {"b": null}]});
    for text in [
        "{\"a\": [1, {\"b\": null}]}",
        "\u{feff} {\"a\":[1,{\"b\":null}]}",
        "a:\r\n  - 1\r\n  - b: ~\r\n",
        "\u{feff}# A comment.\na: [1, {b: null}]",
        "%YAML 1.2\n---\na: [1, {b: null}]\n",
        "{a: [1, {b: null}]}",
        "{\"a\": [1, {\"b\": null},], # A comment, and commas at the end, are YAML.\n}",
    ] {
        assert_eq!(read(text.as_bytes()).unwrap(), json, "{text}");
    }
    for (bytes, cause) in [
        (
            b"\xff\xfe{\0}\0".as_slice(),
            "this is UTF-16: save it as UTF-8",
        ),
        (b"\xff", "this is no UTF-8"),
        (b" \n", "the file is empty"),
        (b"<!DOCTYPE html>", "this is HTML or XML"),
        (b"{\"a\": 1 \"b\": 2}", "line 1 column"),
        (
            b"a: 1\nb: |\n  x\x08y\n",
            "line 3: control characters are not allowed",
        ),
        (
            b"{\"a\": {\"b\": 1,\n\"b\": 2}}",
            "`b` stands twice at line 2 column",
        ),
        (b"a:\n  b: 1\n  b: 2\n", "`b` stands twice at line 2 column"),
    ] {
        let refused = read(bytes).unwrap_err().to_string();
        assert!(refused.contains(cause), "{refused}");
    }
    // The reader of YAML would need minutes for it.
    for start in ["{\"a\": ", "a: ", "["] {
        let deep = start.to_owned() + &"[".repeat(100_000);
        let refused = read(deep.as_bytes()).unwrap_err().to_string();
        assert!(refused.contains("brackets stand deeper"), "{refused}");
    }
}

#[test]
fn text_has_sorted_keys_at_every_depth() {
    let document = json!({"b": [{"d": 1, "c": 2}], "a": {}});
    let text = to_text(&document);
    assert!(text.find("\"a\"") < text.find("\"b\""));
    assert!(text.find("\"c\"") < text.find("\"d\""));
    assert!(text.ends_with("}\n"));
    assert_eq!(document::parse(&text).unwrap(), document);
}

#[test]
fn yaml_reads_like_json() {
    let yaml = "responses:\n  200: {a: 1, b: -2.5, c: yes, d: null, e: 36893488147419103232}\n  \
                default: [x, true, .inf]\n";
    let json = json!({"responses": {
        "200": {"a": 1, "b": -2.5, "c": "yes", "d": null, "e": 36_893_488_147_419_103_232_f64},
        "default": ["x", true, null]}});
    assert_eq!(yaml::parse(yaml).unwrap(), json);
}

#[test]
fn merge_keys_are_merged() {
    let yaml = "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {<<: *a, y: 5}\nd:\n  <<: [*a, *b]\n";
    let read = yaml::parse(yaml).unwrap();
    assert_eq!(read["c"], json!({"x": 1, "y": 5}));
    assert_eq!(read["d"], json!({"x": 1, "y": 2, "z": 4}));
    assert!(
        yaml::parse("a: {<<: 1}")
            .unwrap_err()
            .to_string()
            .contains("merges objects")
    );
}

#[test]
fn a_mistake_has_its_place() {
    let error = yaml::parse("a: [1, 2").unwrap_err().to_string();
    assert!(error.contains("line 1"), "{error}");
}
