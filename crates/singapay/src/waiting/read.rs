//! The reads that can be waited with.

use std::future::Future;

use super::PaymentState;
use crate::{client::Singapay, error::Error, response::Response};

/// A read of one payment, repeated by [`Wait`](super::Wait). Implemented by the builders that have
/// `wait()`.
///
/// In the book: `docs/book/src/payments.md#charge`.
pub trait PaymentRead: Read<Data = Self::State> {
    /// Answer of the read.
    type State: PaymentState + Send + 'static;
}

/// The inside of it, for this crate alone.
pub trait Read: Clone + Send + Sync + 'static {
    type Data;
    fn client(&self) -> &Singapay;
    fn read(self) -> impl Future<Output = Result<Response<Self::Data>, Error>> + Send;
}

macro_rules! wait_with {
    ($feature:literal, $module:ident::$builder:ident -> $state:ident) => {
        #[cfg(feature = $feature)]
        impl Read for crate::$module::$builder {
            type Data = crate::types::$state;

            fn client(&self) -> &Singapay {
                self.call.client()
            }

            async fn read(self) -> Result<Response<Self::Data>, Error> {
                self.send().await
            }
        }

        #[cfg(feature = $feature)]
        impl PaymentRead for crate::$module::$builder {
            type State = crate::types::$state;
        }

        #[cfg(feature = $feature)]
        impl crate::$module::$builder {
            /// Reads until the payment has ended; the table at [`PaymentState`](crate::PaymentState)
            /// says when that is.
            pub fn wait(self) -> super::Wait<Self> {
                super::Wait::new(self)
            }
        }
    };
}

wait_with!("payment-links", payment_links::GetPaymentLink -> PaymentLink);
wait_with!("payment-links", payment_links::GetPaymentLinkV1 -> PaymentLinkV1);
wait_with!("virtual-accounts", virtual_accounts::GetVirtualAccount -> VirtualAccount);
wait_with!("qris", qris::GetQris -> QrisTransaction);
wait_with!("ewallets", ewallets::GetEwalletStatus -> EwalletTransaction);
wait_with!("cards", cards::GetCardStatus -> CardPaymentStatus);
wait_with!("direct-debits", direct_debits::GetDirectDebitTransaction -> DirectDebitTransaction);
wait_with!("disbursements", disbursements::GetDisbursementStatus -> Disbursement);
wait_with!("disbursements", disbursements::GetDisbursement -> DisbursementRecord);
wait_with!("ewallet-topups", ewallet_topups::GetEwalletTopupStatus -> EwalletTopup);
wait_with!("qris-payouts", qris_payouts::GetQrisStatus -> QrisPayment);
wait_with!("cardless-withdrawals", cardless_withdrawals::GetCardlessWithdrawal -> CardlessWithdrawal);
wait_with!("account-transfers", account_transfers::GetAccountTransfer -> AccountTransfer);
wait_with!("bills", bills::GetBillTransaction -> BillTransaction);
