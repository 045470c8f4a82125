//! Lowering as a whole, on a small document of ours and on a foreign one.

use serde_json::{Value, json};

use xtask::{
    document,
    lower::{Outcome, Profile, lower},
    published::Published,
};

const GATEWAY: &str = include_str!("../../tests-data/gateway.json");
const OVERLAY: &str = include_str!("../../tests-data/gateway.yaml");
const FOREIGN: &str = include_str!("../../tests-data/foreign.json");

fn gateway() -> Value {
    let document = document::parse(GATEWAY).unwrap();
    let published = Published::of("payment", &document, OVERLAY).unwrap();
    published.unmatched().unwrap();
    published.corrected
}

fn lowered() -> Outcome {
    lower(gateway(), Profile::Gateway).unwrap()
}

/// Problems that lowering finds in the small document of ours after `edit`.
fn problems(edit: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut document = gateway();
    edit(&mut document);
    lower(document, Profile::Gateway)
        .unwrap_err()
        .findings()
        .to_vec()
}

const OPERATION: &str = "/paths/~1api~1v2.0~1topup~1{account_id}/post";

fn at<'a>(document: &'a mut Value, rest: &str) -> &'a mut Value {
    document.pointer_mut(&format!("{OPERATION}{rest}")).unwrap()
}

fn request(document: &mut Value) -> &mut Value {
    at(
        document,
        "/requestBody/content/application~1json/schema/properties",
    )
}

fn generate(document: &Value) -> String {
    let document: openapiv3::OpenAPI = serde_json::from_value(document.clone()).unwrap();
    let mut settings = progenitor::GenerationSettings::new();
    settings.with_crate("singapay-core", progenitor::CrateVers::Any, None);
    let tokens = progenitor::Generator::new(&settings)
        .generate_tokens(&document)
        .unwrap();
    prettyplease::unparse(&syn::parse2(tokens).unwrap())
}

#[test]
fn the_whole_report_is_known() {
    insta::assert_snapshot!(document::to_text(&lowered().report.to_json()));
}

#[test]
fn the_whole_document_is_known() {
    insta::assert_snapshot!(document::to_text(&lowered().document));
}

#[test]
fn the_events_are_known() {
    insta::assert_snapshot!(document::to_text(&lowered().events.unwrap()));
}

#[test]
fn lowering_twice_gives_the_same_bytes() {
    assert_eq!(
        document::to_text(&lowered().document),
        document::to_text(&lowered().document)
    );
}

#[test]
fn the_generator_takes_our_document_and_names_our_types() {
    let code = generate(&lowered().document);
    for part in [
        "pub async fn topup_wallet",
        "ResponseValue<::singapay_core::envelope::V2<types::Topup>>",
        "pub amount: ::singapay_core::Money",
        "pub fee: ::std::option::Option<::singapay_core::Rupiah>",
        "pub phone: ::singapay_core::Sensitive",
        "pub items: ::std::option::Option<::std::vec::Vec<TopupItem>>",
        "::singapay_core::Nullable<::std::string::String>",
        "pub transaction_id: ::std::string::String",
    ] {
        assert!(code.contains(part), "{part}");
    }
    assert!(!code.contains("f64"));
    // A newtype per limited text would be the sign of limits that were left in.
    assert!(!code.contains("RequestNote"));
}

#[test]
fn the_generator_takes_a_foreign_document() {
    let outcome = lower(document::parse(FOREIGN).unwrap(), Profile::Foreign).unwrap();
    insta::assert_snapshot!(document::to_text(&outcome.report.to_json()));
    let code = generate(&outcome.document);
    for part in [
        "pub async fn list_pets",
        "pub async fn post_pets",
        "pub struct PetRequest",
        "pub struct Pet ",
    ] {
        assert!(code.contains(part), "{part}");
    }
    assert!(!code.contains("singapay_core"));
}

#[test]
fn metadata_is_demanded_and_read() {
    let found = problems(|document| {
        at(document, "")
            .as_object_mut()
            .unwrap()
            .remove("x-singapay");
    });
    assert!(found[0].ends_with("no `x-singapay` metadata"), "{found:?}");
    let found = problems(|document| at(document, "/x-singapay")["effect"] = json!("harmless"));
    assert!(found[0].contains("unknown variant `harmless`"), "{found:?}");
    let found = problems(|document| at(document, "/x-singapay")["efect"] = json!("read"));
    assert!(found[0].contains("unknown field `efect`"), "{found:?}");
    let found = problems(|document| *at(document, "/x-singapay/essential/1") = json!("status.x"));
    assert!(
        found[0].ends_with("essential field `x` is not there"),
        "{found:?}"
    );
}

#[test]
fn operation_ids_are_ours_and_unique() {
    let found = problems(|document| *at(document, "/operationId") = json!("triggerTopup"));
    assert!(found[0].contains("`triggerTopup` is not ours"), "{found:?}");
    let found = problems(|document| {
        let copy = document["paths"]["/api/v2.0/topup/{account_id}"].clone();
        document["paths"]["/api/v9/topup/{account_id}"] = copy;
    });
    let expected = format!(
        "#/paths/~1api~1v9~1topup~1{{account_id}}/post: \
         operationId `topup_wallet` is taken by #{OPERATION}"
    );
    assert_eq!(found, [expected]);
}

#[test]
fn numbers_and_free_forms_need_a_word() {
    let found = problems(|document| {
        request(document)["ratio"] = json!({"type": "number"});
        request(document)["rest"] = json!({"type": "object"});
        request(document)["any"] = json!({});
    });
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].contains("/any: free-form without a reason"));
    assert!(found[1].contains("/ratio: `type: number` that is no amount"));
    assert!(found[2].contains("/rest: free-form without a reason"));
}

#[test]
fn one_name_stands_for_one_shape() {
    let found = problems(|document| {
        request(document)["other"] = json!({"type": "object", "properties": {"a": {"type": "string"}},
            "x-singapay-type": "WalletVendor"});
    });
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("/properties/vendor: `WalletVendor` differs from the one at #"));
    assert!(found[0].contains("/properties/other"));
}

#[test]
fn unknown_marks_are_misspelt_marks() {
    let found = problems(|document| request(document)["note"]["x-singapay-nul"] = json!("x"));
    assert!(
        found[0].ends_with("/note/x-singapay-nul: no such mark for a schema"),
        "{found:?}"
    );
}

#[test]
fn what_the_generator_cannot_take_is_an_error_with_its_place() {
    type Edit = fn(&mut Value);
    let cases: [(Edit, &str); 11] = [
        (
            |d| d["paths"]["/pets"]["get"]["subscribe"] = json!({}),
            "`subscribe` is not supported",
        ),
        (
            |d| d["paths"]["/pets"]["get"]["parameters"][0]["in"] = json!("body"),
            "~1pets/get/parameters/0: a parameter without a known `in`",
        ),
        (
            |d| d["paths"]["/pets"]["get"]["parameters"][0]["style"] = json!("matrix"),
            "parameter style `matrix` is not supported",
        ),
        (
            |d| d["paths"]["pets"] = json!({}),
            "#/paths/pets: a path begins with `/`",
        ),
        (
            |d| d["components"]["schemas"]["Pet"] = json!("Pet"),
            "an object is expected here (Schema)",
        ),
        (|d| d["openapi"] = json!("2.0"), "version `2.0` is neither"),
        (
            |d| d["paths"]["/pets"] = json!([]),
            "an object is expected here (PathItem)",
        ),
        (
            |d| d["components"]["schemas"]["Pet"]["properties"]["tag"]["$ref"] = json!("#/no"),
            "reference `#/no` points to nothing",
        ),
        (
            |d| {
                d["components"]["schemas"]["Pet"]["properties"]["tag"] =
                    json!({"$ref": "#/components/schemas/No"});
            },
            "reference `#/components/schemas/No` points to nothing",
        ),
        (
            |d| d["components"]["schemas"]["Pet"]["properties"]["name"]["type"] = json!("file"),
            "type `file` is not supported",
        ),
        (
            |d| {
                d["components"]["schemas"]["Owner"]["allOf"][0] =
                    json!({"$ref": "#/components/schemas/Owner"});
            },
            "a cycle without a type",
        ),
    ];
    for (edit, expected) in cases {
        let mut document = document::parse(FOREIGN).unwrap();
        edit(&mut document);
        let error = lower(document, Profile::Foreign).unwrap_err().to_string();
        assert!(error.contains(expected), "{expected}: {error}");
    }
}

#[test]
fn nonsense_is_refused_and_never_panics() {
    let nonsense = [
        json!(null),
        json!([]),
        json!("x"),
        json!(7),
        json!({}),
        json!({"$ref": 1}),
    ];
    let base = document::parse(FOREIGN).unwrap();
    let mut places = Vec::new();
    collect(&base, String::new(), &mut places);
    for (index, place) in places.iter().enumerate() {
        let mut document = base.clone();
        *document.pointer_mut(place).unwrap() = nonsense[index % nonsense.len()].clone();
        // Only that it comes back matters here.
        let _ = lower(document, Profile::Foreign);
    }
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
