//! A gateway of its own for every cell, on whose clock everybody lives, so that nobody waits.

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use singapay::{
    AbsenceRule, Amount, Clock, MemoryPayoutStore, MoneyOut, MoneyOutPolicy, PayoutError,
    PayoutState, PayoutStep, Payouts, Response, RetryPolicy, Rupiah, Secret, Singapay,
    types::AccountBalance,
};

use crate::{
    gateway::{Gateway, Remote},
    operations::Operation,
};

pub(crate) const AMOUNT: Rupiah = Rupiah::new(50_000);

/// Bound of a call, in real time: for answers that never come, and for all others, which it never cuts off.
pub(crate) const CALLS: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(60)];

/// Steps after which a payout should have ended long since.
const MOST_STEPS: u32 = 100;

pub(crate) struct Bench {
    pub(crate) sandbox: Arc<Remote>,
    pub(crate) client: Singapay,
    pub(crate) handle: MoneyOut,
    pub(crate) flow: Payouts,
    store: Arc<MemoryPayoutStore>,
    call: Duration,
}

pub(crate) type Submitted<'a> = BoxFuture<'a, Result<PayoutStep, PayoutError>>;

impl Bench {
    pub(crate) fn start(gateway: &Gateway, call: Duration) -> Self {
        let sandbox = Arc::new(gateway.sandbox());
        let store = Arc::new(MemoryPayoutStore::new());
        let (client, handle, flow) = flow(&sandbox, &store, call);
        Self {
            call,
            sandbox,
            client,
            handle,
            flow,
            store,
        }
    }

    /// Another worker takes over, who has no token yet.
    pub(crate) fn change_worker(&mut self) {
        (self.client, self.handle, self.flow) = flow(&self.sandbox, &self.store, self.call);
    }

    /// Steps until nothing happens by itself. Cash waits for its customer.
    pub(crate) async fn follow(&self, operation: &Operation, name: &str) -> PayoutStep {
        for _ in 0..MOST_STEPS {
            let step = self.flow.advance("R-1").await.unwrap();
            let waits = operation.is_cash() && step.state() == PayoutState::Accepted;
            let next = step.next_at().filter(|_| !waits);
            let Some(next) = next else {
                return step;
            };
            let pause = next.since(self.sandbox.now());
            self.sandbox.advance(pause).await;
        }
        panic!("{name}: it never ends");
    }

    /// Rupiah that left for good, or are kept for the customer.
    pub(crate) async fn moved(&self, operation: &Operation, name: &str) -> i64 {
        let audit = self.sandbox.audit().await;
        assert_eq!(audit["violations"], serde_json::json!([]), "{name}");
        let rupiah = |of: &str| audit[of].as_i64().unwrap();
        match operation.id {
            "transfer_between_accounts" => {
                let balance = self.balance(self.sandbox.told("/other/id")).await;
                rupiah_of(balance.available_balance.value)
            }
            _ if operation.is_bill() => rupiah("billed"),
            _ if operation.is_cash() => {
                let balance = self.balance(self.sandbox.account_id()).await;
                let held = balance.held_balance.as_ref().unwrap();
                rupiah_of(held.value) + rupiah("paid_out")
            }
            _ => rupiah("paid_out"),
        }
    }

    async fn balance(&self, account: &str) -> Response<AccountBalance> {
        let balance = self.client.balances().account().account_id(account);
        balance.send().await.unwrap()
    }
}

fn rupiah_of(amount: Amount) -> i64 {
    amount.rupiah().unwrap().value()
}

fn flow(
    sandbox: &Arc<Remote>,
    store: &Arc<MemoryPayoutStore>,
    call: Duration,
) -> (Singapay, MoneyOut, Payouts) {
    let second = Duration::from_secs(1);
    let secret = |place| Secret::new(sandbox.told(place));
    let client = Singapay::builder()
        .base_url(sandbox.base_url())
        .credential(
            sandbox.told("/key/0"),
            sandbox.told("/key/1"),
            secret("/key/2"),
        )
        .biller_credential(
            sandbox.told("/biller/0"),
            sandbox.told("/biller/1"),
            secret("/biller/2"),
        )
        .account(sandbox.account_id())
        .clock(Arc::clone(sandbox))
        .retry(RetryPolicy::default().with_max_attempts(2))
        .build()
        .unwrap();
    let handle = client.money_out(MoneyOutPolicy::new()).unwrap();
    let flow = Payouts::new(&handle, Arc::clone(store))
        .with_call_timeout(call)
        .with_lease_margin(second / 10)
        .with_absence_rule(AbsenceRule::new(2, second, second / 10))
        .with_patience(1_800 * second)
        .with_biller_password(secret("/biller/3"));
    (client, handle, flow)
}
