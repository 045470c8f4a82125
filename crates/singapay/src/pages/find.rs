//! Finding by the merchant's own reference. The gateway has no such query, and some of its filters
//! look at another field than their name says, so lists are read to their end and compared here.

use crate::error::Error;

macro_rules! find_by {
    ($feature:literal, $module:ident::{$handle:ident, $list:ident}, $method:ident -> $row:ident.$field:ident, $about:literal) => {
        #[cfg(feature = $feature)]
        impl crate::$module::$handle {
            #[doc = $about]
            ///
            /// Reads the list of the client's own account page by page, newest first, and compares here: no
            /// filter of the gateway is trusted. `Ok(None)` means proven absent, as
            /// [`Items::find`](crate::Items::find) does; the newest row counts where a reference was used
            /// more than once. The builder of the list has the same method, for another account and for
            /// options of the calls.
            ///
            /// # Errors
            ///
            /// Those of the list; [`ErrorKind::Paging`](crate::ErrorKind::Paging) when nothing was
            /// found and absence is not proven.
            pub fn $method(
                &self,
                reference: &str,
            ) -> impl Future<Output = Result<Option<crate::types::$row>, Error>> + Send + use<>
            {
                self.list().$method(reference)
            }
        }

        #[cfg(feature = $feature)]
        impl crate::$module::$list {
            #[doc = $about]
            ///
            /// As the method of the product that has the same name; a filter narrows the search.
            ///
            /// # Errors
            ///
            /// As there.
            pub fn $method(
                self,
                reference: &str,
            ) -> impl Future<Output = Result<Option<crate::types::$row>, Error>> + Send + use<>
            {
                let reference = reference.to_owned();
                let rows = self.by_item();
                rows.find(move |row| row.$field.as_ref() == Some(&reference))
            }
        }
    };
}

find_by!(
    "payment-links",
    payment_links::{PaymentLinks, ListPaymentLinks},
    find_by_reference -> PaymentLinkV1.reff_no,
    "The payment link with this `reff_no`."
);
find_by!(
    "payment-link-histories",
    payment_link_histories::{PaymentLinkHistories, ListPaymentLinkHistories},
    find_by_link_reference -> PaymentLinkHistory.payment_link_reff_no,
    "The newest attempt at the payment link with this `reff_no`. The gateway's own filter looks at \
     the attempt's reference instead (seen live)."
);
find_by!(
    "virtual-accounts",
    virtual_accounts::{VirtualAccounts, ListVirtualAccounts},
    find_by_reference -> VirtualAccount.merchant_reff_no,
    "The virtual account with this `merchant_reff_no`."
);
find_by!(
    "va-transactions",
    va_transactions::{VaTransactions, ListVaTransactions},
    find_by_reference -> VaTransaction.merchant_reff_no,
    "The payment into a virtual account with this `merchant_reff_no`."
);
find_by!(
    "qris",
    qris::{Qris, ListQris},
    find_by_reference -> QrisTransaction.merchant_reff_no,
    "The QRIS code with this `merchant_reff_no`."
);
find_by!(
    "ewallets",
    ewallets::{Ewallets, ListEwalletTransactions},
    find_by_reference -> EwalletTransaction.merchant_reff_no,
    "The e-wallet checkout with this `merchant_reff_no`."
);
find_by!(
    "account-transfers",
    account_transfers::{AccountTransfers, ListAccountTransfers},
    find_by_reference -> AccountTransfer.merchant_ref_no,
    "The transfer between accounts with this `merchant_ref_no`."
);
find_by!(
    "disbursements",
    disbursements::{Disbursements, ListDisbursements},
    find_by_reference -> DisbursementRecord.reference_number,
    "The disbursement with this `reference_number`."
);
