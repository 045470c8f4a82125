//! Documents that are taken over, and the record of them.

use std::fs;

use xtask::vendor;

const GIVEN: &str = r#"{"openapi": "3.1.0", "info": {"title": "T", "version": "7"},
    "paths": {"/a": {}}}"#;

#[test]
fn only_openapi_3_with_paths_is_taken() {
    let check = |text: &str| vendor::check(&xtask::document::parse(text).unwrap());
    assert!(check(GIVEN).is_ok());
    for (given, finding) in [
        (r#"{"swagger": "2.0"}"#, "this is `Swagger 2.0`"),
        (r#"{"openapi": "3.0.1", "paths": {}}"#, "no paths"),
    ] {
        let refused = check(given).unwrap_err().to_string();
        assert!(refused.contains(finding), "{given}");
    }
}

#[test]
fn provenance_replaces_one_entry_and_keeps_the_head() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let (given, record) = (
        root.join("given.json"),
        root.join("spec/vendor/PROVENANCE.toml"),
    );
    fs::write(&given, GIVEN).unwrap();
    fs::create_dir_all(record.parent().unwrap()).unwrap();
    fs::write(&record, "# How it came.\n").unwrap();
    for (host, origin) in [
        ("payment", "transcribed"),
        ("biller", "transcribed"),
        ("payment", "the publisher"),
    ] {
        let [_, (_, known)] = vendor::taken(root, host, &given, Some(origin)).unwrap();
        fs::write(&record, known).unwrap();
    }
    let known = fs::read_to_string(&record).unwrap();
    assert!(known.starts_with("# How it came.\n\n[biller]\n"), "{known}");
    assert_eq!(known.matches("[payment]").count(), 1);
    assert_eq!(known.matches("the publisher").count(), 1);
    let known: toml::Table = known.parse().unwrap();
    let entry = |key: &str| known["payment"][key].as_str().unwrap();
    assert_eq!(entry("title"), "T");
    assert_eq!(entry("sha256").len(), 64);
    assert_ne!(entry("sha256"), entry("given_sha256"));
    let date: Vec<_> = entry("date").split('-').map(str::len).collect();
    assert_eq!(date, [4, 2, 2]);
}

#[test]
fn the_same_document_keeps_its_origin_and_its_day() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir_all(root.join("spec/vendor")).unwrap();
    let record = root.join("spec/vendor/PROVENANCE.toml");
    let take = |name: &str, text: &str, origin| {
        let given = root.join(name);
        fs::write(&given, text).unwrap();
        let [_, (_, known)] = vendor::taken(root, "payment", &given, origin).unwrap();
        fs::write(&record, &known).unwrap();
        known
    };
    let first = take("given.json", GIVEN, Some("the publisher"));
    let day = first.lines().find(|line| line.starts_with("date = "));
    fs::write(
        &record,
        first.replace(day.unwrap(), "date = \"2026-01-02\""),
    )
    .unwrap();
    // In another form, as YAML would be, it is the same document.
    let again = take("again.json", &format!("\u{feff}{GIVEN}"), None);
    assert!(again.contains("origin = \"the publisher\""), "{again}");
    assert!(again.contains("date = \"2026-01-02\""), "{again}");
    let other = take("other.json", &GIVEN.replace("\"7\"", "\"8\""), None);
    assert!(!other.contains("the publisher"), "{other}");
    assert!(!other.contains("2026-01-02"), "{other}");
}
