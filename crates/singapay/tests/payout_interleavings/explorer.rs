//! All orders of the choices that a run has, each state once.

use std::{
    collections::{HashMap, HashSet},
    future::Future,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use singapay::{
    AbsenceRule, MemoryPayoutStore, MoneyOut, MoneyOutPolicy, PayoutState, Payouts, RetryPolicy,
    Rupiah, Singapay,
};

use crate::{
    run::{Budget, Run},
    stage::*,
    support::ACCOUNT,
};

pub(crate) fn block<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    match future.as_mut().poll(&mut context) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

pub(crate) struct Explorer {
    pub(crate) stage: Stage,
    pub(crate) client: Singapay,
    pub(crate) handle: MoneyOut,
    /// True if absent ones may be sent again.
    pub(crate) resends: bool,
    pub(crate) seen: HashSet<u64>,
    pub(crate) finished: HashSet<u64>,
    pub(crate) states: usize,
    pub(crate) ends: HashMap<PayoutState, usize>,
}

impl Explorer {
    pub(crate) fn new(resends: bool) -> Self {
        let stage = Stage::new();
        let client = Singapay::builder()
            .base_url("http://127.0.0.1:9")
            .credential("partner", "client", "secret")
            .account(ACCOUNT)
            .transport(stage.clone())
            .clock(stage.clone())
            .timer(stage.clone())
            .retry(RetryPolicy::never())
            .build()
            .unwrap();
        let handle = client.money_out(MoneyOutPolicy::new()).unwrap();
        Self {
            stage,
            client,
            handle,
            resends,
            seen: HashSet::new(),
            finished: HashSet::new(),
            states: 0,
            ends: HashMap::new(),
        }
    }

    pub(crate) fn start(&self, left: Budget) -> Run {
        self.stage.reset();
        let kept = Arc::new(MemoryPayoutStore::new());
        let store = Gated {
            stage: self.stage.clone(),
            kept: Arc::clone(&kept),
        };
        // Two looks that are a minute apart: the rule itself has tests of its own.
        let rule = AbsenceRule::new(2, Duration::from_secs(60), Duration::ZERO);
        let mut flow = Payouts::new(&self.handle, store).with_absence_rule(rule);
        if !self.resends {
            flow = flow.without_sending_again();
        }
        let transfer = self.handle.transfer_disbursement().account_id(ACCOUNT);
        let transfer = transfer
            .reference_number(REFERENCE)
            .amount(Rupiah::new(10_000))
            .bank_code("002")
            .bank_account_number("1234567890");
        let _ = block(flow.submit(transfer).into_future()).unwrap();
        Run {
            stage: self.stage.clone(),
            kept,
            flow,
            client: self.client.clone(),
            tasks: [None, None, None],
            left,
            resends: self.resends,
        }
    }

    pub(crate) fn replay(&self, path: &[Choice], left: Budget) -> Run {
        let mut run = self.start(left);
        for choice in path {
            run.make(*choice);
        }
        run
    }

    /// Depth first, from scratch each time.
    pub(crate) fn explore(&mut self, left: Budget) {
        let mut paths = vec![Vec::new()];
        while let Some(path) = paths.pop() {
            let mut run = self.replay(&path, left);
            run.check(&path);
            if !self.seen.insert(run.fingerprint()) {
                continue;
            }
            self.states += 1;
            for choice in run.choices() {
                let mut next = path.clone();
                next.push(choice);
                paths.push(next);
            }
            // From every state there is a way to the true end, whoever was at it.
            if self.finished.insert(run.fate()) {
                run.finish(&path);
                *self.ends.entry(run.record().state).or_default() += 1;
            }
        }
    }
}
