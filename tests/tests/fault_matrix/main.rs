//! Every fault of the sandbox against reads and writes that collect money. What must come of it stands
//! in the tables, not in the code under test: reads recover, writes are sent once and leave at most one
//! thing behind, and nothing outlives its deadline.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod reads;
mod rig;
mod table;
mod writes;

use std::{future::Future, time::Duration};

use futures_util::{StreamExt, stream};
use singapay_sandbox::Sandbox;

use self::{
    reads::READS,
    rig::Bench,
    table::{CASES, Case, End, POINTS, READS_MEET, STAYS, WRITES_MEET},
    writes::{WRITES, Write},
};

/// Nothing here waits for the gateway longer than a second; this only catches what hangs.
const HANGS: Duration = Duration::from_secs(120);

/// Runs the cells, some at a time.
async fn all<F: Future<Output = ()>>(cells: impl Iterator<Item = F>) {
    let cells = stream::iter(cells).buffer_unordered(8).collect::<()>();
    tokio::time::timeout(HANGS, cells).await.unwrap();
}

#[test]
fn every_case_has_its_ends() {
    for case in CASES {
        let reads = READS_MEET.iter().chain(&STAYS);
        assert!(
            reads.into_iter().any(|(other, _)| *other == case),
            "{case:?}"
        );
        assert!(
            WRITES_MEET.iter().any(|(other, _)| *other == case),
            "{case:?}"
        );
    }
}

#[tokio::test]
async fn reads_recover_from_what_passes() {
    let cells = READS.iter().flat_map(|read| {
        let cases = READS_MEET.iter();
        cases.flat_map(move |(case, end)| POINTS.map(|point| (read, *case, *end, point)))
    });
    all(cells.map(|(read, case, end, point)| async move {
        let cell = format!("{} {case:?} {point:?}", read.operation);
        let bench = Bench::start(case).await;
        bench.strike(read.operation, case, point, 1);
        let result = (read.send)(&bench).await;
        end.check(&cell, &result);
        bench.assert_stayed(&cell);
        if case == Case::TooMany {
            bench.assert_waited(&cell, table::RETRY_AFTER);
        }
    }))
    .await;
}

#[tokio::test]
async fn reads_give_up_within_their_attempts() {
    let cells = READS
        .iter()
        .flat_map(|read| STAYS.iter().map(move |(case, end)| (read, *case, *end)));
    all(cells.map(|(read, case, end)| async move {
        let cell = format!("{} {case:?} for good", read.operation);
        let bench = Bench::start(case).await;
        bench.strike(read.operation, case, POINTS[0], 99);
        let result = (read.send)(&bench).await;
        end.check(&cell, &result);
    }))
    .await;
}

#[tokio::test]
async fn writes_are_sent_once_and_leave_at_most_one_thing() {
    let cells = WRITES.iter().flat_map(|write| {
        let cases = WRITES_MEET.iter();
        cases.flat_map(move |(case, end)| POINTS.map(|point| (write, *case, *end, point)))
    });
    all(cells.map(|(write, case, end, point)| async move {
        let cell = format!("{} {case:?} {point:?}", write.operation);
        let bench = Bench::start(case).await;
        let binding = prepare(write, &bench.sandbox, &bench).await;
        bench.strike(write.operation, case, point, 1);
        let result = (write.send)(&bench, &binding).await;
        end.check(&cell, &result);
        assert!(
            bench.seen(write.operation) <= 1,
            "{cell}: sent more than once"
        );
        let expected = table::happened(case, point);
        assert_eq!((write.count)(&bench).await, expected, "{cell}");
    }))
    .await;
}

/// One thing is counted as one, and two are two: the counters can fail.
#[tokio::test]
async fn the_counters_count() {
    all(WRITES.iter().map(|write| async move {
        let bench = Bench::start(Case::Late).await;
        let binding = prepare(write, &bench.sandbox, &bench).await;
        assert_eq!((write.count)(&bench).await, 0, "{}", write.operation);
        let first = (write.send)(&bench, &binding).await;
        End::Fine(1).check(write.operation, &first);
        let second = (write.send)(&bench, &binding).await;
        let doubles = match write.refuses_doubles {
            true => 1,
            false => 2,
        };
        assert_eq!(
            second.is_err(),
            write.refuses_doubles,
            "{}",
            write.operation
        );
        assert_eq!((write.count)(&bench).await, doubles, "{}", write.operation);
        assert_eq!(bench.seen(write.operation), 2, "{}", write.operation);
    }))
    .await;
}

async fn prepare(write: &Write, sandbox: &Sandbox, bench: &Bench) -> String {
    match write.needs_binding {
        true => writes::bind(sandbox, bench).await,
        false => String::new(),
    }
}
