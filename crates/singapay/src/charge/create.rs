//! Making a charge.

use std::time::Duration;

use singapay_core::{Rupiah, Timestamp, envelope::FieldError};

use super::{
    Charge, ChargeMethod, Customer,
    answer::ChargeDefaults,
    products::{Creation, Order},
};
use crate::{call::Call, error::Error, response::Response};

/// A charge in the making; from [`Charges::create`](crate::Charges::create).
///
/// Without an expiry a payment link ends after 24 hours and an e-wallet order after 30 minutes, by the
/// gateway; a virtual account and a QRIS code are given 24 hours here.
#[derive(Clone)]
#[must_use = "a request goes out when `send` is awaited"]
pub struct CreateCharge {
    call: Call,
    reference: Option<String>,
    amount: Option<Rupiah>,
    method: Option<ChargeMethod>,
    expiry: Option<Expiry>,
    customer: Customer,
    description: Option<String>,
    return_url: Option<String>,
}

#[derive(Clone, Copy)]
enum Expiry {
    In(Duration),
    At(Timestamp),
}

/// For virtual accounts and QRIS codes; what the gateway gives a payment link.
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Advice for when nobody knows whether the charge was made.
const LOOK_FIRST: &str =
    "the charge may have been made: look with `charges().find` before it is sent again";

impl CreateCharge {
    pub(super) fn new(call: Call) -> Self {
        Self {
            call,
            reference: None,
            amount: None,
            method: None,
            expiry: None,
            customer: Customer::default(),
            description: None,
            return_url: None,
        }
    }

    /// Account (ULID) that collects the money.
    ///
    /// The client's own account unless set.
    pub fn account_id(mut self, account_id: impl Into<String>) -> Self {
        self.call.options.account = Some(account_id.into());
        self
    }

    /// The merchant's own reference, a new one for each charge: a second request with the same makes
    /// another virtual account, QRIS code or order; what it does to a payment link is not known.
    ///
    /// Required. At most 255 characters; for a payment link 40, without spaces and slashes.
    pub fn reference(mut self, reference: impl Into<String>) -> Self {
        self.reference = Some(reference.into());
        self
    }

    /// Amount in rupiah. Merchant, bank and wallet set further limits.
    ///
    /// Required. At least 1.
    pub fn amount(mut self, amount: impl Into<Rupiah>) -> Self {
        self.amount = Some(amount.into());
        self
    }

    /// Method by which the customer pays.
    ///
    /// Required.
    pub fn method(mut self, method: ChargeMethod) -> Self {
        self.method = Some(method);
        self
    }

    /// Ends this long after it is sent, by the client's clock. Replaces `expires_at`.
    ///
    /// Optional.
    pub fn expires_in(mut self, time: Duration) -> Self {
        self.expiry = Some(Expiry::In(time));
        self
    }

    /// Ends at this time; everything but a virtual account rounds down to seconds. Replaces
    /// `expires_in`.
    ///
    /// Optional. In the future.
    pub fn expires_at(mut self, time: Timestamp) -> Self {
        self.expiry = Some(Expiry::At(time));
        self
    }

    /// The person who pays. [`Customer`] tells what each product takes of it.
    ///
    /// Optional; OVO needs a phone number.
    pub fn customer(mut self, customer: Customer) -> Self {
        self.customer = customer;
        self
    }

    /// Text on the page of a payment link. Others have no place for it.
    ///
    /// Optional.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Page that the customer goes to after paying by payment link or in a wallet.
    ///
    /// Optional.
    pub fn return_url(mut self, url: impl Into<String>) -> Self {
        self.return_url = Some(url.into());
        self
    }

    /// Checks the charge, and sends nothing.
    ///
    /// # Errors
    ///
    /// Offending fields, all of them at once.
    pub fn check(&self) -> Result<(), Error> {
        self.prepare().map(drop)
    }

    /// Checks the charge, and sends it once.
    ///
    /// # Errors
    ///
    /// Offending fields, all of them at once, before anything is sent. After that, where
    /// [`Error::may_have_taken_effect`], [`Charges::find`](crate::Charges::find) tells whether the charge
    /// was made.
    pub async fn send(self) -> Result<Response<Charge>, Error> {
        let (creation, defaults) = self.prepare()?;
        let account_id = self.call.account().unwrap_or_default().to_owned();
        let sent = creation.send(account_id, defaults).await;
        sent.map_err(|error| match error.may_have_taken_effect() {
            true => error.with_advice(LOOK_FIRST),
            false => error,
        })
    }

    /// The product's own builder, which finds what is not checked here.
    fn prepare(&self) -> Result<(Creation, ChargeDefaults), Error> {
        let now = self.call.client().clock().now();
        let mut problems = self.problems(now);
        let Some(method) = self.method.clone() else {
            return Err(Error::invalid_fields(problems));
        };
        let operation = method.product().operation();
        let order = self.order(now);
        let defaults = ChargeDefaults {
            reference: self.reference.clone(),
            amount: self.amount,
            expires_at: order.expires_at,
            bank: None,
        };
        let creation = Creation::new(order, method);
        for problem in creation.check().err().into_iter().flat_map(named_here) {
            if !problems.iter().any(|known| known.field == problem.field) {
                problems.push(problem);
            }
        }
        match problems.is_empty() {
            true => Ok((creation, defaults)),
            false => Err(Error::invalid_input(operation, problems)),
        }
    }

    fn order(&self, now: Timestamp) -> Order {
        let needs_an_end = |method: &ChargeMethod| method.product().needs_an_end();
        let expires_at = match self.expiry {
            Some(Expiry::At(end)) => Some(end),
            Some(Expiry::In(time)) => Some(now.plus(time)),
            None => Some(now.plus(DAY)).filter(|_| self.method.as_ref().is_some_and(needs_an_end)),
        };
        Order {
            call: self.call.clone(),
            reference: self.reference.clone(),
            amount: self.amount,
            expires_at,
            customer: self.customer.clone(),
            description: self.description.clone(),
            return_url: self.return_url.clone(),
        }
    }

    /// Problems for which the products' own builders do not check.
    fn problems(&self, now: Timestamp) -> Vec<FieldError> {
        let mut problems = Vec::new();
        problems.extend(problem_of_reference(self.reference.as_deref()));
        let mut report = |field: &str, problem: &str| {
            problems.push(FieldError::new(field, problem));
        };
        match self.amount {
            None => report("amount", "is required"),
            Some(amount) if amount < Rupiah::new(1) => report("amount", "must be at least 1"),
            Some(_) => {}
        }
        match self.expiry {
            Some(Expiry::In(Duration::ZERO)) => report("expires_at", "must be in the future"),
            Some(Expiry::At(end)) if end <= now => report("expires_at", "must be in the future"),
            _ => {}
        }
        match &self.method {
            None => report("method", "is required"),
            #[cfg(feature = "payment-links")]
            Some(ChargeMethod::PaymentLink { only: Some(codes) }) if codes.is_empty() => {
                let problem = "must name a code: none at all would offer every method";
                report("method.only", problem);
            }
            Some(_) => {}
        }
        problems
    }
}
call_options!(CreateCharge, Response<Charge>);

/// Problem of the merchant's own reference, as far as every product refuses it.
pub(super) fn problem_of_reference(reference: Option<&str>) -> Option<FieldError> {
    let problem = match reference {
        None => "is required",
        Some(text) if text.trim().is_empty() => "must not be blank",
        Some(_) => return None,
    };
    Some(FieldError::new("reference", problem))
}

/// The fields of a local check, by the names that a charge has for them.
fn named_here(error: Error) -> Vec<FieldError> {
    let fields = error.field_errors().iter().cloned();
    fields
        .map(|mut problem| {
            let name = match problem.field.as_str() {
                "reff_no" | "merchant_reff_no" => "reference",
                "total_amount" => "amount",
                "expired_at" => "expires_at",
                "customer_name" | "name" => "customer.name",
                "customer_email" => "customer.email",
                "customer_phone" => "customer.phone",
                "merchant_redirect_url" | "success_redirect_url" => "return_url",
                other => other,
            };
            problem.field = name.to_owned();
            problem
        })
        .collect()
}
