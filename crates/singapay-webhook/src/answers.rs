//! What an event says, no more than the facts prove; also of an event whose payload is unreadable.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::{event::Event, events::TransactionStatusCode, kind::EventKind, payload::at, recognize};

/// The one status of a payment that means money received (fact sheet 05, section C).
const PAID: &str = "paid";

impl Event {
    /// The reference that the merchant gave, to find the order or payout that this is about.
    ///
    /// Every channel has it elsewhere: payment links in `payment_link.reff_no`, virtual accounts in
    /// `transaction.reff_no`, QRIS and e-wallets in `transaction.merchant_reff_no`, payouts in
    /// `reference_number`. It says what the event is about, not that it is new: a virtual account
    /// or a payment link can be paid many times. `None` for events that carry none.
    pub fn merchant_reference(&self) -> Option<Cow<'_, str>> {
        // In the shape of 2025, which has neither, this held the gateway's own id.
        if self.kind == EventKind::VaTransaction
            && at(&self.json, "data.transaction.transaction_id").is_none()
            && recognize::received_name(&self.json).is_none()
        {
            return None;
        }
        scalar(at(&self.json, self.kind.merchant_reference()?)?)
    }

    /// Whether a payment to the merchant is reported as `paid`.
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
    /// It is read from `transaction_status`, never from `response_code`, whose SP001 means failure
    /// here and an unknown outcome everywhere else. `None` means: ask the gateway before anything
    /// is paid again.
    pub fn transaction_status(&self) -> Option<TransactionStatusCode> {
        if !self.kind.is_money_out() {
            return None;
        }
        let code = scalar(at(&self.json, "data.transaction_status.code")?)?;
        Some(TransactionStatusCode::other(code))
    }

    /// What [`EventKind::PaymentLinkInquiry`] tells about the method that the customer picked, such
    /// as `retail_code`.
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

/// Text, also where a number came; none if it is empty or digits may be lost.
fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) if !text.is_empty() => Some(Cow::Borrowed(text)),
        Value::Number(number) => number.as_i64().map(|number| Cow::Owned(number.to_string())),
        _ => None,
    }
}
