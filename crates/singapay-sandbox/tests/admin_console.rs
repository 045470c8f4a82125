//! The console: files of the sandbox's own, and who may change something through a browser.

#![allow(clippy::unwrap_used)]

mod common;

use common::Client;
use serde_json::json;
use singapay_sandbox::Sandbox;

#[tokio::test]
async fn the_page_loads_nothing_but_its_own_files() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let get = async |path: &str| {
        client
            .http
            .get(format!("{}{path}", client.base))
            .send()
            .await
            .unwrap()
    };
    let page = get("/_sandbox/console").await;
    let header = |name: &str| page.headers()[name].to_str().unwrap().to_owned();
    assert!(header("content-security-policy").starts_with("default-src 'self'; "));
    assert!(!header("content-security-policy").contains("unsafe"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert_eq!(header("content-type"), "text/html; charset=utf-8");
    let text = page.text().await.unwrap();
    assert!(!text.contains("style=") && !text.contains("onclick"));
    // Whatever the page and its modules name is there.
    let mut wanted: Vec<String> = quoted(&text, "\"console/");
    let mut seen = Vec::new();
    while let Some(name) = wanted.pop() {
        if seen.contains(&name) {
            continue;
        }
        let file = get(&format!("/_sandbox/console/{name}")).await;
        assert_eq!(file.status(), 200, "{name}");
        assert_eq!(
            file.headers()["x-content-type-options"],
            "nosniff",
            "{name}"
        );
        let text = file.text().await.unwrap();
        assert!(
            !text.contains("innerHTML") && !text.contains("outerHTML"),
            "{name}"
        );
        wanted.extend(quoted(&text, "from \"./"));
        seen.push(name);
    }
    assert!(seen.len() > 10, "{seen:?}");
    assert_eq!(get("/_sandbox/console/nothing.js").await.status(), 404);
    // Nothing of it is a request to the gateway.
    assert!(
        sandbox
            .requests()
            .iter()
            .all(|request| !request.path.contains("console"))
    );
}

fn quoted(text: &str, before: &str) -> Vec<String> {
    let parts = text.split(before).skip(1);
    parts
        .map(|part| part.split('"').next().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_browser_is_led_to_the_console_and_a_program_is_not() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let root = async |method: &str, accept: &str| {
        let request = client
            .http
            .request(method.parse().unwrap(), format!("{}/", client.base));
        request.header("Accept", accept).send().await.unwrap()
    };
    let led = root("GET", "text/html,application/xhtml+xml").await;
    assert_eq!(
        (led.status().as_u16(), &led.headers()["location"]),
        (303, &"/_sandbox/console".parse().unwrap())
    );
    for (method, accept) in [("GET", "application/json"), ("POST", "text/html")] {
        let answer = root(method, accept).await;
        assert_eq!(answer.status(), 404, "{method} {accept}");
        assert!(answer.text().await.unwrap().contains("could not be found"));
    }
}

/// A page of another origin can make a browser send, and the browser says so.
#[tokio::test]
async fn another_page_cannot_move_the_clock() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    let before = sandbox.now();
    let post = async |headers: &[(&str, &str)]| {
        let mut request = client.http.post(format!("{}/_sandbox/clock", client.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = json!({"advance_ms": 60_000}).to_string();
        let request = request
            .header("Content-Type", "application/json")
            .body(body);
        request.send().await.unwrap().status().as_u16()
    };
    for refused in [
        &[("Origin", "http://localhost:3000")][..],
        &[
            ("Origin", "http://127.0.0.1:3000"),
            ("Sec-Fetch-Site", "same-site"),
        ],
        &[
            ("Origin", client.base.as_str()),
            ("Sec-Fetch-Site", "cross-site"),
        ],
        &[
            ("Origin", "https://evil.example"),
            ("Sec-Fetch-Site", "cross-site"),
        ],
        &[("Origin", "null")],
        &[("Sec-Fetch-Site", "cross-site")],
    ] {
        assert_eq!(post(refused).await, 403, "{refused:?}");
        assert_eq!(sandbox.now(), before, "{refused:?}");
    }
    for taken in [
        &[][..],
        &[("Origin", client.base.as_str())],
        &[
            ("Origin", client.base.as_str()),
            ("Sec-Fetch-Site", "same-origin"),
        ],
    ] {
        assert_eq!(post(taken).await, 200, "{taken:?}");
    }
    assert_eq!(sandbox.now().since(before).as_secs(), 180);
    // It may look: the browser does not let it read, and a link leads there.
    let look = client.http.get(format!("{}/_sandbox/console", client.base));
    let look = look
        .header("Sec-Fetch-Site", "cross-site")
        .send()
        .await
        .unwrap();
    assert_eq!(look.status(), 200);
}
