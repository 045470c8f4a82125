//! That a repeated reference gives the original back is documented of the account transfer, and was never
//! seen: like any payout, it is not sent again by itself.

use singapay::Rupiah;

use super::*;

#[tokio::test]
async fn a_transfer_is_not_sent_again_even_with_its_reference() {
    for (lost, expected) in [
        (Do::Close, "Unknown/MaybeSent"),
        (Do::Reset, "Unknown/MaybeSent"),
        (Do::CloseThenGone, "Unknown/MaybeSent"),
        (reply(503, "").into(), "Unknown/Answered"),
        (reply(429, "").into(), "Unknown/Answered"),
    ] {
        let wire = Wire::start([TOKEN, lost]).await;
        let result = rig::money_out(wire.base_url())
            .transfer_between_accounts()
            .amount(Rupiah::new(10_000))
            .beneficiary_account_number("123456789012")
            .merchant_ref_no("M-1")
            .with_max_attempts(2)
            .send()
            .await;
        assert_eq!(Ending::from(result).words(), expected);
        assert_eq!(wire.calls().len(), 1);
    }
}
