//! A flow over a fake bank, on virtual time.

use std::{sync::Arc, time::Duration};

use singapay::{
    Clock, MemoryPayoutStore, MoneyOut, MoneyOutPolicy, PayoutStore, Payouts, RetryPolicy, Rupiah,
    Singapay, Timer, disbursements::TransferDisbursement,
};

use crate::support::{
    ACCOUNT,
    bank::{FakeBank, Way},
    time::PausedTime,
};

pub(crate) struct Bench {
    pub(crate) bank: FakeBank,
    pub(crate) time: PausedTime,
    pub(crate) client: Singapay,
    pub(crate) handle: MoneyOut,
    pub(crate) store: Arc<MemoryPayoutStore>,
}

impl Bench {
    pub(crate) fn new(ways: impl IntoIterator<Item = Way>) -> Self {
        let (bank, time) = (FakeBank::new(ways), PausedTime::new());
        let client = client(&bank, &time, "client");
        Self {
            handle: client.money_out(MoneyOutPolicy::new()).unwrap(),
            store: Arc::default(),
            bank,
            time,
            client,
        }
    }

    pub(crate) fn flow(&self) -> Payouts {
        Payouts::new(&self.handle, Arc::clone(&self.store))
    }

    pub(crate) fn transfer(&self, reference: &str, amount: i64) -> TransferDisbursement {
        let call = self.handle.transfer_disbursement().account_id(ACCOUNT);
        call.reference_number(reference)
            .amount(Rupiah::new(amount))
            .bank_code("002")
            .bank_account_number("1234567890")
    }

    /// Stores a transfer, of which nothing is sent yet.
    pub(crate) async fn submit(&self, reference: &str, amount: i64) {
        let transfer = self.transfer(reference, amount);
        let _ = self.flow().submit(transfer).await.unwrap();
    }

    pub(crate) async fn pass(&self, seconds: u64) {
        self.time.sleep(Duration::from_secs(seconds)).await;
    }

    pub(crate) async fn used(&self) -> i64 {
        let day = self.time.now().plus(Duration::from_secs(7 * 3600));
        let day = day.to_string()[..10].to_owned();
        self.store.used(&day, "all").await.unwrap()
    }
}

pub(crate) fn client(bank: &FakeBank, time: &PausedTime, partner: &str) -> Singapay {
    Singapay::builder()
        .base_url("http://127.0.0.1:9")
        .credential(partner, "client", "secret")
        .biller_credential("partner-b", "client-b", "secret-b")
        .account(ACCOUNT)
        .transport(bank.clone())
        .clock(time.clone())
        .timer(time.clone())
        .retry(RetryPolicy::never())
        .build()
        .unwrap()
}
