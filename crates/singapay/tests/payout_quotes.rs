//! What the gateway says before a payout is made, by operation.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use singapay::{
    MemoryPayoutStore, Money, MoneyOutPolicy, PayoutQuote, PayoutStore, Payouts, Rupiah, Singapay,
    types::EwalletCode,
};
use singapay_sandbox::Sandbox;

const AMOUNT: Rupiah = Rupiah::new(50_000);

struct Bench {
    sandbox: Sandbox,
    client: Singapay,
    store: Arc<MemoryPayoutStore>,
    flow: Payouts,
}

async fn bench() -> Bench {
    let builder = Sandbox::builder().balance(120_000).fees(|fees| {
        fees.disbursement = 2_500;
        fees.ewallet_topup = 1_500;
    });
    let sandbox = builder.start().await.unwrap();
    let key = sandbox.credentials();
    let client = Singapay::builder()
        .base_url(sandbox.base_url())
        .credential(&key.partner_id, &key.client_id, key.client_secret.clone())
        .account(sandbox.account_id())
        .build()
        .unwrap();
    let handle = client.money_out(MoneyOutPolicy::new()).unwrap();
    let store = Arc::new(MemoryPayoutStore::new());
    let flow = Payouts::new(&handle, Arc::clone(&store));
    Bench {
        sandbox,
        client,
        store,
        flow,
    }
}

/// Fee, gross amount and what is available, in rupiah.
fn costs(quote: &PayoutQuote) -> [Option<i64>; 3] {
    [quote.fee, quote.gross, quote.available].map(|amount| amount.map(Rupiah::value))
}

#[tokio::test]
async fn a_transfer_is_quoted_with_its_owner_and_fee() {
    let bench = bench().await;
    let handle = bench.client.money_out(MoneyOutPolicy::new()).unwrap();
    let transfer = |bank: &str, amount| {
        let call = handle.transfer_disbursement().reference_number("R-1");
        let call = call.bank_code(bank).bank_account_number("1000123456");
        bench.flow.submit(call.amount(Rupiah::new(amount))).quote()
    };
    let quote = transfer("014", 50_000).await.unwrap();
    assert_eq!(costs(&quote), [Some(2_500), Some(52_500), Some(120_000)]);
    assert_eq!(
        (quote.is_valid, quote.is_covered()),
        (Some(true), Some(true))
    );
    assert!(!quote.name.unwrap().is_empty());
    // The gateway quotes nothing that the balance does not cover; the balance is told all the same.
    let short = transfer("014", 119_000).await.unwrap();
    assert_eq!(costs(&short), [None, None, Some(120_000)]);
    assert!(!short.name.unwrap().is_empty());
    // Of a bank without a known SWIFT code nothing can be asked.
    let unknown = transfer("999", 50_000).await.unwrap();
    assert_eq!((unknown.is_valid, unknown.is_covered()), (None, None));
    assert!(
        bench.store.get("R-1").await.unwrap().is_none(),
        "nothing is stored"
    );
}

#[tokio::test]
async fn a_top_up_is_quoted_with_its_owner_and_fee() {
    let bench = bench().await;
    let handle = bench.client.money_out(MoneyOutPolicy::new()).unwrap();
    let topup = |number: &str| {
        let call = handle.topup_ewallet().reference_number("R-1");
        let call = call.ewallet_code(EwalletCode::Ovo).customer_number(number);
        bench.flow.submit(call.amount(Money::idr(AMOUNT))).quote()
    };
    let quote = topup("081200000001").await.unwrap();
    assert_eq!(costs(&quote), [Some(1_500), Some(51_500), Some(120_000)]);
    assert_eq!(
        (quote.is_valid, quote.is_covered()),
        (Some(true), Some(true))
    );
    assert!(!quote.name.unwrap().is_empty());
    // A wallet that cannot be reached is an error of the gateway, and says so.
    let refused = topup("0899000001").await.unwrap_err();
    assert!(refused.to_string().contains("SP010"), "{refused}");
    assert_eq!(bench.sandbox.audit().paid_out, 0);
}

#[tokio::test]
async fn a_qr_code_is_quoted_with_its_merchant_and_without_a_fee() {
    let bench = bench().await;
    let handle = bench.client.money_out(MoneyOutPolicy::new()).unwrap();
    let code = bench
        .client
        .qris()
        .generate()
        .amount(AMOUNT)
        .send()
        .await
        .unwrap();
    let pay = |data: &str| {
        let call = handle.pay_qris().reference_number("R-1").amount(AMOUNT);
        bench
            .flow
            .submit(call.qr_data(data).customer_name("Rina Wijaya"))
            .quote()
    };
    let quote = pay(&code.qr_data).await.unwrap();
    assert_eq!(costs(&quote), [None, None, Some(120_000)]);
    assert_eq!((quote.is_valid, quote.is_covered()), (None, None));
    assert!(!quote.name.unwrap().is_empty());
}

#[tokio::test]
async fn what_cannot_be_asked_tells_the_balance_alone() {
    let bench = bench().await;
    let handle = bench.client.money_out(MoneyOutPolicy::new()).unwrap();
    let call = handle.transfer_between_accounts().merchant_ref_no("R-1");
    let call = call
        .amount(AMOUNT)
        .beneficiary_account_number("123456789012");
    let quote = bench.flow.submit(call).quote().await.unwrap();
    assert_eq!(costs(&quote), [None, None, Some(120_000)]);
    assert_eq!((quote.name, quote.is_valid), (None, None));
}
