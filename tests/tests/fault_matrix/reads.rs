//! Reads, by GET and by POST.

use futures_util::{FutureExt, future::BoxFuture};
use singapay::Error;

use crate::rig::Bench;

pub(crate) struct Read {
    pub(crate) operation: &'static str,
    /// Calls it and tells how many requests it took.
    pub(crate) send: fn(&Bench) -> BoxFuture<'_, Result<u32, Error>>,
}

pub(crate) const READS: [Read; 5] = [
    Read {
        operation: "get_payment_link",
        send: |bench| {
            let call = bench.client.payment_links().get(bench.link);
            let call = call.with_timeout(bench.patience).send();
            async move { Ok(call.await?.attempts()) }.boxed()
        },
    },
    Read {
        operation: "list_payment_links",
        send: |bench| {
            let call = bench.client.payment_links().list();
            let call = call.with_timeout(bench.patience).send();
            async move { Ok(call.await?.attempts()) }.boxed()
        },
    },
    Read {
        operation: "get_account_balance",
        send: |bench| {
            let call = bench.client.balances().account();
            let call = call.with_timeout(bench.patience).send();
            async move { Ok(call.await?.attempts()) }.boxed()
        },
    },
    Read {
        operation: "check_beneficiary",
        send: |bench| {
            let call = bench.client.disbursements().check_beneficiary_v1();
            let call = call
                .bank_swift_code("BRINIDJA")
                .bank_account_number("100000000000001")
                .with_timeout(bench.patience)
                .send();
            async move { Ok(call.await?.attempts()) }.boxed()
        },
    },
    Read {
        operation: "check_disbursement_fee",
        send: |bench| {
            let call = bench.client.disbursements().check_fee();
            let call = call
                .bank_swift_code("BRINIDJA")
                .amount(50_000)
                .with_timeout(bench.patience)
                .send();
            async move { Ok(call.await?.attempts()) }.boxed()
        },
    },
];
