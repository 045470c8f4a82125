//! What handlers write exists exactly once, with every ledger.

use std::time::Duration;

use futures_util::future::join_all;
use singapay::{
    BoxFuture, Clock, Timer,
    webhook::{
        AttemptEnd, DeliveryState, Handled, Ledger, MemoryLedger, Origin, PruneError, Receipt,
        Replayed,
    },
};
use singapay_store::{PostgresLedger, SqliteLedger};

use super::ledgers::{Bench, Effects, MINUTE, postgres, sqlite};

/// Runs a scenario with every ledger that is there.
macro_rules! with_every_ledger {
    ($($test:ident)*) => {$(
        #[tokio::test]
        async fn $test() {
            scenarios::$test(Bench::new(MemoryLedger::new())).await;
            let folder = tempfile::tempdir().unwrap();
            scenarios::$test(Bench::new(sqlite(folder.path()).await)).await;
            if let Some(ledger) = postgres(stringify!($test)).await {
                scenarios::$test(Bench::new(ledger)).await;
            }
        }
    )*};
}

with_every_ledger! {
    what_does_not_end_well_has_no_effect_and_its_copy_has_one
    of_many_copies_at_once_one_runs
    the_sweep_knows_what_the_gateway_sent
    a_replay_runs_again_and_says_so
    a_body_that_was_changed_is_not_run
    what_is_no_event_is_kept
    a_handler_that_outlives_its_lease_has_no_effect
    what_is_pruned_is_gone_with_its_history
    no_character_of_a_text_loses_a_delivery
    what_is_given_up_has_no_effect_and_its_copy_has_one
}

mod scenarios {
    use super::*;

    pub(super) async fn what_does_not_end_well_has_no_effect_and_its_copy_has_one<L: Effects>(
        bench: Bench<L>,
    ) {
        let signed = bench.paid(1);
        let ledger = bench.gate.ledger();
        for (outcome, status) in [("fail", 503), ("later", 425), ("panic", 503)] {
            let receipt = bench
                .gate
                .receive(&signed.headers, signed.body.clone(), |tx, delivery| {
                    Box::pin(async move {
                        L::write(tx, delivery.key()).await;
                        match outcome {
                            "fail" => Err("it failed".into()),
                            "later" => Ok(Handled::Later),
                            _ => panic!("a panic that is meant"),
                        }
                    })
                })
                .await;
            assert_eq!(receipt.status(), status, "{receipt:?}");
            let count = ledger.count(receipt.key().unwrap()).await;
            assert_eq!(count.unwrap_or(0), 0, "{outcome}");
        }
        let receipt = bench
            .gate
            .receive(&signed.headers, signed.body.clone(), |tx, delivery| {
                Box::pin(async move {
                    assert_eq!(delivery.attempt(), 4);
                    L::write(tx, delivery.key()).await;
                    Ok(Handled::Done)
                })
            })
            .await;
        assert!(matches!(receipt, Receipt::Accepted { .. }), "{receipt:?}");
        let key = receipt.key().unwrap();
        assert_eq!(ledger.count(key).await.unwrap_or(1), 1);
        let steps = ledger.history(key).await.unwrap();
        let ends: Vec<_> = steps.iter().map(|step| step.end).collect();
        let (failed, later, done) = (AttemptEnd::Failed, AttemptEnd::Later, AttemptEnd::Done);
        assert_eq!(ends, [failed, later, failed, done]);
        assert_eq!(steps[0].reason.as_deref(), Some("it failed"));
        assert_eq!(steps[0].at, bench.clock.now());
    }

    pub(super) async fn of_many_copies_at_once_one_runs<L: Effects>(bench: Bench<L>) {
        let signed = bench.paid(1);
        let copies = (0..50).map(|_| {
            bench
                .gate
                .receive(&signed.headers, signed.body.clone(), |tx, delivery| {
                    Box::pin(async move {
                        L::write(tx, delivery.key()).await;
                        Ok(Handled::Done)
                    })
                })
        });
        let receipts = join_all(copies).await;
        let accepted = |receipt: &&Receipt| matches!(receipt, Receipt::Accepted { .. });
        assert_eq!(receipts.iter().filter(accepted).count(), 1);
        for receipt in &receipts {
            let (one, copy) = (receipt.status(), receipt.key().unwrap());
            assert!(one == 200 || one == 409, "{receipt:?}");
            assert_eq!(bench.gate.ledger().count(copy).await.unwrap_or(1), 1);
        }
    }

    pub(super) async fn the_sweep_knows_what_the_gateway_sent<L: Effects>(bench: Bench<L>) {
        let signed = bench.paid(7);
        let receipt = bench
            .gate
            .receive(&signed.headers, signed.body, |_, _| {
                Box::pin(async { Ok(Handled::Later) })
            })
            .await;
        assert_eq!(
            bench
                .gate
                .sweep(|_, _| panic!("too early"))
                .await
                .unwrap()
                .accepted,
            0
        );
        bench.clock.advance(MINUTE);
        let swept = bench.gate.sweep(|tx, delivery| {
            Box::pin(async move {
                assert_eq!(delivery.origin(), Origin::Swept);
                assert_eq!(delivery.merchant_reference().as_deref(), Some("INV-7"));
                assert_eq!(&*delivery.verified().key_name, "main");
                assert_eq!(delivery.verified().partner_id.as_deref(), Some("partner"));
                L::write(tx, delivery.key()).await;
                Ok(Handled::Done)
            })
        });
        assert_eq!(swept.await.unwrap().accepted, 1);
        let key = receipt.key().unwrap();
        assert_eq!(bench.gate.ledger().count(key).await.unwrap_or(1), 1);
        let entry = bench.gate.ledger().get(key).await.unwrap().unwrap();
        assert_eq!(entry.state, DeliveryState::Done);
        assert_eq!(entry.finished_at, Some(bench.clock.now()));
        assert_eq!((entry.kind.as_str(), entry.attempt), ("va-transaction", 2));
        assert_eq!(entry.reference.as_deref(), Some("INV-7"));
        assert_eq!(entry.due_at, None);
    }

    pub(super) async fn a_replay_runs_again_and_says_so<L: Effects>(bench: Bench<L>) {
        let signed = bench.paid(1);
        let gate = &bench.gate;
        let receipt = gate
            .receive(&signed.headers, signed.body, |tx, delivery| {
                Box::pin(async move {
                    L::write(tx, delivery.key()).await;
                    Ok(Handled::Done)
                })
            })
            .await;
        let key = receipt.key().unwrap();
        let replayed = gate.replay(key).await.unwrap();
        if gate.ledger().count(key).await.is_none() {
            return assert_eq!(replayed, Replayed::BodyGone);
        }
        assert_eq!(replayed, Replayed::Due);
        // It says so until it ended well.
        for handled in [Handled::Later, Handled::Done] {
            bench.clock.advance(MINUTE);
            let swept = gate.sweep(|tx, delivery| {
                Box::pin(async move {
                    assert_eq!(delivery.origin(), Origin::Replayed);
                    L::write(tx, delivery.key()).await;
                    Ok(handled)
                })
            });
            let swept = swept.await.unwrap();
            assert_eq!(swept.accepted + swept.later, 1);
        }
        assert_eq!(gate.ledger().count(key).await, Some(2));
        let steps = gate.ledger().history(key).await.unwrap();
        let ends: Vec<_> = steps.iter().map(|step| step.end).collect();
        let (done, replayed) = (AttemptEnd::Done, AttemptEnd::Replayed);
        assert_eq!(ends, [done, replayed, AttemptEnd::Later, done]);
        assert_eq!(gate.replay("other").await.unwrap(), Replayed::NotFound);
    }

    pub(super) async fn a_body_that_was_changed_is_not_run<L: Effects>(bench: Bench<L>) {
        let signed = bench.paid(1);
        let receipt = bench
            .gate
            .receive(&signed.headers, signed.body, |_, _| {
                Box::pin(async { Ok(Handled::Later) })
            })
            .await;
        let key = receipt.key().unwrap();
        if !bench.gate.ledger().tamper(key).await {
            return;
        }
        bench.clock.advance(MINUTE);
        let swept = bench.gate.sweep(|_, _| panic!("it ran")).await.unwrap();
        assert_eq!(swept.failed, 1);
        let steps = bench.gate.ledger().history(key).await.unwrap();
        let reason = steps[1].reason.as_deref().unwrap();
        assert!(reason.contains("not the one that was proven"), "{reason}");
    }

    pub(super) async fn what_is_no_event_is_kept<L: Effects>(bench: Bench<L>) {
        let signed = singapay::webhook::sign_delivery(
            &singapay::Secret::new("secret"),
            "partner",
            super::super::ledgers::PATH,
            "[1]",
            bench.clock.now(),
        )
        .unwrap();
        for name in ["no event", "copy"] {
            let receipt = bench
                .gate
                .receive(&signed.headers, signed.body.clone(), |_, _| {
                    panic!("it ran")
                })
                .await;
            assert_eq!(receipt.status(), 200, "{name}");
            let key = receipt.key().unwrap();
            let entry = bench.gate.ledger().get(key).await.unwrap().unwrap();
            assert_eq!(
                (entry.state, entry.kind.as_str()),
                (DeliveryState::NoEvent, "")
            );
        }
    }

    pub(super) async fn a_handler_that_outlives_its_lease_has_no_effect<L: Effects>(
        bench: Bench<L>,
    ) {
        if !L::OVERLAP {
            return;
        }
        let (first, copy) = (bench.paid(1), bench.paid(1));
        let receipt = bench
            .gate
            .receive(&first.headers, first.body, |tx, delivery| {
                Box::pin(async {
                    L::write(tx, delivery.key()).await;
                    bench.clock.advance(Duration::from_secs(41));
                    let second =
                        bench
                            .gate
                            .receive(&copy.headers, copy.body.clone(), |tx, delivery| {
                                Box::pin(async move {
                                    assert_eq!(delivery.attempt(), 2);
                                    L::write(tx, delivery.key()).await;
                                    Ok(Handled::Done)
                                })
                            });
                    assert_eq!(second.await.status(), 200);
                    Ok(Handled::Done)
                })
            })
            .await;
        assert!(matches!(receipt, Receipt::LeaseLost { .. }), "{receipt:?}");
        let key = receipt.key().unwrap();
        assert_eq!(bench.gate.ledger().count(key).await.unwrap_or(1), 1);
        let steps = bench.gate.ledger().history(key).await.unwrap();
        let ends: Vec<_> = steps.iter().map(|step| step.end).collect();
        assert_eq!(ends, [AttemptEnd::Lost, AttemptEnd::Done]);
    }

    /// PostgreSQL keeps no NUL in texts.
    pub(super) async fn no_character_of_a_text_loses_a_delivery<L: Effects>(bench: Bench<L>) {
        for (name, odd) in [
            ("va-transaction", "\\u0000"),
            ("unheard\\u0000of", "\\uffff"),
        ] {
            let body = format!(
                r#"{{"event":"{name}","data":{{"transaction":{{"status":"paid","reff_no":"A{odd}B","transaction_id":"T-1"}}}}}}"#
            );
            let signed = bench.sign(body);
            let receive = |fails: bool| {
                let body = signed.body.clone();
                bench.gate.receive(&signed.headers, body, move |_, _| {
                    Box::pin(async move {
                        match fails {
                            true => Err("it has \0 in it".into()),
                            false => Ok(Handled::Done),
                        }
                    })
                })
            };
            let failed = receive(true).await;
            let key = failed.key().unwrap();
            let steps = bench.gate.ledger().history(key).await.unwrap();
            assert_eq!(steps[0].reason.as_deref(), Some("it has  in it"), "{name}");
            assert_eq!(receive(false).await.status(), 200, "{name}");
            let kept = bench.gate.ledger().get(key).await.unwrap().unwrap();
            if name == "va-transaction" {
                assert_eq!(kept.reference.as_deref(), Some("AB"));
            }
        }
    }

    pub(super) async fn what_is_given_up_has_no_effect_and_its_copy_has_one<L: Effects>(
        bench: Bench<L>,
    ) {
        let timer = Told::default();
        let written = timer.clone();
        let gate = bench.gate.clone().with_timer(timer);
        let signed = bench.paid(1);
        let receipt = gate
            .receive(&signed.headers, signed.body.clone(), move |tx, delivery| {
                Box::pin(async move {
                    L::write(tx, delivery.key()).await;
                    written.0.notify_one();
                    std::future::pending().await
                })
            })
            .await;
        assert_eq!(receipt.status(), 503, "{receipt:?}");
        let key = receipt.key().unwrap();
        let ledger = bench.gate.ledger();
        assert_eq!(ledger.count(key).await.unwrap_or(0), 0);
        let kept = ledger.get(key).await.unwrap().unwrap();
        assert_eq!(kept.state, DeliveryState::Waiting);
        let receipt = gate
            .receive(&signed.headers, signed.body, |tx, delivery| {
                Box::pin(async move {
                    L::write(tx, delivery.key()).await;
                    Ok(Handled::Done)
                })
            })
            .await;
        assert_eq!(receipt.status(), 200, "{receipt:?}");
        assert_eq!(ledger.count(key).await.unwrap_or(1), 1);
    }

    /// A timer whose time is up when it is told so.
    #[derive(Debug, Clone, Default)]
    struct Told(std::sync::Arc<tokio::sync::Notify>);

    impl Timer for Told {
        fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
            let told = std::sync::Arc::clone(&self.0);
            Box::pin(async move { told.notified().await })
        }
    }

    pub(super) async fn what_is_pruned_is_gone_with_its_history<L: Effects>(bench: Bench<L>) {
        let mut keys = Vec::new();
        for (number, handled) in [(1, Handled::Done), (2, Handled::Later)] {
            let signed = bench.paid(number);
            let receipt = bench
                .gate
                .receive(&signed.headers, signed.body, |_, _| {
                    Box::pin(async move { Ok(handled) })
                })
                .await;
            keys.push(receipt.key().unwrap().to_owned());
        }
        bench.clock.advance(46 * MINUTE);
        let young = bench.gate.prune(44 * MINUTE).await;
        assert!(matches!(young, Err(PruneError::TooYoung { .. })));
        assert_eq!(bench.gate.prune(45 * MINUTE).await.unwrap(), 1);
        let ledger = bench.gate.ledger();
        assert!(ledger.get(&keys[0]).await.unwrap().is_none());
        assert!(ledger.history(&keys[0]).await.unwrap().is_empty());
        assert!(ledger.get(&keys[1]).await.unwrap().is_some());
        let waiting = ledger.list(DeliveryState::Waiting, 9).await.unwrap();
        assert_eq!(waiting.len(), 1);
        assert!(
            ledger
                .list(DeliveryState::Done, 9)
                .await
                .unwrap()
                .is_empty()
        );
    }
}

#[tokio::test]
async fn an_error_of_the_database_that_a_handler_swallows_is_none_to_the_gateway() {
    let Some(ledger) = postgres("swallowed").await else {
        return;
    };
    let bench = Bench::new(ledger);
    let signed = bench.paid(1);
    let receipt = bench
        .gate
        .receive(&signed.headers, signed.body, |tx, delivery| {
            Box::pin(async move {
                PostgresLedger::write(tx, delivery.key()).await;
                let _ = sqlx::query("SELECT nothing FROM nowhere")
                    .execute(&mut **tx)
                    .await;
                Ok(Handled::Done)
            })
        })
        .await;
    assert_eq!(receipt.status(), 503);
    let (key, ledger) = (receipt.key().unwrap(), bench.gate.ledger());
    assert_eq!(ledger.count(key).await, Some(0));
    let entry = ledger.get(key).await.unwrap().unwrap();
    assert_eq!(entry.state, DeliveryState::Waiting);
}

#[tokio::test]
async fn a_handler_that_ends_the_transaction_is_not_done() {
    let Some(ledger) = postgres("ended").await else {
        return;
    };
    let bench = Bench::new(ledger);
    for (number, end) in [(1, "ROLLBACK"), (2, "COMMIT")] {
        let signed = bench.paid(number);
        let receipt = bench
            .gate
            .receive(&signed.headers, signed.body, |tx, delivery| {
                Box::pin(async move {
                    PostgresLedger::write(tx, delivery.key()).await;
                    sqlx::query(end).execute(&mut **tx).await?;
                    Ok(Handled::Done)
                })
            })
            .await;
        assert_ne!(receipt.status(), 200, "{end}");
        let (key, ledger) = (receipt.key().unwrap(), bench.gate.ledger());
        let entry = ledger.get(key).await.unwrap().unwrap();
        assert_ne!(entry.state, DeliveryState::Done, "{end}");
    }
}

#[tokio::test]
async fn a_transaction_that_sqlite_ends_by_itself_has_no_effect_and_holds_up_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = sqlite(folder.path()).await;
    let known = "CREATE TABLE known (number INTEGER UNIQUE ON CONFLICT ROLLBACK); INSERT INTO known VALUES (1)";
    sqlx::raw_sql(known).execute(ledger.pool()).await.unwrap();
    let bench = Bench::new(ledger);
    for swallows in [true, false] {
        let signed = bench.paid(1 + u32::from(swallows));
        let receipt = bench
            .gate
            .receive(&signed.headers, signed.body.clone(), |tx, delivery| {
                Box::pin(async move {
                    SqliteLedger::write(tx, delivery.key()).await;
                    let insert = sqlx::query("INSERT INTO known VALUES (1)");
                    let inserted = insert.execute(&mut **tx).await;
                    match swallows {
                        true => Ok(Handled::Done),
                        false => Err(inserted.unwrap_err().into()),
                    }
                })
            })
            .await;
        assert_eq!(receipt.status(), 503);
        let (key, ledger) = (receipt.key().unwrap(), bench.gate.ledger());
        let entry = ledger.get(key).await.unwrap().unwrap();
        assert_eq!(entry.state, DeliveryState::Waiting);
        // Another one, on the same connection, and this one again.
        for signed in [bench.paid(9 + u32::from(swallows)), signed] {
            let receipt = bench
                .gate
                .receive(&signed.headers, signed.body, |tx, delivery| {
                    Box::pin(async move {
                        SqliteLedger::write(tx, delivery.key()).await;
                        Ok(Handled::Done)
                    })
                })
                .await;
            assert_eq!(receipt.status(), 200, "{receipt:?}");
            assert_eq!(ledger.count(receipt.key().unwrap()).await, Some(1));
        }
    }
}

#[tokio::test]
async fn one_whose_transaction_cannot_be_committed_does_not_keep_the_sweep_from_others() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = sqlite(folder.path()).await;
    let tied = "PRAGMA foreign_keys = ON; CREATE TABLE parent (id INTEGER PRIMARY KEY); \
                CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)";
    sqlx::raw_sql(tied).execute(ledger.pool()).await.unwrap();
    let bench = Bench::new(ledger);
    for number in [1, 2] {
        let signed = bench.paid(number);
        let receipt = bench.gate.receive(&signed.headers, signed.body, |_, _| {
            Box::pin(async { Ok(Handled::Later) })
        });
        assert_eq!(receipt.await.status(), 425);
    }
    bench.clock.advance(2 * MINUTE);
    let swept = bench.gate.sweep(|tx, delivery| {
        Box::pin(async move {
            if delivery.merchant_reference().as_deref() == Some("INV-1") {
                let orphan = sqlx::query("INSERT INTO child VALUES (7)");
                orphan.execute(&mut **tx).await?;
            }
            Ok(Handled::Done)
        })
    });
    let swept = swept.await.unwrap();
    assert_eq!((swept.failed, swept.accepted), (1, 1), "{swept:?}");
}

#[tokio::test]
async fn a_file_is_private_and_holds_payouts_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.db");
    let ledger = SqliteLedger::open(&path).await.unwrap();
    let payouts = singapay_store::SqlitePayoutStore::open(&path)
        .await
        .unwrap();
    drop((ledger, payouts));
    let ledger = SqliteLedger::open(&path).await.unwrap();
    for table in ["webhook_schema", "payout_schema"] {
        let versions = format!("SELECT version FROM {table}");
        let versions: Vec<i64> = sqlx::query_scalar(&versions)
            .fetch_all(ledger.pool())
            .await
            .unwrap();
        assert_eq!(versions, [1], "{table}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
