//! What the sandbox has no behaviour for is answered all the same: through the facade, from the document.

#![allow(clippy::unwrap_used)]

use std::fs;

use singapay::Singapay;
use singapay_sandbox::Sandbox;
use singapay_tests::{
    driver::{Clients, End},
    spec::{Document, HOSTS, root},
};

#[tokio::test]
async fn what_has_no_behaviour_in_the_sandbox_answers_its_example() {
    let sandbox = Sandbox::start().await.unwrap();
    let (key, biller) = (sandbox.credentials(), sandbox.biller_credentials());
    let secret = biller.client_secret.clone();
    let client = Singapay::builder()
        .base_url(sandbox.base_url())
        .credential(&key.partner_id, &key.client_id, key.client_secret.clone())
        .biller_credential(&biller.partner_id, &biller.client_id, secret)
        .account(sandbox.account_id())
        .build();
    let clients = Clients::of(client.unwrap());
    let table = root().join("crates/singapay-sandbox/src/generated/mod.rs");
    let table = fs::read_to_string(table).unwrap();
    let documents = HOSTS.map(Document::load);
    for operation in documents.iter().flat_map(Document::operations) {
        if table.contains(&format!("id: \"{}\"", operation.id)) {
            let given = operation.given(|input| input.required && input.name != "account_id");
            let end = clients.call(operation.id, given).await;
            let good = matches!(end, Ok(End::Accepted(1) | End::Response(1)));
            assert!(good, "{}: {end:?}", operation.id);
            let record = sandbox.requests().pop().unwrap();
            assert!(record.documented_only, "{record:?}");
            assert_eq!(record.operation, Some(operation.id));
        }
    }
}
