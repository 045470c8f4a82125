//! The program of the chapter on payouts pays once, however often it is started.

include!("../../../docs/book/src/payout/main.rs");

mod tests {
    use std::time::Duration;

    use singapay::PayoutState;

    use super::*;

    #[tokio::test]
    async fn a_payout_is_paid_once_however_often_it_is_started() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("payouts.db");
        let (sandbox, singapay) = singapay_tests::book::sandbox().await.unwrap();
        for state in [PayoutState::Accepted, PayoutState::Paid, PayoutState::Paid] {
            let (money_out, payouts) = open(&singapay, &file).await.unwrap();
            submit(&money_out, &payouts).await.unwrap();
            assert_eq!(payouts.advance("PAY-1").await.unwrap().state(), state);
            sandbox.advance(Duration::from_secs(60)).await;
        }
        let sent = sandbox.requests();
        let sent = sent
            .iter()
            .filter(|one| one.operation == Some("transfer_disbursement"));
        assert_eq!(sent.count(), 1);
    }
}
