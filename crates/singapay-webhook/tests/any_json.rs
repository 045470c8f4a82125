//! Whatever a body holds, reading it neither panics nor loses it.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use singapay_webhook::{Event, EventKind, Payload};

/// Names and texts that mean something to the reader, so that the tests get past its first check.
const WORDS: &[&str] = &[
    "",
    "event",
    "data",
    "transaction",
    "transaction_status",
    "transaction_id",
    "reff_no",
    "type",
    "status",
    "payment",
    "method",
    "additional_info",
    "payment_link",
    "settlement",
    "id",
    "plan",
    "code",
    "amount",
    "value",
    "currency",
    "timestamp",
    "bank",
    "ewallet",
    "qr_code",
    "refund",
    "payment_link_history",
    "payment_method_additional",
    "summary",
    "payment_links",
    "pl",
    "va",
    "paid",
    "00",
    "IDR",
    "-1",
    "1.5",
    "26 Dec 2025 13:35:45",
    "1787321477000",
    "{}",
    "0",
    "1",
    "$serde_json::private::Number",
    "$serde_json::private::RawValue",
];

fn word() -> impl Strategy<Value = String> {
    let known: Vec<&str> = EventKind::KNOWN.iter().map(|kind| kind.as_str()).collect();
    prop_oneof![
        4 => prop::sample::select(WORDS).prop_map(str::to_owned),
        1 => prop::sample::select(known).prop_map(str::to_owned),
        1 => ".*",
    ]
}

fn any_json() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word().prop_map(Value::from),
    ];
    scalar.prop_recursive(6, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((word(), inner), 0..6)
                .prop_map(|members| Value::Object(Map::from_iter(members))),
        ]
    })
}

/// Another crate may switch on features of serde_json, under which its private names mean something.
fn reads_as_object(body: &str) -> bool {
    serde_json::from_str(body).is_ok_and(|value: Value| value.is_object())
}

/// Everything that can be asked, asked.
fn ask(event: &Event) {
    let _ = (
        event.merchant_reference(),
        event.is_paid(),
        event.transaction_status(),
    );
    let _ = (
        event.payment_method_additional(),
        event.name(),
        format!("{event:?}"),
    );
}

proptest! {
    #[test]
    fn any_bytes(body in prop::collection::vec(any::<u8>(), 0..64)) {
        match Event::read(&body) {
            Ok(event) => prop_assert_eq!(event.body(), &body),
            Err(error) => prop_assert_eq!(error.body(), &body),
        }
    }

    #[test]
    fn any_value(value in any_json()) {
        let body = value.to_string();
        match Event::read(body.as_bytes()) {
            Ok(event) => {
                ask(&event);
                prop_assert_eq!(event.body(), body.as_bytes());
            }
            Err(error) => {
                prop_assert!(!reads_as_object(&body));
                prop_assert_eq!(error.body(), body.as_bytes());
            }
        }
    }

    /// A known event is never demoted: either it is typed, or it says what it lacks.
    #[test]
    fn any_members_of_a_known_event(
        kind in prop::sample::select(EventKind::KNOWN),
        data in any_json(),
        root in prop::collection::vec((word(), any_json()), 0..4),
    ) {
        let mut body = Map::from_iter(root);
        body.insert("event".to_owned(), json!(kind.as_str()));
        body.insert("data".to_owned(), data);
        let body = Value::Object(body).to_string();
        prop_assume!(reads_as_object(&body));
        let event = Event::read(body.as_bytes()).unwrap();
        ask(&event);
        prop_assert_eq!(event.kind(), kind);
        match event.payload() {
            Payload::Unreadable(unreadable) => prop_assert!(!unreadable.members.is_empty()),
            Payload::Unknown | Payload::DashboardTest(_) => prop_assert!(false, "{:?}", event),
            _ => {}
        }
    }
}
