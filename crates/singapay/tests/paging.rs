//! Lists as streams: parameters are kept, every spelling of metadata is read, nothing loops.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::pin::pin;

use futures_util::{StreamExt, TryStreamExt};
use http::{HeaderName, HeaderValue};
use serde_json::{Value, json};
use singapay::{ErrorKind, Reason, types::QrisTransactionStatus};
use support::{ACCOUNT, Script, Step, answer, refused};

fn qris(ids: std::ops::Range<i64>) -> Value {
    let row = |id| json!({"id": id, "qr_data": "00", "status": "open", "merchant_reff_no": format!("INV-{id}")});
    ids.map(row).collect()
}

fn list(rows: Value, beside: Value) -> Step {
    let mut body = json!({"status": 200, "success": true, "data": rows});
    for (name, value) in beside.as_object().unwrap() {
        body[name] = value.clone();
    }
    answer(200, body)
}

/// The same three pages, told in every spelling that the gateway is known to use.
fn spellings(page: u64) -> Vec<Value> {
    let camel = json!({"total": 7, "count": 3, "perPage": 3, "currentPage": page, "totalPages": 3, "links": {}});
    let snake = json!({"total": 7, "count": 3, "per_page": "3", "current_page": page, "total_pages": 3, "links": []});
    vec![
        json!({"pagination": camel}),
        json!({"pagination": snake}),
        json!({"pagination": [], "meta": {"pagination": camel}}),
        json!({"meta": snake}),
        json!({"pagination": {"currentPage": page, "totalPages": 3}}),
        json!({"pagination": {"total": 7}}),
        json!({"pagination": {}}),
        json!({}),
    ]
}

#[tokio::test]
async fn all_rows_come_once_in_every_spelling() {
    for spelling in 0..spellings(1).len() {
        let pages = [1..4, 4..7, 7..8].into_iter().zip(1..);
        let mut steps: Vec<Step> = pages
            .map(|(ids, page)| list(qris(ids), spellings(page).swap_remove(spelling)))
            .collect();
        steps.push(list(json!([]), json!({})));
        let script = Script::new(steps);
        let rows = script
            .client()
            .qris()
            .list()
            .by_item()
            .collect()
            .await
            .unwrap();
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        assert_eq!(ids, [1, 2, 3, 4, 5, 6, 7], "spelling {spelling}");
        let silent = spelling >= 6;
        assert_eq!(
            script.count(),
            if silent { 4 } else { 3 },
            "spelling {spelling}"
        );
    }
}

#[tokio::test]
async fn parameters_are_kept_from_page_to_page() {
    let meta = |page| json!({"pagination": {"currentPage": page, "totalPages": 4}});
    let script = Script::new((2..5).map(|page| list(qris(page..page + 1), meta(page))));
    let call = script
        .client()
        .qris()
        .list()
        .status(QrisTransactionStatus::Open)
        .per_page(1)
        .page(2);
    let call = call.with_header(
        HeaderName::from_static("x-trace"),
        HeaderValue::from_static("t"),
    );
    let mut pages = call.by_page();
    let mut numbers = Vec::new();
    while let Some(page) = pages.next().await {
        numbers.push(page.unwrap().page().unwrap().current_page.unwrap());
    }
    assert_eq!(numbers, [2, 3, 4]);
    assert!(pages.next().await.is_none(), "it has ended for good");
    for (sent, page) in script.sent().iter().zip(2..) {
        let (path, query) = sent.target.split_once('?').unwrap();
        assert_eq!(path, format!("/api/v1.0/qris-dynamic/{ACCOUNT}"));
        let mut parts: Vec<_> = query.split('&').collect();
        parts.sort_unstable();
        assert_eq!(
            parts,
            [&format!("page={page}"), "per_page=1", "status=open"]
        );
        assert_eq!(sent.header("x-trace"), Some("t"));
    }
}

#[tokio::test]
async fn pages_and_rows_are_streams() {
    let meta = |page| json!({"meta": {"current_page": page, "last_page": 2}});
    let steps = || [list(qris(1..3), meta(1)), list(qris(3..4), meta(2))];
    let pages = Script::new(steps()).client().qris().list().by_page();
    let sizes: Vec<_> = pages.map_ok(|page| page.len()).try_collect().await.unwrap();
    assert_eq!(sizes, [2, 1]);
    let mut rows = pin!(
        Script::new(steps())
            .client()
            .qris()
            .list()
            .by_item()
            .take(2)
    );
    assert_eq!(StreamExt::next(&mut rows).await.unwrap().unwrap().id, 1);
}

#[tokio::test]
async fn a_list_that_ignores_the_page_ends_with_an_error() {
    for meta in [
        json!({}),
        json!({"pagination": {"currentPage": 1, "totalPages": 9}}),
    ] {
        let script = Script::new(vec![list(qris(1..3), meta); 50]);
        let mut rows = script.client().qris().list().by_item();
        let mut ids = Vec::new();
        let error = loop {
            match rows.next().await.unwrap() {
                Ok(row) => ids.push(row.id),
                Err(error) => break error,
            }
        };
        assert_eq!(ids, [1, 2]);
        assert_eq!(
            (error.kind(), error.operation()),
            (ErrorKind::Paging, Some("list_qris"))
        );
        assert_eq!(script.count(), 2);
        assert!(rows.next().await.is_none());
    }
}

#[tokio::test]
async fn a_failed_page_ends_the_list() {
    let meta = json!({"pagination": {"currentPage": 1, "totalPages": 3}});
    let script = Script::new([list(qris(1..2), meta), refused(400, "SP403")]);
    let mut pages = script.client().qris().list().by_page();
    assert!(pages.next().await.unwrap().is_ok());
    let error = pages.next().await.unwrap().unwrap_err();
    assert_eq!(error.reason(), Some(Reason::AccountNeedsCredential));
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn a_reference_is_found_or_proven_absent() {
    let steps = |total: u64| {
        let meta = |page| json!({"pagination": {"total": total, "perPage": 3, "currentPage": page, "totalPages": 2}});
        [list(qris(1..4), meta(1)), list(qris(4..6), meta(2))]
    };
    let find =
        |script: &Script, reference: &str| script.client().qris().find_by_reference(reference);
    let script = Script::new(steps(5));
    let found = find(&script, "INV-2").await.unwrap().unwrap();
    assert_eq!(
        (found.id, script.count()),
        (2, 1),
        "no page is read for nothing"
    );
    assert!(
        !script.sent()[0].target.contains("INV"),
        "no filter is trusted"
    );

    let script = Script::new(steps(5));
    assert!(find(&script, "INV-22").await.unwrap().is_none());
    assert_eq!(script.count(), 2);

    let script = Script::new(steps(6));
    let error = find(&script, "INV-22").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Paging, "a row is missing: {error}");
    let [first, _] = steps(5);
    let error = find(&Script::new([first, answer(500, "")]), "INV-22")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Gateway);
    let rows = Script::new(steps(5).into_iter().skip(1))
        .client()
        .qris()
        .list()
        .page(2)
        .by_item();
    assert_eq!(
        rows.find(|row| row.id == 99).await.unwrap_err().kind(),
        ErrorKind::Paging
    );
}

#[tokio::test]
async fn the_billers_list_has_pages_too() {
    let page = |page, last, ids: &[&str]| {
        let rows: Vec<_> = ids.iter().map(|id| json!({"transaction_id": id})).collect();
        answer(
            200,
            json!({"command": "list-bill-transaction", "response_code": "00", "data": {
                "bill_transactions": rows,
                "pagination": {"current_page": page, "last_page": last, "per_page": 2, "total": 3},
            }}),
        )
    };
    let script = Script::new([page(1, 2, &["a", "b"]), page(2, 2, &["c"])]);
    let rows = script
        .client()
        .bills()
        .list_transactions()
        .by_item()
        .collect()
        .await
        .unwrap();
    let ids: Vec<_> = rows
        .iter()
        .map(|row| row.transaction_id.as_deref().unwrap())
        .collect();
    assert_eq!(ids, ["a", "b", "c"]);
    let asked: Vec<_> = script
        .sent()
        .iter()
        .map(|sent| sent.json()["data"]["page"].clone())
        .collect();
    assert_eq!(asked, ["1", "2"]);
}
