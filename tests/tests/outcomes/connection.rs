//! Connections that break, end or never come about.

use singapay::ErrorKind;

use super::*;

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
        let call = tokio::spawn(payout.send(&rig::clients(wire.base_url(), 3)));
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
        let ending = payout.send(&rig::clients(wire.base_url(), 2)).await;
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
async fn a_kept_connection_that_died_never_makes_two_payouts() {
    let topup = payouts::of("topup_ewallet");
    for round in 0..20 {
        let body = r#"{"data":{"access_token":"t","expires_in":"3600"}}"#;
        let steps = [
            Do::AnswerThenDrop(reply(200, body)),
            reply(200, &*topup.accepted).into(),
        ];
        let (ending, wire) = run(&topup, steps).await;
        let calls = wire.calls().len();
        match ending {
            Ending::Accepted(_) => assert_eq!(calls, 1, "round {round}"),
            Ending::Unknown(_) => assert_eq!(calls, 0, "round {round}"),
            other => panic!("round {round}: {other:?}"),
        }
    }
}
