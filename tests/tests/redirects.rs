//! A redirect is never followed: a signed body, card number included, would go wherever the answer
//! points.

#![allow(clippy::unwrap_used)]

use httpmock::{Method, Mock, MockServer};
use singapay::{Delivery, Error, ErrorKind};
use singapay_tests::{
    payouts::Ending,
    rig::{self, ACCOUNT, TOPUP_PATH},
};

const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];
const TOKEN_PATH: &str = "/api/v1.1/access-token/b2b";

fn token(server: &MockServer) -> Mock<'_> {
    server.mock(|when, then| {
        when.method(Method::POST).path(TOKEN_PATH);
        then.status(200).body(
            r#"{"status":200,"success":true,"data":{"access_token":"t","token_type":"Bearer","expires_in":"3600"}}"#,
        );
    })
}

/// Points whoever asks for this path elsewhere.
fn redirect<'a>(
    server: &'a MockServer,
    status: u16,
    method: Method,
    path: &str,
    location: &str,
) -> Mock<'a> {
    server.mock(|when, then| {
        when.method(method).path(path);
        then.status(status).header("location", location);
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
        let to = server.url("/elsewhere");
        let topup = redirect(&server, status, Method::POST, TOPUP_PATH, &to);
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
        let path = format!("/api/v1.0/payment-link-manage/{ACCOUNT}");
        let link = redirect(&server, status, Method::POST, &path, "/elsewhere");
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
        let path = "/api/v1.0/balance-inquiry";
        let balance = redirect(&server, status, Method::GET, path, "/elsewhere");
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
        let token = redirect(&server, status, Method::POST, TOKEN_PATH, "/elsewhere");
        let topup = server.mock(|when, then| {
            when.method(Method::POST).path(TOPUP_PATH);
            then.status(200).body(rig::TOPUP_ACCEPTED);
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
