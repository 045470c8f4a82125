//! The account of a call: the client's own unless the call names another, wherever it travels.

use http::StatusCode;
use singapay::{Delivery, ErrorKind};
use singapay_tests::{
    driver::Clients,
    payouts::forget_what_was_asked,
    recorder::{Recorder, settings},
    rig::ACCOUNT,
    spec::{Document, HOSTS, Operation},
};

const OTHER: &str = "01K946KF851RK7FX075GJHBVKG";

/// The account that a call of a client with an account of its own sends.
async fn sent(operation: &Operation<'_>, named: Option<&str>) -> String {
    let mut given = operation.given(|input| input.required && input.name != "account_id");
    given.extend(named.map(|account| ("account_id".to_owned(), account.into())));
    let mut answer = operation.answer();
    forget_what_was_asked(operation.id, &mut answer["data"]);
    let recorder = Recorder::start(StatusCode::OK, &answer).await;
    let call = recorder.clients().call(operation.id, given);
    call.await.unwrap();
    let requests = recorder.calls();
    match operation.metadata("account").as_str() {
        Some("body") => {
            let body: serde_json::Value = serde_json::from_slice(&requests[0].body).unwrap();
            body["account_id"].as_str().unwrap().to_owned()
        }
        _ => {
            let mut places = operation.path.split('/').zip(requests[0].path().split('/'));
            let place = places.find(|(place, _)| *place == "{account_id}");
            place.unwrap().1.to_owned()
        }
    }
}

#[tokio::test]
async fn the_account_is_the_clients_own_unless_the_call_names_another() {
    let documents = HOSTS.map(Document::load);
    let mut count = 0;
    for operation in documents.iter().flat_map(Document::operations) {
        let inputs = operation.inputs();
        if !inputs.iter().any(|input| input.name == "account_id") {
            continue;
        }
        assert_eq!(sent(&operation, None).await, ACCOUNT, "{}", operation.id);
        let named = sent(&operation, Some(OTHER)).await;
        assert_eq!(named, OTHER, "{}", operation.id);

        let without = settings("http://127.0.0.1:9").build().unwrap();
        let given = operation.given(|input| input.required && input.name != "account_id");
        let error = Clients::of(without).call(operation.id, given).await;
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{}", operation.id);
        assert_eq!(error.field_errors()[0].field, "account_id");
        assert_eq!(error.delivery(), Delivery::NotSent);
        count += 1;
    }
    assert!(count > 45, "{count} operations");
}
