//! The account transfer gives the original back when its reference is repeated, so it may be sent
//! again; what one of its requests left open, a later one does not close.

use singapay::Rupiah;

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
