//! Deliveries a second in memory, verified and claimed on two threads, beside the bare verification.
//!
//! `cargo bench -p singapay-webhook`; an argument sets how many. Both run turn by turn, and medians are told.

#![allow(clippy::unwrap_used)]

use std::{hint::black_box, time::Instant};

use singapay_auth::webhook::{SignedDelivery, Verifier, WebhookKey, sign_delivery};
use singapay_core::{Clock, Secret, SystemClock};
use singapay_webhook::{Gate, Handled, MemoryLedger, Receipt, Receiver};

const THREADS: usize = 2;
const ROUNDS: usize = 9;

fn main() {
    let most = std::env::args().filter_map(|word| word.parse().ok()).next();
    let most: usize = most.unwrap_or(20_000);
    let secret = Secret::new("a-client-secret-of-40-characters-length-");
    let verifier = Verifier::builder()
        .key(WebhookKey::new("main", &secret))
        .path("/hooks");
    let receiver = Receiver::from(verifier.build().unwrap());
    let deliveries: Vec<_> = (0..most).map(|number| delivery(&secret, number)).collect();
    assert_eq!(deliveries[0].body.len(), 800);

    let (mut bare, mut gated) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        bare.push(rate(&deliveries, |signed| {
            let verified = receiver
                .verifier()
                .verify(&signed.headers, signed.body.clone());
            black_box(verified.unwrap());
        }));
        let ledger = MemoryLedger::new().with_bounds(most, 1 << 20);
        let gate = Gate::new(receiver.clone(), ledger);
        gated.push(rate(&deliveries, |signed| {
            let receiving = gate.receive(&signed.headers, signed.body.clone(), |_, _| {
                Box::pin(async { Ok(Handled::Done) })
            });
            // Nothing in memory waits.
            let receipt = futures_util::FutureExt::now_or_never(receiving).unwrap();
            assert!(matches!(receipt, Receipt::Accepted { .. }));
        }));
    }
    told("verified", bare);
    told("verified and claimed", gated);
    println!("budget: 50000 verified and claimed on two whole cores");
}

fn delivery(secret: &Secret, number: usize) -> SignedDelivery {
    let body = format!(
        r#"{{"status":200,"success":true,"event":"va-transaction","timestamp":"26 Dec 2025 13:35:45","data":{{"transaction":{{"transaction_id":"T-{number:06}","reff_no":"INV-{number:06}","status":"paid","amount":{{"value":150000,"currency":"IDR"}},"post_timestamp":"26 Dec 2025 13:35:45","processed_timestamp":"26 Dec 2025 13:35:45","balance_after":{{"value":1500000,"currency":"IDR"}},"fees":[{{"name":"Virtual Account","amount":{{"value":1500,"currency":"IDR"}}}}]}},"customer":{{"id":"01K946KF851RK7FX075GJHBVKF","name":"Rina Wijaya","email":"rina@example.com","phone":"081200000001"}},"payment":{{"method":"va","additional_info":{{"va_number":"8888800000000001","bank":{{"short_name":"BRI","number":"002","swift_code":"BRINIDJA"}},"name":"Rina Wijaya","notes":"PAD"}}}}}}}}"#
    );
    let missing = 800 - (body.len() - "PAD".len());
    let body = body.replace("PAD", &"n".repeat(missing));
    sign_delivery(secret, "partner", "/hooks", body, SystemClock.now()).unwrap()
}

/// Deliveries a second that two cores make, by the processor time that their threads took, and by the clock.
fn rate(deliveries: &[SignedDelivery], each: impl Fn(&SignedDelivery) + Sync) -> (f64, f64) {
    let started = Instant::now();
    let share = deliveries.len().div_ceil(THREADS);
    let busy: f64 = std::thread::scope(|scope| {
        let workers = deliveries.chunks(share).map(|share| {
            let each = &each;
            scope.spawn(move || {
                let before = processor_seconds();
                share.iter().for_each(each);
                processor_seconds() - before
            })
        });
        let workers: Vec<_> = workers.collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .sum()
    });
    let count = f64::from(u32::try_from(deliveries.len()).unwrap());
    (2.0 * count / busy, count / started.elapsed().as_secs_f64())
}

/// Seconds that this thread was on a processor, as a machine that others use tells no other truth.
fn processor_seconds() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    told.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

fn told(what: &str, mut rates: Vec<(f64, f64)>) {
    rates.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (by_processor, by_clock) = rates[rates.len() / 2];
    println!(
        "{what:<20} {by_processor:>7.0} a second by processor time, {by_clock:>7.0} by the clock"
    );
}
