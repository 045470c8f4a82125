//! Who may change something through a browser.

#![allow(clippy::unwrap_used)]

mod common;

use common::Client;
use serde_json::json;
use singapay_sandbox::Sandbox;

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
