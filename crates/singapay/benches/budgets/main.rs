//! Cost of a call beside the network: alone, with the transport stubbed, and beside reqwest.
//!
//! `cargo bench -p singapay --bench budgets`, with a part of a name for one of them. Both sides of a ratio run turn by turn in the same
//! process, and medians are compared, so that a busy machine harms both alike. With `--check` an
//! exceeded budget is an exit status of 1.

#![allow(clippy::unwrap_used)]

mod bare;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use bare::Bare;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, StatusCode, header::CONTENT_TYPE};
use singapay::{
    Answer, BoxFuture, Money, MoneyOutPolicy, Outcome, Rupiah, Singapay, Transport, TransportError,
    types::{EwalletCode, PaymentLinkType},
};
use singapay_sandbox::Sandbox;
use tokio::runtime::{Builder, Runtime};

const ROUNDS: usize = 401;
const ACCOUNT: &str = "01K946KF851RK7FX075GJHBVKF";
const TOKEN: &str =
    r#"{"status":200,"success":true,"data":{"access_token":"a-token","expires_in":3600}}"#;
const BALANCE: &str = r#"{"status":200,"success":true,"data":{"balance":{"value":"150000.00","currency":"IDR"},"held_balance":{"value":"0.00","currency":"IDR"},"available_balance":{"value":"150000.00","currency":"IDR"}}}"#;
const LINK: &str = r#"{"status":200,"success":true,"data":{"id":103,"reff_no":"INV-1","title":"Invoice","payment_url":"https://pay.example/l/INV-1","status":"open","max_usage":1,"current_usage":0,"expired_at":null,"total_amount":150000,"items":[],"whitelisted_payment_method":["QRIS"],"created_at":"2026-05-13T00:00:00Z","updated_at":"2026-05-13T00:00:00Z","account":{"id":"01K946KF851RK7FX075GJHBVKF","name":"Main","status":"active","email":null,"phone":null}}}"#;
const TOP_UP: &str = r#"{"response_code":"SP000","response_message":"Successfully","data":{"transaction_id":"EWT-20260402-0001","transaction_status":{"code":"03","desc":"Pending"},"reference_number":"REF-2026-0001","notes":"payout","ewallet":{"code":"DANA","customer_number":"081200000124","customer_name":"Sari Contoh"},"post_timestamp":"2026-04-02T10:30:00+07:00","net_amount":{"value":"10000.00","currency":"IDR"},"fee":{"value":"500.00","currency":"IDR"},"gross_amount":{"value":"10500.00","currency":"IDR"}}}"#;

/// Answers at once.
#[derive(Debug)]
struct Stub;

impl Transport for Stub {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        _timeout: Duration,
    ) -> BoxFuture<'a, Result<Answer, TransportError>> {
        let body = match request.uri().path() {
            path if path.contains("/access-token/") => TOKEN,
            path if path.contains("/balance-inquiry/") => BALANCE,
            path if path.contains("/payment-link/") => LINK,
            _ => TOP_UP,
        };
        let json = HeaderValue::from_static("application/json");
        let answer = Answer {
            status: StatusCode::OK,
            headers: HeaderMap::from_iter([(CONTENT_TYPE, json)]),
            body: Bytes::from_static(body.as_bytes()),
        };
        Box::pin(async move { Ok(answer) })
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// A different reference on every call.
fn reference(calls: u32) -> String {
    format!("INV-{calls}")
}

async fn read_balance(singapay: &Singapay, _call: u32) {
    let balance = singapay.balances().account().send().await.unwrap();
    assert!(balance.available_balance.value > Rupiah::new(0));
}

async fn create_link(singapay: &Singapay, call: u32) {
    let link = singapay
        .payment_links()
        .create()
        .reff_no(reference(call))
        .payment_link_type(PaymentLinkType::Total)
        .total_amount(Rupiah::new(150_000))
        .send()
        .await
        .unwrap();
    assert!(!link.payment_url.is_empty());
}

/// With the reference that the answer repeats.
async fn top_up(singapay: &Singapay, _: u32) {
    let outcome = singapay
        .money_out(MoneyOutPolicy::new())
        .unwrap()
        .topup_ewallet()
        .account_id(ACCOUNT)
        .reference_number("REF-2026-0001")
        .ewallet_code(EwalletCode::Dana)
        .customer_number("081200000124")
        .amount(Money::idr(Rupiah::new(10_000)))
        .notes("payout")
        .send()
        .await
        .unwrap();
    assert!(matches!(outcome, Outcome::Accepted(_)));
}

/// Microseconds of one call, over `calls` of them.
async fn time(calls: u32, numbers: &mut u32, call: impl AsyncFn(u32)) -> f64 {
    let started = Instant::now();
    for _ in 0..calls {
        *numbers += 1;
        call(*numbers).await;
    }
    started.elapsed().as_secs_f64() * 1e6 / f64::from(calls)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

#[derive(Default)]
struct Check {
    failed: bool,
    numbers: u32,
    /// Only what has this in its name.
    filter: Option<String>,
}

impl Check {
    fn is_asked(&self, what: &str) -> bool {
        let filter = self.filter.as_deref();
        filter.is_none_or(|filter| what.contains(filter))
    }

    fn report(&mut self, what: &str, measured: f64, unit: &str, budget: f64, detail: String) {
        let verdict = if measured <= budget { "ok" } else { "OVER" };
        self.failed |= measured > budget;
        println!("{what:<42} {measured:6.2}{unit} (budget {budget}{unit}) {verdict:<5} {detail}");
    }

    /// The call alone. Nothing waits, so that its time is its processor time.
    fn alone(&mut self, what: &str, call: impl AsyncFn(&Singapay, u32)) {
        if !self.is_asked(what) {
            return;
        }
        let singapay = Singapay::builder()
            .base_url("http://127.0.0.1:9")
            .credential("partner", "client", "secret")
            .account(ACCOUNT)
            .transport(Stub)
            .build()
            .unwrap();
        let times = runtime().block_on(async {
            // The first call gets the token, and compiles patterns.
            call(&singapay, 0).await;
            let mut times = Vec::new();
            for _ in 0..ROUNDS {
                let call = async |number| call(&singapay, number).await;
                times.push(time(50, &mut self.numbers, call).await);
            }
            times
        });
        self.report(what, median(times), " us", 15.0, String::new());
    }

    /// The call and the same by hand, at one sandbox on a thread of its own.
    fn paired(
        &mut self,
        what: &str,
        sandbox: &Sandbox,
        ours: impl AsyncFn(&Singapay, u32),
        by_hand: impl AsyncFn(&Bare, u32),
    ) {
        if !self.is_asked(what) {
            return;
        }
        let key = sandbox.credentials();
        let singapay = Singapay::builder()
            .base_url(sandbox.base_url())
            .credential(&key.partner_id, &key.client_id, key.client_secret.clone())
            .account(sandbox.account_id())
            .build()
            .unwrap();
        let (ours, by_hand) = runtime().block_on(async {
            let bare = Bare::new(sandbox).await;
            let (mut times, mut times_by_hand) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                let call = async |number| ours(&singapay, number).await;
                times.push(time(20, &mut self.numbers, call).await);
                let call = async |number| by_hand(&bare, number).await;
                times_by_hand.push(time(20, &mut self.numbers, call).await);
            }
            (median(times), median(times_by_hand))
        });
        let detail = format!("{ours:.0} us, reqwest {by_hand:.0} us");
        self.report(what, ours / by_hand, " x", 1.1, detail);
    }
}

fn main() -> ExitCode {
    let mut check = Check {
        filter: std::env::args().skip(1).find(|word| !word.starts_with('-')),
        ..Check::default()
    };
    check.alone("read a balance, transport stubbed", read_balance);
    check.alone("create a payment link, transport stubbed", create_link);
    check.alone("sign and pay out, transport stubbed", top_up);
    // One worker thread, which runs while the calls are made on this one.
    let server = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let sandbox = server.block_on(Sandbox::start()).unwrap();
    check.paired(
        "read a balance at the sandbox",
        &sandbox,
        read_balance,
        Bare::read_balance,
    );
    check.paired(
        "create a payment link at the sandbox",
        &sandbox,
        create_link,
        Bare::create_link,
    );
    let asked = std::env::args().any(|argument| argument == "--check");
    ExitCode::from(u8::from(asked && check.failed))
}
