//! A genuine delivery that is sent again, in any spelling and at any time, never runs a second time.

#![allow(clippy::unwrap_used)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
    time::Duration,
};

use http::HeaderMap;
use proptest::prelude::*;
use serde_json::{Map, Value};
use singapay_auth::webhook::{Verifier, WebhookKey, sign_delivery};
use singapay_core::{Clock, Secret, Timestamp};
use singapay_webhook::{Gate, Handled, MemoryLedger, Receipt};

const PATH: &str = "/hooks/singapay";
const START: i64 = 1_787_280_000_000;

#[derive(Debug, Clone)]
struct Virtual(Arc<AtomicI64>);

impl Clock for Virtual {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.0.load(Ordering::Relaxed))
    }
}

/// JSON as a gateway could send it.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-1_000_000_000_i64..1_000_000_000).prop_map(Value::from),
        "[a-z/é\u{2028}\\\\\" ]{0,6}".prop_map(Value::from),
        Just(Value::Object(Map::new())),
        Just(Value::Array(Vec::new())),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..13).prop_map(Value::from),
            prop::collection::btree_map("[a-zA-Z0-9_]{1,4}", inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// One spelling of many, as the choices say.
fn spell(value: &Value, choose: &mut impl FnMut(u32) -> u32, out: &mut String) {
    let space = |choose: &mut dyn FnMut(u32) -> u32, out: &mut String| {
        out.push_str(["", "", " ", "\n\t"][choose(4) as usize]);
    };
    match value {
        Value::Number(number) => {
            let number = number.as_i64().unwrap();
            let tens = number != 0 && number % 10 == 0;
            match choose(4) {
                0 => out.push_str(&format!("{number}.0")),
                1 => out.push_str(&format!("{number}e0")),
                2 if tens => out.push_str(&format!("{}E+1", number / 10)),
                _ => out.push_str(&number.to_string()),
            }
        }
        Value::String(text) => {
            out.push('"');
            for letter in text.chars() {
                match (letter, choose(3)) {
                    ('/', 0) => out.push_str("\\/"),
                    ('"' | '\\', 1) => {
                        out.push('\\');
                        out.push(letter);
                    }
                    (_, 0 | 1) | ('"' | '\\', _) => {
                        out.push_str(&format!("\\u{:04X}", u32::from(letter)));
                    }
                    _ => out.push(letter),
                }
            }
            out.push('"');
        }
        Value::Array(items) if items.is_empty() => {
            out.push_str(if choose(2) == 0 { "{}" } else { "[]" });
        }
        Value::Object(members) if members.is_empty() => {
            out.push_str(if choose(2) == 0 { "[]" } else { "{ }" });
        }
        Value::Array(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                space(choose, out);
                spell(item, choose, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            for place in (1..members.len()).rev() {
                let other = choose(u32::try_from(place).unwrap() + 1);
                members.swap(place, other as usize);
            }
            out.push('{');
            for (place, (key, value)) in members.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                space(choose, out);
                let key = Value::from(key.as_str());
                if choose(4) == 0 {
                    // Of two equal members the last one counts.
                    spell(&key, choose, out);
                    out.push_str(":\"another\",");
                }
                spell(&key, choose, out);
                space(choose, out);
                out.push(':');
                spell(value, choose, out);
            }
            out.push('}');
        }
        other => out.push_str(&other.to_string()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_copy_runs_again(
        data in json(),
        copies in prop::collection::vec((any::<u64>(), 0_i64..10, any::<bool>()), 1..8),
    ) {
        let clock = Virtual(Arc::new(AtomicI64::new(START)));
        let secret = Secret::new("secret");
        let verifier = Verifier::builder().key(WebhookKey::new("main", &secret)).path(PATH);
        let verifier = verifier.clock(clock.clone()).build().unwrap();
        let gate = Gate::new(verifier.into(), MemoryLedger::new());
        let body = serde_json::json!({"event": "va-transaction", "data": data}).to_string();
        let signed = sign_delivery(&secret, "partner", PATH, body.clone(), clock.now()).unwrap();
        let runs = AtomicU32::new(0);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let receive = |headers: &HeaderMap, body: String| {
            runtime.block_on(gate.receive(headers, body, |_, _| {
                Box::pin(async {
                    runs.fetch_add(1, Ordering::Relaxed);
                    Ok(Handled::Done)
                })
            }))
        };
        let first = receive(&signed.headers, body.clone());
        prop_assert!(matches!(first, Receipt::Accepted { .. }), "{:?}", first);
        for (seed, minutes, signed_anew) in copies {
            let mut random = seed;
            let mut choose = |below: u32| {
                // Knuth's generator; its upper bits are the good ones.
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                u32::try_from(random >> 33).unwrap() % below
            };
            let mut respelt = String::new();
            let value: Value = serde_json::from_str(&body).unwrap();
            spell(&value, &mut choose, &mut respelt);
            clock.0.fetch_add(minutes * 60_000, Ordering::Relaxed);
            let late = clock.now().unix_millis() - START > 15 * 60_000;
            let receipt = if signed_anew {
                // As a gateway would that signs its retries anew.
                let now = clock.now();
                let again = sign_delivery(&secret, "partner", PATH, body.clone(), now).unwrap();
                receive(&again.headers, respelt.clone())
            } else {
                receive(&signed.headers, respelt.clone())
            };
            match &receipt {
                Receipt::Duplicate { key } => prop_assert_eq!(Some(&**key), first.key()),
                Receipt::Refused(_) => prop_assert!(late && !signed_anew, "{}", respelt),
                other => prop_assert!(false, "{:?}: {}", other, respelt),
            }
            // What is forgotten meanwhile is nothing of which a copy could come.
            let _ = runtime.block_on(gate.prune(Duration::from_secs(45 * 60)));
            if clock.now().unix_millis() - START > 45 * 60_000 {
                break;
            }
        }
        prop_assert_eq!(runs.load(Ordering::Relaxed), 1);
    }
}
