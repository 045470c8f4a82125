//! Raw requests that pay out.

use std::sync::LazyLock;

use serde::Serialize;
use serde_json::Value;
use singapay_api::operations;
use singapay_core::{
    Operation, Rupiah, Sensitive,
    operation::{Effect, Host},
};

use super::{
    RawData, answer,
    draft::{Draft, Problems},
    draft_setters,
    route::Route,
};
use crate::{
    call::{Call, Intent},
    error::Error,
    money_out::MoneyOut,
    outcome::Outcome,
};

/// Names of members by which payouts of the operation table say what they pay, and to whom.
struct Names {
    amount: Vec<&'static str>,
    bank: Vec<&'static str>,
    beneficiary: Vec<&'static str>,
    reference: Vec<&'static str>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let payouts = || {
        let all = operations::ALL.iter();
        all.filter_map(|operation| Some((operation, operation.payout.as_ref()?)))
    };
    let name = |place: &'static str| place.rsplit('.').next().unwrap_or(place);
    Names {
        amount: payouts()
            .filter_map(|(_, it)| it.amount)
            .map(name)
            .collect(),
        bank: payouts().filter_map(|(_, it)| it.bank).map(name).collect(),
        beneficiary: payouts().map(|(_, it)| name(it.beneficiary)).collect(),
        reference: payouts()
            .filter_map(|(operation, _)| Some(name(operation.reference?.field)))
            .collect(),
    }
});

/// Amount of a request that moves no money.
const NOTHING: Rupiah = Rupiah::new(0);

/// A request that pays out or might, by method and path.
///
/// Whatever is neither modelled nor a GET goes this way, since nobody knows what it does.
///
/// The policy of the handle judges what is stated here: amount, bank, beneficiary and reference.
/// Members of the body that are known to say the same must agree; for members that nobody knows yet
/// only the caller can vouch. Of a modelled payout nothing can be stated of amount, bank and
/// beneficiary that its body does not say. There is no query: a payout says everything in its body.
///
/// In use: `crates/singapay/tests/raw_money_out.rs`.
#[derive(Clone)]
#[must_use = "a request goes out when `send` is awaited"]
pub struct RawMoneyOut {
    pub(crate) call: Call<MoneyOut>,
    draft: Draft,
    amount: Option<Rupiah>,
    bank: Option<String>,
    beneficiary: Option<Sensitive>,
    reference: Option<String>,
}

draft_setters!(RawMoneyOut);
call_options!(RawMoneyOut, Outcome<RawData>);

impl MoneyOut {
    /// A request that no handle offers and that pays out, or of which nobody knows; for the rules of
    /// `method` and `path` see [`Singapay::request`](crate::Singapay::request). What is known not to pay
    /// out is refused here.
    pub fn request(&self, method: impl AsRef<str>, path: impl Into<String>) -> RawMoneyOut {
        RawMoneyOut {
            call: Call::new(self),
            draft: Draft::new(method.as_ref(), path.into()),
            amount: None,
            bank: None,
            beneficiary: None,
            reference: None,
        }
    }
}

impl RawMoneyOut {
    /// Amount that is paid, in whole rupiah. Required of what is not modelled: zero if it moves no money,
    /// which a handle with a limit refuses like any call without an amount.
    pub fn amount(mut self, amount: impl Into<Rupiah>) -> Self {
        self.amount = Some(amount.into());
        self
    }

    /// Bank code or SWIFT code of the beneficiary.
    pub fn bank(mut self, bank: impl Into<String>) -> Self {
        self.bank = Some(bank.into());
        self
    }

    /// Account, wallet or customer number that is paid, or the QR text.
    pub fn beneficiary(mut self, beneficiary: impl Into<Sensitive>) -> Self {
        self.beneficiary = Some(beneficiary.into());
        self
    }

    /// The merchant's reference, as in the body: what to ask with afterwards. Required of what is
    /// not modelled.
    pub fn reference(mut self, reference: impl Into<String>) -> Self {
        self.reference = Some(reference.into());
        self
    }

    /// Checks the request, and sends it once.
    ///
    /// # Errors
    ///
    /// Nothing was sent: what is wrong with the request (all of it at once), the handle's policy,
    /// settings, or no connection. Whatever happened after sending is an `Outcome`.
    pub async fn send(mut self) -> Result<Outcome<RawData>, Error> {
        let mut problems = self.draft.problems();
        let operation = self.operation(&mut problems);
        self.agree(operation, &mut problems);
        problems.finish(operation)?;
        let prepared = self.draft.build(&self.call, operation)?;
        let is_modelled = !operation.path.is_empty();
        let intent = Intent {
            account: prepared.account,
            reference: self.reference,
            amount: self
                .amount
                .filter(|amount| is_modelled || *amount != NOTHING),
            bank: self.bank,
            beneficiary: self.beneficiary,
        };
        let started = self.call.start_money_out(operation, intent)?;
        started.exchange(prepared.request).await;
        Ok(match started.finish_money_out(answer::read)? {
            Outcome::Accepted(response) => Outcome::Accepted(response.map(RawData::new)),
            Outcome::Refused(error) => Outcome::Refused(error),
            Outcome::Duplicate(unresolved) => Outcome::Duplicate(unresolved),
            Outcome::Unknown(unresolved) => Outcome::Unknown(unresolved),
        })
    }

    /// A modelled payout, or an unknown one.
    fn operation(&self, problems: &mut Problems) -> &'static Operation {
        let unknown = self.draft.unknown(Effect::MoneyOut);
        match self.draft.route() {
            Some(Route::Known(row)) => {
                if row.effect != Effect::MoneyOut {
                    problems.add("path", "pays nothing out: use `Singapay::request`");
                }
                row
            }
            Some(Route::OfHost(host)) => {
                problems.add("host", format!("must be {host:?} for this path"));
                unknown
            }
            Some(Route::New) => {
                self.require(problems);
                unknown
            }
            None => unknown,
        }
    }

    fn require(&self, problems: &mut Problems) {
        if self.amount.is_none() {
            problems.add("amount", "must be stated for what is not modelled");
        }
        if self.reference.as_deref().is_none_or(str::is_empty) {
            problems.add("reference", "must be stated for what is not modelled");
        }
    }

    /// Holds what the body says against what is stated.
    fn agree(&self, operation: &Operation, problems: &mut Problems) {
        let account = self.draft.account.as_deref();
        if let Some(paying) = self.draft.account_in_path(operation)
            && account != Some(paying)
        {
            problems.add("account_id", "is not the one in the path");
        }
        let body = self.draft.json().unwrap_or(&Value::Null);
        let text = |stated: Option<&str>, value: &Value| match value {
            Value::String(text) => stated == Some(text),
            Value::Number(number) => stated == Some(number.to_string().as_str()),
            // No such member has another form.
            _ => value.is_null(),
        };
        let amount = |value: &Value| {
            let value = value.get("value").unwrap_or(value);
            let read = serde_json::from_value(value.clone());
            value.is_null() || self.amount.is_some() && read.ok() == self.amount
        };
        let beneficiary = self.beneficiary.as_ref().map(Sensitive::expose);
        each_member(body, &mut |name, value| {
            // Dots name nested members to the gateway's framework.
            let is = |names: &[&str]| name.split('.').any(|part| names.contains(&part));
            if is(&NAMES.amount) && !amount(value) {
                problems.add("amount", differs(name));
            }
            if is(&NAMES.bank) && !text(self.bank.as_deref(), value) {
                problems.add("bank", differs(name));
            }
            if is(&NAMES.beneficiary) && !text(beneficiary, value) {
                problems.add("beneficiary", differs(name));
            }
            if is(&NAMES.reference) && !text(self.reference.as_deref(), value) {
                problems.add("reference", differs(name));
            }
            if is(&["account_id"]) && !text(account, value) {
                problems.add("account_id", differs(name));
            }
        });
        let Some(payout) = &operation.payout else {
            return;
        };
        for (field, stated, place) in [
            ("amount", self.amount.is_some(), payout.amount),
            ("bank", self.bank.is_some(), payout.bank),
            (
                "beneficiary",
                beneficiary.is_some(),
                Some(payout.beneficiary),
            ),
        ] {
            if stated && !place.is_some_and(|place| is_said(body, place)) {
                problems.add(
                    field,
                    "is not in the body, and this operation knows no other place",
                );
            }
        }
    }
}

/// True if there is a value at a dotted place.
fn is_said(body: &Value, place: &str) -> bool {
    let value = place
        .split('.')
        .try_fold(body, |value, name| value.get(name));
    value.is_some_and(|value| !value.is_null())
}

fn differs(name: &str) -> String {
    format!("is not what the body's `{name}` says")
}

/// Every member of every object.
fn each_member(value: &Value, visit: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                visit(name, value);
                each_member(value, visit);
            }
        }
        Value::Array(items) => {
            for item in items {
                each_member(item, visit);
            }
        }
        _ => {}
    }
}
