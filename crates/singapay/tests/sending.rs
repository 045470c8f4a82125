//! Calls that are sent once, calls that are sent again, and what the caller learns.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;

use serde_json::json;
use singapay::{
    Delivery, Error, ErrorKind, MoneyOutPolicy, Outcome, Reason, RetryPolicy, Rupiah, Singapay,
    Stage, TransportErrorKind,
    types::{EwalletVendor, PaymentLinkType, VirtualAccountBankCode, VirtualAccountKind},
};
use support::{ACCOUNT, Script, Step, answer, answer_with, refused, v1, v2};

/// Every kind of write that collects money or creates something.
const WRITES: [&str; 6] = ["card", "debit", "ovo", "link", "va", "qris"];

async fn write(client: &Singapay, which: &str) -> Result<u32, Error> {
    let amount = Rupiah::new(150_000);
    Ok(match which {
        "card" => client
            .cards()
            .create()
            .amount(amount)
            .goods_name("Premium")
            .customer_name("Rina Wijaya")
            .customer_email("rina@example.com")
            .customer_phone("081200000001")
            .customer_address("Jl. Contoh No. 1")
            .customer_city("Jakarta")
            .customer_state("DKI Jakarta")
            .customer_postal_code("10220")
            .customer_country("ID")
            .card_number("4111111111111111")
            .card_expiry("3012")
            .card_cvv("123")
            .card_holder_name("RINA WIJAYA")
            .card_holder_email("rina@example.com")
            .send()
            .await?
            .attempts(),
        "debit" => client
            .direct_debits()
            .charge()
            .account_id(ACCOUNT)
            .binding_id("9a1c5b3e-2d4f-4d8c-93cf-9a1c5b3e2d4f")
            .merchant_reference("INV-1")
            .amount(amount)
            .send()
            .await?
            .attempts(),
        "ovo" => client
            .ewallets()
            .create()
            .account_id(ACCOUNT)
            .amount(amount)
            .ewallet_vendor(EwalletVendor::EwalletOvo)
            .customer_phone("081200000001")
            .send()
            .await?
            .attempts(),
        "link" => client
            .payment_links()
            .create()
            .reff_no("INV-1")
            .payment_link_type(PaymentLinkType::Total)
            .total_amount(amount)
            .send()
            .await?
            .attempts(),
        "va" => client
            .virtual_accounts()
            .create()
            .bank_code(VirtualAccountBankCode::Bri)
            .kind(VirtualAccountKind::Permanent)
            .amount(amount)
            .send()
            .await?
            .attempts(),
        _ => client
            .qris()
            .generate()
            .amount(amount)
            .send()
            .await?
            .attempts(),
    })
}

fn success(which: &str) -> Step {
    match which {
        "card" => v2(json!({"transaction_id": "1", "status": "processing"})),
        "debit" => v2(json!({"transaction_id": "1", "status": "PENDING"})),
        "ovo" => v2(json!({"reff_no": "1", "status": "open"})),
        "link" => v1(json!({"id": 1, "payment_url": "https://pay.example/1", "status": "open"})),
        "va" => v1(json!({"id": "1", "number": "9", "status": "active"})),
        _ => v1(json!({"id": 1, "qr_data": "0002", "status": "open"})),
    }
}

#[tokio::test]
async fn a_write_is_never_sent_twice() {
    let html = "<html>502</html>";
    let again = [("retry-after", "1")];
    let place = [("location", "http://127.0.0.1:9/elsewhere")];
    for which in WRITES {
        for (step, kind, delivery) in [
            (
                Step::Break(TransportErrorKind::Interrupted),
                ErrorKind::Interrupted,
                Delivery::MaybeSent,
            ),
            (
                Step::Break(TransportErrorKind::Timeout),
                ErrorKind::Timeout,
                Delivery::MaybeSent,
            ),
            (
                Step::Break(TransportErrorKind::BodyTooLarge),
                ErrorKind::Decode,
                Delivery::MaybeSent,
            ),
            (Step::Silence, ErrorKind::Timeout, Delivery::MaybeSent),
            (answer(500, html), ErrorKind::Gateway, Delivery::Answered),
            (answer(502, html), ErrorKind::Gateway, Delivery::Answered),
            (
                answer_with(503, &again, ""),
                ErrorKind::Gateway,
                Delivery::Answered,
            ),
            (answer(504, ""), ErrorKind::Gateway, Delivery::Answered),
            (
                answer_with(429, &again, ""),
                ErrorKind::RateLimited,
                Delivery::Answered,
            ),
            (
                answer_with(307, &place, ""),
                ErrorKind::Redirect,
                Delivery::Answered,
            ),
            (
                answer_with(302, &place, ""),
                ErrorKind::Redirect,
                Delivery::Answered,
            ),
            (
                refused(400, "SP005"),
                ErrorKind::Gateway,
                Delivery::Answered,
            ),
            (
                refused(422, "SP018"),
                ErrorKind::Refused,
                Delivery::Answered,
            ),
            (
                answer(200, "{\"success\":tr"),
                ErrorKind::Decode,
                Delivery::Answered,
            ),
            (answer(200, ""), ErrorKind::Decode, Delivery::Answered),
        ] {
            let script = Script::new([step, success(which)]);
            let error = write(&script.client(), which).await.unwrap_err();
            assert_eq!(script.count(), 1, "{which}: {error}");
            assert_eq!(
                (error.kind(), error.delivery()),
                (kind, delivery),
                "{which}: {error}"
            );
            assert_eq!(error.stage(), Stage::Answer, "{which}: {error}");
            assert_eq!(error.attempts(), 1, "{which}: {error}");
            assert!(!error.is_safe_to_repeat(), "{which}: {error}");
        }
    }
}

#[tokio::test]
async fn a_write_that_was_not_sent_is_sent_again_within_the_budget() {
    for which in WRITES {
        let broken = || Step::Break(TransportErrorKind::Connect);
        let script = Script::new([
            broken(),
            Step::Break(TransportErrorKind::ConnectTimeout),
            success(which),
        ]);
        assert_eq!(write(&script.client(), which).await.unwrap(), 3, "{which}");

        let script = Script::new([broken(), broken(), broken(), success(which)]);
        let error = write(&script.client(), which).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.stage()),
            (ErrorKind::Connect, Stage::Connect)
        );
        assert_eq!((error.delivery(), error.attempts()), (Delivery::NotSent, 3));
        assert!(error.is_safe_to_repeat());

        let script = Script::new([broken(), success(which)]);
        let once = script
            .builder()
            .retry(RetryPolicy::never())
            .build()
            .unwrap();
        assert_eq!(write(&once, which).await.unwrap_err().attempts(), 1);
    }
}

#[tokio::test]
async fn a_rejected_token_is_replaced_once() {
    for which in WRITES {
        for rejection in [
            answer(401, ""),
            refused(401, "SP013"),
            refused(400, "SP013"),
        ] {
            let script = Script::new([rejection.clone(), success(which)]);
            assert_eq!(write(&script.client(), which).await.unwrap(), 2, "{which}");
            let [first, second] = script.sent().try_into().ok().unwrap();
            assert_eq!(first.header("authorization"), Some("Bearer token-1"));
            assert_eq!(second.header("authorization"), Some("Bearer token-2"));
            assert_eq!(first.body, second.body, "{which}");
            if which == "debit" {
                assert_ne!(first.header("x-signature"), second.header("x-signature"));
            }

            let script = Script::new([rejection.clone(), rejection, success(which)]);
            let error = write(&script.client(), which).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.attempts()),
                (ErrorKind::Credential, 2),
                "{which}"
            );
            assert_eq!(error.reason(), Some(Reason::Unauthorized));
        }
    }
}

#[tokio::test]
async fn a_wrong_signature_is_not_tried_again() {
    for code in ["SP016", "4019900"] {
        let script = Script::new([refused(400, code), success("debit")]);
        let error = write(&script.client(), "debit").await.unwrap_err();
        assert_eq!(
            (error.reason(), script.count()),
            (Some(Reason::SignatureRefused), 1),
            "{code}"
        );
    }
}

#[tokio::test]
async fn a_read_is_sent_again_after_what_may_pass() {
    for step in [
        Step::Break(TransportErrorKind::Interrupted),
        Step::Break(TransportErrorKind::Timeout),
        Step::Break(TransportErrorKind::Connect),
        answer(502, "<html>"),
        answer(503, ""),
        answer(504, ""),
        answer_with(429, &[("retry-after", "2")], ""),
    ] {
        let found = v1(json!({"id": 1, "qr_data": "0002", "status": "open"}));
        let script = Script::new([step, found]);
        let qr = script.client().qris().get(1).send().await.unwrap();
        assert_eq!((qr.attempts(), script.count()), (2, 2));
    }
    for step in [
        answer(404, ""),
        answer(500, ""),
        refused(400, "SP001"),
        answer(301, ""),
    ] {
        let script = Script::new([step, answer(500, "")]);
        let error = script.client().qris().get(1).send().await.unwrap_err();
        assert_eq!((error.attempts(), script.count()), (1, 1), "{error}");
    }
}

#[tokio::test]
async fn pauses_grow_with_jitter_and_obey_retry_after() {
    let script = Script::new(vec![answer(503, ""); 5]);
    let policy = RetryPolicy::default().with_max_attempts(5);
    let client = script.builder().retry(policy).build().unwrap();
    let error = client.qris().get(1).send().await.unwrap_err();
    assert_eq!(error.attempts(), 5);
    for (pause, most) in script.pauses().iter().zip([200, 400, 800, 1600]) {
        assert!(*pause <= Duration::from_millis(most), "{pause:?} {most}");
    }

    let wait = |seconds: &'static str| answer_with(429, &[("retry-after", seconds)], "");
    let script = Script::new([wait("7"), wait("3600")]);
    let error = script.client().qris().get(1).send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::RateLimited, 2)
    );
    assert_eq!(
        error.retry_after(),
        Some(Duration::from_secs(3600)),
        "too long to be waited for"
    );
    assert!(script.pauses()[0] >= Duration::from_secs(7));
}

#[tokio::test]
async fn failures_before_the_call_say_so() {
    let get = |script: &Script| {
        let client = script.client();
        async move { client.qris().get(1).send().await.unwrap_err() }
    };
    let broken = |kind| vec![Step::Break(kind); 3];
    for (steps, kind) in [
        (broken(TransportErrorKind::Connect), ErrorKind::Connect),
        (
            broken(TransportErrorKind::ConnectTimeout),
            ErrorKind::Timeout,
        ),
        (
            broken(TransportErrorKind::Interrupted),
            ErrorKind::Interrupted,
        ),
        (vec![answer(503, ""); 3], ErrorKind::Gateway),
        (vec![answer(401, "")], ErrorKind::Credential),
        (vec![answer(302, "")], ErrorKind::Redirect),
        (vec![v1(json!({"token_type": "Bearer"}))], ErrorKind::Decode),
        (vec![Step::Silence], ErrorKind::Timeout),
    ] {
        let script = Script::default().tokens(steps);
        let error = get(&script).await;
        assert_eq!(
            (error.kind(), error.stage()),
            (kind, Stage::Token),
            "{error}"
        );
        assert_eq!(
            (error.delivery(), error.attempts()),
            (Delivery::NotSent, script.token_requests()),
            "{error}"
        );
        assert!(error.attempts() > 0, "{error}");
        assert_eq!(script.count(), 0);
    }
    let message = "Your IP address (203.0.113.9) is not registered";
    let body = json!({"status": 403, "success": false, "error": {"code": 403, "message": message}});
    let error = get(&Script::default().tokens([answer(403, body)])).await;
    assert_eq!(error.reason(), Some(Reason::IpNotRegistered));
    assert_eq!(error.ip_address(), "203.0.113.9".parse().ok());
}

/// That a repeated reference returns the original is documented of the transfer, and was never seen:
/// a payout does not go out again on the strength of that.
#[tokio::test]
async fn an_ambiguous_transfer_is_not_sent_again_and_never_says_that_nothing_was_processed() {
    for (first, ambiguous) in [
        (Step::Break(TransportErrorKind::Timeout), true),
        (answer(503, ""), true),
        (Step::Break(TransportErrorKind::Connect), false),
    ] {
        for (status, code) in [(403, "SP403"), (422, "SP018"), (200, "SP003")] {
            let script = Script::new([first.clone(), refused(status, code)]);
            let handle = script.client().money_out(MoneyOutPolicy::new()).unwrap();
            let transfer = handle
                .transfer_between_accounts()
                .amount(Rupiah::new(10_000))
                .beneficiary_account_number("123456789012")
                .merchant_ref_no("M-1");
            match (transfer.send().await.unwrap(), ambiguous) {
                (Outcome::Unknown(unresolved), true) => {
                    assert!(
                        unresolved.error().may_have_taken_effect(),
                        "{status} {code}"
                    );
                }
                (Outcome::Refused(error), false) => {
                    assert!(!error.may_have_taken_effect(), "{status} {code}");
                }
                (outcome, _) => panic!("{outcome:?} after {status} {code}"),
            }
            assert_eq!(script.count(), if ambiguous { 1 } else { 2 });
        }
    }
}

/// An answer about another transfer than the one that was asked for is no acceptance of ours.
#[tokio::test]
async fn an_accepted_transfer_is_the_one_that_was_asked_for() {
    let accepted = |amount: i64, number: &str| {
        v1(json!({
            "transaction_id": "T1", "status": "success", "merchant_ref_no": "M-1",
            "amount": {"value": amount, "currency": "IDR"},
            "beneficiary": {"account_number": number},
        }))
    };
    for (answer, ours) in [
        (accepted(9_000, "123456789012"), true),
        (accepted(5_000, "123456789012"), false),
        (accepted(9_000, "123456789013"), false),
    ] {
        let script = Script::new([answer]);
        let handle = script.client().money_out(MoneyOutPolicy::new()).unwrap();
        let transfer = handle
            .transfer_between_accounts()
            .amount(Rupiah::new(9_000))
            .beneficiary_account_number("123456789012")
            .merchant_ref_no("M-1");
        match transfer.send().await.unwrap() {
            Outcome::Accepted(_) => assert!(ours),
            Outcome::Duplicate(unresolved) => {
                assert!(!ours);
                let reason = unresolved.error().reason();
                assert_eq!(reason, Some(Reason::DuplicateReference));
            }
            outcome => panic!("{outcome:?}"),
        }
    }
}
