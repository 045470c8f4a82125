//! Writes that collect money or make something, and how to count what they left behind.

use std::time::Duration;

use futures_util::{FutureExt, StreamExt, future::BoxFuture};
use singapay::{
    Error, Rupiah,
    types::{
        EwalletVendor, PaymentLinkItem, PaymentLinkType, PaymentOtpMode, VirtualAccountBankCode,
        VirtualAccountKind,
    },
};
use singapay_sandbox::Sandbox;

use crate::rig::{AMOUNT, Bench, REFERENCE};

pub(crate) struct Write {
    pub(crate) operation: &'static str,
    /// Calls it with the reference and tells how many requests it took.
    pub(crate) send: for<'a> fn(&'a Bench, &'a str) -> BoxFuture<'a, Result<u32, Error>>,
    /// Number of things that have the reference.
    pub(crate) count: fn(&Bench) -> BoxFuture<'_, usize>,
    /// True if the gateway knows a reference again.
    pub(crate) refuses_doubles: bool,
    pub(crate) needs_binding: bool,
}

const PLAIN: Write = Write {
    operation: "",
    send: |_, _| std::future::pending().boxed(),
    count: |_| std::future::pending().boxed(),
    refuses_doubles: false,
    needs_binding: false,
};

pub(crate) const WRITES: [Write; 9] = [
    Write {
        operation: "create_payment_link",
        send: |bench, _| {
            let call = bench.client.payment_links().create();
            let call = call
                .reff_no(REFERENCE)
                .payment_link_type(PaymentLinkType::Total)
                .total_amount(AMOUNT)
                .with_timeout(bench.patience)
                .send();
            async move { Ok(call.await?.attempts()) }.boxed()
        },
        count: links,
        refuses_doubles: true,
        ..PLAIN
    },
    Write {
        operation: "create_payment_link_v1",
        send: |bench, _| {
            #[allow(deprecated, reason = "the older version must be as safe")]
            let call = bench.client.payment_links().create_v1();
            let call = call
                .reff_no(REFERENCE)
                .title("Kue")
                .required_customer_detail(false)
                .max_usage(1)
                .total_amount(AMOUNT)
                .items([PaymentLinkItem::new("Kue", 1, AMOUNT)])
                .whitelisted_payment_method(["QRIS"])
                .with_timeout(bench.patience)
                .send();
            async move { Ok(call.await?.attempts()) }.boxed()
        },
        count: links,
        refuses_doubles: true,
        ..PLAIN
    },
    Write {
        operation: "create_account",
        send: |bench, _| {
            let call = bench.client.accounts().create().name(REFERENCE);
            let call = call.with_timeout(bench.patience).send();
            async move { Ok(call.await?.attempts()) }.boxed()
        },
        count: |bench| {
            let accounts = bench.sandbox.accounts();
            let named = accounts.iter().filter(|account| account.name == REFERENCE);
            let count = named.count();
            async move { count }.boxed()
        },
        ..PLAIN
    },
    Write {
        operation: "create_virtual_account",
        send: |bench, _| {
            let call = bench.client.virtual_accounts().create();
            let call = call
                .merchant_reff_no(REFERENCE)
                .bank_code(VirtualAccountBankCode::Bri)
                .kind(VirtualAccountKind::Permanent)
                .amount(AMOUNT)
                .name("Rina Wijaya")
                .with_timeout(bench.patience)
                .send();
            async move { Ok(call.await?.attempts()) }.boxed()
        },
        count: |bench| {
            let list = bench.client.virtual_accounts().list();
            let rows = list.by_item().map(Result::unwrap);
            rows.filter(|row| {
                std::future::ready(row.merchant_reff_no.as_deref() == Some(REFERENCE))
            })
            .count()
            .boxed()
        },
        ..PLAIN
    },
    Write {
        operation: "generate_qris",
        send: |bench, _| {
            let call = bench.client.qris().generate();
            let call = call.amount(AMOUNT).with_timeout(bench.patience).send();
            async move { Ok(call.await?.attempts()) }.boxed()
        },
        // A code has no reference of the merchant's; there is no other here.
        count: |bench| {
            let list = bench.client.qris().list();
            list.by_item().map(Result::unwrap).count().boxed()
        },
        ..PLAIN
    },
    Write {
        operation: "create_ewallet_order",
        send: |bench, _| {
            let call = bench.client.ewallets().create();
            let call = call
                .merchant_reff_no(REFERENCE)
                .amount(AMOUNT)
                .ewallet_vendor(EwalletVendor::EwalletOvo)
                .customer_phone("081200000001")
                .with_timeout(bench.patience)
                .send();
            async move { Ok(call.await?.attempts()) }.boxed()
        },
        count: wallet_payments,
        ..PLAIN
    },
    Write {
        operation: "create_ewallet_checkout",
        send: |bench, _| {
            #[allow(deprecated, reason = "the older version must be as safe")]
            let call = bench.client.ewallets().create_v1();
            let call = call
                .merchant_reff_no(REFERENCE)
                .amount(AMOUNT)
                .ewallet_vendor(EwalletVendor::EwalletDana)
                .customer_phone("081200000001")
                .with_timeout(bench.patience)
                .send();
            async move { Ok(call.await?.attempts()) }.boxed()
        },
        count: wallet_payments,
        ..PLAIN
    },
    Write {
        operation: "create_card_payment",
        send: |bench, _| {
            let call = bench.client.cards().create();
            let call = call
                .reference_no(REFERENCE)
                .amount(AMOUNT)
                .goods_name("Premium")
                .customer_name("Rina Wijaya")
                .customer_email("rina@example.com")
                .customer_phone("081200000001")
                .customer_address("Jl. Contoh No. 1")
                .customer_city("Jakarta")
                .customer_state("DKI Jakarta")
                .customer_postal_code("10220")
                .customer_country("ID")
                .card_number("4000000000000002")
                .card_expiry("9912")
                .card_cvv("123")
                .card_holder_name("RINA WIJAYA")
                .card_holder_email("rina@example.com")
                .with_timeout(bench.patience)
                .send();
            async move { Ok(call.await?.attempts()) }.boxed()
        },
        // Every payment waits for its 3-D Secure page, by number.
        count: |bench| {
            let waits = |row: &u32| bench.sandbox.complete_3d_secure(&row.to_string(), false);
            let count = (0..9).filter(|row| waits(row).is_ok()).count();
            async move { count }.boxed()
        },
        ..PLAIN
    },
    Write {
        operation: "charge_direct_debit",
        send: |bench, binding| {
            let call = bench.client.direct_debits().charge();
            let call = call
                .binding_id(binding)
                .merchant_reference(REFERENCE)
                .amount(AMOUNT)
                .with_timeout(bench.patience)
                .send();
            async move { Ok(call.await?.attempts()) }.boxed()
        },
        // Every charge collects its amount, less a fee that is small beside it.
        count: |bench| {
            async move {
                bench.sandbox.advance(Duration::from_secs(3600)).await;
                let collected = Rupiah::new(bench.sandbox.audit().collected + AMOUNT.value() / 2);
                usize::try_from(collected.value() / AMOUNT.value()).unwrap()
            }
            .boxed()
        },
        refuses_doubles: true,
        needs_binding: true,
    },
];

fn wallet_payments(bench: &Bench) -> BoxFuture<'_, usize> {
    let list = bench.client.ewallets().list();
    let rows = list.by_item().map(Result::unwrap);
    rows.filter(|row| std::future::ready(row.merchant_reff_no.as_deref() == Some(REFERENCE)))
        .count()
        .boxed()
}

fn links(bench: &Bench) -> BoxFuture<'_, usize> {
    let list = bench.client.payment_links().list();
    let rows = list.by_item().map(Result::unwrap);
    rows.filter(|row| std::future::ready(row.reff_no.as_deref() == Some(REFERENCE)))
        .count()
        .boxed()
}

/// A binding that charges without a one-time code.
pub(crate) async fn bind(sandbox: &Sandbox, bench: &Bench) -> String {
    let call = bench.client.direct_debits().bind();
    let call = call
        .customer_ref("cust-9001")
        .phone_no("081200000001")
        .bank_code("008")
        .payment_otp_mode(PaymentOtpMode::WithoutOtp);
    let binding = call.send().await.unwrap().into_data().binding_id;
    sandbox.answer_binding(&binding, true).unwrap();
    binding
}
