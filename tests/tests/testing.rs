//! The double that users' tests talk to: every operation, in every way that it can end.

#![allow(clippy::unwrap_used)]

use serde_json::json;
use singapay::{
    ChargeMethod, Delivery, Ending, ErrorKind, Money, MoneyOut, MoneyOutPolicy, Outcome, Reason,
    Resolution, Rupiah, Singapay, Unresolved,
    testing::{self, Gateway, Reply, answers},
    types::{EwalletCode, VirtualAccountBankCode},
    webhook::{Confirm, Confirmation, EventKind},
};
use singapay_tests::{
    driver::Clients,
    spec::{Document, HOSTS, Operation},
};

const PRICE: Rupiah = Rupiah::new(150_000);

/// Runs every operation against one answer; gives what each ended with.
async fn each(
    change: impl Fn(Reply) -> Reply,
    check: impl Fn(&Operation<'_>, Result<&'static str, singapay::Error>),
) {
    let documents = HOSTS.map(Document::load);
    let mut count = 0;
    for operation in documents.iter().flat_map(Document::operations) {
        // Tokens are answered by themselves.
        if operation.metadata("auth") != "bearer" {
            continue;
        }
        let mut all = answers::ALL.iter().map(|make| make());
        let reply = all.find(|reply| reply.operation() == operation.id).unwrap();
        let gateway = testing::gateway().answer(change(reply));
        let clients = Clients::of(gateway.client().unwrap());
        let given = operation.given(|input| input.required);
        let end = clients.call(operation.id, given).await;
        check(&operation, end.map(|end| end.name()));
        let sent = gateway.requests();
        assert!(!sent.is_empty(), "{} was not sent", operation.id);
        for request in sent {
            assert_eq!(request.operation(), operation.id);
            assert_eq!(request.method(), operation.method);
        }
        count += 1;
    }
    assert!(count > 80, "only {count}");
}

fn pays_out(operation: &Operation<'_>) -> bool {
    operation.metadata("effect") == "money-out"
}

fn is_read(operation: &Operation<'_>) -> bool {
    operation.metadata("effect") == "read"
}

#[tokio::test]
async fn every_operation_succeeds_with_its_documented_answer() {
    each(
        |reply| reply,
        |operation, end| {
            let expected = match pays_out(operation) {
                true => "accepted",
                false => "response",
            };
            match end {
                Ok(end) => assert_eq!(end, expected, "{}", operation.id),
                Err(error) => panic!("{}: {error:?}", operation.id),
            }
        },
    )
    .await;
}

#[tokio::test]
async fn every_operation_is_refused_by_a_code() {
    each(
        |reply| reply.refused("400"),
        |operation, end| match (operation.document.name, end) {
            ("payment", Ok("refused" | "unknown")) | ("biller" | "identity", Ok("unknown")) => {
                assert!(pays_out(operation), "{}", operation.id);
            }
            (_, Ok(end)) => panic!("{}: {end}", operation.id),
            (_, Err(error)) => {
                assert!(!pays_out(operation), "{}: {error}", operation.id);
                assert_eq!(error.status(), Some(400), "{}", operation.id);
            }
        },
    )
    .await;
}

#[tokio::test]
async fn what_is_not_connected_is_proven_not_sent_and_what_times_out_may_be() {
    each(Reply::not_connected, |operation, end| {
        let error = end.expect_err(operation.id);
        assert_eq!(error.kind(), ErrorKind::Connect, "{}", operation.id);
        assert_eq!(error.delivery(), Delivery::NotSent);
    })
    .await;
    for (broken, kind) in [
        (Reply::times_out as fn(Reply) -> Reply, ErrorKind::Timeout),
        (Reply::lost_before_storing, ErrorKind::Interrupted),
        (Reply::lost_after_storing, ErrorKind::Interrupted),
    ] {
        each(broken, |operation, end| match end {
            Ok(end) => assert_eq!((end, pays_out(operation)), ("unknown", true)),
            Err(error) => {
                assert_eq!(error.kind(), kind, "{}", operation.id);
                assert_eq!(error.delivery(), Delivery::MaybeSent);
                assert!(
                    error.attempts() > 1 || !is_read(operation),
                    "{}",
                    operation.id
                );
            }
        })
        .await;
    }
}

fn handle(gateway: &Gateway) -> MoneyOut {
    let singapay = gateway.client().unwrap();
    singapay.money_out(MoneyOutPolicy::new()).unwrap()
}

/// Each payout that has an inquiry, sent with this answer.
async fn payouts(
    change: impl Fn(Reply) -> Reply,
) -> Vec<(Gateway, Result<&'static str, Unresolved>)> {
    let end = |outcome| match outcome {
        "accepted" => "accepted",
        _ => "refused",
    };
    let mut all = Vec::new();
    macro_rules! pay {
        ($name:ident, |$handle:ident| $call:expr) => {
            let gateway = testing::gateway().answer(change(answers::$name()));
            let $handle = handle(&gateway);
            let ended = match $call.send().await.unwrap() {
                Outcome::Accepted(_) => Ok(end("accepted")),
                Outcome::Refused(_) => Ok(end("refused")),
                Outcome::Duplicate(open) | Outcome::Unknown(open) => Err(open),
            };
            all.push((gateway, ended));
        };
    }
    pay!(transfer_disbursement, |handle| handle
        .transfer_disbursement()
        .reference_number("PAY-1")
        .bank_code("014")
        .bank_account_number("1234567890")
        .amount(PRICE));
    pay!(topup_ewallet, |handle| handle
        .topup_ewallet()
        .reference_number("PAY-1")
        .ewallet_code(EwalletCode::Dana)
        .customer_number("081200000001")
        .amount(Money::idr(PRICE)));
    pay!(pay_qris, |handle| handle
        .pay_qris()
        .reference_number("PAY-1")
        .amount(PRICE)
        .qr_data("00020101021226620015ID.SINGAPAY.WWW")
        .customer_name("Rina Wijaya"));
    all
}

#[tokio::test]
async fn a_payout_ends_as_the_test_says() {
    for (_, ended) in payouts(|reply| reply).await {
        assert_eq!(ended.unwrap(), "accepted");
    }
    for (_, ended) in payouts(|reply| reply.refused("SP003")).await {
        assert_eq!(ended.unwrap(), "refused");
    }
    for (_, ended) in payouts(Reply::duplicate).await {
        let error = ended.unwrap_err();
        assert_eq!(error.error().reason(), Some(Reason::DuplicateReference));
    }
    for (gateway, ended) in payouts(Reply::lost_after_storing).await {
        match ended.unwrap_err().resolve().await {
            Resolution::Found(payout) => {
                assert!(payout.gross_amount().unwrap() >= PRICE);
            }
            other => panic!("{:?}: {other:?}", gateway.requests()),
        }
    }
    for lost in [
        Reply::lost_before_storing as fn(Reply) -> Reply,
        Reply::times_out,
    ] {
        for (gateway, ended) in payouts(lost).await {
            let resolved = ended.unwrap_err().resolve().await;
            assert!(matches!(resolved, Resolution::Absent(_)), "{resolved:?}");
            // It was asked often, over a time that nobody waited for.
            assert!(gateway.requests().len() > 2);
        }
    }
}

async fn charge(singapay: &Singapay, method: ChargeMethod) -> singapay::Charge {
    let charge = singapay.charges().create().reference("INV-1").amount(PRICE);
    let charge = charge.method(method).customer(
        singapay::Customer::new()
            .name("Rina Wijaya")
            .email("rina@example.com")
            .phone("081200000001"),
    );
    let charge = charge.send().await.unwrap().into_data();
    assert_eq!(charge.amount(), Some(PRICE));
    assert_eq!(charge.reference(), Some("INV-1"));
    charge
}

#[tokio::test]
async fn a_charge_is_made_and_ends_as_the_test_says() {
    type Answers = [fn() -> Reply; 2];
    let methods: [(ChargeMethod, Answers); 4] = [
        (
            ChargeMethod::payment_link_of(["QRIS"]),
            [answers::create_payment_link, answers::get_payment_link],
        ),
        (
            ChargeMethod::VirtualAccount(VirtualAccountBankCode::Bri),
            [
                answers::create_virtual_account,
                answers::get_virtual_account,
            ],
        ),
        (
            ChargeMethod::Qris,
            [answers::generate_qris, answers::get_qris],
        ),
        (
            ChargeMethod::ovo("081200000001"),
            [answers::create_ewallet_order, answers::get_ewallet_status],
        ),
    ];
    for (method, [create, read]) in methods {
        for (end, ending) in [
            (Reply::paid as fn(Reply) -> Reply, Ending::Paid),
            (Reply::expired, Ending::Expired),
        ] {
            let gateway = testing::gateway()
                .answer(create())
                .answer(read().open())
                .answer(read().times_out())
                .answer(end(read()));
            let singapay = gateway.client().unwrap();
            let charge = charge(&singapay, method.clone()).await;
            let ended = charge.wait(&singapay).await.unwrap();
            assert_eq!(ended.ending(), ending, "{method:?}");
            assert!(gateway.requests().len() >= 4);
        }
    }
}

#[tokio::test]
async fn answers_come_in_their_order_and_the_last_one_stays() {
    let gateway = testing::gateway()
        .answer(answers::get_qris().open())
        .answer(answers::get_qris().refused("404"))
        .answer(answers::get_qris().paid().field("amount", 7_000));
    let singapay = gateway.client().unwrap();
    let read = async || singapay.qris().get(42).send().await;
    assert_eq!(read().await.unwrap().status.as_str(), "open");
    assert_eq!(read().await.unwrap_err().reason(), Some(Reason::NotFound));
    for _ in 0..2 {
        let code = read().await.unwrap();
        assert_eq!((code.id, code.status.as_str()), (42, "paid"));
        assert_eq!(code.amount, Some(Rupiah::new(7_000)));
    }
    let error = singapay.balances().merchant().send().await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::NotSent);
    let text = format!(
        "{error} {:?}",
        std::error::Error::source(&error).map(ToString::to_string)
    );
    assert!(
        text.contains("the test gave no answer for `get_merchant_balance`"),
        "{text}"
    );
}

#[tokio::test]
async fn one_order_for_all_operations() {
    let gateway = testing::gateway()
        .in_order()
        .answer(answers::get_qris())
        .answer(answers::get_merchant_balance());
    let singapay = gateway.client().unwrap();
    singapay.qris().get(1).send().await.unwrap();
    let error = singapay.qris().get(1).send().await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::NotSent);
    let error = singapay.balances().merchant().send().await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::NotSent, "its turn has passed");
}

#[tokio::test]
async fn mistakes_of_a_test_are_said_and_nothing_is_sent() {
    for reply in [
        answers::get_qris().failed(),
        answers::get_qris().field("status.code", 1),
        answers::get_qris().raw(7, ""),
    ] {
        let gateway = testing::gateway().answer(reply);
        let singapay = gateway.client().unwrap();
        let error = singapay.qris().get(1).send().await.unwrap_err();
        assert_eq!(error.delivery(), Delivery::NotSent);
    }
    let gateway = testing::gateway().answer(answers::get_qris().raw(502, "<html>"));
    let singapay = gateway.client().unwrap();
    let error = singapay.qris().get(1).send().await.unwrap_err();
    assert_eq!(
        (error.status(), error.kind()),
        (Some(502), ErrorKind::Gateway)
    );
}

/// An event and the read that confirms it, both from a test.
#[tokio::test]
async fn an_event_is_confirmed_by_the_double() {
    let gateway = testing::gateway()
        .answer(answers::get_qris().paid().field("total_amount", 150_000))
        .answer(answers::get_qris().paid().field("total_amount", 1));
    let singapay = gateway.client().unwrap();
    let receiver = singapay.webhook_receiver("/hooks").unwrap();
    let delivery = testing::event(EventKind::QrisAcquirerTransaction)
        .amount(PRICE)
        .transaction_id("7")
        .paid()
        .field("data.transaction.merchant_reff_no", json!(null));
    let delivery = delivery.sign(&gateway.key("/hooks")).unwrap();
    let event = receiver.receive(&delivery.headers, delivery.body).unwrap();
    assert!(event.confirm(&singapay).await.unwrap().is_confirmed());
    let differs = event.confirm(&singapay).await.unwrap();
    assert!(
        matches!(differs, Confirmation::Differs { .. }),
        "{differs:?}"
    );
    assert!(gateway.requests()[0].path().ends_with("/show/7"));
}

#[tokio::test]
async fn nothing_of_a_body_is_printed() {
    let gateway = testing::gateway().answer(answers::topup_ewallet().field("notes", "canary"));
    let topup = handle(&gateway).topup_ewallet();
    let topup = topup
        .reference_number("canary")
        .ewallet_code(EwalletCode::Dana)
        .customer_number("081200000001")
        .amount(Money::idr(PRICE));
    assert!(matches!(topup.send().await.unwrap(), Outcome::Accepted(_)));
    let requests = gateway.requests();
    assert_eq!(requests[0].body()["reference_number"], "canary");
    let printed = format!(
        "{gateway:?} {requests:?} {:?} {:?}",
        answers::topup_ewallet().field("notes", "canary"),
        gateway.key("/hooks"),
    );
    for text in ["canary", "081200000001", "test-secret", "test-token"] {
        assert!(!printed.contains(text), "{printed}");
    }
}
