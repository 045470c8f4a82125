//! The hosted pages as a browser gets them.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::Client;
use reqwest::{Response, header};
use serde_json::{Value, json};
use singapay_sandbox::Sandbox;

const LINKS: &str = "/api/v2.0/payment-link/{account}";
const HISTORIES: &str = "/api/v1.0/payment-link-histories/{account}";

async fn start() -> (Sandbox, Client) {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    (sandbox, client)
}

async fn link(client: &Client, body: Value) -> String {
    let mut whole = json!({
        "reff_no": "INV-1", "payment_link_type": "total", "total_amount": 1_250_000,
        "success_redirect_url": "https://shop.example/thanks",
        "expired_redirect_url": "https://shop.example/late",
    });
    let more = body.as_object().unwrap().clone();
    whole.as_object_mut().unwrap().extend(more);
    let made = client.post(LINKS, whole).await.ok();
    made["payment_url"].as_str().unwrap().to_owned()
}

async fn get(client: &Client, url: &str) -> Response {
    client.http.get(url).send().await.unwrap()
}

async fn page(client: &Client, url: &str) -> String {
    let answer = get(client, url).await;
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}

async fn send(client: &Client, url: &str, form: &'static str) -> Response {
    client.http.post(url).body(form).send().await.unwrap()
}

/// The page that a method's choice leads to.
async fn choose(client: &Client, url: &str, form: &'static str) -> String {
    let answer = send(client, url, form).await;
    assert_eq!(answer.status(), 303);
    let path = answer.headers()[header::LOCATION].to_str().unwrap();
    assert!(path.starts_with("/b2b/attempt/"), "{path}");
    format!("{}{path}", client.base)
}

async fn attempt(client: &Client) -> Value {
    client.get(HISTORIES).await.ok()[0].clone()
}

#[tokio::test]
async fn everything_forbids_what_is_not_of_this_server() {
    let (_sandbox, client) = start().await;
    let open = link(&client, json!({})).await;
    let base = &client.base;
    let all = [
        (open.clone(), 200, "text/html; charset=utf-8"),
        (
            format!("{base}/b2b/nobody"),
            404,
            "text/html; charset=utf-8",
        ),
        (
            format!("{base}/pages/style.css"),
            200,
            "text/css; charset=utf-8",
        ),
        (
            format!("{base}/pages/script.js"),
            200,
            "text/javascript; charset=utf-8",
        ),
        (format!("{base}/pages/icon.svg"), 200, "image/svg+xml"),
    ];
    for (url, status, kind) in all {
        let answer = get(&client, &url).await;
        assert_eq!(answer.status(), status, "{url}");
        let told = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(told("content-type"), kind, "{url}");
        assert_eq!(
            told("content-security-policy"),
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        );
        assert_eq!(told("x-content-type-options"), "nosniff");
        assert_eq!(told("referrer-policy"), "same-origin");
    }
    let sent = send(&client, &open, "method=QRIS").await;
    assert!(sent.headers().contains_key("content-security-policy"));
}

/// Headers that browsers send along with what a page of another server makes them send.
const ELSEWHERE: [&[(&str, &str)]; 4] = [
    &[("origin", "http://localhost:3000")],
    &[("origin", "null")],
    &[
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ],
    &[
        ("origin", "http://127.0.0.1:3000"),
        ("sec-fetch-site", "same-site"),
    ],
];

#[tokio::test]
async fn a_page_of_another_origin_pays_nothing() {
    let (_sandbox, client) = start().await;
    let url = link(&client, json!({})).await;
    let place = choose(&client, &url, "choose=QRIS").await;
    let post = async |url: &str, headers: &[(&'static str, &str)]| {
        let mut request = client.http.post(url).body("method=QRIS&answer=pay");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap().status().as_u16()
    };
    for headers in ELSEWHERE {
        for page in [
            "b2b",
            "b2b/attempt",
            "ewallet",
            "3ds",
            "dd/bind",
            "sub",
            "sub/bill",
        ] {
            let nobody = format!("{}/{page}/nobody", client.base);
            assert_eq!(post(&nobody, headers).await, 403, "{page} {headers:?}");
        }
        for page in [&url, &place] {
            assert_eq!(post(page, headers).await, 403, "{headers:?}");
        }
        // A link leads there all the same.
        let mut look = client.http.get(&place);
        for (name, value) in headers {
            look = look.header(*name, *value);
        }
        assert_eq!(look.send().await.unwrap().status(), 200);
    }
    assert_eq!(attempt(&client).await["status"], "pending");
    let own: &[(&str, &str)] = &[("origin", &client.base), ("sec-fetch-site", "same-origin")];
    assert_eq!(post(&place, own).await, 200);
    assert_eq!(attempt(&client).await["status"], "paid");
}

#[tokio::test]
async fn the_browser_chooses_the_language_until_the_customer_does() {
    let (_sandbox, client) = start().await;
    let url = link(&client, json!({})).await;
    let with = async |url: &str, wanted: &str| {
        let request = client.http.get(url).header("accept-language", wanted);
        let answer = request.send().await.unwrap();
        let told = answer.headers()["content-language"].to_str().unwrap();
        let told = told.to_owned();
        let text = answer.text().await.unwrap();
        assert!(text.contains(&format!("<html lang=\"{told}\">")), "{text}");
        (told, text)
    };
    let (told, text) = with(&url, "id-ID,id;q=0.9,en;q=0.8").await;
    assert!(told == "id" && text.contains("Pilih cara pembayaran"));
    let (told, text) = with(&url, "en-GB").await;
    assert!(told == "en" && text.contains("Choose how to pay"));
    let (told, _) = with(&format!("{url}?lang=id"), "en").await;
    assert_eq!(told, "id");
    let (told, _) = with(&format!("{url}?lang=%3Cb%3E"), "en").await;
    assert_eq!(told, "en");

    // What was chosen stays on the way through the pages.
    let attempt = choose(&client, &format!("{url}?lang=id"), "choose=VA_BRI").await;
    assert!(attempt.ends_with("?lang=id"), "{attempt}");
    let (told, text) = with(&attempt, "en").await;
    assert!(told == "id" && text.contains("/b2b/INV-1?lang=id"));
}

#[tokio::test]
async fn a_virtual_account_and_a_code_are_shown_and_then_paid() {
    let (sandbox, client) = start().await;
    for (reff_no, form, mark) in [
        ("INV-1", "choose=VA_BRI", "BRI Virtual Account"),
        ("INV-2", "choose=QRIS", "<svg class=\"qr\""),
        ("INV-3", "choose=ALFAMART", "Alfamart"),
        ("INV-4", "choose=EWALLET_DANA", "DANA"),
    ] {
        let url = link(&client, json!({"reff_no": reff_no})).await;
        let shown = page(&client, &url).await;
        assert!(shown.contains("Rp 1.250.000") && shown.contains("data-state=\"open\""));
        let place = choose(&client, &url, form).await;
        let history = attempt(&client).await;
        let shown = page(&client, &place).await;
        assert!(shown.contains(mark), "{shown}");
        let number = history["payment_method_value"].as_str().unwrap();
        let is_told = form != "choose=QRIS" && form != "choose=EWALLET_DANA";
        assert_eq!(shown.contains(number), is_told, "{shown}");
        assert_eq!(history["status"], "pending");

        let paid = send(&client, &place, "answer=pay").await;
        let paid = paid.text().await.unwrap();
        assert!(paid.contains("data-state=\"done\""), "{paid}");
        assert!(paid.contains("https://shop.example/thanks"));
        assert_eq!(attempt(&client).await["status"], "paid");
        // Sent again by a reload, it is paid once all the same.
        let again = send(&client, &place, "answer=pay").await;
        assert!(again.text().await.unwrap().contains("data-state=\"done\""));
        assert!(page(&client, &url).await.contains("data-state=\"done\""));
    }
    let credit = 4 * (1_250_000 - 3_000);
    let account = sandbox.balance_of(&client.account).unwrap();
    assert_eq!(account.pending, credit);
    assert!(sandbox.audit().violations.is_empty());
}

#[tokio::test]
async fn a_card_with_a_wrong_check_digit_is_declined() {
    let (_sandbox, client) = start().await;
    let url = link(&client, json!({})).await;
    let place = choose(&client, &url, "choose=NICEPAY_CARD").await;
    for form in [
        "answer=pay",
        "answer=pay&card_number=4111111111111112",
        "card_number=%3Cscript%3E",
    ] {
        let declined = send(&client, &place, form).await.text().await.unwrap();
        assert!(declined.contains("The card was declined"), "{declined}");
        assert!(!declined.contains("4111111111111112"));
        assert_eq!(attempt(&client).await["status"], "pending");
    }
    let form = "answer=pay&card_number=4111+1111+1111+1111&card_expiry=12%2F30&card_cvv=123";
    let paid = send(&client, &place, form).await.text().await.unwrap();
    assert!(paid.contains("data-state=\"done\"") && !paid.contains("4111"));
}

#[tokio::test]
async fn a_declined_customer_chooses_another_way() {
    let (_sandbox, client) = start().await;
    let url = link(&client, json!({})).await;
    let place = choose(&client, &url, "choose=VA_BRI").await;
    let declined = send(&client, &place, "answer=decline").await;
    let declined = declined.text().await.unwrap();
    assert!(declined.contains("data-state=\"failed\""), "{declined}");
    assert!(declined.contains("href=\"/b2b/INV-1\""), "{declined}");
    assert_eq!(attempt(&client).await["status"], "failed");
    let again = send(&client, &place, "answer=pay").await.text().await;
    assert!(again.unwrap().contains("role=\"alert\""));
    let other = choose(&client, &url, "choose=QRIS").await;
    let paid = send(&client, &other, "answer=pay").await.text().await;
    assert!(paid.unwrap().contains("data-state=\"done\""));
    assert!(!page(&client, &place).await.contains("href=\"/b2b/INV-1\""));
}

#[tokio::test]
async fn the_countdown_runs_on_the_sandbox_clock() {
    let (sandbox, client) = start().await;
    let url = link(&client, json!({})).await; // open for 24 hours
    let left = async |url: &str| {
        let text = page(&client, url).await;
        let left = text.split("data-left=\"").nth(1)?;
        let left = left.split('"').next()?.parse::<u64>().ok()?;
        Some((left, text.contains("data-frozen")))
    };
    let hour = 3_600_000;
    assert_eq!(left(&url).await, Some((24 * hour, true)));
    sandbox
        .advance(Duration::from_millis(90 * 60_000 + 1))
        .await;
    assert_eq!(left(&url).await, Some((24 * hour - 5_400_001, true)));
    // Of the end of the attempt and that of the link, the first counts.
    let place = choose(&client, &url, "choose=VA_BCA").await;
    assert_eq!(left(&place).await, Some((24 * hour - 5_400_001, true)));
    sandbox.resume_clock();
    assert!(!left(&url).await.unwrap().1);
    sandbox.freeze_clock();
    sandbox.advance(Duration::from_secs(24 * 3600)).await;
    for url in [url, place] {
        assert_eq!(left(&url).await, None);
        let text = page(&client, &url).await;
        assert!(text.contains("data-state=\"expired\""), "{text}");
        assert!(text.contains("https://shop.example/late"));
    }
}

#[tokio::test]
async fn the_end_is_told_in_jakarta_without_any_script() {
    let sandbox = Sandbox::builder()
        .clock(common::plans::June)
        .start()
        .await
        .unwrap();
    let client = Client::of(&sandbox).await;
    let url = link(&client, json!({})).await;
    let text = page(&client, &url).await;
    assert!(text.contains("datetime=\"2026-06-10T10:00:00+07:00\">10 June 2026, 10:00:00 WIB<"));
    let text = page(&client, &format!("{url}?lang=id")).await;
    assert!(text.contains(">10 Juni 2026, pukul 10:00:00 WIB<"));
}

#[tokio::test]
async fn what_cannot_be_done_is_said_on_the_page() {
    let (_sandbox, client) = start().await;
    let only = json!({"whitelisted_payment_method": ["QRIS"]});
    let url = link(&client, only).await;
    for form in ["choose=VA_BRI", "method=GOLD", "choose=%3Cb%3E%00"] {
        let refused = send(&client, &url, form).await;
        assert_eq!(refused.status(), 200);
        let text = refused.text().await.unwrap();
        assert!(text.contains("role=\"alert\"") && !text.contains("<b>"));
    }
    assert_eq!(client.get(HISTORIES).await.ok(), json!([]));
    // Two begin, one pays.
    let first = choose(&client, &url, "choose=QRIS").await;
    let second = choose(&client, &url, "choose=QRIS").await;
    send(&client, &first, "answer=pay").await;
    let late = send(&client, &second, "answer=pay").await.text().await;
    let late = late.unwrap();
    assert!(late.contains("data-state=\"closed\"") && late.contains("role=\"alert\""));
}

#[tokio::test]
async fn the_shop_says_what_it_wants_to_know() {
    let (_sandbox, client) = start().await;
    let asked = |text: &str| {
        let names = ["name", "email", "phone"];
        let has = |name: &&str| text.contains(&format!("<input name=\"{name}\""));
        names.into_iter().filter(has).collect::<Vec<_>>()
    };
    let none = link(&client, json!({})).await;
    assert!(asked(&page(&client, &none).await).is_empty());
    let some = json!({
        "reff_no": "INV-2", "max_usage": 5,
        "required_customer_email": true, "required_customer_number": true,
    });
    let some = link(&client, some).await;
    assert_eq!(asked(&page(&client, &some).await), ["email", "phone"]);
    choose(
        &client,
        &some,
        "choose=QRIS&email=sari%40example.com&phone=0812",
    )
    .await;
    let history = attempt(&client).await;
    assert_eq!(history["customer_email"], "sari@example.com");
    assert_eq!(history["customer_phone"], "0812");
}
