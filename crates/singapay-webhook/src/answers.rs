//! Statements of an event, no more than the facts prove; also of one whose payload is unreadable.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::{event::Event, events::TransactionStatusCode, kind::EventKind, payload::at, recognize};

/// The one status of a payment that means money received.
const PAID: &str = "paid";

impl Event {
    /// The reference that the merchant gave, to find the order or payout that this is about.
    ///
    /// Every channel has it elsewhere: payment links in `payment_link.reff_no`, virtual accounts in
    /// `transaction.reff_no`, QRIS and e-wallets in `transaction.merchant_reff_no` (an e-wallet payment
    /// without that member in `transaction.reff_no`), payouts in `reference_number`, subscriptions in
    /// `plan.subscription_id`, direct debits in `merchant_reference`, and their bindings in
    /// `customer_ref`. It says what the event is about, not that it is new: a virtual account, a
    /// payment link or a subscription can be paid many times. `None` for events that carry none.
    pub fn merchant_reference(&self) -> Option<Cow<'_, str>> {
        let mut paths = self.kind.description().merchant_reference;
        let transaction = at(&self.json, "data.transaction");
        let member = |name| transaction.and_then(|transaction| transaction.get(name));
        match self.kind {
            // In the shape of 2025, which has neither, this held the gateway's own id.
            EventKind::VaTransaction
                if member("transaction_id").is_none_or(Value::is_null)
                    && recognize::received_name(&self.json).is_none() =>
            {
                return None;
            }
            // A null here means that the merchant gave none, and that the other is the gateway's own.
            EventKind::EwalletNativeTransaction if member("merchant_reff_no").is_some() => {
                paths = &paths[..1];
            }
            _ => {}
        }
        paths.iter().find_map(|path| scalar(at(&self.json, path)?))
    }

    /// The gateway's id of what the event is about: to be kept, and told to its support.
    ///
    /// It is the transaction's for payments and payouts, the attempt's on a payment link, the plan's, the
    /// settlement's, and the binding's where a direct debit names no transaction. `None` for batches of
    /// expiries, and in the shapes of 2025.
    pub fn transaction_id(&self) -> Option<Cow<'_, str>> {
        let mut paths = self.kind.description().transaction_id.iter();
        paths.find_map(|path| scalar(at(&self.json, path)?))
    }

    /// Status of what the event is about, as the gateway spells it for that kind: a word, or two digits for
    /// payouts. [`is_paid`](Self::is_paid) and [`transaction_status`](Self::transaction_status) say what it means.
    pub fn status(&self) -> Option<Cow<'_, str>> {
        let mut paths = self.kind.description().status.iter();
        let told = paths.find_map(|path| scalar(at(&self.json, path)?));
        told.or_else(|| {
            let code = status_of_2025(self.kind, &self.json)?;
            Some(Cow::Owned(code.as_str().to_owned()))
        })
    }

    /// True if a payment to the merchant is reported as `paid`.
    ///
    /// True for the four money-in events only, and for no other status; the envelope's `success`
    /// only says that the notification was sent. How much was paid has to be compared by the
    /// caller. A paid bill of a subscription is told by that event's name.
    pub fn is_paid(&self) -> bool {
        self.kind.is_money_in()
            && at(&self.json, "data.transaction.status").is_some_and(|status| status == PAID)
    }

    /// The status of a payout: bank disbursement, e-wallet top-up, QRIS payment credit.
    ///
    /// It is read from `transaction_status`, or from the word that a disbursement of 2025 has in its
    /// place; never from `response_code`, whose SP001 means failure here and an unknown outcome
    /// everywhere else. `None` means: ask the gateway before anything is paid again.
    pub fn transaction_status(&self) -> Option<TransactionStatusCode> {
        if !self.kind.is_money_out() {
            return None;
        }
        match at(&self.json, "data.transaction_status") {
            Some(status) => scalar(at(status, "code")?).map(TransactionStatusCode::other),
            None => status_of_2025(self.kind, &self.json),
        }
    }

    /// Details in [`EventKind::PaymentLinkInquiry`] of the method that the customer picked, such as
    /// `retail_code`.
    ///
    /// The gateway sends it as JSON inside a text; an object is read too, anything else is `None`.
    pub fn payment_method_additional(&self) -> Option<Map<String, Value>> {
        if self.kind != EventKind::PaymentLinkInquiry {
            return None;
        }
        match at(
            &self.json,
            "data.payment_link_history.payment_method_additional",
        )? {
            Value::Object(members) => Some(members.clone()),
            Value::String(text) => serde_json::from_str(text).ok(),
            _ => None,
        }
    }
}

/// Status in a disbursement of 2025, which has a word in place of `transaction_status`.
pub(crate) fn status_of_2025(kind: EventKind, json: &Value) -> Option<TransactionStatusCode> {
    if kind != EventKind::Disbursement || at(json, "data.transaction_status").is_some() {
        return None;
    }
    match at(json, "data.status")?.as_str()? {
        "success" => Some(TransactionStatusCode::Success),
        "pending" => Some(TransactionStatusCode::Pending),
        "failed" => Some(TransactionStatusCode::Failed),
        _ => None,
    }
}

/// Text, also where a number came; none if it is empty or digits may be lost.
pub(crate) fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) if !text.is_empty() => Some(Cow::Borrowed(text)),
        Value::Number(number) => number.as_i64().map(|number| Cow::Owned(number.to_string())),
        _ => None,
    }
}
