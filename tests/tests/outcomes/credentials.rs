//! Tokens and signatures: missing, forbidden and rejected.

use singapay::{Delivery, ErrorKind, MoneyOutPolicy, Rupiah};

use singapay_tests::driver::Clients;

use super::*;

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
        // The one try was for the token.
        assert_eq!((calls.len(), ending.attempts()), (0, 1), "{payout:?}");
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
async fn every_payout_that_says_its_amount_is_held_to_the_policy() {
    let wire = Wire::start([]).await;
    let client = rig::client(wire.base_url());
    let policy = MoneyOutPolicy::new().max_amount(Rupiah::new(1));
    let clients = Clients {
        money_out: client.money_out(policy).unwrap(),
        client,
    };
    for payout in payouts::all() {
        let row = payout.operation.payout.unwrap();
        if row.amount.is_some() {
            let ending = payout.send(&clients).await;
            assert_eq!(ending.words(), "Err/NotSent", "{payout:?}");
            let error = ending.error().unwrap();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{payout:?}");
        }
    }
    assert_eq!(wire.connections(), 0);
}

#[tokio::test]
async fn a_rejected_token_is_replaced_once_and_the_request_signed_again() {
    for (rejection, of_payment) in [
        (reply(401, ""), false),
        (code(401, "SP013"), true),
        (code(400, "SP013"), true),
        (code(403, "SP013"), true),
    ] {
        // The biller has no such code.
        let is_meant = |payout: &Payout| !(of_payment && payout.is_bill());
        for payout in payouts::all().into_iter().filter(is_meant) {
            let steps = [
                TOKEN,
                rejection.clone().into(),
                Do::Token("token-2"),
                reply(200, &*payout.accepted).into(),
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
            assert_eq!((first.line(), &first.body), (second.line(), &second.body));
            let signatures = [first, second].map(|call| call.header("x-signature"));
            assert_eq!(
                signatures[0].is_some(),
                payout.operation.signed,
                "{payout:?}"
            );
            if payout.operation.signed {
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
    for (rejection, of_payment) in [(reply(401, ""), false), (code(400, "SP013"), true)] {
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
            if of_payment && payout.is_bill() {
                assert_eq!(ending.words(), "Unknown/Answered", "{payout:?}");
                assert_eq!((calls.len(), ending.attempts()), (1, 1), "{payout:?}");
                return;
            }
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
