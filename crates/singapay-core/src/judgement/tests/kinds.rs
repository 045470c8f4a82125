//! Kind of failure that each status is, and the time to wait after it.

use super::*;

#[test]
fn every_status_has_its_kind() {
    for (status, body, expected) in [
        (302, "", FailureKind::Redirect),
        (429, "", FailureKind::RateLimited),
        (502, "<html>", FailureKind::Gateway),
        (600, "", FailureKind::Gateway),
        (401, "", FailureKind::Credential),
        (403, "", FailureKind::Credential),
        (404, "", FailureKind::Refused),
        (422, "", FailureKind::Refused),
        (200, "", FailureKind::Decode),
        (200, "{", FailureKind::Decode),
    ] {
        assert_eq!(kind(&TRANSFER, status, body), expected, "{status}");
    }
    for (status, expected) in [
        (200, FailureKind::Decode),
        (302, FailureKind::Redirect),
        (400, FailureKind::Credential),
        (401, FailureKind::Credential),
        (422, FailureKind::Credential),
        (429, FailureKind::RateLimited),
        (502, FailureKind::Gateway),
    ] {
        assert_eq!(
            Failure::of_token(&answer(status, "")).kind,
            expected,
            "{status}"
        );
    }
    let refused = Failure::of_token(&answer(400, r#"{"code":"IP_NOT_ALLOWED"}"#));
    assert_eq!(refused.reason, Some(Reason::IpNotRegistered));
}

#[test]
fn the_wait_that_the_gateway_asks_for_is_read_in_both_forms() {
    let with = |text: &str, date: Option<&str>| {
        let mut answer = answer(429, "");
        answer
            .headers
            .insert(http::header::RETRY_AFTER, text.parse().unwrap());
        if let Some(date) = date {
            answer
                .headers
                .insert(http::header::DATE, date.parse().unwrap());
        }
        answer
    };
    let seconds = |seconds| Some(std::time::Duration::from_secs(seconds));
    let (noon, later) = (
        "Fri, 27 Nov 2026 12:00:00 GMT",
        "Fri, 27 Nov 2026 12:00:30 GMT",
    );
    assert_eq!(with("7", None).retry_after(None), seconds(7));
    assert_eq!(with(later, Some(noon)).retry_after(None), seconds(30));
    assert_eq!(with(later, None).retry_after(None), None);
    assert_eq!(with("soon", Some(noon)).retry_after(None), None);
    assert_eq!(answer(429, "").retry_after(None), None);
}
