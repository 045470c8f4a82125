//! Charges against a gateway on this machine: charged, paid, waited for; on the gateway's own clock.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../examples/charge/customer.rs"]
mod customer;
mod support;

use std::time::Duration;

use singapay::{
    Charge, ChargeMethod, CreateCharge, Customer, Ending, PaymentInstructions, PaymentState,
    Response, Rupiah, Singapay,
};
use singapay_sandbox::{Fault, FaultAction, FaultPoint, PaymentOutcome};
use support::shop::{LONGEST_PAUSE, start};

const CODES: [&str; 5] = [
    "PAYMENT_LINK",
    "VA_BRI",
    "QRIS",
    "EWALLET_DANA",
    "EWALLET_OVO",
];

/// What a program that lost the answer still has.
async fn find(singapay: &Singapay, code: &str) -> Option<Response<Charge>> {
    let product = ChargeMethod::from_code(code).unwrap().product();
    let found = singapay.charges().find(product, format!("INV-{code}"));
    found.send().await.unwrap()
}

fn request(singapay: &Singapay, code: &str) -> CreateCharge {
    let customer = Customer::new()
        .name("Rina Wijaya")
        .email("rina@example.com")
        .phone("081234567890");
    singapay
        .charges()
        .create()
        .reference(format!("INV-{code}"))
        .amount(Rupiah::new(150_000))
        .method(ChargeMethod::from_code(code).unwrap())
        .customer(customer)
        .expires_in(Duration::from_secs(120))
}

async fn charge(singapay: &Singapay, code: &str) -> Charge {
    let charge = request(singapay, code).send().await.unwrap().into_data();
    let found = find(singapay, code).await.unwrap();
    assert_eq!(
        (found.id(), found.instructions()),
        (charge.id(), charge.instructions())
    );
    assert_eq!(found.expires_at(), charge.expires_at());
    charge
}

async fn wait(singapay: &Singapay, charge: &Charge) -> Ending {
    let wait = charge.wait(singapay).with_longest_pause(LONGEST_PAUSE);
    let ended = wait.await.unwrap();
    assert_eq!(ended.response().id(), charge.id());
    ended.ending()
}

#[tokio::test]
async fn each_method_is_charged_paid_and_waited_for() {
    for code in CODES {
        let (shop, singapay) = start().await;
        let charge = charge(&singapay, code).await;
        assert_eq!(charge.amount(), Some(Rupiah::new(150_000)), "{code}");
        assert_eq!(charge.ending(shop.sandbox.now()), None, "{code}");
        let end = shop.sandbox.now().plus(Duration::from_secs(120));
        let cut = singapay::Timestamp::from_unix_seconds(end.unix_seconds());
        let told = charge.expires_at().unwrap();
        assert!(told == end || told == cut, "{code}: {told}");
        let paying = charge.clone();
        shop.during_the_next_pause(move |sandbox| customer::pay(sandbox, &paying).unwrap());
        let trouble = Fault::new(FaultPoint::BeforeCommit, FaultAction::Html502);
        shop.sandbox.add_fault(trouble.times(7)).unwrap();
        assert_eq!(wait(&singapay, &charge).await, Ending::Paid, "{code}");
        assert!(shop.has_acted(), "{code}");
        assert!(shop.sandbox.audit().violations.is_empty(), "{code}");
    }
}

#[tokio::test]
async fn what_nobody_pays_expires_on_the_gateways_clock() {
    for code in CODES {
        let (shop, singapay) = start().await;
        let charge = charge(&singapay, code).await;
        let begun = shop.sandbox.now();
        // A push that nobody confirms fails; what has a page to open expires.
        let expected = match charge.instructions() {
            PaymentInstructions::Push => Ending::Failed,
            _ => Ending::Expired,
        };
        assert_eq!(wait(&singapay, &charge).await, expected, "{code}");
        let waited = shop.sandbox.now().since(begun);
        let bounds = Duration::from_secs(119)..=Duration::from_secs(190);
        assert!(bounds.contains(&waited), "{code}: {waited:?}");
    }
}

#[tokio::test]
async fn ovo_shows_nothing_and_only_the_inquiry_tells_that_it_failed() {
    let (shop, singapay) = start().await;
    let charge = charge(&singapay, "EWALLET_OVO").await;
    assert_eq!(*charge.instructions(), PaymentInstructions::Push);
    let id = charge.id().to_owned();
    shop.during_the_next_pause(move |sandbox| {
        sandbox.pay_ewallet(&id, PaymentOutcome::Failed).unwrap();
    });
    assert_eq!(wait(&singapay, &charge).await, Ending::Failed);
    assert!(shop.sandbox.deliveries().is_empty());
}

/// Whatever happens to the connection, `find` tells whether there is a charge, so that there is never
/// a second one.
#[tokio::test]
async fn a_lost_answer_is_resolved_without_a_second_charge() {
    let actions = [
        FaultAction::Reset,
        FaultAction::Truncate,
        FaultAction::Html502,
        FaultAction::Status(500),
    ];
    for code in CODES {
        for action in &actions {
            for (point, made) in [
                (FaultPoint::BeforeCommit, false),
                (FaultPoint::AfterCommit, true),
                (FaultPoint::DuringResponse, true),
            ] {
                let (shop, singapay) = start().await;
                let request = request(&singapay, code);
                let create = operation(code);
                let fault = Fault::new(point, action.clone()).on(create);
                shop.sandbox.add_fault(fault).unwrap();
                let error = request.clone().send().await.unwrap_err();
                let case = format!("{code} {action:?} {point:?}: {error}");
                assert!(
                    error.to_string().contains("look with `charges().find`"),
                    "{case}"
                );
                let found = find(&singapay, code).await;
                assert_eq!(found.is_some(), made, "{case}");
                let charge = match found {
                    Some(charge) => charge,
                    None => request.clone().send().await.unwrap(),
                };
                let creates = shop.sandbox.requests();
                let creates = creates.iter().filter(|sent| sent.operation == Some(create));
                assert_eq!(creates.count(), if made { 1 } else { 2 }, "{case}");
                customer::pay(&shop.sandbox, &charge).unwrap();
                assert_eq!(wait(&singapay, &charge).await, Ending::Paid, "{case}");
            }
        }
    }
}

fn operation(code: &str) -> &'static str {
    match code {
        "PAYMENT_LINK" => "create_payment_link",
        "VA_BRI" => "create_virtual_account",
        "QRIS" => "generate_qris",
        _ => "create_ewallet_order",
    }
}
