//! Every operation that pays out, as a submission.

use singapay::{
    Money,
    types::{
        EwalletCode, PostpaidCommand, PrepaidInquiryCommand, PrepaidPaymentCommand,
        PrepaidPaymentV1Command,
    },
};

use crate::bench::{AMOUNT, Bench, Submitted};

pub(crate) struct Operation {
    pub(crate) id: &'static str,
    pub(crate) submit: for<'a> fn(&'a Bench) -> Submitted<'a>,
    /// True if it is sent again once it is proven absent.
    pub(crate) again: bool,
}

impl Operation {
    pub(crate) fn is_bill(&self) -> bool {
        self.id.starts_with("pay_p")
    }

    /// True if it waits for its customer once it is accepted.
    pub(crate) fn is_cash(&self) -> bool {
        self.id == "create_cardless_withdrawal"
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
pub(crate) const OPERATIONS: [Operation; 10] = [
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
            let other = bench.sandbox.told("/other/number");
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
