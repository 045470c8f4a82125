//! Text of the review of a document, and end of the command.

use std::fs;

use serde_json::{Value, json};
use xtask::output;

use crate::support::{Copy, payment, properties, repository};

/// The review of the vendored document after this edit, and the status.
#[track_caller]
fn review(edit: impl FnOnce(&mut Value)) -> (String, Option<i32>) {
    let copy = Copy::new();
    let mut document = payment();
    edit(&mut document);
    copy.write("new.json", &document.to_string());
    let new = copy.path("new.json");
    let ran = copy.xtask(&["diff", "payment", new.to_str().unwrap()]);
    assert_eq!(ran.stderr, "");
    (ran.stdout, ran.status)
}

#[test]
fn every_verdict_has_a_status_of_its_own() {
    assert_eq!(
        review(|_| {}),
        ("**Verdict: nothing**\n".to_owned(), Some(0))
    );
    let notes = |length: u32| {
        move |document: &mut Value| {
            properties(document, "EwalletTriggerTopUpRequest")["notes"]["maxLength"] =
                json!(length);
        }
    };
    assert_eq!(review(notes(60)).1, Some(11));
    assert_eq!(review(notes(40)).1, Some(12));
    let described = |document: &mut Value| {
        properties(document, "EwalletTriggerTopUpRequest")["notes"]["description"] =
            json!("A note.");
    };
    assert_eq!(review(described).1, Some(10));
    assert_eq!(
        review(|document| document["openapi"] = json!("3.2.0")).1,
        Some(20)
    );
}

#[test]
fn an_overlay_that_cannot_be_read_is_no_verdict() {
    let copy = Copy::new();
    let overlay = copy.read("spec/overlays/payment.yaml");
    copy.write("spec/overlays/payment.yaml", &(overlay + "  bad: [\n"));
    copy.write("new.json", &payment().to_string());
    let new = copy.path("new.json");
    let ran = copy.xtask(&["diff", "payment", new.to_str().unwrap()]);
    assert_eq!(ran.status, Some(1));
    assert!(
        ran.stderr.contains("spec/overlays/payment.yaml"),
        "{}",
        ran.stderr
    );
    // The other hosts' are read with it: what both sides cannot be made of stays to do.
    copy.write("spec/overlays/payment.yaml", &repository_overlay("payment"));
    copy.write("spec/overlays/biller.yaml", "bad: [");
    let ran = copy.xtask(&["diff", "payment", new.to_str().unwrap()]);
    assert_eq!(ran.status, Some(20));
    assert!(
        ran.stdout.contains("spec/overlays/biller.yaml"),
        "{}",
        ran.stdout
    );
}

fn repository_overlay(host: &str) -> String {
    fs::read_to_string(repository().join(format!("spec/overlays/{host}.yaml"))).unwrap()
}

#[test]
fn a_review_names_public_items_the_document_the_version_and_the_entry() {
    let (page, _) = review(|document| {
        properties(document, "EwalletTriggerTopUpRequest")["notes"]["maxLength"] = json!(40);
        for component in ["EwalletInquiryStatusData", "EwalletTriggerTopUpSuccessData"] {
            properties(document, component)["channel"] = json!({"type": "string"});
        }
    });
    insta::assert_snapshot!(page);
}

#[test]
fn what_is_to_do_names_the_overlay_and_its_line() {
    let (page, status) = review(|document| {
        let paths = document["paths"].as_object_mut().unwrap();
        paths.remove("/api/v2.0/ewallet/trigger-topup").unwrap();
        properties(document, "PaymentLinkManageData")["payment_url"]["type"] =
            json!(["string", "null"]);
    });
    assert_eq!(status, Some(20));
    let overlay = std::fs::read_to_string(repository().join("spec/overlays/payment.yaml")).unwrap();
    let line = |words: &str| {
        let start = page
            .find(words)
            .unwrap_or_else(|| panic!("{words}: {page}"));
        let around = &page[start..page[start..].find('\n').unwrap() + start];
        let number = around.split("spec/overlays/payment.yaml:").nth(1).unwrap();
        let number: String = number.chars().take_while(char::is_ascii_digit).collect();
        overlay
            .lines()
            .nth(number.parse::<usize>().unwrap() - 1)
            .unwrap()
    };
    let gone = "$.paths['/api/v2.0/ewallet/trigger-topup'].post";
    assert!(page.contains(&format!("{gone}: matches nothing")), "{page}");
    let first = "- [ ] spec/overlays/payment.yaml:";
    assert_eq!(line(first), format!("- target: {gone}"));
    let about = page
        .lines()
        .filter(|line| line.contains(gone) || line.contains("trigger-topup is gone"));
    assert_eq!(about.count(), 1, "{page}");
    assert!(
        page.contains("POST /api/v2.0/ewallet/trigger-topup is gone\n"),
        "{page}"
    );
    let null = line("properties/payment_url: an essential field may be null");
    assert!(
        null.starts_with("- target: $.paths['/api/v1.0/payment-link"),
        "{null}"
    );
}

#[test]
fn foreign_documents_are_compared_without_an_overlay() {
    let copy = Copy::new();
    let sample = repository().join("xtask/tests-data/foreign/dialect.json");
    let mut document = xtask::document::load(&sample).unwrap();
    let fields = properties(&mut document, "Thing").as_object_mut().unwrap();
    fields.remove("name").unwrap();
    copy.write("new.json", &document.to_string());
    let (old, new) = (sample, copy.path("new.json"));
    let ran = copy.xtask(&["diff", old.to_str().unwrap(), new.to_str().unwrap()]);
    assert_eq!(ran.status, Some(12));
    for item in [
        "client::types::Thing::name",
        "client::types::ThingRequest::name",
    ] {
        assert!(
            ran.stdout.contains(&format!("- `{item}`: removed\n")),
            "{}",
            ran.stdout
        );
    }
}

#[test]
fn whole_specifications_are_compared() {
    let (old, new) = (Copy::new(), Copy::new());
    let overlay = old.read("spec/overlays/payment.yaml");
    new.write(
        "spec/overlays/payment.yaml",
        &overlay.replacen("evidence: live\n", "evidence: documented\n", 1),
    );
    let arguments = [old.path(""), new.path("")];
    let arguments = arguments.each_ref().map(|path| path.to_str().unwrap());
    let ran = old.xtask(&["diff", arguments[0], arguments[1]]);
    assert_eq!(ran.status, Some(10), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn a_correction_that_somebody_saw_stand_is_no_work() {
    let copy = Copy::new();
    let mut document = payment();
    let path = "/api/v2.0/disbursement/transfer";
    let body = &mut document["paths"][path]["post"]["requestBody"]["content"]["application/json"];
    body["schema"]["properties"]["amount"]["type"] = json!("string");
    copy.write("new.json", &document.to_string());
    let new = copy.path("new.json");
    let ask = || copy.xtask(&["diff", "payment", new.to_str().unwrap()]);
    let place = format!("$.paths['{path}'].post.requestBody.content['application/json']");
    let target = format!("{place}.schema.properties.amount");
    let ran = ask();
    let told = "corrects what was published as \"number\", and is \"string\" now: type";
    assert!(
        ran.stdout.contains(&format!("{target}: {told}")),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.status, Some(20));
    let overlay = copy.read("spec/overlays/payment.yaml");
    let (before, after) = overlay
        .split_once(&format!("- target: {target}\n"))
        .unwrap();
    let after = after.replacen(
        "  x-evidence:\n",
        "  x-evidence:\n    against: [string]\n",
        1,
    );
    let overlay = format!("{before}- target: {target}\n{after}");
    copy.write("spec/overlays/payment.yaml", &overlay);
    assert_eq!(ask().status, Some(0));
}

/// What else calls an operation by its path is asked for where the comparison lists it.
#[test]
fn two_sources_alone_call_operations_by_their_paths() {
    let mut calling = Vec::new();
    for krate in [
        "singapay",
        "singapay-auth",
        "singapay-core",
        "singapay-store",
        "singapay-webhook",
    ] {
        let folder = repository().join("crates").join(krate).join("src");
        for path in output::files(&folder).unwrap() {
            let name = path
                .strip_prefix(repository())
                .unwrap()
                .display()
                .to_string();
            if name.contains("/generated/") || name.contains("test") {
                continue;
            }
            let source = fs::read_to_string(&path).unwrap();
            let code = source.split("#[cfg(test)]").next().unwrap_or_default();
            let code = code
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            if code.into_iter().any(|line| line.contains("\"/api/v")) {
                calling.push(name);
            }
        }
    }
    let known = [
        "crates/singapay/src/payouts/quote.rs",
        "crates/singapay-auth/src/token/http_source.rs",
    ];
    assert_eq!(calling, known);
}

#[test]
fn a_question_that_an_overlay_answers_is_asked_no_more() {
    let copy = Copy::new();
    let mut document = payment();
    let later = json!({"description": "Later"});
    document["paths"]["/api/v2.0/disbursement/transfer"]["post"]["responses"]["202"] = later;
    copy.write("new.json", &document.to_string());
    let new = copy.path("new.json");
    let ask = || copy.xtask(&["diff", "payment", new.to_str().unwrap()]);
    let page = ask().stdout;
    let question = page.lines().find_map(|line| line.strip_prefix("- [ ] "));
    let decided = json!([{"question": question.unwrap(), "x-evidence": {"level": "derived", "source": "a talk"}}]);
    let overlay = copy.read("spec/overlays/payment.yaml");
    let overlay = overlay.replacen(
        "\nactions:\n",
        &format!("\nx-decided: {decided}\nactions:\n"),
        1,
    );
    copy.write("spec/overlays/payment.yaml", &overlay);
    assert_eq!(ask().status, Some(0));
}
