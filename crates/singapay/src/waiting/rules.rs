//! Rules for the end of a payment, product by product: the table at
//! [`PaymentState`](super::PaymentState), as code.

use std::time::Duration;

use singapay_core::Timestamp;

use super::Ending;

/// Time after its end for which an open payment is still waited for.
const GRACE: Duration = Duration::from_secs(60);

/// Statement of one answer about the payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReportedStatus {
    Ended(Ending),
    Open,
    /// A status, or a combination, that this version does not know.
    Unknown,
}

/// Fields that are read of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentSnapshot {
    pub(crate) status: ReportedStatus,
    pub(crate) expires_at: Option<Timestamp>,
}

impl PaymentSnapshot {
    /// With an end, unless the payment was over before it was made: then the end is none.
    fn until(status: ReportedStatus, end: Option<Timestamp>, start: Option<Timestamp>) -> Self {
        let expires_at = end.filter(|end| start.is_none_or(|start| start < *end));
        Self { status, expires_at }
    }

    pub(crate) fn ending(self, now: Timestamp) -> Option<Ending> {
        match (self.status, self.expires_at) {
            (ReportedStatus::Ended(ending), _) => Some(ending),
            (ReportedStatus::Open, Some(end)) if now >= end.plus(GRACE) => Some(Ending::Expired),
            _ => None,
        }
    }
}

/// The rule of one kind of answer.
pub trait Rule {
    fn snapshot(&self) -> PaymentSnapshot;
}

/// The instant of an optional time.
#[allow(unused_macros, reason = "not every build has a product with an end")]
macro_rules! instant {
    ($time:expr) => {
        $time.as_ref().and_then(|time| time.instant())
    };
}

/// The computed status where there is one, else the stored one.
fn current<'a, S>(stored: &'a S, computed: &'a Option<S>) -> &'a S {
    computed.as_ref().unwrap_or(stored)
}

fn open_or_expired(is_expired: Option<bool>) -> ReportedStatus {
    match is_expired {
        Some(true) => ReportedStatus::Ended(Ending::Expired),
        _ => ReportedStatus::Open,
    }
}

#[cfg(feature = "payment-links")]
mod links {
    use super::*;
    use crate::types::{PaymentLink, PaymentLinkStatus, PaymentLinkV1};

    macro_rules! rule {
        ($link:ident) => {
            impl Rule for $link {
                fn snapshot(&self) -> PaymentSnapshot {
                    let status = match current(&self.status, &self.status_computed) {
                        _ if instant!(self.payment_date).is_some() => {
                            ReportedStatus::Ended(Ending::Paid)
                        }
                        _ if !self.status.is_known() => ReportedStatus::Unknown,
                        // Paid at a time that cannot be read.
                        _ if self.payment_date.is_some() => ReportedStatus::Unknown,
                        // Used, so perhaps paid.
                        _ if self.current_usage.is_some_and(|usage| usage > 0) => {
                            ReportedStatus::Unknown
                        }
                        PaymentLinkStatus::Open => open_or_expired(self.is_expired),
                        PaymentLinkStatus::Expired => ReportedStatus::Ended(Ending::Expired),
                        PaymentLinkStatus::Closed if self.current_usage == Some(0) => {
                            ReportedStatus::Ended(Ending::Canceled)
                        }
                        _ => ReportedStatus::Unknown,
                    };
                    PaymentSnapshot::until(
                        status,
                        instant!(self.expired_at),
                        instant!(self.created_at),
                    )
                }
            }
        };
    }
    rule!(PaymentLink);
    rule!(PaymentLinkV1);
}

#[cfg(feature = "virtual-accounts")]
impl Rule for crate::types::VirtualAccount {
    fn snapshot(&self) -> PaymentSnapshot {
        use crate::types::{VirtualAccountKind, VirtualAccountStatus};

        let status = match self.status {
            _ if self.current_usage.is_some_and(|usage| usage > 0) => {
                ReportedStatus::Ended(Ending::Paid)
            }
            // Nothing else tells that it was not paid.
            _ if self.current_usage.is_none() => ReportedStatus::Unknown,
            VirtualAccountStatus::Active => ReportedStatus::Open,
            VirtualAccountStatus::Inactive => ReportedStatus::Ended(Ending::Canceled),
            VirtualAccountStatus::Expired => ReportedStatus::Ended(Ending::Expired),
            _ => ReportedStatus::Unknown,
        };
        // Nobody knows what a permanent one carries there.
        let ends = self.kind != Some(VirtualAccountKind::Permanent);
        // No answer tells when the account was made.
        PaymentSnapshot::until(status, instant!(self.expired_at).filter(|_| ends), None)
    }
}

#[cfg(feature = "qris")]
impl Rule for crate::types::QrisTransaction {
    fn snapshot(&self) -> PaymentSnapshot {
        use crate::types::QrisTransactionStatus::{Expired, Open, Paid, Settled};

        let computed = self.status_computed.as_ref();
        let is_paid = [Some(&self.status), computed]
            .into_iter()
            .flatten()
            .any(|status| matches!(status, Paid | Settled));
        let status = match current(&self.status, &self.status_computed) {
            _ if is_paid => ReportedStatus::Ended(Ending::Paid),
            _ if !self.status.is_known() => ReportedStatus::Unknown,
            Open => open_or_expired(self.is_expired),
            Expired => ReportedStatus::Ended(Ending::Expired),
            _ => ReportedStatus::Unknown,
        };
        PaymentSnapshot::until(status, instant!(self.expired_at), instant!(self.created_at))
    }
}

#[cfg(feature = "ewallets")]
impl Rule for crate::types::EwalletTransaction {
    fn snapshot(&self) -> PaymentSnapshot {
        use crate::types::EwalletTransactionStatus::{Canceled, Expired, Failed, Open, Success};

        let (stored, computed) = (self.status.as_ref(), self.status_computed.as_ref());
        let is_paid = [stored, computed].contains(&Some(&Success));
        let status = match computed.or(stored) {
            _ if is_paid => ReportedStatus::Ended(Ending::Paid),
            _ if stored.is_some_and(|stored| !stored.is_known()) => ReportedStatus::Unknown,
            Some(Open) => open_or_expired(self.is_expired),
            Some(Expired) => ReportedStatus::Ended(Ending::Expired),
            Some(Canceled) => ReportedStatus::Ended(Ending::Canceled),
            Some(Failed) => ReportedStatus::Ended(Ending::Failed),
            _ => ReportedStatus::Unknown,
        };
        PaymentSnapshot::until(status, instant!(self.expired_at), instant!(self.created_at))
    }
}

#[cfg(feature = "cards")]
impl Rule for crate::types::CardPaymentStatus {
    fn snapshot(&self) -> PaymentSnapshot {
        use crate::types::CardStatus;

        let status = match self.status {
            CardStatus::Success => ReportedStatus::Ended(Ending::Paid),
            CardStatus::Failed => ReportedStatus::Ended(Ending::Failed),
            CardStatus::Cancelled => ReportedStatus::Ended(Ending::Canceled),
            CardStatus::Refunded => ReportedStatus::Ended(Ending::Refunded),
            CardStatus::Pending | CardStatus::Processing => ReportedStatus::Open,
            _ => ReportedStatus::Unknown,
        };
        PaymentSnapshot {
            status,
            expires_at: None,
        }
    }
}

#[cfg(feature = "direct-debits")]
impl Rule for crate::types::DirectDebitTransaction {
    fn snapshot(&self) -> PaymentSnapshot {
        use crate::types::DirectDebitTransactionStatus as Status;

        let status = match self.status {
            Status::Success => ReportedStatus::Ended(Ending::Paid),
            Status::Failed => ReportedStatus::Ended(Ending::Failed),
            Status::Expired => ReportedStatus::Ended(Ending::Expired),
            Status::Pending | Status::PendingOtp => ReportedStatus::Open,
            _ => ReportedStatus::Unknown,
        };
        PaymentSnapshot {
            status,
            expires_at: None,
        }
    }
}

/// A payout: its end stands in the status alone.
#[allow(unused_macros, reason = "not every build pays out")]
macro_rules! payout {
    ($feature:literal, $state:ident, |$it:ident| $ending:expr, $open:expr) => {
        #[cfg(feature = $feature)]
        impl Rule for crate::types::$state {
            fn snapshot(&self) -> PaymentSnapshot {
                let $it = self;
                let status = match $ending {
                    Some(ending) => ReportedStatus::Ended(ending),
                    None if $open => ReportedStatus::Open,
                    None => ReportedStatus::Unknown,
                };
                PaymentSnapshot {
                    status,
                    expires_at: None,
                }
            }
        }
    };
    ($feature:literal, $state:ident) => {
        payout!(
            $feature,
            $state,
            |it| crate::resolve::ending_of_code(&it.transaction_status.code),
            it.transaction_status.code.is_known()
        );
    };
}

payout!("disbursements", Disbursement);
payout!("ewallet-topups", EwalletTopup);
payout!("qris-payouts", QrisPayment);
payout!(
    "disbursements",
    DisbursementRecord,
    |it| crate::resolve::ending_of_word(it.status.as_str()),
    it.status.is_known()
);
payout!(
    "account-transfers",
    AccountTransfer,
    |it| crate::resolve::ending_of_word(it.status.as_str()),
    it.status.is_known()
);
payout!(
    "bills",
    BillTransaction,
    |it| crate::resolve::ending_of_word(it.status.as_str()),
    it.status.is_known()
);
payout!(
    "cardless-withdrawals",
    CardlessWithdrawal,
    |it| it
        .status
        .as_ref()
        .and_then(|status| crate::resolve::ending_of_word(status.as_str())),
    it.status.as_ref().is_some_and(|status| status.is_known())
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_has_expired_a_minute_after_its_end() {
        let end = Timestamp::from_unix_seconds(1_700_000_000);
        let at = |status, millis| {
            let expires_at = Some(end);
            let now = Timestamp::from_unix_millis(end.unix_millis() + millis);
            PaymentSnapshot { status, expires_at }.ending(now)
        };
        assert_eq!(at(ReportedStatus::Open, 59_999), None);
        assert_eq!(at(ReportedStatus::Open, 60_000), Some(Ending::Expired));
        assert_eq!(at(ReportedStatus::Unknown, 60_000), None);
    }
}
