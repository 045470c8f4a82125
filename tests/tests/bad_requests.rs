//! Requests that go wrong between fields: each is refused with all its fields named, and nothing is
//! on the wire.

#![allow(clippy::unwrap_used)]
#![allow(deprecated, reason = "legacy operations are checked like all others")]

use singapay::{
    Delivery, Error, ErrorKind, Money, MoneyOut, Rupiah, Singapay,
    bills::PayPrepaid,
    time::Iso8601,
    types::{
        EwalletCode, EwalletVendor, InstallmentMonth, NewAccountType, PaymentLinkItem,
        PaymentLinkType, PlanSchedule, PostpaidCommand, PrepaidInquiryCommand,
        PrepaidPaymentCommand, VirtualAccountAmountType, VirtualAccountBankCode,
        VirtualAccountKind,
    },
};
use singapay_tests::{
    rig::{self, ACCOUNT},
    wire::Wire,
};

#[track_caller]
fn assert_names<T: std::fmt::Debug>(sent: Result<T, Error>, expected: &[&str]) {
    let error = sent.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert_eq!((error.delivery(), error.attempts()), (Delivery::NotSent, 0));
    let named = error.field_errors().iter().map(|own| own.field.as_str());
    assert_eq!(named.collect::<Vec<_>>(), expected, "{error}");
}

/// A gateway that must not be connected to, with clients of it.
async fn start() -> (Wire, Singapay, MoneyOut) {
    let wire = Wire::start([]).await;
    let (singapay, money_out) = (
        rig::client(wire.base_url()),
        rig::money_out(wire.base_url()),
    );
    (wire, singapay, money_out)
}

fn prepaid(money_out: &MoneyOut, command: PrepaidPaymentCommand) -> PayPrepaid {
    money_out
        .pay_prepaid()
        .command(command)
        .customer_id("14012345678")
        .product_code("SPPLNTOK")
        .password("merchant password")
}

#[tokio::test]
async fn each_command_of_the_biller_has_fields_of_its_own() {
    let (wire, singapay, money_out) = start().await;
    let token = prepaid(&money_out, PrepaidPaymentCommand::Plntok);
    assert_names(token.send().await, &["data.reference_number"]);
    let game = prepaid(&money_out, PrepaidPaymentCommand::Topupg).reference_number("");
    assert_names(game.send().await, &["data.reference_number"]);
    let direct = prepaid(&money_out, PrepaidPaymentCommand::Pulsa).reference_number("R-1");
    assert_names(direct.send().await, &["data.reference_number"]);

    let inquiry = |command| {
        let inquiry = singapay.bills().inquire_postpaid().command(command);
        inquiry.customer_id("114676170021").product_code("SPPLNPOS")
    };
    let period = &["data.period"];
    assert_names(
        inquiry(PostpaidCommand::Plnpos).period(1).send().await,
        period,
    );
    assert_names(
        inquiry(PostpaidCommand::Bputk).period(7).send().await,
        period,
    );
    assert_names(inquiry(PostpaidCommand::Bputk).send().await, period);
    assert_names(
        inquiry(PostpaidCommand::Bpjsks).period(13).send().await,
        period,
    );
    let meter = singapay.bills().inquire_prepaid();
    let meter = meter
        .command(PrepaidInquiryCommand::Plntok)
        .customer_id("14012345678");
    let meter = meter
        .product_code("SPPLNTOK")
        .server_id("1")
        .username("rina");
    assert_names(meter.send().await, &["data.server_id", "data.username"]);

    let bills = || singapay.bills().list_transactions();
    assert_names(
        bills().start_date("2026-08-01").send().await,
        &["data.end_date"],
    );
    assert_names(
        bills().end_date("2026-08-01").send().await,
        &["data.start_date"],
    );
    assert_eq!(wire.connections(), 0);
}

#[tokio::test]
async fn a_card_payment_is_checked_as_a_whole() {
    let (wire, singapay, _) = start().await;
    let card = || {
        singapay
            .cards()
            .create()
            .amount(Rupiah::new(150_000))
            .goods_name("Kue")
            .customer_name("Rina Wijaya")
            .customer_email("rina@example.com")
            .customer_phone("081200000001")
            .customer_address("Jalan Contoh 1")
            .customer_city("Jakarta")
            .customer_state("DKI Jakarta")
            .customer_postal_code("10220")
            .customer_country("ID")
            .card_number("4111111111111111")
            .card_expiry("3012")
            .card_cvv("123")
            .card_holder_name("RINA WIJAYA")
            .card_holder_email("rina@example.com")
    };
    let month = &["installment_month"];
    assert_names(card().installment(true).send().await, month);
    let nine = card()
        .installment(true)
        .installment_month(InstallmentMonth::other("9"));
    assert_names(nine.send().await, month);
    let wrong = card()
        .customer_email("nobody")
        .card_holder_email("nobody@")
        .goods_name("")
        .card_cvv("")
        .customer_country("12");
    let fields = [
        "card_cvv",
        "card_holder_email",
        "customer_country",
        "customer_email",
        "goods_name",
    ];
    assert_names(wrong.send().await, &fields);
    assert_eq!(wire.connections(), 0);
}

#[tokio::test]
async fn a_payment_link_adds_up() {
    let (wire, singapay, _) = start().await;
    let item = || PaymentLinkItem::new("Kue", 2, Rupiah::new(25_000));
    let legacy = rig::link(&singapay)
        .total_amount(Rupiah::new(60_000))
        .items([item()]);
    assert_names(legacy.send().await, &["total_amount"]);
    let silent = singapay
        .payment_links()
        .create_v1()
        .reff_no("INV-1")
        .title("Kue");
    let silent = silent
        .max_usage(1)
        .total_amount(Rupiah::new(50_000))
        .items([item()]);
    assert_names(
        silent.redirect_url("toko").send().await,
        &["redirect_url", "required_customer_detail"],
    );

    let link = |kind| {
        let link = singapay.payment_links().create().reff_no("INV-1");
        link.payment_link_type(kind)
    };
    assert_names(link(PaymentLinkType::Total).send().await, &["total_amount"]);
    assert_names(link(PaymentLinkType::Items).send().await, &["items"]);
    assert_names(
        link(PaymentLinkType::Items).items([]).send().await,
        &["items"],
    );
    let unnamed =
        link(PaymentLinkType::Items).items([PaymentLinkItem::new("", 1, Rupiah::new(25_000))]);
    assert_names(unnamed.send().await, &["items[0].name"]);

    let total = || link(PaymentLinkType::Total).total_amount(Rupiah::new(50_000));
    let phone = total().customer_phone("081200000001");
    assert_names(phone.send().await, &["customer_name", "customer_email"]);
    assert_names(
        total().customer_name("Rina").send().await,
        &["customer_email"],
    );
    let many = total()
        .max_usage(0)
        .customer_name("Rina")
        .customer_email("rina@example.com");
    assert_names(many.send().await, &["customer_name", "customer_email"]);
    let urls = total()
        .success_redirect_url("toko")
        .expired_redirect_url("https://a b");
    assert_names(
        urls.send().await,
        &["expired_redirect_url", "success_redirect_url"],
    );
    assert_eq!(wire.connections(), 0);
}

#[tokio::test]
async fn a_virtual_account_has_the_terms_of_its_kind() {
    let (wire, singapay, _) = start().await;
    let account = |kind| {
        let account = singapay.virtual_accounts().create();
        account.bank_code(VirtualAccountBankCode::Bri).kind(kind)
    };
    let temporary = account(VirtualAccountKind::Temporary);
    assert_names(
        temporary.send().await,
        &["amount", "expired_at", "max_usage"],
    );
    let permanent = account(VirtualAccountKind::Permanent);
    assert_names(permanent.send().await, &["amount"]);
    let open = account(VirtualAccountKind::Permanent)
        .amount_type(VirtualAccountAmountType::Open)
        .min_amount(Rupiah::new(20_000))
        .max_amount(Rupiah::new(10_000));
    assert_names(open.send().await, &["max_amount"]);
    assert_eq!(wire.connections(), 0);
}

#[tokio::test]
async fn wallets_are_those_of_the_list() {
    let (wire, singapay, money_out) = start().await;
    let topup = rig::topup(&money_out).ewallet_code(EwalletCode::other("XYZ"));
    assert_names(topup.send().await, &["ewallet_code"]);
    let inquiry = singapay
        .ewallet_topups()
        .inquire_account()
        .account_id(ACCOUNT);
    let inquiry = inquiry
        .customer_number("081200000001")
        .ewallet_code(EwalletCode::other("dana"));
    let inquiry = inquiry.amount(Money::idr(Rupiah::new(10_000)));
    assert_names(inquiry.send().await, &["ewallet_code"]);
    let order = singapay
        .ewallets()
        .create()
        .account_id(ACCOUNT)
        .amount(Rupiah::new(10_000));
    let order = order
        .ewallet_vendor(EwalletVendor::EwalletOvo)
        .merchant_redirect_url("/x");
    assert_names(
        order.send().await,
        &["merchant_redirect_url", "customer_phone"],
    );
    assert_eq!(wire.connections(), 0);
}

#[tokio::test]
async fn a_plan_costs_one_thing() {
    let (wire, singapay, _) = start().await;
    let start_time = singapay::Timestamp::from_unix_seconds(1_787_281_200);
    let plan = singapay
        .plans()
        .create()
        .account_id(ACCOUNT)
        .name("Bulanan")
        .customer_name("Rina Wijaya")
        .customer_email("nobody")
        .customer_phone("081200000001")
        .schedule(PlanSchedule::new(1, "month", start_time));
    assert_names(plan.send().await, &["customer_email", "amount"]);
    assert_eq!(wire.connections(), 0);
}

#[tokio::test]
async fn what_is_sent_in_alternatives_is_one_of_them() {
    let (wire, singapay, _) = start().await;
    let verify = || singapay.direct_debits().verify_otp().otp("123456");
    assert_names(verify().send().await, &["transaction_id"]);
    let both = verify().transaction_id("t").binding_id("b");
    assert_names(both.send().await, &["transaction_id", "unbind_context"]);
    assert_names(singapay.accounts().update(ACCOUNT).send().await, &["name"]);
    let partner = singapay.accounts().create().name("Toko");
    let partner = partner.account_type(NewAccountType::other("partner"));
    assert_names(
        partner.invite_members(["nobody"]).send().await,
        &["invite_members[0]", "account_type"],
    );
    assert_eq!(wire.connections(), 0);
}

/// Merchants can have limits of their own: what is documented for most is no reason to refuse.
#[tokio::test]
async fn a_maximum_that_merchants_can_have_raised_is_left_to_the_gateway() {
    let wire = Wire::start([]).await;
    let money_out = rig::money_out(wire.base_url());
    let sent = money_out
        .transfer_disbursement()
        .account_id(ACCOUNT)
        .reference_number("R-1")
        .bank_code("014")
        .bank_account_number("1000000000")
        .amount(Rupiah::new(300_000_000))
        .send()
        .await;
    let error = sent.unwrap_err();
    assert_ne!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert!(wire.connections() > 0);
}

#[tokio::test]
async fn a_time_that_is_none_and_an_amount_below_zero_stay_here() {
    let (wire, singapay, _) = start().await;
    let link = |end: &str, amount| {
        let link = singapay.payment_links().create();
        let link = link.reff_no("INV-1");
        let link = link.payment_link_type(PaymentLinkType::Total);
        let link = link.total_amount(Rupiah::new(amount));
        link.expired_at(Iso8601::from_text(end)).send()
    };
    for end in ["next tuesday", "", "0000-00-00 00:00:00", "2026-02-30"] {
        assert_names(link(end, 150_000).await, &["expired_at"]);
    }
    for amount in [-1, i64::MIN] {
        assert_names(
            link("2026-12-01T00:00:00Z", amount).await,
            &["total_amount"],
        );
        assert_names(link("soon", amount).await, &["expired_at", "total_amount"]);
    }
    let history = singapay.payment_link_histories().list();
    let history = history.created_at_from(Iso8601::from_text("yesterday"));
    assert_names(history.send().await, &["created_at_from"]);
    assert_eq!(wire.connections(), 0);
}
