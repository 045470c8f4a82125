//! Accounts that a credential may use.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Client, Receiver};
use serde_json::json;
use singapay_sandbox::{CredentialSeed, Payer, Sandbox, WebhookKind};

const ACCOUNTS: &str = "/api/v1.0/accounts";

#[tokio::test]
async fn an_assigned_account_is_closed_to_other_credentials() {
    let (default, own) = (Receiver::start().await, Receiver::start().await);
    for without_code in [false, true] {
        let sandbox = Sandbox::builder()
            .account("Assigned", 1_000_000)
            .credential(
                CredentialSeed::new("Cabang", "Assigned")
                    .webhook_url(WebhookKind::Transaction, own.url("/own"))
                    .webhook_url(WebhookKind::Disbursement, own.url("/own")),
            )
            .webhook_url_for_all(&default.url("/default"))
            .quirks(|q| q.access_denied_without_code = without_code)
            .start()
            .await
            .unwrap();
        sandbox.freeze_clock();
        let assigned = sandbox.accounts()[1].id.clone();
        let mut client = Client::of(&sandbox).await;
        let balance = format!("/api/v1.0/balance-inquiry/{assigned}");
        let mut topup = client.topup("R-1", 10_000);
        topup["account_id"] = json!(assigned);
        for refused in [
            client.get(&balance).await,
            client
                .signed("/api/v2.0/ewallet/trigger-topup", topup.clone())
                .await,
        ] {
            assert_eq!(refused.status, 403);
            if without_code {
                assert_eq!(
                    refused.body["error"]["message"],
                    "Access denied to this account."
                );
            } else {
                assert_eq!(refused.code(), "SP403");
                assert_eq!(
                    refused.body["response_message"],
                    "This account requires its own credential. Please use the account-specific API key."
                );
            }
        }
        client.credentials = sandbox.credentials_named("Cabang").unwrap();
        client.account.clone_from(&assigned);
        client.login().await;
        client.get(&balance).await.ok();
        let listed = client.get(ACCOUNTS).await.ok();
        assert_eq!(listed.as_array().unwrap().len(), 1);
        assert_eq!(
            client
                .get(&format!(
                    "/api/v1.0/balance-inquiry/{}",
                    sandbox.account_id()
                ))
                .await
                .status,
            403
        );
        client
            .signed("/api/v2.0/ewallet/trigger-topup", topup)
            .await
            .ok();
        let link = json!({
            "reff_no": "L-1", "payment_link_type": "total", "total_amount": 50_000,
        });
        client
            .post("/api/v2.0/payment-link/{account}", link)
            .await
            .ok();
        sandbox.pay_payment_link("L-1", Payer::default()).unwrap();
        sandbox.advance(Duration::from_secs(2)).await;
        // Money in is signed by the account's credential, money out by the Default one.
        let (own, default) = (own.arrivals(), default.arrivals());
        let (own, default) = (own.last().unwrap(), default.last().unwrap());
        assert_eq!(own.json()["event"], "payment-link-transaction");
        assert!(own.is_signed_by(&client.credentials));
        assert_eq!(default.json()["event"], "ewallet-topup");
        assert!(default.is_signed_by(sandbox.credentials()));
    }
}

#[tokio::test]
async fn a_new_account_belongs_to_the_specific_credential_that_made_it() {
    let sandbox = Sandbox::builder()
        .account("Assigned", 0)
        .credential(CredentialSeed::new("Cabang", "Assigned"))
        .start()
        .await
        .unwrap();
    let mut client = Client::of(&sandbox).await;
    client.credentials = sandbox.credentials_named("Cabang").unwrap();
    client.login().await;
    let made = client.post(ACCOUNTS, json!({"name": "Baru"})).await.ok();
    let path = format!("{ACCOUNTS}/{}", made["id"].as_str().unwrap());
    client.get(&path).await.ok();
    client.credentials = sandbox.credentials().clone();
    client.login().await;
    assert_eq!(client.get(&path).await.status, 403);
}
