//! A gateway of its own for every cell, on whose clock everybody lives, so that nobody waits.

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use singapay::{
    AbsenceRule, Clock, MemoryPayoutStore, MoneyOut, MoneyOutPolicy, PayoutError, PayoutState,
    PayoutStep, Payouts, RetryPolicy, Rupiah, Singapay,
};
use singapay_sandbox::Sandbox;

use crate::operations::Operation;

pub(crate) const AMOUNT: Rupiah = Rupiah::new(50_000);

/// Bound of a call, in real time: for answers that never come, and for all others, which it never cuts off.
pub(crate) const CALLS: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(60)];

/// Steps after which a payout should have ended long since.
const MOST_STEPS: u32 = 100;

pub(crate) struct Bench {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: Singapay,
    pub(crate) handle: MoneyOut,
    pub(crate) flow: Payouts,
    store: Arc<MemoryPayoutStore>,
    call: Duration,
}

pub(crate) type Submitted<'a> = BoxFuture<'a, Result<PayoutStep, PayoutError>>;

impl Bench {
    pub(crate) async fn start(call: Duration) -> Self {
        let builder = Sandbox::builder().account("B", 0);
        let builder = builder.delays(|delays| delays.payout = Duration::ZERO);
        let builder = builder.quirks(|quirks| quirks.qris_not_provisioned = false);
        let sandbox = builder.start().await.unwrap();
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
            let pause = next.since(self.sandbox.clock().now());
            self.sandbox.advance(pause).await;
        }
        panic!("{name}: it never ends");
    }

    /// Rupiah that left for good, or are kept for the customer.
    pub(crate) fn moved(&self, operation: &Operation, name: &str) -> i64 {
        let audit = self.sandbox.audit();
        assert_eq!(audit.violations, [] as [String; 0], "{name}");
        let balance = |account: &str| self.sandbox.balance_of(account).unwrap();
        match operation.id {
            "transfer_between_accounts" => balance(&self.sandbox.accounts()[1].id).available,
            _ if operation.is_bill() => audit.billed,
            _ if operation.is_cash() => balance(self.sandbox.account_id()).held + audit.paid_out,
            _ => audit.paid_out,
        }
    }
}

fn flow(
    sandbox: &Sandbox,
    store: &Arc<MemoryPayoutStore>,
    call: Duration,
) -> (Singapay, MoneyOut, Payouts) {
    let (key, biller) = (sandbox.credentials(), sandbox.biller_credentials());
    let second = Duration::from_secs(1);
    let client = Singapay::builder()
        .base_url(sandbox.base_url())
        .credential(&key.partner_id, &key.client_id, key.client_secret.clone())
        .biller_credential(
            &biller.partner_id,
            &biller.client_id,
            biller.client_secret.clone(),
        )
        .account(sandbox.account_id())
        .clock(sandbox.clock())
        .retry(RetryPolicy::default().with_max_attempts(2))
        .build()
        .unwrap();
    let handle = client.money_out(MoneyOutPolicy::new()).unwrap();
    let flow = Payouts::new(&handle, Arc::clone(store))
        .with_call_timeout(call)
        .with_lease_margin(second / 10)
        .with_absence_rule(AbsenceRule::new(2, second, second / 10))
        .with_patience(1_800 * second)
        .with_biller_password(biller.password.clone());
    (client, handle, flow)
}
