//! Calls without an async runtime.

#![cfg(feature = "blocking")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use serde_json::json;
use singapay::{ChargeMethod, ErrorKind, Rupiah, Singapay, block_on};
use support::{Script, Step, answer, v1};

fn found(id: i64) -> Step {
    v1(json!({"id": id, "qr_data": "00", "status": "open"}))
}

fn page(number: i64) -> Step {
    answer(
        200,
        json!({"success": true, "data": [{"id": number, "qr_data": "00", "status": "open"}],
            "pagination": {"currentPage": number, "totalPages": 2}}),
    )
}

#[test]
fn a_call_needs_no_runtime() {
    let script = Script::new([found(7)]);
    let qr = script.client().qris().get(7).send_blocking().unwrap();
    assert_eq!((qr.id, qr.attempts()), (7, 1));
}

#[test]
fn a_charge_and_the_wait_for_it_need_no_runtime() {
    let paid = v1(json!({"id": 7, "qr_data": "00", "status": "paid"}));
    let script = Script::new([found(7), found(7), paid]);
    let client = script.client();
    let request = client
        .charges()
        .create()
        .reference("INV-1")
        .amount(Rupiah::new(150_000))
        .method(ChargeMethod::Qris);
    let charge = request.send_blocking().unwrap();
    assert!(charge.wait(&client).blocking().unwrap().is_paid());
    let refused = client
        .qris()
        .get(7)
        .account_id("no account")
        .wait()
        .blocking();
    assert!(!refused.unwrap_err().is_out_of_patience());
}

#[test]
fn a_blocking_call_within_another_is_refused_and_does_not_hang() {
    let client = Script::new([found(7)]).client();
    let inner = block_on(async move { Ok(client.qris().get(7).send_blocking()) });
    assert_eq!(inner.unwrap().unwrap_err().kind(), ErrorKind::Config);
}

#[test]
fn a_real_connection_is_refused_without_a_runtime() {
    let client = Singapay::builder().base_url("http://127.0.0.1:9");
    let client = client
        .credential("partner", "client", "secret")
        .account(support::ACCOUNT)
        .build()
        .unwrap();
    let error = client.qris().get(1).send_blocking().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
}

#[test]
fn many_threads_share_one_token() {
    let script = Script::new((0..8).map(found));
    let client = script.client();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| client.qris().get(1).send_blocking().unwrap());
        }
    });
    assert_eq!((script.count(), script.token_requests()), (8, 1));
}

#[tokio::test]
async fn inside_a_runtime_it_holds_up_the_thread_and_works() {
    let script = Script::new([found(7)]);
    assert_eq!(script.client().qris().get(7).send_blocking().unwrap().id, 7);
}

#[test]
fn lists_are_iterators() {
    let client = Script::new([page(1), page(2)]).client();
    let rows: Result<Vec<_>, _> = client.qris().list().by_item().blocking().collect();
    assert_eq!(rows.unwrap().len(), 2);
    let client = Script::new([page(1), answer(500, "")]).client();
    let pages: Vec<_> = client.qris().list().by_page().blocking().collect();
    assert_eq!(pages.len(), 2);
    assert!(pages[0].is_ok() && pages[1].is_err());
}

#[test]
fn a_search_can_be_waited_for() {
    let end = || {
        answer(
            200,
            json!({"success": true, "data": [], "pagination": {"currentPage": 3}}),
        )
    };
    // Pages that tell no total are read to an empty one, twice.
    let client = Script::new([page(1), page(2), end(), page(1), page(2), end()]).client();
    let found = block_on(client.qris().find_by_reference("INV")).unwrap();
    assert!(found.is_none());
}

#[test]
#[should_panic(expected = "the panic of a call")]
fn a_panic_comes_through() {
    let never = async { panic!("the panic of a call") };
    let _: Result<(), _> = block_on(never);
}
