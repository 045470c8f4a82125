//! Documented answers to a payout are accepted as the one that was asked for, in every spelling that the
//! gateway's documents and live answers have; an answer that speaks of another one is not.

#![allow(clippy::unwrap_used)]

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use singapay_api::operations;
use singapay_core::{Answer, Judgement, Proof};

/// `None` if it is accepted.
fn proof(id: &str, asked: &Value, told: &Value) -> Option<Proof> {
    let all = operations::ALL.iter();
    let operation = all.copied().find(|operation| operation.id == id).unwrap();
    let answer = Answer {
        status: StatusCode::OK,
        headers: HeaderMap::new(),
        body: Bytes::from(told.to_string()),
    };
    let judgement = Judgement::of(operation, asked.to_string().as_bytes(), &answer, false);
    judgement.into_failure().map(|failure| failure.proof)
}

fn v2(data: Value) -> Value {
    json!({"response_code": "SP000", "response_message": "Successfully", "data": data})
}

fn bill(code: &str, data: Value) -> Value {
    json!({"command": "x", "response_code": code, "response_text": "x", "data": data})
}

#[test]
fn documented_answers_are_accepted() {
    let idr = |value: &str| json!({"currency": "IDR", "value": value});
    let transfer = |bank: &str| json!({"account_id": "A", "reference_number": "11111111118", "bank_code": bank, "bank_account_number": "0011111118", "amount": 10_004});
    let transferred = |code: Value| {
        v2(
            json!({"transaction_id": "101222025122910292195055674", "reference_number": "11111111118", "transaction_status": {"code": "03", "desc": "Pending"}, "post_timestamp": "1766978961000", "processed_timestamp": "", "bank": {"code": code, "name": "BRI", "account_name": "", "account_number": "0011111118"}, "gross_amount": idr("12504.00"), "fee": idr("2500"), "net_amount": idr("10004.00"), "balance_after": idr("829988"), "notes": ""}),
        )
    };
    for (asked, told) in [
        ("002", "002"),
        ("BRINIDJA", "002"),
        ("002", "BRI"),
        ("BRINIDJAXXX", "BRINIDJA"),
        ("535", "SeaBank"),
        ("947", "Maybank"),
        ("688", "688"),
    ] {
        assert_eq!(
            proof(
                "transfer_disbursement",
                &transfer(asked),
                &transferred(json!(told))
            ),
            None,
            "{asked} {told}"
        );
    }
    assert_eq!(
        proof(
            "transfer_disbursement",
            &transfer("014"),
            &transferred(json!("BRI"))
        ),
        Some(Proof::Duplicate)
    );
    assert_eq!(
        proof(
            "transfer_disbursement",
            &transfer("002"),
            &transferred(json!(2))
        ),
        None
    );

    // The gross amount is the one that was asked for here.
    let v1 = json!({"reference_number": "123456789123", "amount": 50_000, "bank_swift_code": "BRINIDJA", "bank_account_number": "521398319083210"});
    let told = json!({"status": 200, "success": true, "data": {"transaction_id": "1512220251105174015668", "reference_number": "123456789123", "status": "success", "bank": {"code": "BRI", "account_name": "Yayasan Contoh", "account_number": "521398319083210"}, "gross_amount": idr("50000"), "fee": {"name": "Transfer Fee", "value": "3000", "currency": "IDR"}, "net_amount": idr("47000"), "post_timestamp": "1762339215000", "processed_timestamp": "1762339215672", "balance_after": idr("777000"), "notes": "x"}});
    assert_eq!(proof("transfer_disbursement_v1", &v1, &told), None);

    let topup = |number: &str| json!({"account_id": "A", "reference_number": "REF-001", "ewallet_code": "DANA", "customer_number": number, "amount": {"value": "10000.00", "currency": "IDR"}, "notes": null});
    for number in ["081200000001", "6281200000001", "+6281200000001"] {
        for (amount, fee) in [("net_amount", "fee"), ("amount", "fee_amount")] {
            let told = v2(
                json!({"transaction_id": "EWT-1", "transaction_status": {"code": "03", "desc": "Pending"}, "reference_number": "REF-001", "notes": "x", "ewallet": {"code": "DANA", "customer_number": "081200000001", "customer_name": "Contoh"}, "post_timestamp": "2026-04-02T10:30:00+07:00", "balance_after": idr("10000.00"), amount: idr("10000.00"), fee: idr("10000.00"), "gross_amount": idr("10000.00")}),
            );
            assert_eq!(
                proof("topup_ewallet", &topup(number), &told),
                None,
                "{number} {amount}"
            );
        }
    }

    let qr = "00020101021226620015ID.SINGAPAY.WWW0118936012070412260002 EXXON  6304ABCD";
    let credit = json!({"reference_number": "INV-1", "account_id": "A", "amount": 100_000, "qr_data": qr, "customer_name": "Contoh"});
    let told = |qr: &str| {
        v2(
            json!({"transaction_id": "112220251111135424691", "transaction_status": {"code": "03", "desc": "Pending"}, "qr_data": qr, "type": "mpm-dynamic", "scope": "issuer", "reference_number": "INV-1", "balance_after": idr("100000.00"), "net_amount": idr("95000.00"), "fee": idr("5000.00"), "gross_amount": idr("100000.00")}),
        )
    };
    assert_eq!(proof("pay_qris", &credit, &told(qr)), None);
    assert_eq!(
        proof("pay_qris", &credit, &told(&qr.replace("260002", "260003"))),
        Some(Proof::Duplicate)
    );

    let withdrawal = json!({"account_id": "A", "reference_number": "W-1", "customer_name": "Contoh", "customer_id": "CUST-00123", "amount": 500_000, "vendor_code": "CLWD_BRI"});
    for gross in [json!(508_000), json!("508000.00"), idr("508000.00")] {
        let told = v2(
            json!({"transaction_status": {"code": "01", "desc": "Initiated"}, "otp_number": "000000", "gross_amount": gross, "balance_after": "0", "reference_number": "W-1"}),
        );
        assert_eq!(
            proof("create_cardless_withdrawal", &withdrawal, &told),
            None
        );
    }

    let between = json!({"amount": 500_000, "beneficiary_account_number": "012345678901", "merchant_ref_no": "PF-1"});
    let told = |amount: Value, number: Value| json!({"status": 200, "success": true, "data": {"transaction_id": "T", "merchant_ref_no": "PF-1", "status": "success", "amount": amount, "beneficiary": {"account_number": number}}});
    for (amount, number) in [
        (idr("500000.00"), json!("012345678901")),
        (json!(500_000), json!(12_345_678_901_u64)),
        (json!("500000"), json!(null)),
        (json!("500000.00"), json!("********8901")),
    ] {
        assert_eq!(
            proof("transfer_between_accounts", &between, &told(amount, number)),
            None
        );
    }
    assert_eq!(
        proof(
            "transfer_between_accounts",
            &between,
            &told(json!(500_000.5), json!(null))
        ),
        Some(Proof::Duplicate)
    );

    for (operation, asked, data) in [
        (
            "pay_prepaid_v1",
            "082200000001",
            json!({"customer_id": "082200000001", "amount": "32500", "price": "32500", "transaction_id": "01JXCQAZ8Z8AT5YRAP3V66GR70", "created_at": "2025-06-10 17:49:20"}),
        ),
        (
            "pay_prepaid",
            "14000000001",
            json!({"customer_name": "JXXX DXX", "token": null, "customer_id": "14000000001", "amount": "201500", "price": "201500", "transaction_id": "01JXVCEF994H9VWF2V99839Z7D"}),
        ),
        (
            "pay_postpaid",
            "000770163",
            json!({"customer_id": "000770163", "transaction_id": "01JXVCEF994H9VWF2V99839Z7D", "period": "202408"}),
        ),
        (
            "pay_postpaid",
            "000770163",
            json!({"customer_id": 770_163, "transaction_id": "01JXVCEF994H9VWF2V99839Z7D"}),
        ),
        (
            "pay_postpaid_v1",
            "08122900000",
            json!({"customer_id": "628122900000", "transaction_id": "01JXVCEF994H9VWF2V99839Z7D"}),
        ),
    ] {
        for code in ["00", "01", "0", "1"] {
            let asked = json!({"command": "x", "data": {"customer_id": asked}});
            assert_eq!(
                proof(operation, &asked, &bill(code, data.clone())),
                None,
                "{operation} {data}"
            );
        }
    }
}
