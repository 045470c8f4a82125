//! A gateway that repeats every secret wherever it can, and whole flows against it with every log
//! level on.

use std::fmt::Debug;

use singapay::{
    Error, Money, MoneyOut, MoneyOutPolicy, Rupiah, Singapay,
    types::{EwalletCode, IdentityEwalletCode, PrepaidPaymentCommand},
};
use singapay_tests::{
    canary::{self, *},
    log,
    rig::ACCOUNT,
    wire::{Do, Reply, Wire, reply},
};

use super::{assert_closed, assert_quiet};

const STATUSES: [u16; 9] = [200, 302, 400, 401, 403, 404, 422, 429, 502];

/// Bodies that hold this text in every place where a client could look for something to print.
fn bodies(text: &str) -> Vec<String> {
    vec![
        format!(
            r#"{{"response_code":"{text}","response_message":"{text}","data":{{"errors":{{"{text}":["{text}"],"a.{text}":"{text}"}}}}}}"#
        ),
        format!(
            r#"{{"response_code":"SP000","response_message":"{text}","data":{{"transaction_id":["{text}"],"status":{{"{text}":1}}}},"{text}":"{text}"}}"#
        ),
        format!(
            r#"{{"status":"{text}","success":false,"error":{{"code":"{text}","message":"{text}","errors":[{{"field":"{text}","message":"{text}"}}]}}}}"#
        ),
        format!(
            r#"{{"status":200,"success":true,"code":"{text}","message":"{text}","data":"{text}"}}"#
        ),
        format!(
            r#"{{"command":"{text}","response_code":"{text}","response_text":"{text}","data":{{"{text}":["{text}"]}}}}"#
        ),
        format!(
            r#"{{"code":"{text}","message":"{text}","request_id":"{text}","data":{{"{text}":"{text}"}}}}"#
        ),
        format!(
            r#"{{"status":422,"success":false,"error":{{"code":422,"message":"{text}","errors":{{"amount":["{text}"],"card_cvv":["The card cvv {text} is invalid."],"otp":"Expected {text}."}}}}}}"#
        ),
        format!(
            r#"{{"response_code":"SP018","response_message":"{text}","data":{{"errors":{{"customer_phone":"The phone {text} is not registered.","items.0.name":["{text} must be greater than 5"]}}}}}}"#
        ),
        format!(
            r#"{{"command":"pulsa","response_code":"04","response_text":"{text}","data":{{"password":"Wrong password {text}"}}}}"#
        ),
        format!("<html><title>{text}</title></html>"),
        format!(r#"{{"response_code":"{text}","data":{{"{text}"#),
        text.to_owned(),
    ]
}

fn echo(status: u16, body: &str, text: &str) -> Reply {
    reply(status, body)
        .header("location", &format!("/{text}"))
        .header("set-cookie", &format!("session={text}"))
        .header(&format!("x-{text}"), text)
        .header("retry-after", "9999")
        .header("www-authenticate", text)
}

fn singapay(base_url: &str) -> Singapay {
    Singapay::builder()
        .base_url(base_url)
        .credential("partner", "client", SECRET)
        .account(ACCOUNT)
        .biller_credential("biller-partner", "biller-client", BILLER_SECRET)
        .identity_credential("identity-client", IDENTITY_SECRET)
        .build()
        .unwrap()
}

async fn pay_by_card(singapay: &Singapay) -> Result<impl Debug + use<>, Error> {
    singapay
        .cards()
        .create()
        .amount(Rupiah::new(150_000))
        .goods_name("Kue")
        .customer_name("Rina Wijaya")
        .customer_email("rina@example.com")
        .customer_phone(PHONE)
        .customer_address("Jl. Contoh No. 1")
        .customer_city("Jakarta")
        .customer_state("DKI Jakarta")
        .customer_postal_code("10220")
        .customer_country("ID")
        .card_number(CARD)
        .card_expiry(EXPIRY)
        .card_cvv(CVV)
        .card_holder_name("RINA WIJAYA")
        .card_holder_email("rina@example.com")
        .send()
        .await
}

async fn top_up(money_out: &MoneyOut) -> Result<impl Debug + use<>, Error> {
    money_out
        .topup_ewallet()
        .account_id(ACCOUNT)
        .reference_number("R-1")
        .ewallet_code(EwalletCode::Dana)
        .customer_number(PHONE)
        .amount(Money::idr(Rupiah::new(10_000)))
        .send()
        .await
}

async fn pay_a_bill(money_out: &MoneyOut) -> Result<impl Debug + use<>, Error> {
    money_out
        .pay_prepaid()
        .command(PrepaidPaymentCommand::Pulsa)
        .customer_id(PHONE)
        .password(PASSWORD)
        .product_code("PULSA20")
        .send()
        .await
}

async fn enter_the_code(singapay: &Singapay) -> Result<impl Debug + use<>, Error> {
    let call = singapay.direct_debits().verify_otp().transaction_id("T-1");
    call.otp(OTP).send().await
}

async fn check_a_phone(singapay: &Singapay) -> Result<impl Debug + use<>, Error> {
    singapay
        .identity()
        .verify_ewallet_account()
        .ewallet_code(IdentityEwalletCode::other("dana"))
        .name("Rina Wijaya")
        .phone_number(PHONE)
        .request_id("Q-1")
        .with_max_attempts(1)
        .send()
        .await
}

#[track_caller]
fn assert_kept_back(what: &str, result: &Result<impl Debug, Error>) {
    assert_closed(what, result);
    if let Err(error) = result {
        assert_quiet(what, error);
    }
}

/// Every flow once, each against its own copy of a gateway that answers like this.
async fn flows(what: &str, steps: &[Do]) {
    for flow in 0..5 {
        let wire = Wire::start(steps.to_vec()).await;
        let singapay = singapay(wire.base_url());
        let money_out = singapay.money_out(MoneyOutPolicy::new()).unwrap();
        match flow {
            0 => assert_kept_back(what, &pay_by_card(&singapay).await),
            1 => assert_kept_back(what, &top_up(&money_out).await),
            2 => assert_kept_back(what, &pay_a_bill(&money_out).await),
            3 => assert_kept_back(what, &enter_the_code(&singapay).await),
            _ => assert_kept_back(what, &check_a_phone(&singapay).await),
        }
    }
}

/// The flows above with an outcome instead of an error: what is in it, too.
#[tokio::test]
async fn everything_that_is_sent_stays_out_of_results_and_logs() {
    log::catch();
    let all = canary::ALL.join(" ");
    for status in STATUSES {
        for body in bodies(&all) {
            let answer = Do::Answer(echo(status, &body, &TOKEN.replace('.', "-")));
            let steps = [Do::Token(TOKEN), answer.clone(), Do::Token(TOKEN), answer];
            flows(&format!("{status} {body}"), &steps).await;
        }
    }
    for fault in [
        Do::Reset,
        Do::Close,
        Do::Bytes(format!("{SECRET} {CARD}\r\n{TOKEN}: {PHONE}\r\n\r\n").into_bytes()),
        Do::Bytes(format!("HTTP/1.1 200 {TOKEN}\r\n{CARD} {SECRET}\r\n\r\n").into_bytes()),
        Do::Bytes(format!("HTTP/1.1 200 OK\r\ncontent-length: {CARD}{CARD}\r\n\r\n").into_bytes()),
    ] {
        flows(&format!("{fault:?}"), &[Do::Token(TOKEN), fault]).await;
    }
    let caught = log::caught();
    assert!(
        caught.contains("the gateway answered"),
        "logs are caught at all"
    );
    assert!(caught.contains("TRACE"), "logs are caught at every level");
    canary::assert_clean("the log", &caught);
}

#[tokio::test]
async fn a_code_or_a_field_name_is_no_way_around() {
    log::catch();
    for text in canary::ALL {
        for body in bodies(text) {
            for status in [200, 400, 422] {
                let steps = [Do::Token(TOKEN), echo(status, &body, "x").into()];
                let wire = Wire::start(steps).await;
                let singapay = singapay(wire.base_url());
                let what = format!("{status} {body}");
                let call = singapay.balances().merchant().with_max_attempts(1);
                assert_kept_back(&what, &call.send().await);
            }
        }
    }
    canary::assert_clean("the log", &log::caught());
}

#[tokio::test]
async fn the_answer_to_a_token_request_is_no_way_around() {
    log::catch();
    let all = canary::ALL.join(" ");
    let mut bodies = bodies(&all);
    bodies.push(format!(
        r#"{{"data":{{"access_token":"{TOKEN}","expires_in":"{TOKEN}"}}}}"#
    ));
    bodies.push(format!(r#"{{"data":{{"access_token":"{TOKEN}","#));
    for body in bodies {
        for status in [200, 302, 400, 401, 403] {
            let what = format!("{status} {body}");
            flows(&what, &[Do::Answer(echo(status, &body, "x"))]).await;
            let wire = Wire::start([Do::Answer(echo(status, &body, "x"))]).await;
            let singapay = singapay(wire.base_url());
            assert_kept_back(&what, &singapay.tokens().create().send().await);
        }
    }
    canary::assert_clean("the log", &log::caught());
}

#[tokio::test]
async fn a_token_that_was_asked_for_is_not_printed() {
    log::catch();
    let wire = Wire::start([Do::Token(TOKEN), Do::Token(TOKEN), Do::Token(TOKEN)]).await;
    let singapay = singapay(wire.base_url());
    let token = singapay.tokens().create().send().await.unwrap();
    assert_eq!(token.access_token.expose(), TOKEN);
    assert_closed("Response", &token);
    assert_closed("data", token.data());
    let basic = singapay.tokens().create_basic().send().await;
    assert_kept_back("create_basic", &basic);
    let biller = singapay.bills().create_token().send().await;
    assert_kept_back("create_token", &biller);
    let arrived = wire.requests();
    let basics = arrived.iter().filter_map(|own| own.header("authorization"));
    assert!(basics.into_iter().any(|value| value.contains(BILLER_BASIC)));
    canary::assert_clean("the log", &log::caught());
}
