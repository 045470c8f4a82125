//! Documents of other services, written for these tests: what is generated and what is refused.

use std::path::PathBuf;

use serde_json::{Value, json};
use xtask::{document, foreign};

use crate::support::{Copy, repository};

fn data(name: &str) -> PathBuf {
    repository().join("xtask/tests-data/foreign").join(name)
}

fn sample(name: &str) -> Value {
    document::load(&data(name)).unwrap()
}

/// The client of a sample, with its blanks and line ends made equal.
#[track_caller]
fn client(name: &str) -> String {
    let source = foreign::reported(sample(name)).unwrap().0;
    source.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn assert_has(source: &str, parts: &[&str]) {
    for part in parts {
        assert!(source.contains(part), "{part}");
    }
}

#[test]
fn alternatives_parts_and_recursion_are_generated() {
    let source = client("choices.yaml");
    assert_has(
        &source,
        &[
            // The first of several successes with a body counts; a list in one text is text.
            "pub async fn list_shapes<'a>(",
            "ids: Option<&'a str>",
            "tags: Option<&'a ::std::vec::Vec<::std::string::String>>",
            "ResponseValue<::std::option::Option<::std::vec::Vec<types::Shape>>>",
            "pub async fn list_shapes_2<'a>(",
            "body: &'a types::ShapeRequest",
            "pub async fn get_trees_id<'a>(",
            // Received, alternatives are one object with the fields of all; sent, a choice.
            "pub struct Shape {",
            "pub radius: ::std::option::Option<f64>",
            "pub side: ::std::option::Option<i64>",
            "pub struct Job {",
            "pub done: ::std::option::Option<bool>",
            "pub waiting: ::std::option::Option<i64>",
            // Both sides of a type that is sent and received, recursion boxed.
            "pub enum ShapeRequest {",
            "pub struct CircleRequest {",
            "pub struct Tree {",
            "::std::boxed::Box<Tree>",
            "pub struct TreeList(",
            // Values that would share a name are numbered.
            "V1 = \"+1\", /// `-1` V1N2 = \"-1\", /// `1` V1N3 = \"1\"",
            "SelfValue = \"Self\"",
            "OtherValue = \"other\"",
        ],
    );
}

#[test]
fn what_only_31_has_is_generated() {
    let source = client("dialect.json");
    assert_has(
        &source,
        &[
            "pub async fn put_thing<'a>(",
            "pub version: crate::client::types::ThingRequestVersion",
            "pub maybe: ::std::option::Option<::std::boxed::Box<ThingRequest>>",
            "Option<::serde_json::Value>",
            "pub name: ::std::option::Option<::std::string::String>",
            "pub pair: ::std::option::Option<::std::vec::Vec<::serde_json::Value>>",
            // Webhooks have types of their own.
            "pub mod events {",
            "pub struct Thing {",
        ],
    );
}

#[test]
fn bodies_of_every_media_type_are_sent_as_the_document_says() {
    let source = client("bodies.json");
    let method = |name: &str| {
        let start = source.find(&format!("pub async fn {name}<'a")).unwrap();
        let rest = &source[start..];
        rest[..rest[10..]
            .find("pub async fn ")
            .map_or(rest.len(), |end| end + 10)]
            .to_owned()
    };
    assert_has(
        &method("upload"),
        &["body: ::reqwest::multipart::Form", ".multipart(body)"],
    );
    assert!(!method("upload").contains("octet-stream"));
    let replace = method("replace");
    assert_has(
        &replace,
        &[
            "body: B",
            "\"application/octet-stream\"",
            "ResponseValue<ByteStream>",
        ],
    );
    assert_has(
        &method("exchange"),
        &["\"application/jwt\"", "ResponseValue<ByteStream>"],
    );
    assert_has(&method("login"), &[".form_urlencoded(&body)?"]);
    assert_has(&method("both"), &[".json(&body)"]);
}

#[test]
fn every_reason_of_a_refusal_has_its_place_and_all_come_at_once() {
    let error = foreign::reported(sample("refused.json")).unwrap_err();
    let a = "#/paths/~1a~1{id}";
    for expected in [
        format!("{a}/get/parameters/1: a parameter without a known `in`"),
        format!(
            "{a}/get/responses/200/content/application~1json/schema: \
             reference `https://example.com/schemas.json#/A` is not supported here"
        ),
        "#/paths/b: a path begins with `/`".to_owned(),
        format!(
            "{a}/post/requestBody/content/application~1json/schema: \
             reference `#/components/schemas/Missing` points to nothing"
        ),
        format!(
            "{a}/post/responses/200/content/application~1json/schema/properties/never: \
             reference `#/components/schemas/Never` points to nothing"
        ),
        format!("{a}/delete/parameters/0/schema: type `file` is not supported"),
    ] {
        assert!(error.findings().contains(&expected), "{expected}\n{error}");
    }
}

#[test]
fn a_member_that_nobody_knows_is_refused_and_never_dropped() {
    for (place, key) in [
        ("", "subscriptions"),
        ("/paths/~1things/put", "retries"),
        (
            "/paths/~1things/put/requestBody/content/application~1json",
            "signature",
        ),
        ("/components", "things"),
    ] {
        let mut document = sample("dialect.json");
        document.pointer_mut(place).unwrap()[key] = json!({"any": "thing"});
        let error = foreign::reported(document).unwrap_err().to_string();
        let expected = format!("#{place}/{key}: `{key}` is not supported here");
        assert!(error.contains(&expected), "{error}");
    }
}

#[test]
fn generation_is_a_function_of_the_document() {
    for name in ["choices.yaml", "dialect.json", "bodies.json", "kinds.json"] {
        let (one, other) = (
            foreign::reported(sample(name)),
            foreign::reported(sample(name)),
        );
        assert!(one.unwrap() == other.unwrap(), "{name}");
    }
}

/// Damages every place of every sample in turn: a client or a refusal comes back, no panic.
#[test]
fn damaged_documents_are_generated_or_refused() {
    let damages = [
        json!(null),
        json!([]),
        json!("x"),
        json!(7),
        json!(true),
        json!({}),
        json!({"$ref": "#"}),
        json!({"$ref": "#/components/schemas/Nowhere"}),
        json!({"allOf": []}),
    ];
    let mut given_up = Vec::new();
    for (shift, name) in ["choices.yaml", "dialect.json", "bodies.json"]
        .into_iter()
        .enumerate()
    {
        let base = sample(name);
        let mut places = Vec::new();
        collect(&base, String::new(), &mut places);
        for (index, place) in places.iter().enumerate() {
            let mut document = base.clone();
            let damage = &damages[(index + shift) % damages.len()];
            *document.pointer_mut(place).unwrap() = damage.clone();
            if let Err(error) = foreign::reported(document)
                && error.to_string().contains("the generator gave up")
            {
                given_up.push(format!("{name}{place} {damage}: {error}"));
            }
        }
    }
    assert_eq!(given_up, Vec::<String>::new());
}

fn collect(value: &Value, at: String, places: &mut Vec<String>) {
    let escape = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(object) => object
            .iter()
            .for_each(|(key, value)| collect(value, format!("{at}/{}", escape(key)), places)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, value)| collect(value, format!("{at}/{index}"), places)),
        _ => {}
    }
    places.push(at);
}

#[test]
fn names_that_would_be_one_in_rust_stay_apart() {
    let source = client("fields.json");
    assert_has(
        &source,
        &[
            "rename = \"@id\"",
            "pub id: ",
            "pub id_2: ",
            "rename = \"a-b\"",
            "pub a_b_2: ",
            "pub a_b_3: ",
        ],
    );
    assert!(!source.contains("\\u{2}"));
    let source = client("parameters.json");
    assert_has(
        &source,
        &[
            "pub async fn call_new<'a>(",
            "pub async fn call_exec<'a>(",
            "pub async fn call_1a<'a>(",
            ".request(::reqwest::Method::OPTIONS, url)",
        ],
    );
}

#[test]
fn legal_spellings_are_taken_and_nothing_of_them_is_lost() {
    let source = client("spellings.yaml");
    assert_has(
        &source,
        &[
            // Merge keys, the only answer, definitions inside components, encoded references.
            "pub id: ::std::option::Option<::std::string::String>, #[serde(skip_serializing_if = \"::std::option::Option::is_none\")] pub name:",
            "pub async fn call_post<'a>(",
            "pub async fn only_default<'a>( &'a self, ) -> Result<ResponseValue<types::OuterDefsInner>",
            "pub inner: ::std::option::Option<",
            "pub count: ::std::option::Option<u64>",
            // One name in path and query, a local variable's name, names that differ in marks only.
            "id: &'a str, header_map_2: Option<&'a str>, id_2: Option<&'a str>",
            "\"header_map\", &header_map_2",
            "\"id\", &id_2",
            "pub struct Start {",
            "pub struct StartN2 {",
            "pub struct StartN3 {",
            // A success without a body beside one with a body.
            "ResponseValue<::std::option::Option<types::PageOrder>>",
            "204 => ResponseValue::empty(response).map(|()| None)",
            // Declared further members, beside a member of that name.
            "#[serde(flatten)] pub extra: ::std::collections::HashMap<::std::string::String, MoreRequestValue>",
            "#[serde(flatten)] pub extra: ::std::collections::HashMap<::std::string::String, MoreValue>",
            "rename = \"extra\"",
            "pub deepest: ::std::option::Option<",
            "pub d12: ::std::option::Option<",
            "pub z: ::std::option::Option<",
            // Of two lists of objects the first would be read always: its objects have all members.
            "pub struct ListsResponse { #[serde(skip_serializing_if = \"::std::option::Option::is_none\")] pub of_one:",
            "pub of_other: ::std::option::Option<",
            // Nor do members get lost that one of two objects declares without names.
            "pub of_second: ::std::option::Option<::std::string::String>, #[serde(flatten)] pub extra:",
            // What describes an object says nothing of a text.
            "pub text: ::std::option::Option<::std::string::String>",
            // An argument stays in its segment.
            "if leaves_its_place(&url[self.baseurl.len()..])",
        ],
    );
    let (_, report) = foreign::reported(sample("spellings.yaml")).unwrap();
    let left_out = report["left-out"]["changes"].to_string();
    for place in [
        "externalDocs",
        "/parameters/0/type: beside `schema`",
        "/properties/text/properties: beside `type: string`",
        "a webhook without a JSON body",
    ] {
        assert!(left_out.contains(place), "{place}: {left_out}");
    }
    // Each type of a body that is passed on as bytes.
    assert!(report["bytes"].to_string().contains("image~1gif"));
}

#[test]
fn what_is_odd_and_means_one_thing_is_taken_with_a_line_in_the_report() {
    let source = client("quirks.yaml");
    assert_has(
        &source,
        &[
            // The path as it is, and ids that are one name in Rust.
            "format!( \"{}/a//b///{}/\", self.baseurl, encode_path(& id.to_string()), )",
            "pub async fn get_thing<'a>( &'a self, id: &'a str, cookie: &'a str, x_kind: Option<&'a str>, )",
            "pub async fn get_thing_2<'a>( &'a self, id: &'a str,",
            "pub async fn get_thing_3<'a>( &'a self, id: &'a str, )",
            "header_map.append(\"Cookie\", cookie.to_string().try_into()?)",
            // The generator's spelling of the name of an enum.
            "pub e: ::std::option::Option<crate::client::types::One2Ne>",
            "pub enum One2Ne {",
            "pub rate: ::std::option::Option<::serde_json::Value>",
        ],
    );
    assert!(!source.contains("\u{2}"));
    // Rust takes none in a comment.
    let (source, report) = foreign::reported(sample("quirks.yaml")).unwrap();
    assert!(source.contains("one\nother\nthird"));
    let a = "/paths/~1a~1~1b~1~1~1{id}~1";
    for (rule, group, line) in [
        (
            "one-text",
            format!("{a}/get"),
            "/parameters/0: parts with `.` before each",
        ),
        (
            "one-text",
            format!("{a}/get"),
            "/parameters/2: `session=…` in the header `Cookie`, with `; ` between",
        ),
        (
            "one-text",
            format!("{a}/put"),
            "/parameters/0: parts with `;name=` before each",
        ),
        (
            "left-out",
            format!("{a}/get"),
            "/parameters/1: `thing.Id` is not in the path",
        ),
        (
            "left-out",
            format!("{a}/put"),
            "/requestBody/content/application~1x-www-form-urlencoded/encoding",
        ),
        (
            "left-out",
            "/webhooks/made/put".to_owned(),
            "the webhook is `post`",
        ),
        (
            "left-out",
            String::new(),
            "/components/schemas/Unused: no type, because nothing leads to it",
        ),
        (
            "values-dropped",
            format!("{a}/get"),
            "/parameters/4/schema: text in a path or a header: [\"x\",\"y\"]",
        ),
        ("operation-id", format!("{a}/put"), "get_thing_2"),
        ("operation-id", format!("{a}/post"), "get_thing_3"),
        (
            "owned-by-authentication",
            "/paths/~1a~1~1b~1~1~1{id}~1/servers".to_owned(),
            "left out",
        ),
        (
            "combination",
            String::new(),
            "/components/schemas/One2N/properties/rate: allOf: two parts contradict in `type`: anything",
        ),
    ] {
        let lines = &report[rule]["changes"][&group];
        assert!(
            document::items(&report[rule]["changes"], &group).contains(&json!(line)),
            "{rule} {line}: {lines}"
        );
    }
}

#[test]
fn what_has_no_meaning_is_refused_with_its_place() {
    let document = |paths: Value, schemas: Value| {
        json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths,
            "components": {"schemas": schemas}})
    };
    let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let gives = |schema: Value| {
        json!({"/a": {"get": {"responses": {"200": {"description": "",
            "content": {"application/json": {"schema": schema}}}}}}})
    };
    for (document, finding) in [
        (
            document(
                json!({"/orders": {"get": {"$ref": "other.yml"}}}),
                json!({}),
            ),
            "#/paths/~1orders/get: reference `other.yml` is not supported here",
        ),
        (
            document(json!({"/orders": {"$ref": "other.yml"}}), json!({})),
            "#/paths/~1orders: reference `other.yml` is not supported here",
        ),
        (
            document(gives(to("A")), json!({"A": to("B"), "B": to("A")})),
            "#/components/schemas/A: is itself, through references alone: a cycle without a type",
        ),
        (
            document(
                gives(to("A")),
                json!({"A": {"allOf": [to("A"), {"type": "object"}]}}),
            ),
            "#/components/schemas/A: is itself, through references alone: a cycle without a type",
        ),
        (
            json!({"swagger": "2.0", "info": {}, "paths": {"/a": {"get": {}}}, "definitions": {}}),
            "#/openapi: this is Swagger 2.0: convert it to OpenAPI 3 first",
        ),
    ] {
        let error = foreign::reported(document).unwrap_err();
        assert_eq!(error.findings().first().map(String::as_str), Some(finding));
    }
}

/// Slow: builds what clients depend on, then every client.
#[test]
#[ignore = "runs cargo check for every sample; for the full tier"]
fn what_is_generated_compiles() {
    let folder = data("");
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["foreign", "--check", folder.to_str().unwrap()])
        .output()
        .unwrap();
    let table = String::from_utf8(run.stdout).unwrap();
    assert!(!table.contains("does not compile"), "{table}");
    assert_eq!(table.matches("| compiles, ").count(), 9, "{table}");
}

#[test]
fn parts_tags_and_names_of_ours_lose_nothing_without_a_line() {
    let text = json!({"type": "string"});
    let group = "#/components/schemas/Group/properties/id";
    let failure = json!({"content": {"application/json": {"schema":
        {"$ref": "#/components/schemas/GatewayError"}}}});
    let document = json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"},
        "paths": {"/a/{id}": {"get": {
            "operationId": "a", "tags": [false], "responses": {"200": failure},
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"$ref": group}}],
        }}},
        "components": {"schemas": {
            "Group": {"type": "object", "properties": {"id": text, "name": text}},
            "GatewayError": {"type": "object", "properties": {"why": text}},
        }},
    });
    let (source, report) = foreign::reported(document).unwrap();
    let told = &report["left-out"]["changes"];
    let told = told.to_string();
    assert!(
        told.contains("Group: no type but for the parts that are referred to"),
        "{told}"
    );
    // What answers a failure is not theirs.
    assert!(source.contains("pub struct GatewayError"), "{source}");
    assert!(source.contains("Error<::serde_json::Value>"), "{source}");
}

#[test]
fn the_command_counts_and_names_what_it_refuses() {
    let folder = data("");
    let copy = Copy::new();
    let out = copy.path("out");
    let arguments = [
        "foreign",
        folder.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ];
    let ran = copy.xtask(&arguments);
    assert!(!ran.success, "one of them is refused");
    let table = ran.stdout;
    assert!(
        copy.read("out/choices_yaml.report.json")
            .contains("\"one-success\"")
    );
    assert_has(
        &table,
        &[
            "| bodies.json | 2 | 3.0.1 | 5 | generated,",
            "| choices.yaml | 4 | 3.0.3 | 3 | generated,",
            "| dialect.json | 3 | 3.1.0 | 1 | generated,",
            "| refused.json | 2 | 3.1.0 | 4 | refused, 6 places |",
            "9 of 10 generated",
            "choices.yaml: combination ",
            "  - #/paths/~1a~1{id}/",
        ],
    );
    copy.write("broken.json", "{\"openapi\": ");
    let broken = copy.path("broken.json");
    let ran = copy.xtask(&["foreign", broken.to_str().unwrap()]);
    assert!(!ran.success, "a document that cannot be read is refused");
    assert_has(
        &ran.stdout,
        &[
            "| broken.json | 1 | ? | 0 | refused, 1 places |",
            "EOF while parsing",
        ],
    );
}
