//! Requests that are sent again, and those that never are.

use singapay_core::{Delivery, Proof, TransportErrorKind as Kind};

use super::*;
use crate::testing::{Step, answer};

const FAILURES: [Kind; 4] = [
    Kind::Timeout,
    Kind::Interrupted,
    Kind::BodyTooLarge,
    Kind::InvalidRequest,
];

async fn attempts_of(operation: &'static Operation, body: &'static str, reply: Step) -> usize {
    let rig = rig(scripted([reply]));
    let _ = rig.call(operation, body).await;
    assert_eq!(rig.context.attempts() as usize, rig.calls());
    rig.calls()
}

#[tokio::test(start_paused = true)]
async fn reads_are_repeated_after_what_may_pass() {
    const READ_POST: Operation = Operation {
        method: "POST",
        ..READ
    };
    for status in [429, 502, 503, 504] {
        assert_eq!(
            attempts_of(&READ, "", answer(status, "")).await,
            2,
            "{status}"
        );
        assert_eq!(
            attempts_of(&READ_POST, "{}", answer(status, "")).await,
            2,
            "{status}"
        );
    }
    for status in [200, 301, 302, 307, 308, 400, 403, 404, 409, 422, 500, 501] {
        assert_eq!(
            attempts_of(&READ, "", answer(status, "")).await,
            1,
            "{status}"
        );
    }
    for (kind, attempts) in FAILURES.into_iter().zip([2, 2, 1, 1]) {
        assert_eq!(
            attempts_of(&READ, "", Step::Break(kind)).await,
            attempts,
            "{kind:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn everything_else_is_sent_once() {
    const WRITE: Operation = Operation {
        method: "POST",
        effect: Effect::Write,
        reference: None,
        signed: false,
        ..TOPUP
    };
    const CARD: Operation = Operation {
        effect: Effect::MoneyIn,
        ..WRITE
    };
    let body = r#"{"reference_number":"R1"}"#;
    for operation in [&TOPUP, &WRITE, &CARD] {
        for status in [307, 400, 403, 409, 422, 429, 500, 502, 503, 504] {
            assert_eq!(
                attempts_of(operation, body, answer(status, "")).await,
                1,
                "{status}"
            );
        }
        for kind in FAILURES {
            assert_eq!(
                attempts_of(operation, body, Step::Break(kind)).await,
                1,
                "{kind:?}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_connect_that_failed_is_repeated_whatever_the_effect() {
    for kind in [Kind::Connect, Kind::ConnectTimeout] {
        let body = r#"{"reference_number":"R1"}"#;
        assert_eq!(attempts_of(&TOPUP, body, Step::Break(kind)).await, 2);
        let rig = rig(scripted([0; 9].map(|_| Step::Break(kind))));
        let error = rig.topup().await.unwrap_err();
        assert_eq!(
            (error.delivery(), rig.calls()),
            (Delivery::NotSent, 3),
            "within the budget"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_replay_that_returns_the_original_is_as_good_as_a_read() {
    let with = r#"{"amount":1,"request_id":"M1"}"#;
    for status in [429, 502, 503, 504] {
        assert_eq!(attempts_of(&CHECK, with, answer(status, "")).await, 2);
    }
    assert_eq!(
        attempts_of(&CHECK, with, Step::Break(Kind::Timeout)).await,
        2
    );
    // Without the reference, a second copy is a second transfer.
    for without in [
        r#"{"amount":1}"#,
        r#"{"request_id":""}"#,
        r#"{"request_id":" "}"#,
        r#"{"request_id":null}"#,
        r#"{"request_id":7}"#,
    ] {
        assert_eq!(
            attempts_of(&CHECK, without, Step::Break(Kind::Timeout)).await,
            1
        );
        assert_eq!(attempts_of(&CHECK, without, answer(503, "")).await, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_rejected_token_is_replaced_once_and_the_call_signed_again() {
    for (status, body) in [
        (401, ""),
        (401, r#"{"response_code":"SP013"}"#),
        (
            401,
            r#"{"response_code":"SP013","data":{"errors":{"amount":["x"]}}}"#,
        ),
        (401, r#"{"response_code":"SP013","data":{}}"#),
        (401, r#"{"success":false,"error":{"code":401}}"#),
        (200, r#"{"response_code":"SP013","data":null}"#),
        (403, r#"{"response_code":"SP013"}"#),
    ] {
        let rig = rig(scripted([
            answer(status, body),
            answer(200, r#"{"response_code":"SP000"}"#),
        ]));
        assert_eq!(
            rig.topup().await.unwrap().body,
            r#"{"response_code":"SP000"}"#
        );
        assert_eq!(
            rig.transport.header("authorization"),
            ["Bearer token-1", "Bearer token-2"]
        );
        let signatures = rig.transport.header("x-signature");
        assert_ne!(signatures[0], signatures[1]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_rejection_is_the_answer() {
    let rejected = || answer(401, "");
    let rig = rig(scripted([rejected(), rejected(), rejected()]));
    assert_eq!(rig.topup().await.unwrap().status, 401);
    assert_eq!((rig.calls(), rig.transport.token_count()), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn what_only_looks_like_a_rejected_token_is_the_answer() {
    for (status, body) in [
        // Nobody knows what these say.
        (401, r#"{"response_code":"SP777"}"#),
        (401, r#"{"response_code":"UNAUTHORIZED"}"#),
        (401, "<html>"),
        (401, "{\"response_code\":\"SP013\"}\0"),
        (401, "\u{feff}{}"),
        // These say that the request was processed, or may have been.
        (401, r#"{"response_code":"SP000"}"#),
        (401, r#"{"response_code":"SP001"}"#),
        (401, r#"{"response_code":"SP002"}"#),
        (401, r#"{"response_code":"SP005"}"#),
        (401, r#"{"response_code":"SP019"}"#),
        (401, r#"{"response_code":"5049900"}"#),
        (401, r#"{"command":"pulsa","response_code":"00"}"#),
        (401, r#"{"command":"pulsa","response_code":1}"#),
        (401, r#"{"command":"pulsa","response_code":"03"}"#),
        (401, r#"{"command":"pulsa","response_code":"05"}"#),
        (401, r#"{"command":"pulsa","response_code":"99"}"#),
        (401, r#"{"status":200,"success":true,"data":{}}"#),
        // And so do these, under the code of a rejected token.
        (
            200,
            r#"{"response_code":"SP013","success":true,"data":{"transaction_id":"T1"}}"#,
        ),
        (
            200,
            r#"{"response_code":"SP013","data":{"transaction_id":"T1"}}"#,
        ),
        (
            401,
            r#"{"response_code":"SP013","data":{"transaction_id":1}}"#,
        ),
        (401, r#"{"response_code":"SP013","transaction_id":"T1"}"#),
        (
            401,
            r#"{"response_code":"SP013","data":{"transaction_status":{"code":"03"}}}"#,
        ),
        (401, r#"{"response_code":"SP013","code":"SP000"}"#),
        (401, r#"{"response_code":"SP000","response_code":"SP013"}"#),
        (
            401,
            r#"{"data":{"transaction_id":"T1"},"data":{},"response_code":"SP013"}"#,
        ),
        (403, ""),
        (403, r#"{"response_code":"SP403"}"#),
        (200, r#"{"response_code":"SP000","note":"SP013"}"#),
        (429, r#"{"response_code":"SP013"}"#),
        (500, r#"{"response_code":"SP013"}"#),
        (307, r#"{"response_code":"SP013"}"#),
        (400, r#"SP013"#),
    ] {
        let rig = rig(scripted([answer(status, body)]));
        assert_eq!(rig.topup().await.unwrap().status, status);
        assert_eq!(
            (rig.calls(), rig.transport.token_count()),
            (1, 1),
            "{status} {body}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_call_that_is_refused_is_the_answer() {
    const TOKEN: Operation = Operation {
        method: "POST",
        authentication: Authentication::SchemeA,
        effect: Effect::Write,
        path: "/api/v1.1/access-token/b2b",
        ..READ
    };
    let rig = rig(scripted([]));
    rig.transport.tokens([answer(401, "")]);
    let uri = "https://pay.example/api/v1.1/access-token/b2b";
    assert_eq!(rig.send(&TOKEN, uri, "{}").await.unwrap().status, 401);
    assert_eq!(rig.transport.token_count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_policy_can_forbid_every_repetition() {
    for policy in [
        RetryPolicy::never(),
        RetryPolicy::default().with_max_attempts(0),
    ] {
        let transport = scripted([answer(503, "")]);
        let rig = rig_with(transport, CallOptions::default(), |builder| {
            builder.retry(policy)
        });
        assert_eq!(rig.read().await.unwrap().status, 503);
        assert_eq!(rig.calls(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_rejected_token_needs_budget_too() {
    let options = CallOptions {
        max_attempts: Some(1),
        ..CallOptions::default()
    };
    let rig = rig_with(scripted([answer(401, "")]), options, |b| b);
    assert_eq!(rig.topup().await.unwrap().status, 401);
    assert_eq!(rig.calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_refusal_survives_when_no_second_token_comes() {
    let rig = rig(scripted([answer(401, r#"{"message":"first"}"#)]));
    rig.transport.tokens([
        answer(200, r#"{"data":{"access_token":"t","expires_in":60}}"#),
        answer(403, ""),
    ]);
    assert_eq!(rig.topup().await.unwrap().body, r#"{"message":"first"}"#);
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_an_error_with_the_answer() {
    let rig = rig(scripted([]));
    rig.transport.tokens([answer(403, "ip")]);
    let error = rig.topup().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (CallErrorKind::Token, Delivery::NotSent)
    );
    assert_eq!(error.answer().unwrap().body, "ip");
    assert_eq!(rig.calls(), 0);
}

#[tokio::test(start_paused = true)]
async fn token_requests_are_repeated_within_bounds() {
    let rig = rig(scripted([]));
    rig.transport
        .tokens([Step::Break(Kind::Interrupted), answer(503, "")]);
    rig.topup().await.unwrap();
    assert_eq!(rig.transport.token_count(), 3);
    let rig = rig_with(scripted([]), CallOptions::default(), |b| b);
    rig.transport.tokens([0; 9].map(|_| answer(503, "")));
    assert!(rig.topup().await.is_err());
    assert_eq!(rig.transport.token_count(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_was_sent_stays_sent_when_the_next_attempt_gets_no_token() {
    let transport = scripted([answer(503, ""), answer(401, "")]);
    let rig = rig_with(transport, CallOptions::default(), |builder| builder);
    rig.transport.tokens([
        answer(200, r#"{"data":{"access_token":"t","expires_in":60}}"#),
        answer(403, ""),
    ]);
    let body = r#"{"request_id":"M1"}"#;
    let result = rig.call(&CHECK, body).await;
    assert_eq!(rig.calls(), 2);
    assert_eq!(result.unwrap().status, 503);
}

#[tokio::test(start_paused = true)]
async fn only_what_may_have_been_processed_makes_the_call_ambiguous() {
    for (first, ambiguous) in [
        (answer(503, ""), true),
        (Step::Break(Kind::Timeout), true),
        (Step::Break(Kind::Connect), false),
        (answer(401, ""), false),
    ] {
        let refused = r#"{"response_code":"SP018"}"#;
        let rig = rig(scripted([first, answer(422, refused)]));
        let body = r#"{"request_id":"M1"}"#;
        let answer = rig.call(&CHECK, body).await;
        assert_eq!(rig.calls(), 2);
        let judgement = answer.unwrap().judgement;
        let proof = judgement.failure().unwrap().proof;
        assert_eq!(proof == Proof::Nothing, ambiguous);
    }
}

#[tokio::test(start_paused = true)]
async fn a_payout_is_not_repeated_on_the_strength_of_a_promise() {
    const TRANSFER: Operation = Operation {
        id: "transfer_between_accounts",
        effect: Effect::MoneyOut,
        ..CHECK
    };
    let body = r#"{"request_id":"M1"}"#;
    for status in [429, 502, 503, 504] {
        let sent = attempts_of(&TRANSFER, body, answer(status, "")).await;
        assert_eq!(sent, 1, "{status}");
    }
    for kind in FAILURES {
        assert_eq!(
            attempts_of(&TRANSFER, body, Step::Break(kind)).await,
            1,
            "{kind:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_code_rejects_a_token_only_at_its_own_host() {
    const BILL: Operation = Operation {
        id: "pay_prepaid",
        host: Host::Biller,
        signed: false,
        envelope: Envelope::Biller,
        reference: None,
        ..TOPUP
    };
    for status in [200, 401] {
        let body = r#"{"response_code":"SP013"}"#;
        let sent = attempts_of(&BILL, "{}", answer(status, body)).await;
        assert_eq!(sent, 1, "{status}");
    }
    let rejected = r#"{"status":401,"success":false,"error":{"code":401}}"#;
    assert_eq!(attempts_of(&BILL, "{}", answer(401, rejected)).await, 2);
}

#[tokio::test(start_paused = true)]
async fn a_refused_signature_is_not_repeated_and_costs_the_token() {
    for code in ["SP016", "4019900"] {
        let body = match code {
            "SP016" => r#"{"response_code":"SP016"}"#,
            _ => r#"{"response_code":"4019900"}"#,
        };
        let rig = rig(scripted([answer(401, body)]));
        assert_eq!(rig.topup().await.unwrap().status, 401);
        assert_eq!((rig.calls(), rig.transport.token_count()), (1, 1), "{code}");
        rig.topup().await.unwrap();
        assert_eq!(
            rig.transport.header("authorization")[1],
            "Bearer token-2",
            "{code}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_may_have_been_rejected_serves_one_call_more_at_most() {
    for body in [
        "<html>401 Authorization Required</html>",
        "Unauthorized",
        r#"{"response_code":"4010001"}"#,
        r#"{"response_code":"SP013","data":{"transaction_id":"T1"}}"#,
    ] {
        let rig = rig(scripted([answer(401, body)]));
        assert_eq!(rig.topup().await.unwrap().status, 401);
        assert_eq!(rig.calls(), 1, "{body}");
        rig.topup().await.unwrap();
        let sent = rig.transport.header("authorization");
        assert_eq!(sent[1], "Bearer token-2", "{body}");
    }
    // A second rejection is not the token's fault: the next call keeps it.
    let rejected = || answer(401, "");
    let rig = rig(scripted([rejected(), rejected()]));
    rig.topup().await.unwrap();
    rig.topup().await.unwrap();
    assert_eq!(rig.transport.token_count(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_last_attempt_that_left_it_open_is_how_the_call_ended() {
    let unavailable = |body| answer(503, body);
    let body = r#"{"request_id":"M1"}"#;
    let connect = || Step::Break(Kind::Connect);
    let rejected = || answer(401, "");
    for (script, expected) in [
        ([unavailable("1"), unavailable("2"), connect()], Some("2")),
        ([connect(), unavailable("2"), connect()], Some("2")),
        ([unavailable("1"), rejected(), connect()], Some("1")),
        (
            [
                unavailable("1"),
                unavailable("2"),
                Step::Break(Kind::Timeout),
            ],
            None,
        ),
    ] {
        let rig = rig(scripted(script));
        let end = rig.call(&CHECK, body).await;
        assert_eq!(rig.calls(), 3);
        match (end, expected) {
            (Ok(answer), Some(expected)) => assert_eq!(answer.body, expected),
            (Err(error), None) => assert_eq!(error.delivery(), Delivery::MaybeSent),
            (end, _) => panic!("{end:?}"),
        }
    }
}
