//! How payouts end, whatever the network and the gateway do; and that none is ever sent twice.

#![allow(clippy::unwrap_used)]

use futures_util::future::join_all;
use singapay::{Delivery, ErrorKind, MoneyOutPolicy, Outcome, Rupiah};
use singapay_tests::{
    payouts::{self, Ending, Payout},
    rig,
    wire::{Do, Recorded, Wire, code, reply},
};

const TOKEN: Do = Do::Token("token-1");

/// One payout against these steps, and what arrived.
async fn run(payout: &Payout, steps: impl IntoIterator<Item = Do>) -> (Ending, Wire) {
    let wire = Wire::start(steps).await;
    let ending = (payout.send)(&rig::money_out(wire.base_url()), 3).await;
    (ending, wire)
}

/// The same for every payout at once; `check` sees each ending and the calls that arrived.
async fn each(steps: &[Do], check: impl Fn(&Payout, &Ending, &[Recorded])) {
    let all = payouts::all();
    let endings = join_all(all.iter().map(|payout| run(payout, steps.to_vec()))).await;
    for (payout, (ending, wire)) in all.iter().zip(&endings) {
        check(payout, ending, &wire.calls());
    }
}

/// Every payout ends like this, after one call.
async fn each_ends(steps: &[Do], expected: &str) {
    each(steps, |payout, ending, calls| {
        assert_eq!(ending.words(), expected, "{payout:?} after {steps:?}");
        assert_eq!(calls.len(), 1, "{payout:?} after {steps:?}");
        assert_eq!(ending.attempts(), 1, "{payout:?} after {steps:?}");
    })
    .await;
}

#[tokio::test]
async fn every_payout_can_be_accepted() {
    for payout in payouts::all() {
        let (ending, wire) = run(&payout, [TOKEN, reply(200, payout.accepted).into()]).await;
        assert_eq!(
            ending.words(),
            "Accepted/Answered",
            "{payout:?}: {ending:?}"
        );
        assert_eq!(
            (wire.calls().len(), wire.connections()),
            (1, 2),
            "{payout:?}"
        );
    }
}

#[tokio::test]
async fn a_connection_that_is_reset_before_the_request_is_read_leaves_it_unknown() {
    each(&[TOKEN, Do::ResetUnread], |payout, ending, calls| {
        assert_eq!(ending.words(), "Unknown/MaybeSent", "{payout:?}");
        assert_eq!((calls.len(), ending.attempts()), (0, 1), "{payout:?}");
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_ends_before_the_answer_leaves_it_unknown() {
    let cut = |text: &str| Do::Bytes(text.as_bytes().to_vec());
    for fault in [
        Do::Reset,
        Do::Close,
        cut("HTTP/1.1 200 OK\r\nconte"),
        cut("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"response_code\":\"SP003\"}"),
        cut("HTTP/1.1 422 X\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"suc"),
        cut("\x15\x03\x01 no http at all"),
    ] {
        each_ends(&[TOKEN, fault], "Unknown/MaybeSent").await;
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_leaves_it_unknown() {
    for payout in payouts::all() {
        let wire = Wire::start([TOKEN, Do::Silence]).await;
        let call = tokio::spawn((payout.send)(&rig::money_out(wire.base_url()), 3));
        wire.is_silent().await;
        // The request is out. From here on the only thing left is the timeout, a minute away.
        tokio::time::pause();
        let ending = call.await.unwrap();
        tokio::time::resume();
        assert_eq!(ending.words(), "Unknown/MaybeSent", "{payout:?}");
        assert_eq!(ending.error().unwrap().kind(), ErrorKind::Timeout);
        assert_eq!(wire.calls().len(), 1, "{payout:?}");
    }
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let all = payouts::all();
    let endings = join_all(all.iter().map(|payout| async move {
        let wire = Wire::start([Do::TokenThenGone("token-1")]).await;
        let ending = (payout.send)(&rig::money_out(wire.base_url()), 2).await;
        assert_eq!(wire.connections(), 1, "{payout:?}");
        ending
    }))
    .await;
    for (payout, ending) in all.iter().zip(endings) {
        assert_eq!(ending.words(), "Err/NotSent", "{payout:?}");
        assert_eq!(ending.error().unwrap().kind(), ErrorKind::Connect);
        assert_eq!(
            ending.attempts(),
            2,
            "{payout:?}: repeated within the budget"
        );
    }
}

#[tokio::test]
async fn without_a_token_nothing_was_sent() {
    let refused = reply(
        401,
        r#"{"status":401,"success":false,"error":{"code":401}}"#,
    );
    each(&[refused.into()], |payout, ending, calls| {
        assert_eq!(ending.words(), "Err/NotSent", "{payout:?}");
        let error = ending.error().unwrap();
        assert_eq!(error.kind(), ErrorKind::Credential);
        assert_eq!(error.status(), Some(401));
        assert_eq!((calls.len(), ending.attempts()), (0, 0), "{payout:?}");
    })
    .await;
}

#[tokio::test]
async fn what_the_policy_or_the_signature_forbids_is_not_sent() {
    let wire = Wire::start([]).await;
    let singapay = rig::client(wire.base_url());
    let policy = MoneyOutPolicy::new().max_amount(Rupiah::new(9_999));
    let bounded = singapay.money_out(policy).unwrap();
    let error = rig::topup(&bounded).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.delivery(), Delivery::NotSent);

    // PHP escapes U+2028, Rust does not: the signature could be of another text.
    let free = singapay.money_out(MoneyOutPolicy::new()).unwrap();
    let call = rig::topup(&free).reference_number("R\u{2028}1");
    let error = call.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Signing);
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert_eq!(wire.connections(), 0);
}

#[tokio::test]
async fn answers_that_prove_nothing_leave_it_unknown() {
    let html = "<html><body>502 Bad Gateway</body></html>";
    let mut answers = vec![
        reply(200, "{\"response_code\":\"SP000\",\"data\":{\"transac"),
        reply(
            200,
            r#"{"response_code":"SP000","response_message":"OK","data":null}"#,
        ),
        reply(
            200,
            r#"{"response_code":"SP000","response_message":"OK","data":{"notes":"x"}}"#,
        ),
        reply(200, r#"{"status":200,"success":true,"data":null}"#),
        reply(200, r#"{"status":200,"success":false,"message":"no"}"#),
        reply(200, r#"{"command":"x","response_code":"00","data":[]}"#),
        reply(200, "[]"),
        reply(200, ""),
        reply(200, html),
        reply(202, "{}"),
        reply(204, ""),
        reply(400, ""),
        reply(408, "{}"),
    ];
    for status in [301, 302, 303, 307, 308] {
        answers.push(reply(status, "").header("location", "/elsewhere"));
    }
    for status in [429, 500, 501, 502, 503, 504, 599] {
        answers.push(reply(status, html));
        answers.push(reply(status, r#"{"status":500,"success":false}"#));
        answers.push(code(status, "SP003"));
        answers.push(code(status, "SP000"));
    }
    for unclear in ["SP001", "SP002", "SP005", "SP019", "SP009", "SP777", "XX1"] {
        answers.push(code(200, unclear));
        answers.push(code(400, unclear));
    }
    for answer in answers {
        each_ends(&[TOKEN, answer.into()], "Unknown/Answered").await;
    }
}

#[tokio::test]
async fn refusals_are_refusals() {
    let mut answers = vec![
        reply(403, "<html>Forbidden</html>"),
        reply(
            403,
            r#"{"success":false,"message":"IP address not allowed"}"#,
        ),
        reply(404, "<html>Not Found</html>"),
        reply(
            404,
            r#"{"status":404,"success":false,"error":{"code":404,"message":"x"}}"#,
        ),
        reply(405, ""),
        reply(
            422,
            r#"{"status":422,"success":false,"error":{"code":422,"message":"x"}}"#,
        ),
        code(401, "SP016"),
        code(403, "SP403"),
        code(400, "4019900"),
    ];
    for refusal in [
        "SP003", "SP006", "SP007", "SP008", "SP010", "SP011", "SP012", "SP014", "SP015", "SP016",
        "SP017", "SP018", "SP020", "SP403",
    ] {
        answers.push(code(200, refusal));
        answers.push(code(400, refusal));
    }
    for answer in answers {
        each_ends(&[TOKEN, answer.into()], "Refused/Answered").await;
    }
}

#[tokio::test]
async fn a_known_reference_is_a_duplicate() {
    for status in [200, 400, 409] {
        each_ends(&[TOKEN, code(status, "SP004").into()], "Duplicate/Answered").await;
    }
    // Without a code, only where the reference is known to be refused the second time.
    each(
        &[TOKEN, reply(409, "{}").into()],
        |payout, ending, calls| {
            let unclear = payout.operation == "transfer_between_accounts" || payout.is_bill();
            let expected = if unclear {
                "Unknown/Answered"
            } else {
                "Duplicate/Answered"
            };
            assert_eq!(ending.words(), expected, "{payout:?}");
            assert_eq!(calls.len(), 1, "{payout:?}");
        },
    )
    .await;
}

#[tokio::test]
async fn a_rejected_token_is_replaced_once_and_the_request_signed_again() {
    for rejection in [
        reply(401, ""),
        code(401, "SP013"),
        code(400, "SP013"),
        code(403, "SP013"),
    ] {
        for payout in payouts::all() {
            let steps = [
                TOKEN,
                rejection.clone().into(),
                Do::Token("token-2"),
                reply(200, payout.accepted).into(),
            ];
            let (ending, wire) = run(&payout, steps).await;
            assert_eq!(ending.words(), "Accepted/Answered", "{payout:?}");
            assert_eq!(
                (ending.attempts(), wire.connections()),
                (2, 4),
                "{payout:?}"
            );
            let [first, second] = &wire.calls()[..] else {
                panic!("{payout:?}: two calls")
            };
            assert_eq!(first.header("authorization"), Some("Bearer token-1"));
            assert_eq!(second.header("authorization"), Some("Bearer token-2"));
            assert_eq!((&first.line, &first.body), (&second.line, &second.body));
            let signatures = [first, second].map(|call| call.header("x-signature"));
            assert_eq!(signatures[0].is_some(), payout.is_signed(), "{payout:?}");
            if payout.is_signed() {
                assert_ne!(
                    signatures[0], signatures[1],
                    "{payout:?}: a fresh signature"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_second_rejection_is_a_refusal() {
    for rejection in [reply(401, ""), code(400, "SP013")] {
        let rejection = || Do::Answer(rejection.clone());
        // There would be a third token, and a third answer.
        let steps = [
            TOKEN,
            rejection(),
            Do::Token("token-2"),
            rejection(),
            Do::Token("token-3"),
            rejection(),
        ];
        each(&steps, |payout, ending, calls| {
            assert_eq!(ending.words(), "Refused/Answered", "{payout:?}");
            assert_eq!(ending.error().unwrap().kind(), ErrorKind::Credential);
            assert_eq!((calls.len(), ending.attempts()), (2, 2), "{payout:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_rejection_under_a_status_that_proves_nothing_is_no_reason_to_send_again() {
    for status in [302, 429, 500, 502] {
        let steps = [
            TOKEN,
            code(status, "SP013").into(),
            Do::Token("token-2"),
            reply(200, rig::TOPUP_ACCEPTED).into(),
        ];
        each_ends(&steps, "Unknown/Answered").await;
    }
}

#[tokio::test]
async fn after_a_replaced_token_a_fault_is_still_unknown() {
    for fault in [Do::Close, Do::Reset] {
        let steps = [TOKEN, reply(401, "").into(), Do::Token("token-2"), fault];
        each(&steps, |payout, ending, calls| {
            assert_eq!(ending.words(), "Unknown/MaybeSent", "{payout:?}");
            assert_eq!((calls.len(), ending.attempts()), (2, 2), "{payout:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn without_a_second_token_the_rejection_stands() {
    let refused = || reply(401, "").into();
    each(&[TOKEN, refused(), refused()], |payout, ending, calls| {
        assert_eq!(ending.words(), "Refused/Answered", "{payout:?}");
        assert_eq!(calls.len(), 1, "{payout:?}");
    })
    .await;
}

#[tokio::test]
async fn a_kept_connection_that_died_never_makes_two_payouts() {
    for round in 0..20 {
        let body = r#"{"data":{"access_token":"t","expires_in":"3600"}}"#;
        let steps = [
            Do::AnswerThenDrop(reply(200, body)),
            reply(200, rig::TOPUP_ACCEPTED).into(),
        ];
        let (ending, wire) = run(&payouts::all()[0], steps).await;
        let calls = wire.calls().len();
        match ending {
            Ending::Accepted(_) => assert_eq!(calls, 1, "round {round}"),
            Ending::Unknown(_) => assert_eq!(calls, 0, "round {round}"),
            other => panic!("round {round}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn what_is_unresolved_says_whom_to_ask() {
    let wire = Wire::start([TOKEN, reply(502, "<html>lost</html>").into()]).await;
    let outcome = rig::topup(&rig::money_out(wire.base_url()))
        .send()
        .await
        .unwrap();
    assert!(outcome.may_have_moved());
    let Outcome::Unknown(unresolved) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(unresolved.operation(), "topup_ewallet");
    assert_eq!(unresolved.inquiry(), Some("get_ewallet_topup_status"));
    assert_eq!(unresolved.reference(), Some("R-1"));
    assert_eq!(unresolved.account_id(), Some(rig::ACCOUNT));
    assert_eq!(unresolved.error().raw_body().unwrap(), "<html>lost</html>");
}

#[tokio::test]
async fn accepted_is_not_paid() {
    let failed = rig::TOPUP_ACCEPTED
        .replace("03", "06")
        .replace("Pending", "Failed");
    let wire = Wire::start([TOKEN, reply(200, failed).into()]).await;
    let outcome = rig::topup(&rig::money_out(wire.base_url()))
        .send()
        .await
        .unwrap();
    let topup = outcome.accepted().unwrap();
    assert_eq!(topup.transaction_status.code.as_str(), "06");
}

/// The account transfer gives the original back when its reference is repeated, so it may be sent
/// again; what one of its requests left open, a later one does not close.
mod repeated {
    use super::*;

    async fn transfer(steps: impl IntoIterator<Item = Do>) -> (Ending, Wire) {
        let wire = Wire::start(steps).await;
        let result = rig::money_out(wire.base_url())
            .transfer_between_accounts(rig::ACCOUNT)
            .amount(Rupiah::new(10_000))
            .beneficiary_account_number("123456789012")
            .merchant_ref_no("M-1")
            .with_max_attempts(2)
            .send()
            .await;
        (result.into(), wire)
    }

    const ACCEPTED: &str =
        r#"{"status":200,"success":true,"data":{"transaction_id":"T1","status":"success"}}"#;

    #[tokio::test]
    async fn with_its_reference_it_is_sent_again() {
        for lost in [Do::Close, Do::Reset, reply(503, "").into()] {
            let (ending, wire) = transfer([TOKEN, lost, reply(200, ACCEPTED).into()]).await;
            assert_eq!(ending.words(), "Accepted/Answered");
            let calls = wire.calls();
            assert_eq!((calls.len(), &calls[0].body), (2, &calls[1].body));
        }
    }

    #[tokio::test]
    async fn a_later_refusal_does_not_prove_that_the_first_one_moved_nothing() {
        for lost in [Do::Close, reply(503, "").into()] {
            for later in [reply(403, ""), code(200, "SP003"), reply(422, "{}")] {
                let (ending, wire) = transfer([TOKEN, lost.clone(), later.into()]).await;
                assert_eq!(ending.words(), "Unknown/Answered");
                assert_eq!(wire.calls().len(), 2);
            }
        }
    }

    #[tokio::test]
    async fn a_later_failure_to_connect_does_not_mean_that_nothing_was_sent() {
        let (ending, wire) = transfer([TOKEN, Do::CloseThenGone]).await;
        assert_eq!(ending.words(), "Unknown/MaybeSent");
        assert_eq!(wire.calls().len(), 1);
    }
}
