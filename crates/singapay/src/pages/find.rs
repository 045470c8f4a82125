//! Finding by the merchant's own reference. The gateway has no such query, and some of its filters
//! look at another field than their name says, so lists are read to their end and compared here.

use crate::error::Error;

macro_rules! find_by {
    ($feature:literal, $module:ident::$handle:ident, $method:ident($list:ident), $row:ident.$field:ident, $about:literal) => {
        #[cfg(feature = $feature)]
        impl crate::$module::$handle {
            #[doc = $about]
            ///
            /// Reads the list of the account page by page, newest first, and compares here: no filter
            /// of the gateway is trusted. `Ok(None)` means proven absent, as
            /// [`Items::find`](crate::Items::find) does; the newest row counts where a reference was used
            /// more than once.
            ///
            /// # Errors
            ///
            /// Those of the list; [`ErrorKind::Paging`](crate::ErrorKind::Paging) when nothing was
            /// found and absence is not proven.
            pub fn $method(
                &self,
                account_id: &str,
                reference: &str,
            ) -> impl Future<Output = Result<Option<crate::types::$row>, Error>> + Send + use<>
            {
                let rows = self.$list(account_id).by_item();
                let reference = reference.to_owned();
                rows.find(move |row| row.$field.as_ref() == Some(&reference))
            }
        }
    };
}

find_by!(
    "payment-links",
    payment_links::PaymentLinks,
    find_by_reference(list),
    PaymentLinkV1.reff_no,
    "The payment link with this `reff_no`."
);
find_by!(
    "payment-link-histories",
    payment_link_histories::PaymentLinkHistories,
    find_by_link_reference(list),
    PaymentLinkHistory.payment_link_reff_no,
    "The newest attempt at the payment link with this `reff_no`. The gateway's own filter looks at \
     the attempt's reference instead (seen live)."
);
find_by!(
    "virtual-accounts",
    virtual_accounts::VirtualAccounts,
    find_by_reference(list),
    VirtualAccount.merchant_reff_no,
    "The virtual account with this `merchant_reff_no`."
);
find_by!(
    "va-transactions",
    va_transactions::VaTransactions,
    find_by_reference(list),
    VaTransaction.merchant_reff_no,
    "The payment into a virtual account with this `merchant_reff_no`."
);
find_by!(
    "qris",
    qris::Qris,
    find_by_reference(list),
    QrisTransaction.merchant_reff_no,
    "The QRIS code with this `merchant_reff_no`."
);
find_by!(
    "ewallets",
    ewallets::Ewallets,
    find_by_reference(list),
    EwalletTransaction.merchant_reff_no,
    "The e-wallet checkout with this `merchant_reff_no`."
);
find_by!(
    "account-transfers",
    account_transfers::AccountTransfers,
    find_by_reference(list),
    AccountTransfer.merchant_ref_no,
    "The transfer between accounts with this `merchant_ref_no`."
);
find_by!(
    "disbursements",
    disbursements::Disbursements,
    find_by_reference(list),
    DisbursementRecord.reference_number,
    "The disbursement with this `reference_number`."
);
