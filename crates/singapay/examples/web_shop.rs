//! A web shop's checkout: one product, every way to pay, an order page, and the webhook.
//!
//! ```sh
//! cargo run -p singapay --example web_shop            # prints its address
//! cargo run -p singapay --example web_shop -- --demo  # buys once with every method, and ends
//! ```
//!
//! The gateway is one on this machine. A real shop takes `Singapay::from_env()`, registers the address
//! of its webhook with the gateway, keeps its orders in a database, and asks who is looking at one.

#[path = "charge/customer.rs"]
mod customer;
#[path = "web_shop/demo.rs"]
mod demo;
#[path = "web_shop/pages.rs"]
mod pages;

use std::{
    collections::BTreeMap,
    error::Error,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Form, Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{Html, Redirect},
    routing::{get, post},
};
use serde::Deserialize;
use singapay::{
    Charge, ChargeMethod, ChargeProduct, Clock, CreateCharge, Customer, Ending, ErrorKind,
    PaymentState, Rupiah, Singapay, SystemClock, webhook::Receiver,
};
use singapay_sandbox::{Sandbox, WebhookKind};
use tokio::net::TcpListener;

const HOOK: &str = "/hooks/singapay";
const PRICE: Rupiah = Rupiah::new(150_000);

/// Methods that the form offers: the gateway's codes, and words for people.
const METHODS: [(&str, &str); 5] = [
    ("PAYMENT_LINK", "Choose on the payment page"),
    ("VA_BRI", "Transfer to BRI"),
    ("QRIS", "QRIS"),
    ("EWALLET_DANA", "DANA"),
    ("EWALLET_OVO", "OVO"),
];

/// An order. It is stored before it is charged, so that a payment always has one.
#[derive(Clone)]
struct Order {
    name: String,
    /// Finds the charge, with the order's number, should its answer get lost.
    product: Option<ChargeProduct>,
    charge: Option<Charge>,
    ending: Option<Ending>,
    /// Number of times the goods left: once, however often the gateway tells.
    shipped: u32,
}

struct Shop {
    singapay: Singapay,
    receiver: Receiver,
    /// Only to play the customer.
    sandbox: Sandbox,
    orders: Mutex<BTreeMap<String, Order>>,
    count: AtomicU64,
}

type Shared = State<Arc<Shop>>;
type Page = Result<Html<String>, StatusCode>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    let shop = Arc::new(Shop::open(&address).await?);
    let app = Router::new()
        .route("/", get(async || Html(pages::product())))
        .route("/checkout", post(checkout))
        .route("/orders/{number}", get(order))
        .route("/orders/{number}/refresh", post(refresh))
        .route("/orders/{number}/pretend", post(pretend))
        .route(HOOK, post(webhook))
        .with_state(Arc::clone(&shop));
    if std::env::args().any(|argument| argument == "--demo") {
        tokio::spawn(async move { axum::serve(listener, app).await });
        return demo::run(&shop, &address).await;
    }
    println!("the shop is open at {address}");
    Ok(axum::serve(listener, app).await?)
}

impl Shop {
    async fn open(address: &str) -> Result<Self, Box<dyn Error>> {
        let sandbox = Sandbox::builder()
            .webhook_url(WebhookKind::Transaction, format!("{address}{HOOK}"))
            .start()
            .await?;
        let credentials = sandbox.credentials();
        let singapay = Singapay::builder()
            .base_url(sandbox.base_url())
            .credential(
                &credentials.partner_id,
                &credentials.client_id,
                credentials.client_secret.clone(),
            )
            .account(sandbox.account_id())
            .build()?;
        Ok(Self {
            receiver: singapay.webhook_receiver(HOOK)?,
            singapay,
            sandbox,
            orders: Mutex::default(),
            count: AtomicU64::default(),
        })
    }

    fn with<R>(&self, act: impl FnOnce(&mut BTreeMap<String, Order>) -> R) -> R {
        act(&mut self.orders.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn order(&self, number: &str) -> Option<Order> {
        self.with(|orders| orders.get(number).cloned())
    }

    /// A number that no order had before, today or after a restart.
    fn number(&self) -> String {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        format!("SHOP-{}-{count}", SystemClock.now().unix_seconds())
    }

    /// Keeps the order, and charges for it once.
    async fn place(&self, number: &str, form: Checkout) -> Result<(), singapay::Error> {
        let offered = METHODS.iter().any(|(code, _)| *code == form.method);
        let method = ChargeMethod::from_code(&form.method).filter(|_| offered);
        let product = method.as_ref().map(ChargeMethod::product);
        let request = self.request(number, &form, method);
        let order = Order {
            name: form.name,
            product,
            charge: None,
            ending: None,
            shipped: 0,
        };
        self.with(|orders| orders.insert(number.to_owned(), order));
        match request.send().await {
            Ok(charge) => {
                let charge = Some(charge.into_data());
                self.with(|orders| {
                    if let Some(order) = orders.get_mut(number) {
                        order.charge = charge;
                    }
                });
                Ok(())
            }
            // Perhaps there is a charge. The order page looks for it; nothing is sent again.
            Err(error) if error.may_have_taken_effect() => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn request(&self, number: &str, form: &Checkout, method: Option<ChargeMethod>) -> CreateCharge {
        let customer = Customer::new()
            .name(&form.name)
            .email(&form.email)
            .phone(form.phone.as_str());
        let request = self
            .singapay
            .charges()
            .create()
            .reference(number)
            .amount(PRICE)
            .customer(customer)
            .expires_in(Duration::from_secs(3600));
        match method {
            Some(method) => request.method(method),
            // Sending says what is missing.
            None => request,
        }
    }

    /// Asks the gateway, and keeps what it says. Only the first to hear of the money ships.
    async fn settle(&self, number: &str) -> Result<Option<Ending>, singapay::Error> {
        let Some(order) = self.order(number) else {
            return Ok(None);
        };
        let found = match (order.charge, order.product) {
            (Some(charge), _) => Some(charge.read_again(&self.singapay).send().await?),
            (None, Some(product)) => self.singapay.charges().find(product, number).send().await?,
            (None, None) => None,
        };
        let Some(charge) = found else {
            return Ok(None);
        };
        let ending = charge.ending(SystemClock.now());
        Ok(self.with(|orders| {
            let order = orders.get_mut(number)?;
            order.charge = Some(charge.into_data());
            if ending == Some(Ending::Paid) && order.ending != ending {
                order.shipped += 1;
            }
            // Paid stays paid.
            if order.ending != Some(Ending::Paid) {
                order.ending = ending;
            }
            order.ending
        }))
    }
}

#[derive(Deserialize)]
struct Checkout {
    method: String,
    name: String,
    email: String,
    phone: String,
}

async fn checkout(
    State(shop): Shared,
    Form(form): Form<Checkout>,
) -> Result<Redirect, (StatusCode, Html<String>)> {
    let number = shop.number();
    match shop.place(&number, form).await {
        Ok(()) => Ok(Redirect::to(&format!("/orders/{number}"))),
        Err(error) if error.kind() == ErrorKind::InvalidInput => {
            let page = pages::refused(error.field_errors());
            Err((StatusCode::UNPROCESSABLE_ENTITY, Html(page)))
        }
        Err(error) => {
            // Its text holds no bodies and no secrets.
            println!("{number}: {error}");
            Err((StatusCode::BAD_GATEWAY, Html(pages::refused(&[]))))
        }
    }
}

async fn order(State(shop): Shared, Path(number): Path<String>) -> Page {
    let order = shop.order(&number).ok_or(StatusCode::NOT_FOUND)?;
    Ok(Html(pages::order(&number, &order)))
}

async fn refresh(State(shop): Shared, Path(number): Path<String>) -> Result<Redirect, StatusCode> {
    let settled = shop.settle(&number).await;
    settled.map_err(|_| StatusCode::BAD_GATEWAY)?;
    Ok(Redirect::to(&format!("/orders/{number}")))
}

/// The raw bytes are proven before anything in them is believed.
async fn webhook(State(shop): Shared, headers: HeaderMap, body: Bytes) -> StatusCode {
    let event = match shop.receiver.receive(&headers, body) {
        Ok(event) => event,
        Err(error) => return error.status(),
    };
    let Some(number) = event.merchant_reference().filter(|_| event.is_paid()) else {
        return StatusCode::OK;
    };
    if shop.order(&number).is_none() {
        return StatusCode::OK;
    }
    // It says where to look; the read says what was paid. Anything but 200 brings it again.
    match shop.settle(&number).await {
        Ok(Some(Ending::Paid)) => StatusCode::OK,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// The customer, as the sandbox lets one play.
async fn pretend(State(shop): Shared, Path(number): Path<String>) -> Result<Redirect, StatusCode> {
    let charge = shop.order(&number).and_then(|order| order.charge);
    let charge = charge.ok_or(StatusCode::NOT_FOUND)?;
    customer::pay(&shop.sandbox, &charge).map_err(|_| StatusCode::CONFLICT)?;
    Ok(Redirect::to(&format!("/orders/{number}")))
}
