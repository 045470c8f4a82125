//! Every operation that pays out, through the flow, against every row of the outcome table: at the first attempt and
//! at later ones, before and after the gateway stored it. At most one transfer for each payout, the ending that is
//! written here, and nothing open that the gateway can answer. The gateway is a process of its own.
//!
//! All of it takes two minutes of processor time; nobody waits but for calls that are never answered, ten seconds each
//! and many at once.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bench;
mod gateway;
mod operations;
mod rows;

use std::collections::HashMap;

use bench::{Bench, CALLS};
use futures_util::{StreamExt, stream};
use gateway::Gateway;
use operations::{OPERATIONS, Operation};
use rows::{Proof, Row, rows};
use singapay::{PayoutState as State, PersonReason};
use singapay_sandbox::{Fault, FaultAction, FaultPoint};

/// The attempt that the fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attempt {
    First,
    /// The second request of a call: the token of the first was refused.
    WithAnotherToken,
    /// The first one that left: before it no token was to be had.
    AfterNoToken,
    /// The second send: the first was lost, and proven absent.
    AfterAbsence,
}

/// The ending that is written in the table.
fn ending(operation: &Operation, attempt: Attempt, proof: Proof, point: FaultPoint) -> State {
    let done = match operation.is_cash() {
        true => State::Accepted,
        false => State::Paid,
    };
    let arrived = point == FaultPoint::AfterCommit;
    match (proof, attempt) {
        // An answer of a later request never settles an earlier one, and what is absent is sent once more.
        (_, Attempt::AfterAbsence) => done,
        (Proof::Nothing, _) if arrived || operation.again => done,
        (Proof::Nothing, _) => State::NeedsPerson,
        (Proof::RefusedOnceAsked, _) if arrived => done,
        (Proof::Refused | Proof::RefusedOnceAsked, _) => State::Refused,
        (Proof::TokenRefused, Attempt::WithAnotherToken) => State::Refused,
        (Proof::TokenRefused, _) => done,
    }
}

/// Cost of one transfer of each operation, undisturbed.
async fn costs(gateway: &Gateway) -> HashMap<&'static str, i64> {
    let mut costs = HashMap::new();
    for operation in &OPERATIONS {
        let bench = Bench::start(gateway, CALLS[1]);
        let _ = (operation.submit)(&bench).await.unwrap();
        let _ = bench.follow(operation, operation.id).await;
        let moved = bench.moved(operation, operation.id).await;
        assert!(moved > 0, "{}", operation.id);
        costs.insert(operation.id, moved);
    }
    costs
}

async fn cell(
    gateway: &Gateway,
    operation: &Operation,
    row: &Row,
    attempt: Attempt,
    point: FaultPoint,
    cost: i64,
) {
    let name = format!("{} {attempt:?} {point:?} {:?}", operation.id, row.action);
    let never_answered = matches!(row.action, FaultAction::DelayMillis(_));
    let mut bench = Bench::start(gateway, CALLS[usize::from(!never_answered)]);
    let step = (operation.submit)(&bench).await;
    let _ = step.unwrap_or_else(|error| panic!("{name}: {error}"));
    let fault = |point, action| Fault::new(point, action).on(operation.id);
    let before = |action| fault(FaultPoint::BeforeCommit, action);
    let own = fault(point, row.action.clone());
    let faults = match attempt {
        Attempt::First => vec![own],
        Attempt::WithAnotherToken => vec![before(FaultAction::Status(401)), own.after(1)],
        Attempt::AfterAbsence => vec![before(FaultAction::Reset), own.after(1)],
        Attempt::AfterNoToken => {
            bench.change_worker();
            let no_token = Fault::new(FaultPoint::BeforeCommit, FaultAction::Status(500));
            vec![no_token.on("create_access_token").times(2), own]
        }
    };
    for fault in faults {
        bench.sandbox.add_fault(&fault).await;
    }
    let step = bench.follow(operation, &name).await;
    let expected = ending(
        operation,
        attempt,
        row.proof[usize::from(operation.is_bill())],
        point,
    );
    let progress = &step.record.progress;
    assert_eq!(step.state(), expected, "{name}: {progress:?}");
    let transfers = i64::from(matches!(expected, State::Paid | State::Accepted));
    let moved = bench.moved(operation, &name).await;
    assert_eq!(moved, transfers * cost, "{name}");
    if expected == State::NeedsPerson {
        assert_eq!(progress.person, Some(PersonReason::Absent), "{name}");
    }
}

/// All rows against one operation.
async fn matrix(id: &str) {
    let operation = OPERATIONS
        .iter()
        .find(|operation| operation.id == id)
        .unwrap();
    let gateway = &Gateway::start();
    let (rows, costs) = (rows(), costs(gateway).await);
    let mut cells = Vec::new();
    for row in &rows {
        for &point in row.points {
            let mut attempts = vec![
                Attempt::First,
                Attempt::WithAnotherToken,
                Attempt::AfterNoToken,
            ];
            if operation.again {
                attempts.push(Attempt::AfterAbsence);
            }
            for attempt in attempts {
                cells.push(cell(gateway, operation, row, attempt, point, costs[id]));
            }
        }
    }
    stream::iter(cells)
        .buffer_unordered(16)
        .collect::<()>()
        .await;
}

macro_rules! matrices {
    ($($name:ident),+ $(,)?) => {
        $(#[tokio::test]
        async fn $name() {
            matrix(stringify!($name)).await;
        })+

        #[test]
        fn every_operation_has_its_matrix() {
            let named = [$(stringify!($name)),+];
            assert!(OPERATIONS.iter().all(|operation| named.contains(&operation.id)));
        }
    };
}

matrices!(
    transfer_disbursement,
    transfer_disbursement_v1,
    topup_ewallet,
    pay_qris,
    create_cardless_withdrawal,
    transfer_between_accounts,
    pay_prepaid,
    pay_postpaid,
    pay_prepaid_v1,
    pay_postpaid_v1,
);
