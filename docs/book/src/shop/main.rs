// A shop: orders, payment links and webhooks, in one SQLite database.

use std::{error::Error, time::Duration};

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::post,
};
use singapay::{
    Rupiah, Singapay,
    types::PaymentLinkType,
    webhook::{Confirm, Confirmation, Delivery, Event, Gate, Handled, HandlerResult},
};
use singapay_store::SqliteLedger;
use sqlx::{Sqlite, SqlitePool, Transaction};
use tokio::net::TcpListener;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// The path that is registered in the dashboard.
const HOOK: &str = "/hooks/singapay";

const TABLES: [&str; 2] = [
    "CREATE TABLE IF NOT EXISTS orders (number TEXT PRIMARY KEY, total INTEGER NOT NULL, paid INTEGER NOT NULL DEFAULT 0)",
    "CREATE TABLE IF NOT EXISTS shipments (number TEXT PRIMARY KEY, event BLOB NOT NULL, state TEXT NOT NULL DEFAULT 'new')",
];

#[derive(Clone)]
struct Shop {
    singapay: Singapay,
    pool: SqlitePool,
}

#[tokio::main]
async fn main() -> Result {
    let singapay = Singapay::from_env()?;
    let ledger = SqliteLedger::open("shop.db").await?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    serve(singapay, ledger, listener).await
}

async fn serve(singapay: Singapay, ledger: SqliteLedger, listener: TcpListener) -> Result {
    let pool = ledger.pool().clone();
    for table in TABLES {
        sqlx::query(table).execute(&pool).await?;
    }
    let gate = Gate::new(singapay.webhook_receiver(HOOK)?, ledger);
    let hooks = singapay_axum::webhook_router(&gate, |tx, event| Box::pin(paid(tx, event)));
    let shop = Shop { singapay, pool };
    tokio::spawn(look_after(gate, shop.clone()));
    let orders = Router::new()
        .route("/orders/{number}", post(order).get(show))
        .with_state(shop);
    Ok(axum::serve(listener, orders.merge(hooks)).await?)
}

/// Stores an order, then asks for a payment link. The body is the total in rupiah.
async fn order(
    State(shop): State<Shop>,
    Path(number): Path<String>,
    total: String,
) -> std::result::Result<String, StatusCode> {
    let total: i64 = total.trim().parse().map_err(|_| StatusCode::BAD_REQUEST)?;
    let stored =
        sqlx::query("INSERT INTO orders (number, total) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(&number)
            .bind(total)
            .execute(&shop.pool)
            .await
            .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let is_new = stored.rows_affected() == 1;
    match link(&shop, &number, total, is_new).await {
        Ok(url) => Ok(format!("{url}\n")),
        Err(error) => {
            println!("{number}: {error}");
            Err(StatusCode::BAD_GATEWAY)
        }
    }
}

/// The link of an order. Asked for again, or after a lost answer, it is the one that was made before.
async fn link(
    shop: &Shop,
    number: &str,
    total: i64,
    is_new: bool,
) -> std::result::Result<String, singapay::Error> {
    let links = shop.singapay.payment_links();
    if !is_new && let Some(link) = links.find_by_reference(number).await? {
        return Ok(link.payment_url);
    }
    let create = links.create().reff_no(number);
    let create = create.payment_link_type(PaymentLinkType::Total);
    match create.total_amount(Rupiah::new(total)).send().await {
        Ok(link) => Ok(link.payment_url.clone()),
        Err(error) if error.may_have_taken_effect() => {
            let link = links.find_by_reference(number).await?;
            link.map(|link| link.payment_url).ok_or(error)
        }
        Err(error) => Err(error),
    }
}

/// The handler. What it writes is committed together with the note that the delivery is done.
async fn paid(tx: &mut Transaction<'static, Sqlite>, event: &Delivery<'_>) -> HandlerResult {
    let number = event.merchant_reference().filter(|_| event.is_paid());
    let (Some(number), Some(amount)) = (number, event.amount_paid()) else {
        return Ok(Handled::Done); // not a payment of an order
    };
    let found = sqlx::query("UPDATE orders SET paid = paid + $2 WHERE number = $1 AND total <= $2")
        .bind(&*number)
        .bind(amount.value())
        .execute(&mut **tx)
        .await?;
    if found.rows_affected() == 0 {
        return Ok(Handled::Later); // the order is not stored yet, or it is too little
    }
    sqlx::query("INSERT INTO shipments (number, event) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(&*number)
        .bind(event.body().to_vec())
        .execute(&mut **tx)
        .await?;
    Ok(Handled::Done)
}

/// Every half minute: what failed or came too early is tried again, and what was paid is shipped.
async fn look_after(gate: Gate<SqliteLedger>, shop: Shop) {
    let mut half_minute = tokio::time::interval(Duration::from_secs(30));
    loop {
        half_minute.tick().await;
        let swept = gate.sweep(|tx, event| Box::pin(paid(tx, event)));
        if let Err(error) = swept.await {
            println!("sweep: {error}");
        }
        if let Err(error) = ship(&shop).await {
            println!("ship: {error}");
        }
    }
}

/// Asks the gateway whether the payment is there, before goods leave.
async fn ship(shop: &Shop) -> Result {
    let new: Vec<(String, Vec<u8>)> =
        sqlx::query_as("SELECT number, event FROM shipments WHERE state = 'new'")
            .fetch_all(&shop.pool)
            .await?;
    for (number, body) in new {
        let state = match Event::read(&body)?.confirm(&shop.singapay).await {
            Ok(Confirmation::Confirmed { .. }) => "shipped",
            Ok(Confirmation::NotFound) => continue, // asked again in half a minute
            Ok(_) => "needs a person",
            Err(error) => {
                println!("{number}: {error}");
                continue;
            }
        };
        sqlx::query("UPDATE shipments SET state = $2 WHERE number = $1")
            .bind(&number)
            .bind(state)
            .execute(&shop.pool)
            .await?;
        println!("{number}: {state}");
    }
    Ok(())
}

/// What was paid, and where the goods are.
async fn show(
    State(shop): State<Shop>,
    Path(number): Path<String>,
) -> std::result::Result<String, StatusCode> {
    let (paid, state): (i64, String) = sqlx::query_as(
        "SELECT paid, COALESCE(state, 'waits') FROM orders LEFT JOIN shipments USING (number) WHERE number = $1",
    )
    .bind(number)
    .fetch_one(&shop.pool)
    .await
    .map_err(|_| StatusCode::NOT_FOUND)?;
    Ok(format!("paid {paid}, {state}\n"))
}
