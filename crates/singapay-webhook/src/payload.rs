use std::{borrow::Cow, fmt};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{answers::status_of_2025, events::*, kind::EventKind};

/// The whole body of an event, typed.
///
/// Optional members that are absent, null or of an unexpected form are `None`; members that no
/// type names are in `extra`.
#[derive(Clone)]
#[non_exhaustive]
pub enum Payload {
    /// A virtual account was paid.
    VaTransaction(Box<VaTransactionWebhook>),
    /// A generated QR code was paid.
    QrisAcquirerTransaction(Box<QrisAcquirerTransactionWebhook>),
    /// A payment through a payment link completed.
    PaymentLinkTransaction(Box<PaymentLinkTransactionWebhook>),
    /// An e-wallet checkout was paid.
    EwalletNativeTransaction(Box<EwalletNativeTransactionWebhook>),
    /// A bill of a subscription was paid or failed, or the plan changed: read `event`.
    SubscriptionCycle(Box<SubscriptionCycleWebhook>),
    /// A bank disbursement succeeded or failed: read `transaction_status`, which is also there if the
    /// event has the shape of 2025.
    Disbursement(Box<DisbursementWebhook>),
    /// An e-wallet top-up succeeded or failed: read `transaction_status`.
    EwalletTopup(Box<EwalletTopupWebhook>),
    /// A QRIS payment credit succeeded or failed: read `transaction_status`.
    QrisIssuer(Box<QrisIssuerWebhook>),
    /// A settlement is final, or a row of it was taken back, or that was undone: read `event`.
    Settlement(Box<SettlementWebhook>),
    /// A direct-debit binding or charge changed.
    DirectDebit(Box<DirectDebitWebhook>),
    /// A customer picked a method on a payment link, or an attempt expired.
    PaymentLinkInquiry(Box<PaymentLinkInquiryWebhook>),
    /// Products are past their expiry.
    ProductExpiration(Box<ProductExpirationWebhook>),
    /// Unpaid attempts expired.
    TransactionExpiration(Box<TransactionExpirationWebhook>),
    /// The text of the dashboard's "Test" button.
    DashboardTest(String),
    /// A known event without what makes it useful, as in shapes of 2025 and before. What it is
    /// about has to be read from the body, or asked from the gateway.
    Unreadable(Unreadable),
    /// An event that this version does not know.
    Unknown,
}

/// A known event lacks what makes it useful.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unreadable {
    /// Paths of the members that are missing. If none is: of those among which one has a form that
    /// cannot be read.
    pub members: Vec<&'static str>,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "missing or unreadable: {}", self.members.join(", "))
    }
}

impl Unreadable {
    fn of(kind: EventKind, json: &Value) -> Self {
        let members = kind.essential();
        let missing: Vec<_> = members
            .iter()
            .copied()
            .filter(|path| at(json, path).is_none())
            .collect();
        Self {
            members: if missing.is_empty() {
                members.to_vec()
            } else {
                missing
            },
        }
    }
}

/// The value at a path such as `data.transaction.status`; null counts as absent.
pub(crate) fn at<'a>(json: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.')
        .try_fold(json, |value, member| value.get(member))
        .filter(|value| !value.is_null())
}

/// The body, and in a disbursement of 2025 the status where it stands now.
fn with_status(kind: EventKind, json: &Value) -> Cow<'_, Value> {
    let Some(code) = status_of_2025(kind, json) else {
        return Cow::Borrowed(json);
    };
    let mut json = json.clone();
    json["data"]["transaction_status"] = json!({"code": code, "desc": json["data"]["status"]});
    Cow::Owned(json)
}

/// One list for everything that is the same for every known event.
macro_rules! typed {
    ($($variant:ident),+ $(,)?) => {
        impl Payload {
            /// The payload of an event of that kind.
            ///
            /// It is read from parsed JSON: there the last of two equal members counts, where a
            /// derived reader would refuse the whole body.
            pub(crate) fn of(kind: EventKind, json: &Value) -> Self {
                let json = &*with_status(kind, json);
                match kind {
                    $(EventKind::$variant => match Deserialize::deserialize(json) {
                        Ok(payload) => Self::$variant(Box::new(payload)),
                        Err(_) => Self::Unreadable(Unreadable::of(kind, json)),
                    },)+
                    EventKind::DashboardTest => Self::DashboardTest(
                        at(json, "data").and_then(Value::as_str).unwrap_or_default().to_owned(),
                    ),
                    EventKind::Unknown => Self::Unknown,
                }
            }
        }

        impl fmt::Debug for Payload {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant(payload) => {
                        f.debug_tuple(stringify!($variant)).field(payload).finish()
                    })+
                    Self::DashboardTest(_) => f.write_str("DashboardTest(..)"),
                    Self::Unreadable(unreadable) => {
                        f.debug_tuple("Unreadable").field(&unreadable.members).finish()
                    }
                    Self::Unknown => f.write_str("Unknown"),
                }
            }
        }
    };
}

typed!(
    VaTransaction,
    QrisAcquirerTransaction,
    PaymentLinkTransaction,
    EwalletNativeTransaction,
    SubscriptionCycle,
    Disbursement,
    EwalletTopup,
    QrisIssuer,
    Settlement,
    DirectDebit,
    PaymentLinkInquiry,
    ProductExpiration,
    TransactionExpiration,
);
