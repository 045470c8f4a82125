//! Permission, limit and consent of what pays out.

use std::collections::BTreeSet;

use singapay_core::operation::Effect;

use super::{ACCOUNT, PAY, PHONE, QR, TRANSFER, common::Desk, operations::modelled};

/// A complete payout of every operation that makes one.
const PAYOUTS: [(&str, &[&str]); 10] = [
    (
        "transfer_disbursement",
        &[
            "bank_code=014",
            ACCOUNT,
            "amount=10000",
            "reference_number=R",
        ],
    ),
    (
        "transfer_disbursement_v1",
        &[
            "bank_swift_code=CENAIDJA",
            ACCOUNT,
            "amount=10000",
            "reference_number=R",
        ],
    ),
    (
        "topup_ewallet",
        &[
            "ewallet_code=DANA",
            "customer_number=081200000001",
            "amount=10000",
            "reference_number=R",
        ],
    ),
    (
        "pay_qris",
        &[
            "amount=10000",
            QR,
            "customer_name=Sari",
            "reference_number=R",
        ],
    ),
    (
        "create_cardless_withdrawal",
        &[
            "customer_name=Sari",
            "customer_id=081200000001",
            "amount=50000",
            "vendor_code=CLWD_BRI",
            "reference_number=R",
        ],
    ),
    (
        "transfer_between_accounts",
        &[
            "amount=10000",
            "beneficiary_account_number=123456789012",
            "merchant_ref_no=R",
        ],
    ),
    (
        "pay_prepaid",
        &[
            "command=plntok",
            "customer_id=081200000111",
            "product_code=SPPLNTOK",
            "password=p",
            "reference_number=R",
        ],
    ),
    (
        "pay_prepaid_v1",
        &[
            "command=plntok",
            "customer_id=081200000111",
            "product_code=SPPLNTOK",
            "password=p",
            "reference_number=R",
        ],
    ),
    (
        "pay_postpaid",
        &[
            "command=plnpos",
            "customer_id=081200000111",
            "product_code=SPPLNPOS",
            "password=p",
            "reference_number=R",
        ],
    ),
    (
        "pay_postpaid_v1",
        &[
            "command=plnpos",
            "customer_id=081200000111",
            "product_code=SPPLNPOS",
            "password=p",
            "reference_number=R",
        ],
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_pays_out_goes_without_permission_and_consent() {
    let desk = Desk::new().await;
    let paying = modelled().filter(|it| it.effect == Effect::MoneyOut);
    let all: BTreeSet<&str> = paying.map(|it| it.id).collect();
    assert_eq!(all, PAYOUTS.iter().map(|(id, _)| *id).collect());
    for (id, fields) in PAYOUTS {
        let operation = singapay_api::operations::find(id).unwrap();
        let call = |more: &[&str], input| {
            let start = ["call", operation.product, id];
            desk.run_with(&[&start[..], fields, more].concat(), input)
        };
        let limit: &[&str] = match operation.payout.unwrap().amount {
            Some(_) => &["--max-amount", "50000"],
            None => &["--any-amount"],
        };
        assert_eq!(call(&["--yes"], "").status, 2, "{id}");
        assert_eq!(call(&[limit, &["--yes"]].concat(), "").status, 2, "{id}");
        assert_eq!(call(&["--yes", "--pay-out"], "").status, 2, "{id}");
        for answer in ["", "no\n", "y\n"] {
            let declined = call(&[limit, &["--pay-out"]].concat(), answer);
            assert_eq!(declined.status, 6, "{id}: {declined:?}");
        }
        let shown = call(&["--dry-run", "--json"], "");
        assert_eq!(shown.status, 0, "{id}: {shown:?}");
        if operation.payout.unwrap().amount.is_some() {
            let above = call(&["--pay-out", "--yes", "--max-amount", "9999"], "");
            assert_eq!(above.status, 2, "{above:?}");
            assert!(above.err.contains("limit of 9999 rupiah"), "{above:?}");
        }
    }
    // A reference is the person's to give.
    let transfer = [
        "call",
        "account_transfers",
        "transfer_between_accounts",
        "amount=10000",
    ];
    let rest = [
        "beneficiary_account_number=123456789012",
        "--pay-out",
        "--max-amount",
        "10000",
        "--yes",
    ];
    let without = desk.run(&[&transfer[..], &rest].concat());
    assert!(
        without.status == 2 && without.err.contains("merchant_ref_no: is required"),
        "{without:?}"
    );
    assert!(
        desk.sandbox.requests().is_empty(),
        "nothing was asked of the gateway"
    );
    desk.assert_clean(&[PHONE]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_is_asked_for_what_will_be_paid() {
    let desk = Desk::new().await;
    let pay = [&TRANSFER[..], &PAY, &["reference_number=P-1"]].concat();
    let ran = desk.run_with(&pay, "yes\n");
    assert_eq!(ran.status, 0, "{ran:?}");
    for said in [
        desk.sandbox.base_url(),
        "amount: 10000",
        "bank_account_number: 1000000000",
        "P-1",
    ] {
        assert!(ran.err.contains(said), "{ran:?}");
    }
    let again = desk.run_with(&pay, "yes\n");
    assert_eq!(again.status, 4, "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn real_money_needs_its_own_word() {
    let mut desk = Desk::new().await;
    desk.set("SINGAPAY_BASE_URL", None);
    desk.set("SINGAPAY_ENVIRONMENT", Some("production"));
    let pay = [&TRANSFER[..], &PAY, &["reference_number=P-1"]].concat();
    let refused = desk.run(&[&pay[..], &["--yes"]].concat());
    assert!(
        refused.status == 2 && refused.err.contains("--allow-production"),
        "{refused:?}"
    );
    // Allowed, it is still asked.
    let asked = desk.run(&[&pay[..], &["--allow-production"]].concat());
    assert!(
        asked.status == 6 && asked.err.contains("PRODUCTION"),
        "{asked:?}"
    );
}
