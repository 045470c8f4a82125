//! Whatever the gateway answers, waiting ends when patience does, and stays away for as long as it is asked
//! to.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;
use singapay::{RetryPolicy, TransportErrorKind};
use support::{Script, Step, answer_with, time::PausedTime, v1};

#[derive(Debug, Clone, Copy)]
enum Answer {
    Open,
    /// With `Retry-After`, in seconds.
    Busy(u64),
    Broken,
}

impl Answer {
    fn step(self) -> Step {
        match self {
            Self::Open => v1(json!({"id": 7, "qr_data": "00", "status": "open"})),
            Self::Busy(seconds) => {
                answer_with(503, &[("retry-after", &seconds.to_string())], "busy")
            }
            Self::Broken => Step::Break(TransportErrorKind::Interrupted),
        }
    }
}

fn answers() -> impl Strategy<Value = Vec<Answer>> {
    let one = prop_oneof![
        Just(Answer::Open),
        (0..90_u64).prop_map(Answer::Busy),
        Just(Answer::Broken),
    ];
    prop::collection::vec(one, 0..30)
}

proptest! {
    #[test]
    fn waiting_ends_with_patience(
        answers in answers(), patience in 0..400_u64, longest in 1..60_u64,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        let (patience, longest) = (Duration::from_secs(patience), Duration::from_secs(longest));
        let script = Script::new(answers.iter().map(|answer| answer.step()));
        let slept = runtime.block_on(async {
            let time = PausedTime::new();
            let builder = script.builder().clock(time.clone()).timer(time.clone());
            let client = builder.retry(RetryPolicy::never()).build().unwrap();
            let wait = client.qris().get(7).wait();
            let wait = wait.with_patience(patience).with_longest_pause(longest);
            assert!(wait.await.unwrap_err().is_out_of_patience());
            time.slept()
        });
        prop_assert!(slept.iter().sum::<Duration>() <= patience);
        prop_assert_eq!(script.count(), slept.len() + 1);
        for (answer, pause) in answers.iter().zip(slept) {
            match answer {
                Answer::Busy(seconds) => prop_assert!(pause >= Duration::from_secs(*seconds)),
                _ => prop_assert!(pause <= longest),
            }
        }
    }
}
