//! The capability to pay out. Code without it does not compile.

use singapay_core::{Operation, Rupiah, Sensitive, bank, envelope::FieldError};

use crate::{
    call::Intent,
    client::Singapay,
    error::{Error, ErrorKind},
};

/// Limits of a [`MoneyOut`] handle.
///
/// Everything is off until it is switched on: production needs [`MoneyOutPolicy::allow_production`]
/// of its own, and amounts can be bounded. The same checks run in every environment.
///
/// In the book: `docs/book/src/payouts.md#limits-and-a-second-person`.
#[derive(Debug, Clone, Default)]
pub struct MoneyOutPolicy {
    production: bool,
    max_amount: Option<Rupiah>,
    banks: Option<Vec<String>>,
    beneficiaries: Option<Vec<Sensitive>>,
}

impl MoneyOutPolicy {
    /// Pays out of the gateway's sandbox, or of a gateway on this machine, without a bound.
    pub fn new() -> Self {
        Self::default()
    }

    /// Real money may leave.
    #[must_use]
    pub fn allow_production(mut self) -> Self {
        self.production = true;
        self
    }

    /// Largest amount of one call, in rupiah. A call without an amount is then refused too.
    #[must_use]
    pub fn max_amount(mut self, amount: Rupiah) -> Self {
        self.max_amount = Some(amount);
        self
    }

    /// The only banks that may be paid to, by their three digits, SWIFT code or name, whichever the request
    /// carries ([`Bank`](crate::Bank) has those that are known). Operations that name no bank are then refused too.
    #[must_use]
    pub fn allow_banks<I: IntoIterator<Item: Into<String>>>(mut self, banks: I) -> Self {
        let banks = banks.into_iter().map(Into::into);
        self.banks = Some(banks.map(|bank| bank::canonical(&bank)).collect());
        self
    }

    /// The only beneficiaries that may be paid: account numbers, wallet numbers or QR texts, as
    /// the request carries them. Operations that name none are then refused too.
    #[must_use]
    pub fn allow_beneficiaries<I: IntoIterator<Item: Into<Sensitive>>>(
        mut self,
        beneficiaries: I,
    ) -> Self {
        self.beneficiaries = Some(beneficiaries.into_iter().map(Into::into).collect());
        self
    }

    /// All objections of this policy to a call.
    fn problems(&self, intent: &Intent) -> Vec<FieldError> {
        let mut problems = Vec::new();
        match (self.max_amount, intent.amount) {
            // Whatever a gateway would make of it, it is no payout.
            (_, Some(amount)) if amount < Rupiah::new(1) => {
                problems.push(FieldError::new("amount", "must be at least 1 rupiah"));
            }
            (Some(max), Some(amount)) if amount > max => problems.push(FieldError::new(
                "amount",
                format!("is above this handle's limit of {} rupiah", max.value()),
            )),
            (Some(_), None) => problems.push(FieldError::new(
                "amount",
                "is not known, and this handle has a limit",
            )),
            _ => {}
        }
        let bank = intent.bank.as_deref().map(bank::canonical);
        if is_outside(self.banks.as_deref(), bank.as_ref()) {
            problems.push(FieldError::new("bank", "is not one of this handle's banks"));
        }
        if is_outside(self.beneficiaries.as_deref(), intent.beneficiary.as_ref()) {
            problems.push(FieldError::new(
                "beneficiary",
                "is not one of this handle's beneficiaries",
            ));
        }
        problems
    }
}

/// The typed handle for every operation that pays out.
///
/// Made by [`Singapay::money_out`]. Cheap to clone.
#[derive(Debug, Clone)]
pub struct MoneyOut {
    client: Singapay,
    policy: MoneyOutPolicy,
}

impl MoneyOut {
    pub(crate) fn new(client: &Singapay, policy: MoneyOutPolicy) -> Result<Self, Error> {
        if client.moves_real_money() && !policy.production {
            return Err(Error::local(
                ErrorKind::Config,
                "this environment moves real money: MoneyOutPolicy::allow_production is missing",
            ));
        }
        Ok(Self {
            client: client.clone(),
            policy,
        })
    }

    pub(crate) fn client(&self) -> &Singapay {
        &self.client
    }

    /// The same policy on another client of the same gateway.
    pub(crate) fn on(&self, client: &Singapay) -> Self {
        Self {
            client: client.clone(),
            policy: self.policy.clone(),
        }
    }

    /// Checks a call against the policy, before anything is sent.
    pub(crate) fn guard(
        &self,
        operation: &'static Operation,
        intent: &Intent,
    ) -> Result<(), Error> {
        let problems = self.policy.problems(intent);
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Error::invalid_input(operation, problems))
        }
    }
}

/// True if there is a list and the value is not on it.
fn is_outside<T: PartialEq>(allowed: Option<&[T]>, value: Option<&T>) -> bool {
    allowed.is_some_and(|allowed| !value.is_some_and(|value| allowed.contains(value)))
}

#[cfg(test)]
mod tests {
    use singapay_core::operation::Host;

    use super::*;
    use crate::{Endpoints, Environment};

    fn intent(amount: Option<i64>, bank: Option<&str>, beneficiary: Option<&str>) -> Intent {
        Intent {
            account: None,
            reference: None,
            amount: amount.map(Rupiah::new),
            bank: bank.map(str::to_owned),
            beneficiary: beneficiary.map(Sensitive::new),
        }
    }

    fn refused(policy: &MoneyOutPolicy, intent: &Intent) -> Vec<String> {
        let problems = policy.problems(intent);
        problems.into_iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn amounts_are_at_least_one_and_at_most_the_limit() {
        let (free, bounded) = (
            MoneyOutPolicy::new(),
            MoneyOutPolicy::new().max_amount(Rupiah::new(100)),
        );
        for (amount, by_free, by_bounded) in [
            (Some(-1), true, true),
            (Some(0), true, true),
            (Some(1), false, false),
            (Some(100), false, false),
            (Some(101), false, true),
            (None, false, true),
        ] {
            for (policy, is_refused) in [(&free, by_free), (&bounded, by_bounded)] {
                let fields = refused(policy, &intent(amount, None, None));
                assert_eq!(fields, &["amount"][..usize::from(is_refused)], "{amount:?}");
            }
        }
    }

    #[test]
    fn a_list_refuses_what_is_not_on_it_and_what_is_not_said() {
        let policy = MoneyOutPolicy::new()
            .allow_banks(["014", "002"])
            .allow_beneficiaries(["123"]);
        let of = |bank, beneficiary| refused(&policy, &intent(Some(5), bank, beneficiary));
        for known in ["002", "BRI", "BRINIDJA", "CENAIDJAXXX", "bca"] {
            assert!(of(Some(known), Some("123")).is_empty(), "{known}");
        }
        assert_eq!(of(Some("008"), Some("123")), ["bank"]);
        assert_eq!(of(Some("014"), Some("1234")), ["beneficiary"]);
        assert_eq!(of(None, None), ["bank", "beneficiary"]);
    }

    #[test]
    fn real_money_leaves_only_when_that_was_allowed() {
        let here = || Endpoints::single("http://127.0.0.1:9").unwrap();
        let partly = here().with(Host::Payment, "https://pay.example").unwrap();
        let elsewhere = Endpoints::single("https://pay.example").unwrap();
        for (environment, real) in [
            (Environment::Sandbox, false),
            (Environment::Production, true),
            (Environment::Custom(here()), false),
            (Environment::Custom(partly), true),
            (Environment::Custom(elsewhere), true),
        ] {
            let client = Singapay::builder()
                .environment(environment)
                .credential("p", "c", "s")
                .build()
                .unwrap();
            let refused = client.money_out(MoneyOutPolicy::new());
            assert_eq!(refused.is_err(), real);
            let allowed = MoneyOutPolicy::new().allow_production();
            assert!(client.money_out(allowed).is_ok());
        }
    }
}
