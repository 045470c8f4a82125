//! Helpers of the facade's tests: clients of scripted gateways, clocks, shops.
#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "every test file uses its own part"
)]

pub(crate) mod bank;
pub(crate) mod charges;
pub(crate) mod shop;
pub(crate) mod store;
pub(crate) mod time;
pub(crate) mod tls;
pub(crate) mod tunnel;
pub(crate) mod wire;

use std::{ops::Deref, time::Duration};

use serde_json::json;
use singapay::{BoxFuture, MoneyOut, RawMoneyOut, Singapay, SingapayBuilder, Timer};
use singapay_test_gateways::script::{self, LONGEST_PAUSE};
pub(crate) use singapay_test_gateways::{
    script::{Step, answer, answer_with, refused, v1, v2},
    wire::Recorded as Sent,
};

/// An account id of the right shape.
pub(crate) const ACCOUNT: &str = "01K946KF851RK7FX075GJHBVKF";

/// A payout that is not modelled yet.
pub(crate) const NEW_PAYOUT: &str = "/api/v3.0/disbursement/transfer";

/// A script, and the client that lives by it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script(script::Script);

impl Deref for Script {
    type Target = script::Script;

    fn deref(&self) -> &script::Script {
        &self.0
    }
}

impl Timer for Script {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.0.sleep(duration)
    }
}

impl Script {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self(script::Script::new(steps))
    }

    /// Step for requests beyond the script.
    pub(crate) fn rest(self, step: Step) -> Self {
        Self(self.0.then(step))
    }

    /// Steps for token requests, before they succeed.
    pub(crate) fn tokens(self, steps: impl IntoIterator<Item = Step>) -> Self {
        Self(self.0.tokens(steps))
    }

    pub(crate) fn builder(&self) -> SingapayBuilder {
        Singapay::builder()
            .base_url("http://127.0.0.1:9")
            .credential("partner", "client", "secret")
            .biller_credential("partner-b", "client-b", "secret-b")
            .identity_credential("client-i", "secret-i")
            .account(ACCOUNT)
            .transport(self.0.clone())
            .timer(self.0.clone())
    }

    pub(crate) fn client(&self) -> Singapay {
        self.builder().build().unwrap()
    }

    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.calls().iter().map(Sent::from).collect()
    }

    pub(crate) fn token_requests(&self) -> u32 {
        self.token_count().try_into().unwrap()
    }
}

/// Pauses take no time, bounds take theirs: for calls over sockets, which nobody else may hurry.
#[derive(Debug)]
pub(crate) struct NoPauses;

impl Timer for NoPauses {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        match duration >= LONGEST_PAUSE {
            true => Box::pin(tokio::time::sleep(duration)),
            false => Box::pin(std::future::ready(())),
        }
    }
}

/// A payout by method and path, complete and in agreement with itself.
pub(crate) fn payout(handle: &MoneyOut) -> RawMoneyOut {
    let body = json!({
        "account_id": ACCOUNT, "amount": 50_000, "bank_code": "014",
        "bank_account_number": "1234567890", "reference_number": "PAY-1",
    });
    handle
        .request("POST", NEW_PAYOUT)
        .body(body)
        .account_id(ACCOUNT)
        .amount(50_000)
        .bank("014")
        .beneficiary("1234567890")
        .reference("PAY-1")
}
