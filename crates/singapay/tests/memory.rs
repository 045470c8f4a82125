//! Memory that an answer takes when it is parsed, whatever it is made of. One test, as the allocator counts
//! for the whole process.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{any::Any, future::Future};

use peak_alloc::PeakAlloc;
use singapay::{MoneyOutPolicy, Singapay};
use singapay_core::AnswerBound;
use support::{Script, answer, payout};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Pieces that a hostile body repeats.
const BOMBS: [&str; 12] = [
    r#"{"":0},"#,
    "[0],",
    "[[[[[[[[0]]]]]]]],",
    "0,",
    r#""","#,
    "1.7976931348623157e308,",
    r#"{"a":{"b":{"c":{"d":0}}}},"#,
    r#"{"a":0,"b":0,"c":0,"d":0,"e":0,"f":0,"g":0,"h":0,"i":0,"j":0,"k":0,"l":0},"#,
    r#"{"a long name of a member, longer than its value by far":0},"#,
    r#""A\n","#,
    r#"{"id":1,"qr_data":"","status":"open"},"#,
    r#"{"id":1,"qr_data":"","status":"open","x":{"":0}},"#,
];

/// Places in the answer at which it stands.
const PLACES: [Place; 6] = [
    (r#"{"success":true,"response_code":"SP000","data":["#, "]}"),
    (
        r#"{"success":true,"response_code":"SP000","data":{"x":["#,
        "]}}",
    ),
    (
        r#"{"success":true,"response_code":"SP000","data":{"status":["#,
        "]}}",
    ),
    (
        r#"{"success":true,"response_code":"SP000","data":{},"x":["#,
        "]}",
    ),
    (
        r#"{"success":false,"response_code":"SP018","data":{"errors":["#,
        "]}}",
    ),
    (
        r#"{"success":false,"response_code":"SP018","data":{},"meta":["#,
        "]}",
    ),
];

/// `count` bombs, and text up to the bound.
fn filled(bound: AnswerBound, bomb: &str, (before, after): (&str, &str), count: usize) -> String {
    let element = bomb.trim_end_matches(',');
    let bombs = bomb.repeat(count);
    let body = format!("{before}{bombs}{element}{after}");
    let text = bound
        .bytes()
        .saturating_sub(body.len() + r#","z":"""#.len());
    let text = format!(r#","z":"{}"}}"#, "x".repeat(text));
    format!("{}{text}", body.strip_suffix('}').unwrap())
}

/// The worst body that is admitted: as much of the bomb as is let through, text for the rest.
fn worst(bound: AnswerBound, bomb: &str, place: (&str, &str)) -> String {
    // The size that is let through grows with the bound, so it is looked for in the smallest.
    let smallest = AnswerBound::TOKEN;
    let (mut least, mut most) = (0, smallest.bytes() / bomb.len());
    while least < most {
        let middle = (least + most).div_ceil(2);
        match smallest.admits(filled(smallest, bomb, place, middle).as_bytes()) {
            true => least = middle,
            false => most = middle - 1,
        }
    }
    let count = least * (bound.bytes() / smallest.bytes());
    let body = filled(bound, bomb, place, count);
    assert!(bound.admits(body.as_bytes()), "{bomb}");
    body
}

/// Nothing here waits for anything.
fn now<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

type Place = (&'static str, &'static str);
type Call = fn(&Singapay) -> Box<dyn Any>;

#[test]
fn no_answer_takes_more_than_eight_times_what_may_be_received() {
    let calls: [(&str, AnswerBound, &[Place], Call); 4] = [
        (
            "list",
            AnswerBound::LIST,
            &[PLACES[0], PLACES[3]],
            |client| Box::new(now(client.qris().list().send())),
        ),
        ("one", AnswerBound::ONE, &PLACES[1..], |client| {
            Box::new(now(client.qris().get(1).send()))
        }),
        ("payout", AnswerBound::MONEY_OUT, &PLACES, |client| {
            let handle = client.money_out(MoneyOutPolicy::new()).unwrap();
            Box::new(now(payout(&handle).send()))
        }),
        ("raw", AnswerBound::LIST, &PLACES[..1], |client| {
            Box::new(now(client.request("GET", "/api/v9.0/things").send()))
        }),
    ];
    // With serde_json's `arbitrary_precision`, which another crate of a program may switch on, every number is
    // kept as text of its own.
    let number: serde_json::Value = serde_json::from_str("1.50").unwrap();
    let spelt = number.to_string();
    let most = if spelt == "1.50" { 10.0 } else { 8.0 };
    for (name, bound, places, call) in calls {
        let mut highest = (0, "", "");
        for place in places {
            for bomb in BOMBS {
                let body = worst(bound, bomb, *place);
                let bytes = body.len();
                let script = Script::new([answer(200, body)]);
                let client = script.client();
                let before = ALLOCATOR.current_usage();
                ALLOCATOR.reset_peak_usage();
                let kept = call(&client);
                // The body itself was there before.
                let peak = ALLOCATOR.peak_usage().saturating_sub(before) + bytes;
                assert_eq!(script.count(), 1);
                drop(kept);
                highest = highest.max((peak, bomb, place.0));
            }
        }
        let (peak, bomb, place) = highest;
        let ratio = peak as f64 / bound.bytes() as f64;
        println!("{name}: {ratio:.1} times the body, by {bomb} in {place}");
        assert!(ratio > 2.0, "{name}: nothing was parsed");
        assert!(ratio <= most, "{name}: {ratio:.1}, by {bomb} in {place}");
    }
}
