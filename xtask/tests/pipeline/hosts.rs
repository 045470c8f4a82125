//! The way from the vendored documents of the hosts to the lowered ones.

use std::fs;

use tempfile::TempDir;
use xtask::{
    document::{self, operations},
    error::Result,
    lower::Absent,
    pipeline::{Pipeline, run},
};

use crate::support::{Copy, repository};

const GATEWAY: &str = include_str!("../../tests-data/gateway.json");
const OVERLAY: &str = include_str!("../../tests-data/gateway.yaml");

/// Runs the pipeline over the sample as the document of these hosts, each with its overlay.
fn run_with(hosts: &[(&str, &str)]) -> (TempDir, Result<Pipeline>) {
    let folder = tempfile::tempdir().unwrap();
    for (host, overlay) in hosts {
        for (path, text) in [
            (format!("spec/vendor/{host}.json"), GATEWAY),
            (format!("spec/overlays/{host}.yaml"), overlay),
        ] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    let pipeline = run(folder.path());
    (folder, pipeline)
}

#[test]
fn a_host_gives_its_document_its_events_and_its_report() {
    let (folder, pipeline) = run_with(&[("payment", OVERLAY)]);
    let (root, pipeline) = (folder.path(), pipeline.unwrap());
    let paths: Vec<_> = pipeline
        .outputs
        .iter()
        .map(|output| output.path.display().to_string())
        .collect();
    assert_eq!(
        paths,
        [
            "spec/lowered/payment.json",
            "spec/lowered/events.json",
            "spec/lowered/report.json"
        ]
    );
    assert_eq!(pipeline.lowered.hosts[0].name, "payment");
    assert!(pipeline.lowered.events["x-singapay-events"]["wallet-topup"].is_object());
    assert_eq!(run(root).unwrap().outputs, pipeline.outputs);
    assert_eq!(pipeline.lowered.absent, []);

    fs::write(
        root.join("spec/overlays/payment.yaml"),
        OVERLAY.replace("created_at", "made"),
    )
    .unwrap();
    let error = run(root).unwrap_err().to_string();
    assert_eq!(
        error,
        "overlay: spec/overlays/payment.yaml:31: $..properties.made: matches nothing"
    );
}

#[test]
fn an_operation_that_the_overlay_removes_is_listed_as_absent() {
    let absent = run(&repository()).unwrap().lowered.absent;
    let found = absent
        .iter()
        .find(|absent| absent.request.ends_with("/accounts/update-status/{id}"))
        .unwrap();
    assert_eq!(
        (found.host.as_str(), found.request.split(' ').next()),
        ("payment", Some("PATCH"))
    );
    assert!(found.reason.contains("404"), "{}", found.reason);
}

#[test]
fn requests_that_only_other_documents_print_are_listed_and_not_offered() {
    let lowered = run(&repository()).unwrap().lowered;
    for (method, path) in [
        ("delete", "/api/v1.0/qris-dynamic/{id}/delete"),
        ("post", "/api/v1.0/cardless-withdrawals/{account_id}"),
        (
            "patch",
            "/api/v1.0/cardless-withdrawals/{account_id}/cancel/{id}",
        ),
    ] {
        let request = document::request(method, path);
        let listed = |absent: &&Absent| absent.request == request;
        let found = lowered.absent.iter().find(listed).unwrap();
        assert!(
            found.reason.contains("never tried")
                || found.reason.contains("not tried")
                || found.reason.contains("404")
        );
        let offered = operations(&lowered.hosts[0].document);
        assert!(
            !offered
                .into_iter()
                .any(|(known, its, _)| known == path && its == method)
        );
    }
}

#[test]
fn two_hosts_may_not_describe_one_event_differently() {
    let (_, same) = run_with(&[("payment", OVERLAY), ("biller", OVERLAY)]);
    assert_eq!(
        same.unwrap().lowered.events["x-singapay-events"]
            .as_object()
            .unwrap()
            .len(),
        1
    );
    let other = OVERLAY.replace("event: wallet-topup, ", "event: another, ");
    let (_, differing) = run_with(&[("payment", OVERLAY), ("biller", &other)]);
    assert_eq!(
        differing.unwrap_err().to_string(),
        "lower: event or type `wallet-topup` comes from two hosts"
    );
}

#[test]
fn a_name_belongs_to_one_bank() {
    let run = |banks: &[(&str, &str)]| {
        let folder = tempfile::tempdir().unwrap();
        let rows = banks.iter().map(|(code, swift)| {
            format!("- {{code: '{code}', swift: [{swift}], names: [], evidence: public}}\n")
        });
        fs::create_dir_all(folder.path().join("spec")).unwrap();
        fs::write(
            folder.path().join("spec/banks.yaml"),
            rows.collect::<String>(),
        )
        .unwrap();
        run(folder.path())
    };
    assert!(run(&[("002", "AAAAIDJA"), ("003", "BBBBIDJA")]).is_ok());
    let banks = [("002", "AAAAIDJA"), ("02", "aaaaidja"), ("004", "A")];
    let expected = [
        "02: a bank code has three digits",
        "02: aaaaidja names two banks",
        "004: a SWIFT code has eight letters and digits",
    ];
    assert_eq!(run(&banks).unwrap_err().findings(), expected);
}

#[test]
fn the_overlaid_document_keeps_its_dialect_and_its_required_members() {
    let copy = Copy::new();
    let text = copy.xtask(&["overlaid", "payment"]).good();
    let document = document::parse(&text).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let operation = &document["paths"]["/api/v1.0/accounts"]["get"];
    assert_eq!(operation["operationId"], "list_accounts");
    let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
    assert!(!document::items(schema, "required").is_empty());
    copy.xtask(&["overlaid", "nowhere"]).refusal();
}
