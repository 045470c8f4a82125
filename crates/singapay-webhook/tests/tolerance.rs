//! Bodies that are odd, poor or hostile: nothing is lost, nothing is guessed, nothing is printed.

#![allow(clippy::unwrap_used)]

mod common;

use serde_json::{Value, json};
use singapay_core::Rupiah;
use singapay_webhook::{Event, EventKind, Payload, events::TransactionStatusCode};

fn read(body: &Value) -> Event {
    Event::read(body.to_string().as_bytes()).unwrap()
}

fn va(transaction: Value) -> Value {
    json!({"event": "va-transaction", "data": {"transaction": transaction}})
}

#[test]
fn odd_optional_members_do_not_hide_the_event() {
    let body = json!({
        "event": "payment-link-transaction", "status": "200", "success": 1, "timestamp": "",
        "data": {
            "transaction": {
                "reff_no": 18917720251110_i64, "status": "paid", "amount": "27000.00", "tip": [],
                "post_timestamp": null, "channel": {"new": true},
            },
            "customer": [],
            "payment": {"additional_info": {"payment_link": {
                "id": "189", "reff_no": "INV-1", "max_usage": [], "total_amount": 10000,
            }}},
        },
        "future": [1, 2],
    });
    let event = read(&body);
    let Payload::PaymentLinkTransaction(link) = event.payload() else {
        panic!("{event:?}");
    };
    assert_eq!((link.status, link.success), (Some(200), Some(true)));
    assert!(link.timestamp.is_none() && link.data.customer.is_none());
    assert_eq!(link.extra["future"], json!([1, 2]));
    let transaction = &link.data.transaction;
    assert_eq!(transaction.reff_no, "18917720251110");
    assert_eq!(
        transaction.amount.as_ref().unwrap().value,
        Rupiah::new(27_000)
    );
    assert_eq!(transaction.extra["channel"], json!({"new": true}));
    let info = link
        .data
        .payment
        .as_ref()
        .unwrap()
        .additional_info
        .as_ref()
        .unwrap();
    assert_eq!(info.payment_link.as_ref().unwrap().id, Some(189));
    assert_eq!(common::encode(event.payload())["future"], json!([1, 2]));
}

#[test]
fn only_paid_is_paid() {
    assert!(read(&va(json!({"status": "paid"}))).is_paid());
    for status in [
        "unpaid", "pending", "expired", "failed", "PAID", "", "paid ",
    ] {
        assert!(!read(&va(json!({"status": status}))).is_paid(), "{status}");
    }
    for body in [
        va(json!({"status": true})),
        va(json!({"status": ["paid"]})),
        json!({"event": "payment-link-inquiry", "data": {"transaction": {"status": "paid"}}}),
        json!({"event": "va-paid", "data": {"transaction": {"status": "paid"}}}),
        json!({"event": "disbursement", "data": {"transaction": {"status": "paid"}}}),
        json!({"event": "subscription.cycle.payment_success", "success": true,
            "data": {"plan": {"id": "1"}, "transaction": {"status": "paid"}}}),
    ] {
        assert!(!read(&body).is_paid(), "{body}");
    }
}

#[test]
fn the_status_of_a_payout_is_never_taken_from_the_envelope() {
    let payout = |status: Value| {
        read(&json!({"response_code": "SP000", "event": "disbursement",
            "data": {"transaction_id": "1", "transaction_status": status}}))
    };
    let code = |status| payout(status).transaction_status();
    assert_eq!(
        code(json!({"code": "03"})),
        Some(TransactionStatusCode::Pending)
    );
    assert_eq!(code(json!({"code": "99"})).unwrap().as_str(), "99");
    for status in [
        json!({}),
        json!([]),
        json!(null),
        json!("00"),
        json!({"code": ""}),
    ] {
        assert_eq!(code(status.clone()), None, "{status}");
    }
    let paid = read(&json!({"event": "va-transaction",
        "data": {"transaction_status": {"code": "00"}, "transaction": {"status": "paid"}}}));
    assert_eq!(paid.transaction_status(), None);
}

#[test]
fn a_known_event_without_its_essentials_is_kept() {
    for (body, missing) in [
        (
            va(json!({"reff_no": "INV-1"})),
            vec!["data.transaction.status"],
        ),
        (
            va(json!({"reff_no": "INV-1", "status": {}})),
            vec!["data.transaction.status"],
        ),
        (
            json!({"event": "qris-acquirer-transaction", "data": []}),
            vec!["data.transaction.reff_no", "data.transaction.status"],
        ),
        (
            json!({"event": "ewallet-topup", "data": "gone"}),
            vec!["data.transaction_id", "data.transaction_status.code"],
        ),
        (
            json!({"event": "settlement.completed"}),
            vec!["data.settlement.id"],
        ),
        (
            json!({"event": "settlement.completed", "data": {"settlement": {"id": "X-1"}}}),
            vec!["data.settlement.id"],
        ),
    ] {
        let event = read(&body);
        let Payload::Unreadable(unreadable) = event.payload() else {
            panic!("{body}: {event:?}");
        };
        assert_eq!(unreadable.members, missing, "{body}");
        assert_eq!(event.kind(), EventKind::from_name(event.name()));
        assert_eq!(event.name(), body["event"]);
        assert_eq!(event.json(), &body);
    }
}

#[test]
fn what_an_unreadable_event_does_say_can_be_asked() {
    let event = read(&json!({"event": "disbursement", "data":
        {"reference_number": 333, "transaction_status": {"code": "06"}}}));
    assert!(matches!(event.payload(), Payload::Unreadable(_)));
    assert_eq!(event.merchant_reference().as_deref(), Some("333"));
    assert_eq!(
        event.transaction_status(),
        Some(TransactionStatusCode::Failed)
    );
}

#[test]
fn an_unknown_event_keeps_its_name_and_body() {
    let body = br#"{ "event": "kyb.approved", "data": {"account_id": "01K"} }"#;
    let event = Event::read(body).unwrap();
    assert_eq!(
        (event.kind(), event.name()),
        (EventKind::Unknown, "kyb.approved")
    );
    assert!(matches!(event.payload(), Payload::Unknown));
    assert_eq!(&event.body()[..], body);
    assert_eq!(event.json()["data"]["account_id"], "01K");
    assert_eq!(read(&json!({})).name(), "unknown");
}

#[test]
fn of_a_member_given_twice_the_last_one_counts() {
    let body = br#"{"event": "x", "event": "va-transaction",
        "data": {"transaction": {"status": "paid", "status": "failed"}}}"#;
    let event = Event::read(body).unwrap();
    assert!(
        matches!(event.payload(), Payload::VaTransaction(_)),
        "{event:?}"
    );
    assert!(!event.is_paid());
}

#[test]
fn references_are_those_of_the_merchant() {
    let link = json!({"event": "payment-link-transaction", "data": {
        "transaction": {"reff_no": "attempt", "status": "paid"}}});
    assert_eq!(
        read(&link).merchant_reference(),
        None,
        "the attempt is not the order"
    );
    let qris = json!({"event": "qris-acquirer-transaction", "data": {
        "transaction": {"reff_no": "gateway", "merchant_reff_no": "", "status": "paid"}}});
    assert_eq!(read(&qris).merchant_reference(), None);
    for odd in [
        json!([]),
        json!(1.5),
        json!(true),
        json!({}),
        json!(u64::MAX),
    ] {
        let body = va(json!({"reff_no": odd, "status": "paid"}));
        assert_eq!(read(&body).merchant_reference(), None, "{body}");
    }
}

#[test]
fn method_details_may_be_an_object_or_garbage() {
    let details = |value: Value| {
        read(
            &json!({"event": "payment-link-inquiry", "data": {"payment_link_history":
            {"reff_no": "1", "payment_method_additional": value}}}),
        )
        .payment_method_additional()
    };
    assert_eq!(
        details(json!({"retail_code": "INDOMARET"})).unwrap().len(),
        1
    );
    for garbage in [
        json!("{"),
        json!(""),
        json!("[]"),
        json!("null"),
        json!(7),
        json!([1]),
    ] {
        assert_eq!(details(garbage.clone()), None, "{garbage}");
    }
}

#[test]
fn what_is_no_object_is_refused_with_its_body() {
    let deep = format!(
        r#"{{"event":"va-transaction","data":{}1{}}}"#,
        "[".repeat(200),
        "]".repeat(200)
    );
    for body in [
        "",
        "nonsense",
        "{",
        "[]",
        "[{}]",
        "null",
        "7",
        "\"text\"",
        "{} {}",
        "\u{feff}{}",
        &deep,
    ] {
        let error = Event::read(body.as_bytes()).unwrap_err();
        assert_eq!(error.body(), body.as_bytes());
        assert_eq!(error.into_body(), body.as_bytes());
    }
    let invalid = b"{\"event\":\"\xff\"}";
    assert_eq!(Event::read(invalid).unwrap_err().into_body(), &invalid[..]);
}

#[test]
fn nothing_that_was_sent_is_printed() {
    let mut printed = String::new();
    let canary = || json!("canary-7461");
    for kind in EventKind::KNOWN {
        for data in [
            json!({"canary": canary(), "transaction_id": canary(), "reference_number": canary(),
                "transaction_status": {"code": canary(), "desc": canary()},
                "transaction": {"reff_no": canary(), "status": canary(), "canary": canary()},
                "plan": {"id": canary()}, "settlement": {"id": 1, "title": canary()},
                "payment_link_history": {"reff_no": canary()}, "binding_id": canary()}),
            json!({"settlement": canary(), "transaction": canary()}),
            canary(),
        ] {
            let event = read(&json!({"event": kind.as_str(), "data": data, "canary": canary()}));
            printed += &format!("{event:?} {event:#?} {}", event.kind());
            if let Payload::Unreadable(unreadable) = event.payload() {
                printed += &unreadable.to_string();
            }
        }
    }
    for body in [
        json!({"event": canary(), "data": canary()}),
        json!({"data": canary()}),
    ] {
        printed += &format!("{:?}", read(&body));
    }
    for body in [
        r#""canary-7461""#,
        r#"{"canary-7461": canary-7461}"#,
        r#"{"event": canary-7461"#,
    ] {
        let error = Event::read(body.as_bytes()).unwrap_err();
        let source = std::error::Error::source(&error).unwrap();
        printed += &format!("{error} {error:?} {source} {source:?}");
    }
    assert!(!printed.contains("canary"), "{printed}");
    assert!(printed.contains("VaTransaction") && printed.contains("Unreadable"));
}
