//! A redirect is never followed: a signed body, card number included, would go wherever the answer
//! points.

#![allow(clippy::unwrap_used)]

use httpmock::{Mock, MockServer};
use singapay::{Delivery, Error, ErrorKind};
use singapay_api::payment::types::{AccessToken, EwalletTopup};
use singapay_core::envelope::V1;
use singapay_tests::{generated::payment::MockServerExt, payouts::Ending, rig};

const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

fn token(server: &MockServer) -> Mock<'_> {
    let token: AccessToken =
        serde_json::from_str(r#"{"access_token":"t","token_type":"Bearer","expires_in":"3600"}"#)
            .unwrap();
    server.create_access_token(|when, then| {
        let _ = (when, then.success(200, &V1::new(token)));
    })
}

/// Answers to whoever follows, on the same host, with what the client hopes for.
fn elsewhere(server: &MockServer) -> Mock<'_> {
    server.mock(|when, then| {
        when.path("/elsewhere");
        then.status(200).body(rig::TOPUP_ACCEPTED);
    })
}

#[track_caller]
fn assert_redirect(error: &Error, status: u16, delivery: Delivery) {
    assert_eq!(error.kind(), ErrorKind::Redirect, "{status}");
    assert_eq!(error.status(), Some(status));
    assert_eq!(error.delivery(), delivery, "{status}");
}

#[tokio::test]
async fn a_signed_payout_is_not_redirected() {
    for status in STATUSES {
        let server = MockServer::start_async().await;
        let token = token(&server);
        let topup = server.topup_ewallet(|_, then| {
            let to = server.url("/elsewhere");
            then.into_inner().status(status).header("location", to);
        });
        let elsewhere = elsewhere(&server);
        let money_out = rig::money_out(&server.base_url());
        let ending = Ending::from(rig::topup(&money_out).send().await);
        assert_eq!(ending.words(), "Unknown/Answered", "{status}");
        assert_redirect(ending.error().unwrap(), status, Delivery::Answered);
        assert_eq!((token.calls(), topup.calls(), elsewhere.calls()), (1, 1, 0));
        assert_eq!(ending.attempts(), 1);
    }
}

#[tokio::test]
async fn an_unsigned_write_is_not_redirected() {
    for status in STATUSES {
        let server = MockServer::start_async().await;
        let _token = token(&server);
        let link = server.create_payment_link_v1(|_, then| {
            then.into_inner()
                .status(status)
                .header("location", "/elsewhere");
        });
        let elsewhere = elsewhere(&server);
        let singapay = rig::client(&server.base_url());
        let error = rig::link(&singapay).send().await.unwrap_err();
        assert_redirect(&error, status, Delivery::Answered);
        assert_eq!((link.calls(), elsewhere.calls()), (1, 0), "{status}");
    }
}

#[tokio::test]
async fn a_read_is_not_redirected() {
    for status in STATUSES {
        let server = MockServer::start_async().await;
        let _token = token(&server);
        let balance = server.get_merchant_balance(|_, then| {
            then.into_inner()
                .status(status)
                .header("location", "/elsewhere");
        });
        let elsewhere = elsewhere(&server);
        let singapay = rig::client(&server.base_url());
        let error = singapay.balances().merchant().send().await.unwrap_err();
        assert_redirect(&error, status, Delivery::Answered);
        assert_eq!((balance.calls(), elsewhere.calls()), (1, 0), "{status}");
    }
}

#[tokio::test]
async fn a_token_request_is_not_redirected() {
    for status in STATUSES {
        let server = MockServer::start_async().await;
        let token = server.create_access_token(|_, then| {
            then.into_inner()
                .status(status)
                .header("location", "/elsewhere");
        });
        let topup = server.topup_ewallet(|_, then| {
            let topup: EwalletTopup = serde_json::from_str(
                r#"{"transaction_id":"T","transaction_status":{"code":"03"}}"#,
            )
            .unwrap();
            then.success(200, &singapay_core::envelope::V2::new(topup));
        });
        let elsewhere = elsewhere(&server);
        let money_out = rig::money_out(&server.base_url());
        let error = rig::topup(&money_out).send().await.unwrap_err();
        assert_redirect(&error, status, Delivery::NotSent);
        assert_eq!((token.calls(), topup.calls(), elsewhere.calls()), (1, 0, 0));

        // Asked for by hand, it is a call like any other.
        let singapay = rig::client(&server.base_url());
        let error = singapay.tokens().create().send().await.unwrap_err();
        assert_redirect(&error, status, Delivery::Answered);
        assert_eq!((token.calls(), elsewhere.calls()), (2, 0), "{status}");
    }
}
