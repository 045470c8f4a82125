//! Every operation of the table, called with what others answered before.

use std::collections::BTreeSet;

use serde_json::Value;
use singapay_auth::scheme::{identity_signature, identity_timestamp};
use singapay_core::operation::Effect;
use singapay_sandbox::{Payer, PaymentOutcome};

use super::{ACCOUNT, LINK, PHONE, QR, common::Desk};

const CARD: &str = "4111111111111111";

/// A desk where every operation is called with what others answered before.
struct Table {
    desk: Desk,
    called: BTreeSet<&'static str>,
    failed: Vec<String>,
    references: u32,
}

impl Table {
    async fn new() -> Self {
        Self {
            desk: Desk::new().await,
            called: BTreeSet::new(),
            failed: Vec::new(),
            references: 0,
        }
    }

    /// One that was never used before.
    fn reference(&mut self) -> String {
        self.references += 1;
        format!("REF-{:05}", self.references)
    }

    /// Calls an operation, which must succeed; gives the data of its answer.
    fn call(&mut self, id: &'static str, fields: &[&str]) -> Value {
        let operation = singapay_api::operations::find(id).unwrap();
        // An id is a verb, too, unless that is the verb of another operation.
        let verb = match id {
            "check_beneficiary" => "check_beneficiary_v1",
            id => id,
        };
        let mut args = vec!["call", operation.product, verb, "--json"];
        args.extend(fields);
        if operation.effect == Effect::MoneyOut {
            args.extend(["--pay-out", "--yes"]);
            match operation.payout.unwrap().amount {
                Some(_) => args.extend(["--max-amount", "100000"]),
                None => args.push("--any-amount"),
            }
        }
        let ran = self.desk.run(&args);
        self.called.insert(id);
        if ran.status != 0 {
            self.failed.push(format!("{id}: {ran:?}"));
            return Value::Null;
        }
        let answer = ran.json();
        assert_eq!(answer["outcome"], "done", "{id}");
        answer["data"].clone()
    }

    /// The same with a fresh reference in this field.
    fn new_one(&mut self, id: &'static str, field: &str, fields: &[&str]) -> Value {
        let reference = format!("{field}={}", self.reference());
        self.call(id, &[fields, &[reference.as_str()]].concat())
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn with(name: &str, value: &Value) -> String {
    format!("{name}={}", text(value))
}

const LINK_V1: [&str; 5] = [
    "title=Order",
    "max_usage=1",
    "required_customer_detail=false",
    "total_amount=50000",
    r#"items:=[{"name":"Coffee","quantity":2,"unit_price":25000}]"#,
];
const WALLET: [&str; 3] = [
    "ewallet_code=DANA",
    "customer_number=081200000001",
    "amount=10000",
];
const VIRTUAL_ACCOUNT: [&str; 3] = ["bank_code=BRI", "kind=permanent", "amount=50000"];

fn accounts(table: &mut Table) {
    table.call("create_access_token", &[]);
    table.call("create_access_token_basic", &[]);
    let other = table.call("create_account", &["name=Shop"]);
    let other = with("id", &other["id"]);
    table.call("list_accounts", &["--all"]);
    table.call("get_account", &[&other]);
    table.call("update_account", &[&other, "name=Shop two"]);
    table.call("get_merchant_balance", &[]);
    table.call("get_account_balance", &[]);
    let number = table.call("get_account", &[&other, "--reveal"]);
    let number = with("beneficiary_account_number", &number["account_number"]);
    let sent = table.new_one(
        "transfer_between_accounts",
        "merchant_ref_no",
        &["amount=15000", &number],
    );
    table.call("list_account_transfers", &["status=success", "--all"]);
    table.call(
        "get_account_transfer",
        &[&with("transaction_id", &sent["transaction_id"])],
    );
    let rows = table.call("list_statements", &["--all"]);
    let row = with("statement_id", &rows[0]["transaction_id"]);
    table.call("get_statement", &[&row]);
    let gone = table.call("create_account", &["name=Gone"]);
    table.call("delete_account", &[&with("id", &gone["id"])]);
}

fn payment_links(table: &mut Table) {
    let old = table.new_one("create_payment_link_v1", "reff_no", &LINK_V1);
    let old = with("payment_link_id", &old["id"]);
    table.call("get_payment_link_v1", &[&old]);
    table.call(
        "update_payment_link_v1",
        &[&old, "status=open", "max_usage=2"],
    );
    table.call("delete_payment_link", &[&old]);
    let link = table.new_one("create_payment_link", "reff_no", &LINK);
    let id = with("payment_link_id", &link["id"]);
    table.call("get_payment_link", &[&id]);
    table.call("update_payment_link", &[&id, "description=Two cups"]);
    table.call("list_payment_links", &["--all"]);
    table.call("list_payment_methods", &[]);
    let reference = text(&link["reff_no"]);
    table
        .desk
        .sandbox
        .pay_payment_link(&reference, Payer::default())
        .unwrap();
    let rows = table.call("list_payment_link_histories", &["sort_order=desc", "--all"]);
    table.call(
        "get_payment_link_history",
        &[&with("history_id", &rows[0]["id"])],
    );
    let card = [
        "amount=150000",
        "goods_name=Coffee",
        "customer_name=Sari Demo",
        "customer_email=sari@example.com",
        "customer_phone=081200000001",
        "customer_address=Jalan Contoh 1",
        "customer_city=Jakarta",
        "customer_state=DKI Jakarta",
        "customer_postal_code=10110",
        "customer_country=ID",
        "card_number=@env:CARD",
        "card_expiry=9912",
        "card_cvv=@env:CVV",
        "card_holder_name=SARI DEMO",
        "card_holder_email=sari@example.com",
    ];
    let payment = table.new_one("create_card_payment", "reference_no", &card);
    let payment = with("id", &payment["transaction_id"]);
    table.call("get_card_status", &[&payment]);
    table.call("cancel_card_payment", &[&payment]);
}

fn money_in(table: &mut Table) {
    let made = table.new_one(
        "create_virtual_account",
        "merchant_reff_no",
        &VIRTUAL_ACCOUNT,
    );
    let number = text(&made["number"]);
    let id = with("virtual_account_id", &made["id"]);
    table.call("list_virtual_accounts", &["--all"]);
    table.call("get_virtual_account", &[&id]);
    table.call(
        "update_virtual_account",
        &[&id, "status=active", "amount=60000"],
    );
    let sandbox = &table.desk.sandbox;
    sandbox
        .pay_virtual_account(&number, None, PaymentOutcome::default())
        .unwrap();
    let rows = table.call("list_va_transactions", &["status=paid", "--all"]);
    table.call(
        "get_va_transaction",
        &[&with("transaction_id", &rows[0]["transaction_id"])],
    );
    table.call(
        "list_va_transactions_by_number",
        &[&format!("va_number={number}"), "--all"],
    );
    let gone = table.new_one(
        "create_virtual_account",
        "merchant_reff_no",
        &VIRTUAL_ACCOUNT,
    );
    let gone = with("virtual_account_id", &gone["id"]);
    table.call("delete_virtual_account", &[&gone]);
    let code = table.new_one("generate_qris", "merchant_reff_no", &["amount=10000"]);
    table.call("list_qris", &["status=open", "--all"]);
    table.call("get_qris", &[&with("id", &code["id"])]);
    let order = ["amount=50000", "ewallet_vendor=EWALLET_DANA"];
    let made = table.new_one("create_ewallet_order", "merchant_reff_no", &order);
    table.new_one("create_ewallet_checkout", "merchant_reff_no", &order);
    table.call(
        "list_ewallet_transactions",
        &["ewallet_vendor=EWALLET_DANA", "--all"],
    );
    table.call(
        "get_ewallet_transaction",
        &[&with("transaction_id", &made["id"])],
    );
    table.call("get_ewallet_status", &[&with("id", &made["id"])]);
}

fn payouts(table: &mut Table) {
    table.call("check_beneficiary", &["bank_swift_code=CENAIDJA", ACCOUNT]);
    table.call("check_beneficiary_v2", &["bank_code=014", ACCOUNT]);
    table.call(
        "check_disbursement_fee",
        &["bank_swift_code=CENAIDJA", "amount=50000"],
    );
    let paid = ["bank_code=014", ACCOUNT, "amount=10000"];
    let sent = table.new_one("transfer_disbursement", "reference_number", &paid);
    let reference = with("reference_number", &sent["reference_number"]);
    let paid = ["bank_swift_code=CENAIDJA", ACCOUNT, "amount=10000"];
    table.new_one("transfer_disbursement_v1", "reference_number", &paid);
    table.call("get_disbursement_status", &[&reference]);
    table.call("get_disbursement_status_v1", &[&reference]);
    table.call("list_disbursements", &["--all"]);
    table.call(
        "get_disbursement",
        &[&with("transaction_id", &sent["transaction_id"])],
    );
    table.call("inquire_ewallet_account", &WALLET);
    let sent = table.new_one("topup_ewallet", "reference_number", &WALLET);
    table.call(
        "get_ewallet_topup_status",
        &[&with("reference_number", &sent["reference_number"])],
    );
    table.call("inquire_qris_merchant", &[QR]);
    let sent = table.new_one(
        "pay_qris",
        "reference_number",
        &["amount=10000", QR, "customer_name=Sari Demo"],
    );
    let reference = with("reference_number", &sent["reference_number"]);
    table.call(
        "get_qris_status",
        &[&reference, "scope=issuer", "type=mpm-static"],
    );
    let cash = [
        "customer_name=Sari Demo",
        "customer_id=081200000001",
        "amount=50000",
        "vendor_code=CLWD_BRI",
    ];
    let sent = table.new_one("create_cardless_withdrawal", "reference_number", &cash);
    let reference = with("reference_number", &sent["reference_number"]);
    table.call("list_cardless_withdrawals", &["--all"]);
    table.call("get_cardless_withdrawal", &[&reference]);
    table.call(
        "cancel_cardless_withdrawal",
        &[&reference, "reason=Changed my mind"],
    );
}

fn debits_and_plans(table: &mut Table) {
    let bind = [
        "phone_no=081200000001",
        "bank_code=008",
        "payment_otp_mode=WITH_OTP",
    ];
    let bound = table.new_one("bind_card", "customer_ref", &bind);
    let binding = text(&bound["binding_id"]);
    table.desk.sandbox.answer_binding(&binding, true).unwrap();
    let binding = format!("binding_id={binding}");
    table.call("get_binding", &[&binding]);
    let charge = [binding.as_str(), "amount=150000", "description=June"];
    let charge = table.new_one("charge_direct_debit", "merchant_reference", &charge);
    let debit = with("transaction_id", &charge["transaction_id"]);
    table.call("verify_direct_debit_otp", &[&debit, "otp=123456"]);
    table.call("get_direct_debit_transaction", &[&debit]);
    table.call("unbind_card", &[&binding]);
    let plan = [
        "name=Coffee every month",
        "customer_name=Sari Demo",
        "customer_email=sari@example.com",
        "customer_phone=081200000001",
        "amount=150000",
        r#"schedule:={"interval":1,"interval_unit":"month","total_interval":12,"start_time":"2026-01-01T00:00:00+07:00"}"#,
    ];
    let made = table.new_one("create_plan", "subscription_id", &plan);
    let id = text(&made["id"]);
    table.desk.sandbox.link_card(&id, CARD).unwrap();
    let id = format!("id={id}");
    table.call("get_plan", &[&id]);
    table.call("update_plan", &[&id, "amount=200000"]);
    let made = table.new_one("create_plan", "subscription_id", &plan);
    let id = text(&made["id"]);
    table.desk.sandbox.link_card(&id, CARD).unwrap();
    table.call(
        "cancel_plan",
        &[&format!("id={id}"), "reason=customer_request"],
    );
}

fn bills(table: &mut Table) {
    table.call("create_biller_token", &[]);
    table.call("check_biller_balance", &[]);
    table.call("reset_customer_id", &[]);
    table.call("get_game_topup_parameters", &["category_code=GMARENA"]);
    let mut customer = 0;
    let mut paid = Value::Null;
    for (inquiry, payment, command, product) in [
        (
            "inquire_prepaid_v1",
            "pay_prepaid_v1",
            "command=plntok",
            "product_code=SPPLNTOK",
        ),
        (
            "inquire_prepaid",
            "pay_prepaid",
            "command=plntok",
            "product_code=SPPLNTOK",
        ),
        (
            "inquire_postpaid_v1",
            "pay_postpaid_v1",
            "command=plnpos",
            "product_code=SPPLNPOS",
        ),
        (
            "inquire_postpaid",
            "pay_postpaid",
            "command=plnpos",
            "product_code=SPPLNPOS",
        ),
    ] {
        customer += 1;
        let customer = format!("customer_id=081200{customer:04}11");
        let fields = [command, customer.as_str(), product];
        // The first version's inquiry has no command of its own.
        let asked_with = &fields[usize::from(inquiry == "inquire_prepaid_v1")..];
        let asked = table.call(inquiry, asked_with);
        let reference = with("reference_number", &asked["reference_number"]);
        let more = [reference.as_str(), "password=@env:SINGAPAY_BILLER_PASSWORD"];
        paid = table.call(payment, &[&fields[..], &more].concat());
    }
    table.call("list_bill_transactions", &["--all"]);
    table.call(
        "get_bill_transaction",
        &[&with("transaction_id", &paid["transaction_id"])],
    );
}

fn identity(table: &mut Table) {
    let name = "SINGAPAY_IDENTITY_CLIENT_ID";
    let client = format!("client_id={}", table.desk.setting(name));
    let secret = singapay_core::Secret::new(table.desk.setting("SINGAPAY_IDENTITY_CLIENT_SECRET"));
    let now = table.desk.sandbox.now();
    let time = identity_timestamp(now);
    let proof = identity_signature(table.desk.setting(name), &secret, &time);
    let fields = [
        client,
        format!("timestamp={time}"),
        format!("signature={proof}"),
    ];
    table.call(
        "create_identity_token",
        &fields.each_ref().map(String::as_str),
    );
    let bank = [
        "account_number=1000000000",
        "bank_code=014",
        "name=Sari Demo",
    ];
    table.new_one("verify_bank_account", "request_id", &bank);
    let wallet = [
        "phone_number=081200000001",
        "ewallet_code=DANA",
        "name=Sari Demo",
    ];
    table.new_one("verify_ewallet_account", "request_id", &wallet);
}

/// The operations that the sandbox has a behaviour for; the others answer their examples.
pub(crate) fn modelled() -> impl Iterator<Item = &'static singapay_core::Operation> {
    const OTHERS: &str = include_str!("../../../singapay-sandbox/src/generated/mod.rs");
    let all = singapay_api::operations::ALL.iter().copied();
    all.filter(|it| !OTHERS.contains(&format!("id: \"{}\"", it.id)))
}

#[tokio::test(flavor = "multi_thread")]
async fn all_operations_are_executed_and_show_no_secret() {
    let mut table = Table::new().await;
    table
        .desk
        .settings
        .push(("CARD".to_owned(), CARD.to_owned()));
    table
        .desk
        .settings
        .push(("CVV".to_owned(), "123".to_owned()));
    accounts(&mut table);
    payment_links(&mut table);
    money_in(&mut table);
    payouts(&mut table);
    debits_and_plans(&mut table);
    bills(&mut table);
    identity(&mut table);
    assert!(table.failed.is_empty(), "{:#?}", table.failed);
    let all: BTreeSet<&str> = modelled().map(|it| it.id).collect();
    assert_eq!(table.called, all);
    let requests = table.desk.sandbox.requests();
    for operation in modelled() {
        let arrived = requests.iter().any(|it| {
            it.status < 300 && it.method == operation.method && operation.has_path(&it.path)
        });
        assert!(arrived, "{} never arrived", operation.id);
    }
    assert!(table.desk.sandbox.audit().violations.is_empty());
    table.desk.assert_clean(&[CARD, PHONE, "9912"]);
}
