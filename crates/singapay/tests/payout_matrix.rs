//! Every operation that pays out, through the flow, against the sandbox with one fault on the way: at most one
//! transfer for each payout, and the ending that is written here.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt, future::BoxFuture, stream};
use singapay::{
    AbsenceRule, MemoryPayoutStore, Money, MoneyOut, MoneyOutPolicy, PayoutError, PayoutState,
    PayoutStep, Payouts, PersonReason, RetryPolicy, Rupiah, Singapay,
    types::{
        EwalletCode, PostpaidCommand, PrepaidInquiryCommand, PrepaidPaymentCommand,
        PrepaidPaymentV1Command,
    },
};
use singapay_sandbox::{Fault, FaultAction, FaultPoint, Sandbox};

const AMOUNT: Rupiah = Rupiah::new(50_000);

struct Bench {
    sandbox: Sandbox,
    client: Singapay,
    handle: MoneyOut,
    flow: Payouts,
}

type Submitted<'a> = BoxFuture<'a, Result<PayoutStep, PayoutError>>;

struct Operation {
    id: &'static str,
    submit: for<'a> fn(&'a Bench) -> Submitted<'a>,
    /// True if it is sent again once it is proven absent.
    again: bool,
}

async fn bench() -> Bench {
    let builder = Sandbox::builder().account("B", 0);
    let builder = builder.delays(|delays| delays.payout = Duration::ZERO);
    let builder = builder.quirks(|quirks| quirks.qris_not_provisioned = false);
    let sandbox = builder.start().await.unwrap();
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
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let handle = client.money_out(MoneyOutPolicy::new()).unwrap();
    let store = Arc::new(MemoryPayoutStore::new());
    let flow = Payouts::new(&handle, store)
        .with_call_timeout(2 * second)
        .with_lease_margin(second / 10)
        .with_absence_rule(AbsenceRule::new(2, second, second / 10))
        .with_patience(20 * second)
        .with_biller_password(biller.password.clone());
    Bench {
        sandbox,
        client,
        handle,
        flow,
    }
}

/// A bill, which is asked for before it is paid.
macro_rules! bill {
    ($pay:ident, $command:expr, $product:literal, $customer:literal, |$bills:ident| $inquiry:expr) => {
        Operation {
            id: stringify!($pay),
            submit: |bench| {
                Box::pin(async {
                    let $bills = bench.client.bills();
                    let ask = $inquiry.product_code($product).customer_id($customer);
                    let bill = ask.send().await.unwrap();
                    let call = bench.handle.$pay().command($command);
                    let call = call.product_code($product).customer_id($customer);
                    let call = call.reference_number(bill.reference_number.clone());
                    let call = call.password("stored nowhere");
                    bench.flow.submit(call).reference("R-1").await
                })
            },
            again: false,
        }
    };
}

#[allow(deprecated, reason = "old versions pay out, too")]
const OPERATIONS: [Operation; 10] = [
    Operation {
        id: "transfer_disbursement",
        submit: |bench| {
            let call = bench.handle.transfer_disbursement();
            let call = call.account_id(bench.sandbox.account_id());
            let call = call.reference_number("R-1").amount(AMOUNT).bank_code("014");
            Box::pin(
                bench
                    .flow
                    .submit(call.bank_account_number("1000123456"))
                    .into_future(),
            )
        },
        again: true,
    },
    Operation {
        id: "transfer_disbursement_v1",
        submit: |bench| {
            let account = bench.sandbox.account_id();
            let call = bench.handle.transfer_disbursement_v1().account_id(account);
            let call = call.reference_number("R-1").amount(AMOUNT);
            let call = call.bank_swift_code("CENAIDJA");
            Box::pin(
                bench
                    .flow
                    .submit(call.bank_account_number("1000123456"))
                    .into_future(),
            )
        },
        again: false,
    },
    Operation {
        id: "topup_ewallet",
        submit: |bench| {
            let call = bench.handle.topup_ewallet();
            let call = call.account_id(bench.sandbox.account_id());
            let call = call.reference_number("R-1").ewallet_code(EwalletCode::Ovo);
            let call = call
                .customer_number("081200000001")
                .amount(Money::idr(AMOUNT));
            Box::pin(bench.flow.submit(call).into_future())
        },
        again: true,
    },
    Operation {
        id: "pay_qris",
        submit: |bench| {
            Box::pin(async {
                let code = bench.client.qris().generate();
                let code = code.amount(AMOUNT).send().await.unwrap();
                let call = bench.handle.pay_qris();
                let call = call.account_id(bench.sandbox.account_id());
                let call = call.reference_number("R-1").amount(AMOUNT);
                let data = code.qr_data.clone();
                let call = call.qr_data(data).customer_name("Rina Wijaya");
                bench.flow.submit(call).await
            })
        },
        again: false,
    },
    Operation {
        id: "create_cardless_withdrawal",
        submit: |bench| {
            let call = bench.handle.create_cardless_withdrawal();
            let call = call.account_id(bench.sandbox.account_id());
            let call = call.reference_number("R-1").amount(AMOUNT);
            let call = call
                .customer_id("081200000001")
                .customer_name("Rina Wijaya");
            Box::pin(
                bench
                    .flow
                    .submit(call.vendor_code("CLWD_BRI"))
                    .into_future(),
            )
        },
        again: true,
    },
    Operation {
        id: "transfer_between_accounts",
        submit: |bench| {
            let account = bench.sandbox.account_id();
            let call = bench.handle.transfer_between_accounts().account_id(account);
            let call = call.merchant_ref_no("R-1").amount(AMOUNT);
            let other = &bench.sandbox.accounts()[1].number;
            Box::pin(
                bench
                    .flow
                    .submit(call.beneficiary_account_number(other))
                    .into_future(),
            )
        },
        again: false,
    },
    bill!(
        pay_prepaid,
        PrepaidPaymentCommand::Plntok,
        "SPPLNTOK",
        "14012345678",
        |bills| bills
            .inquire_prepaid()
            .command(PrepaidInquiryCommand::Plntok)
    ),
    bill!(
        pay_postpaid,
        PostpaidCommand::Plnpos,
        "SPPLNPOS",
        "114676170021",
        |bills| bills.inquire_postpaid().command(PostpaidCommand::Plnpos)
    ),
    bill!(
        pay_prepaid_v1,
        PrepaidPaymentV1Command::Plntok,
        "SPPLNTOK",
        "14012345678",
        |bills| bills.inquire_prepaid_v1()
    ),
    bill!(
        pay_postpaid_v1,
        PostpaidCommand::Plnpos,
        "SPPLNPOS",
        "114676170021",
        |bills| bills.inquire_postpaid_v1().command(PostpaidCommand::Plnpos)
    ),
];

/// Faults that leave an outcome open.
fn faults() -> Vec<FaultAction> {
    vec![
        FaultAction::Reset,
        FaultAction::Truncate,
        FaultAction::Redirect,
        FaultAction::Html502,
        FaultAction::Status(500),
        FaultAction::TooManyRequests { retry_after: 1 },
        FaultAction::WrongCode("SP001".to_owned()),
        FaultAction::WrongCode("SP777".to_owned()),
        FaultAction::DelayMillis(2_500),
    ]
}

/// Number of times that the gateway paid.
fn payments(bench: &Bench, operation: &str) -> i64 {
    let audit = bench.sandbox.audit();
    assert_eq!(audit.violations, [] as [String; 0], "{operation}");
    match operation {
        "transfer_between_accounts" => {
            let other = &bench.sandbox.accounts()[1].id;
            bench.sandbox.balance_of(other).unwrap().available / AMOUNT.value()
        }
        bill if bill.starts_with("pay_p") => i64::from(audit.billed > 0),
        "create_cardless_withdrawal" => {
            let own = bench
                .sandbox
                .balance_of(bench.sandbox.account_id())
                .unwrap();
            (own.held + audit.paid_out) / AMOUNT.value()
        }
        // The fee is small beside the amount.
        _ => audit.paid_out / AMOUNT.value(),
    }
}

async fn cell(operation: &Operation, point: FaultPoint, action: FaultAction) {
    let name = format!("{} {point:?} {action:?}", operation.id);
    let bench = bench().await;
    let step = (operation.submit)(&bench).await;
    let _ = step.unwrap_or_else(|error| panic!("{name}: {error}"));
    bench
        .sandbox
        .add_fault(Fault::new(point, action).on(operation.id))
        .unwrap();
    let is_cash = operation.id == "create_cardless_withdrawal";
    let step = loop {
        let step = bench.flow.advance("R-1").await.unwrap();
        // Cash waits for its customer.
        if step.next_at().is_none() || is_cash && step.state() == PayoutState::Accepted {
            break step;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let paid = payments(&bench, operation.id);
    let arrived = point != FaultPoint::BeforeCommit || operation.again;
    let expected = match (arrived, is_cash) {
        (true, true) => PayoutState::Accepted,
        (true, false) => PayoutState::Paid,
        (false, _) => PayoutState::NeedsPerson,
    };
    assert_eq!(step.state(), expected, "{name}: {:?}", step.record.progress);
    assert_eq!(paid, i64::from(arrived), "{name}");
    if !arrived {
        assert_eq!(
            step.record.progress.person,
            Some(PersonReason::Absent),
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_lost_each_payout_is_made_at_most_once() {
    let mut cells = Vec::new();
    for operation in &OPERATIONS {
        for point in [FaultPoint::BeforeCommit, FaultPoint::AfterCommit] {
            for action in faults() {
                // A truncated answer is one that was made.
                if action == FaultAction::Truncate && point == FaultPoint::BeforeCommit {
                    continue;
                }
                cells.push(cell(operation, point, action));
            }
        }
    }
    stream::iter(cells)
        .buffer_unordered(40)
        .collect::<()>()
        .await;
}
