//! Orders and webhooks in one database, written once for both kinds.

use std::error::Error;

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::get,
};
use singapay::webhook::{Delivery, Gate, Handled, HandlerResult, Receiver};

/// The tables. No index keeps an order from leaving twice: that is left to the gate.
const TABLES: [&str; 2] = [
    "CREATE TABLE IF NOT EXISTS shop_order (number TEXT PRIMARY KEY, total BIGINT NOT NULL, paid BIGINT)",
    "CREATE TABLE IF NOT EXISTS shipment (number TEXT NOT NULL)",
];

macro_rules! shop_on {
    ($name:ident, $database:ident, $pool:ident, $ledger:ident) => {
        pub(crate) mod $name {
            use singapay_store::$ledger;
            use sqlx::{$database, $pool, Transaction};

            use super::*;

            /// Takes webhooks and orders until the process ends.
            pub(crate) async fn serve(
                ledger: $ledger,
                receiver: Receiver,
                address: &str,
            ) -> Result<(), Box<dyn Error>> {
                let pool = ledger.pool().clone();
                for table in TABLES {
                    sqlx::query(table).execute(&pool).await?;
                }
                let gate = Gate::new(receiver, ledger);
                let app = Router::new()
                    .route("/orders/{number}", get(read).post(store))
                    .with_state(pool)
                    .merge(singapay_axum::webhook_router(&gate, |transaction, event| {
                        Box::pin(paid(transaction, event))
                    }));
                tokio::spawn(sweep(gate));
                let listener = tokio::net::TcpListener::bind(address).await?;
                println!("open");
                Ok(axum::serve(listener, app).await?)
            }

            /// The order and the delivery are committed together, or not at all.
            async fn paid(
                transaction: &mut Transaction<'static, $database>,
                event: &Delivery<'_>,
            ) -> HandlerResult {
                let order = event.merchant_reference().filter(|_| event.is_paid());
                let (Some(order), Some(amount)) = (order, event.amount_paid()) else {
                    return Ok(Handled::Done);
                };
                let update = "UPDATE shop_order SET paid = $2 WHERE number = $1 AND total <= $2";
                let found = sqlx::query(update).bind(&*order).bind(amount.value());
                if found.execute(&mut **transaction).await?.rows_affected() == 0 {
                    // Not stored yet, or not enough: it comes again, and in the end to a person.
                    return Ok(Handled::Later);
                }
                let ship = sqlx::query("INSERT INTO shipment (number) VALUES ($1)").bind(&*order);
                ship.execute(&mut **transaction).await?;
                accident(&order, event.attempt());
                Ok(Handled::Done)
            }

            /// Tries again what crashed, failed or came too early: at the start, and every half minute.
            async fn sweep(gate: Gate<$ledger>) {
                let mut minute = tokio::time::interval(std::time::Duration::from_secs(30));
                loop {
                    minute.tick().await;
                    let swept = gate.sweep(|transaction, event| Box::pin(paid(transaction, event)));
                    if let Err(error) = swept.await {
                        println!("{error}");
                    }
                }
            }

            /// Stores an order; the body is its total.
            async fn store(
                State(pool): State<$pool>,
                Path(number): Path<String>,
                total: String,
            ) -> Result<(), StatusCode> {
                let total: i64 = total.parse().map_err(|_| StatusCode::BAD_REQUEST)?;
                let insert = sqlx::query("INSERT INTO shop_order (number, total) VALUES ($1, $2)");
                let insert = insert.bind(number).bind(total).execute(&pool).await;
                insert.map(drop).map_err(|_| StatusCode::SERVICE_UNAVAILABLE)
            }

            /// What was paid, and how often the goods left.
            async fn read(
                State(pool): State<$pool>,
                Path(number): Path<String>,
            ) -> Result<String, StatusCode> {
                let select = "SELECT COALESCE(MAX(paid), 0), (SELECT COUNT(*) FROM shipment WHERE number = $1) \
                              FROM shop_order WHERE number = $1";
                let row = sqlx::query_as(select).bind(number).fetch_one(&pool).await;
                let (paid, shipped): (i64, i64) = row.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
                Ok(format!("paid {paid}, shipped {shipped}"))
            }
        }
    };
}

shop_on!(sqlite, Sqlite, SqlitePool, SqliteLedger);
shop_on!(postgres, Postgres, PgPool, PostgresLedger);

/// What the demo asks for by the order's number; just before the commit, the first time.
fn accident(order: &str, attempt: u64) {
    match order.split('-').next() {
        Some("PANIC") if attempt == 1 => panic!("a panic that the demo asks for"),
        Some("KILL") if attempt == 1 => std::process::abort(),
        _ => {}
    }
}
