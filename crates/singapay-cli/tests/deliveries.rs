//! `singapay trigger` and `singapay listen`: deliveries to a shop, by hand and from the sandbox.

#![cfg(feature = "call")]
#![allow(clippy::unwrap_used)]

mod common;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use common::{Desk, PROGRAM, Running};
use serde_json::Value;
use singapay::webhook::{EventKind, Verifier, WebhookKey};
use singapay_core::Secret;
use singapay_sandbox::{Payer, WebhookKind};

const PATH: &str = "/hooks/singapay?shop=1";

/// A delivery as a shop got it: path, headers and body.
struct Got {
    path: String,
    headers: http::HeaderMap,
    body: Vec<u8>,
}

/// A shop that answers 202 to everything, and all that it gets.
fn shop() -> (String, Receiver<Got>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (tell, got) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let mut first = String::new();
            stream.read_line(&mut first).unwrap();
            let mut headers = http::HeaderMap::new();
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).unwrap();
                let Some((name, value)) = line.trim().split_once(": ") else {
                    break;
                };
                let name: http::HeaderName = name.parse().unwrap();
                headers.insert(name, value.parse().unwrap());
            }
            let length = headers["content-length"].to_str().unwrap().parse().unwrap();
            let mut body = vec![0; length];
            stream.read_exact(&mut body).unwrap();
            let path = first.split(' ').nth(1).unwrap().to_owned();
            let _ = tell.send(Got {
                path,
                headers,
                body,
            });
            let answer = b"HTTP/1.1 202 X\r\nContent-Length: 4\r\nConnection: close\r\n\r\nkept";
            stream.get_mut().write_all(answer).unwrap();
        }
    });
    (url, got)
}

fn verifier(desk: &Desk) -> Verifier {
    let secret = Secret::new(desk.setting("SINGAPAY_CLIENT_SECRET"));
    let verifier = Verifier::builder()
        .key(WebhookKey::new("given", &secret))
        .path(PATH);
    verifier.build().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_arrives_signed() {
    let (desk, (shop, got)) = (Desk::new().await, shop());
    let kinds = desk.run(&["trigger"]);
    assert_eq!(
        (kinds.status, kinds.out.lines().count()),
        (0, 13),
        "{kinds:?}"
    );
    let nowhere = desk.run(&["trigger", "settlement"]);
    assert!(
        nowhere.status == 2 && nowhere.err.contains("--to"),
        "{nowhere:?}"
    );
    let to = format!("{shop}{PATH}");
    let told = desk.run(&["trigger", "settlement", "--to", &to]).out;
    assert!(
        told.starts_with("settlement: answered 202 in ") && told.ends_with(" ms: \"kept\"\n"),
        "{told}"
    );
    got.recv().unwrap();
    for kind in kinds.out.lines() {
        let ran = desk.run(&["trigger", kind, "--to", &format!("{shop}{PATH}"), "--json"]);
        assert_eq!(
            (ran.status, &ran.json()["body"]),
            (0, &"kept".into()),
            "{ran:?}"
        );
        let delivery = got.recv().unwrap();
        assert_eq!(delivery.path, PATH);
        verifier(&desk)
            .verify(&delivery.headers, delivery.body.clone())
            .unwrap();
        let event = singapay::webhook::Event::read(&delivery.body).unwrap();
        assert_eq!(event.kind().as_str(), kind);
        assert_ne!(event.kind(), EventKind::Unknown);
    }
    desk.assert_clean(&[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn members_are_changed_by_name_or_by_place() {
    let desk = Desk::new().await;
    let show = |fields: &[&str]| {
        desk.run(&[&["trigger", "va-transaction", "--show", "--json"], fields].concat())
    };
    let body = show(&[
        "amount=77000",
        "reff_no=INV-9",
        "data.transaction.status=unpaid",
    ])
    .json();
    let event = singapay::webhook::Event::read(body.to_string().as_bytes()).unwrap();
    assert_eq!(event.amounts().gross.unwrap().to_string(), "77000");
    assert!(!event.is_paid());
    assert_eq!(body["data"]["transaction"]["reff_no"], "INV-9");
    let exact = show(&["amount=150000.00"]).json();
    let event = singapay::webhook::Event::read(exact.to_string().as_bytes()).unwrap();
    assert_eq!(event.amounts().gross.unwrap().to_string(), "150000");
    let thousands = ["150.000", "150,000", "1.5e3", "150.0"];
    for kind in EventKind::KNOWN.iter().map(|kind| kind.as_str()) {
        let body = desk.run(&["trigger", kind, "--show"]).out;
        for (name, text) in ["amount", "value", "total_amount", "tip", "net_amount"]
            .into_iter()
            .filter(|name| body.contains(&format!("\"{name}\"")))
            .flat_map(|name| thousands.map(|text| (name, text)))
        {
            let ran = desk.run(&["trigger", kind, "--show", &format!("{name}={text}")]);
            assert_eq!(ran.status, 2, "{kind} {name}={text}: {ran:?}");
        }
    }
    for wrong in [
        "nonsense=1",
        "amount=x",
        "plain",
        "amount:={",
        "amount:=150.000",
        r#"amount:="150.000""#,
        r#"amount:={"value":150.000,"currency":"IDR"}"#,
    ] {
        let ran = show(&[wrong]);
        assert_eq!(ran.status, 2, "{wrong}: {ran:?}");
    }
    assert_eq!(desk.run(&["trigger", "nonsense", "--show"]).status, 2);
    let nobody = desk.run(&["trigger", "settlement", "--to", "http://127.0.0.1:9/"]);
    assert_eq!(nobody.status, 5, "{nobody:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn production_signs_with_a_word_of_its_own_and_nothing_goes_out_readable() {
    let (mut desk, (shop, got)) = (Desk::new().await, shop());
    let to = format!("{shop}{PATH}");
    let far = desk.run(&["trigger", "settlement", "--to", "http://shop.invalid/hooks"]);
    assert_eq!(far.status, 2, "{far:?}");
    assert!(far.err.contains("only https"), "{far:?}");
    let localhost = to.replace("127.0.0.1", "localhost");
    let near = desk.run(&["trigger", "settlement", "--to", &localhost]);
    assert_eq!(near.status, 0, "{near:?}");
    got.recv().unwrap();
    desk.set("SINGAPAY_BASE_URL", None);
    for environment in [None, Some("production")] {
        desk.set("SINGAPAY_ENVIRONMENT", environment);
        let refused = desk.run(&["trigger", "settlement", "--to", &to]);
        assert_eq!(refused.status, 2, "{refused:?}");
        assert!(
            refused.err.contains("say --allow-production"),
            "{refused:?}"
        );
        assert!(got.try_recv().is_err());
    }
    let allowed = ["trigger", "settlement", "--allow-production", "--to", &to];
    assert_eq!(desk.run(&allowed).status, 0);
    got.recv().unwrap();
    desk.set("SINGAPAY_ENVIRONMENT", Some("sandbox"));
    assert_eq!(desk.run(&["trigger", "settlement", "--to", &to]).status, 0);
    desk.assert_clean(&[]);
}

struct Listening {
    child: Running,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Listening {
    fn start(desk: &Desk, to: &str) -> Self {
        let mut child = desk
            .command(PROGRAM)
            .args(["listen", "--json", "--forward-to", to])
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self {
            child: Running(child),
            lines,
        }
    }

    fn line(&mut self) -> Value {
        serde_json::from_str(&self.lines.next().unwrap().unwrap()).unwrap()
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn deliveries_of_the_sandbox_are_verified_told_and_handed_on() {
    let (desk, (shop, got)) = (Desk::new().await, shop());
    let mut listening = Listening::start(&desk, &format!("{shop}{PATH}"));
    let ready = listening.line();
    assert_eq!(ready["registered"], true);
    let url = ready["listening"].as_str().unwrap().to_owned();
    assert!(url.ends_with(PATH), "{url}");

    let link = [
        "call",
        "payment_links",
        "create",
        "reff_no=INV-1",
        "payment_link_type=total",
        "total_amount=50000",
    ];
    assert_eq!(desk.run(&link).status, 0);
    desk.sandbox
        .pay_payment_link("INV-1", Payer::default())
        .unwrap();
    desk.sandbox.webhooks_sent().await;
    let (one, two) = (listening.line(), listening.line());
    assert_eq!(
        (&one["kind"], &one["status"]),
        (&"payment-link-inquiry".into(), &202.into())
    );
    assert_eq!(
        (&two["kind"], &two["status"]),
        (&"payment-link-transaction".into(), &202.into())
    );
    assert_eq!(
        (&two["reference"], &two["amount"]),
        (&"INV-1".into(), &"50000".into()),
        "{two}"
    );
    for delivery in got.iter().take(2) {
        verifier(&desk)
            .verify(&delivery.headers, delivery.body)
            .unwrap();
    }

    // A forged one is answered and not handed on.
    let address = url
        .strip_prefix("http://")
        .unwrap()
        .split('/')
        .next()
        .unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let forged = format!(
        "POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
    );
    stream.write_all(forged.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 40"), "{answer}");
    assert!(listening.line()["refused"].is_string());
    assert!(got.try_recv().is_err());

    // So is one of a time that was moved, and that says what helps.
    desk.sandbox.advance(Duration::from_secs(3600)).await;
    desk.sandbox.replay_webhook(1);
    let refused = listening.line()["refused"].to_string();
    assert!(
        refused.contains("seconds old") && refused.contains("--sandbox-clock"),
        "{refused}"
    );

    let id = listening.child.0.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .arg(id)
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(listening.child.0.wait().unwrap().code(), Some(0));
    // It is not told any more.
    assert!(!desk.sandbox.press_test_button(WebhookKind::Transaction));
    let mut said = String::new();
    listening
        .child
        .0
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert_eq!(said, "");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_the_sandbox_has_are_kept() {
    let (shop, got) = shop();
    let builder = singapay_sandbox::Sandbox::builder()
        .webhook_url(WebhookKind::Transaction, format!("{shop}/own"));
    let desk = Desk::of(builder).await;
    let mut listening = Listening::start(&desk, &format!("{shop}{PATH}"));
    let ready = listening.line();
    assert_eq!(ready["registered"], true);
    assert_eq!(
        ready["kept"],
        serde_json::json!([WebhookKind::Transaction.field()])
    );
    let id = listening.child.0.id().to_string();
    let mut kill = std::process::Command::new("kill");
    assert!(kill.arg(id).status().unwrap().success());
    assert_eq!(listening.child.0.wait().unwrap().code(), Some(0));
    for kind in WebhookKind::ALL.iter().copied() {
        let is_own = kind == WebhookKind::Transaction;
        assert_eq!(desk.sandbox.press_test_button(kind), is_own);
    }
    desk.sandbox.webhooks_sent().await;
    assert_eq!(got.recv().unwrap().path, "/own");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_of_the_help_work() {
    let (mut desk, (shop, _got)) = (Desk::new().await, shop());
    desk.set("SHOP", Some(&shop));
    for command in ["trigger", "listen"] {
        let ran = desk.run_examples(&[command]);
        assert!(ran.len() >= 2);
        for (line, ran) in ran {
            assert_eq!(ran.status, 0, "{line}: {ran:?}");
        }
    }
}
