//! What a person has to say before money leaves.

use clap::Args;
use singapay::{MoneyOutPolicy, Rupiah, Singapay};

use super::{driver::Given, place, shown::is_hidden, table::Call};
use crate::{exit, output::Output, terminal};

/// The permission to pay out, its limit, and the consent.
#[derive(Debug, Args)]
pub(crate) struct Permission {
    /// Allow an operation that pays out.
    #[arg(long)]
    pay_out: bool,
    /// Largest amount in rupiah that may be paid.
    #[arg(long, value_name = "RUPIAH", value_parser = clap::value_parser!(i64).range(1..))]
    max_amount: Option<i64>,
    /// Of bills, which do not say their amount in the request: pay whatever the biller asks.
    #[arg(long, conflicts_with = "max_amount")]
    any_amount: bool,
    /// Pay real money.
    #[arg(long)]
    allow_production: bool,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
}

impl Permission {
    /// The policy of a payout. What is not sent needs no permission.
    pub(super) fn policy(
        &self,
        call: &Call,
        is_dry_run: bool,
        given: &mut Given,
    ) -> Result<MoneyOutPolicy, Output> {
        let operation = call.operation();
        if let Some(reference) = operation.and_then(|operation| operation.reference)
            && !given.has(reference.field)
        {
            given.report(
                reference.field,
                "is required of what pays out: a reference of yours, new for each payout",
            );
        }
        if is_dry_run {
            return Ok(MoneyOutPolicy::new().allow_production());
        }
        let says_its_amount = operation
            .and_then(|operation| operation.payout)
            .is_some_and(|payout| payout.amount.is_some());
        let mut missing = Vec::new();
        if !self.pay_out {
            missing.push("--pay-out");
        }
        match (says_its_amount, self.max_amount, self.any_amount) {
            (true, None, _) => missing.push("--max-amount RUPIAH"),
            (false, _, false) => {
                missing.push("--any-amount, because its request does not say the amount")
            }
            _ => {}
        }
        if !missing.is_empty() {
            let text = format!("{} pays out: it needs {}", call.id, missing.join(" and "));
            return Err(Output::unusable(text));
        }
        let mut policy = MoneyOutPolicy::new();
        if let Some(amount) = self.max_amount.filter(|_| says_its_amount) {
            policy = policy.max_amount(Rupiah::new(amount));
        }
        Ok(match self.allow_production {
            true => policy.allow_production(),
            false => policy,
        })
    }

    /// Asks, unless that was answered before.
    pub(super) fn ask(&self, question: &str) -> Result<(), Output> {
        match self.yes || terminal::confirm(question) {
            true => Ok(()),
            false => Err(Output::failure(
                exit::DECLINED,
                "not confirmed: nothing was sent".to_owned(),
                serde_json::json!({"outcome": "not_confirmed"}),
            )),
        }
    }
}

/// The question: what is paid, from where, to whom.
pub(super) fn question(call: &Call, client: &Singapay, given: &Given) -> String {
    let fields = given.shown().into_iter().map(|(name, text)| {
        let text = match is_hidden(name) {
            true => "(hidden)".to_owned(),
            false => terminal::printable(&text),
        };
        format!("\n  {name}: {text}")
    });
    format!(
        "{} pays out of {}:{}\n",
        call.id,
        place(client),
        fields.collect::<String>()
    )
}
