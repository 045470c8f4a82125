//! Requests that no operation saw, as the log tells of them.

use std::time::Duration;

use serde_json::json;
use singapay_sandbox::Sandbox;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{common::Client, last};

/// Sends bytes, then reads until the server has closed, or closes itself.
async fn say(sandbox: &Sandbox, bytes: &[u8], hangs_up: bool) {
    let address = sandbox.base_url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    if hangs_up {
        stream.shutdown().await.unwrap();
    }
    // A reset is an end too.
    let _ = stream.read_to_end(&mut Vec::new()).await;
}

/// What never reaches an operation: by the bytes that came, what the log tells of it.
#[tokio::test]
async fn what_cannot_be_read_stands_in_the_log_with_its_reason() {
    const TOKEN: &str = "/api/v1.1/access-token/b2b";
    let patient = Sandbox::start().await.unwrap();
    let hasty = Sandbox::builder().read_timeout(Duration::from_millis(30));
    let hasty = hasty.start().await.unwrap();
    let post = |more: &str| format!("POST {TOKEN} HTTP/1.1\r\nHost: a\r\n{more}");
    let known = ("POST", TOKEN);
    let unknown = ("", "");
    let large = format!(
        "{}{}",
        post("Connection: close\r\nContent-Length: 1100000\r\n\r\n"),
        "x".repeat(1_100_000)
    );
    let many: String = (0..200)
        .map(|number| format!("X-{number}: y\r\n"))
        .collect();
    let long = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(70_000));
    let x: String = "x".repeat(999);
    let cut = ("GET", &*format!("/{x}"));
    let table = [
        (
            large.into_bytes(),
            false,
            known,
            413,
            "body: more than 1048576 bytes",
        ),
        (
            post("Content-Length: 9\r\n\r\n{").into_bytes(),
            false,
            known,
            408,
            "body: not complete after 30ms",
        ),
        (
            post("Content-Length: 9\r\n\r\n{").into_bytes(),
            true,
            known,
            400,
            "body: ended early or cannot be read",
        ),
        (
            post("Transfer-Encoding: chunked\r\n\r\nZZ\r\n").into_bytes(),
            false,
            known,
            400,
            "body: ended early or cannot be read",
        ),
        (
            post("no header\r\n\r\n").into_bytes(),
            false,
            known,
            400,
            "head: invalid HTTP header parsed",
        ),
        (
            post(&format!("{many}\r\n")).into_bytes(),
            false,
            known,
            431,
            "head: message head is too large",
        ),
        (long.into_bytes(), false, cut, 414, "head: URI too long"),
        (
            post("X-Half: ").into_bytes(),
            false,
            known,
            408,
            "head: not complete after 30ms; closed without an answer",
        ),
        (
            post("X-Half: ").into_bytes(),
            true,
            known,
            400,
            "head: connection closed before message completed",
        ),
        (
            b"G".to_vec(),
            false,
            unknown,
            408,
            "head: not complete after 30ms; closed without an answer",
        ),
        (
            b"\x16\x03\x01\x02\x00\x01\x00".to_vec(),
            false,
            unknown,
            400,
            "head: TLS, where plain HTTP is spoken",
        ),
        (
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
            false,
            unknown,
            400,
            "head: invalid HTTP version parsed (found HTTP2 preface)",
        ),
    ];
    for (bytes, hangs_up, (method, path), status, reason) in table {
        let sandbox = if reason.contains("30ms") {
            &hasty
        } else {
            &patient
        };
        let before = sandbox.requests().len();
        say(sandbox, &bytes, hangs_up).await;
        while sandbox.requests().len() == before {
            tokio::task::yield_now().await;
        }
        let told = json!(sandbox.requests().pop());
        assert_eq!(
            [
                &told["method"],
                &told["path"],
                &told["status"],
                &told["reason"],
                &told["verdict"]
            ],
            [
                &json!(method),
                &json!(path),
                &json!(status),
                &json!(reason),
                &json!("refused")
            ],
        );
        assert_eq!(
            told["operation"] == "create_access_token",
            path == TOKEN,
            "{told}"
        );
        assert!(told.get("request_body").is_none() && told.get("credential").is_none());
    }
    // What is nobody's request: silence, before the first one or after one that was answered.
    let before = hasty.requests().len();
    say(&hasty, b"", false).await;
    say(&hasty, b"", true).await;
    let idle = b"GET /_sandbox/clock HTTP/1.1\r\nHost: localhost\r\n\r\n";
    say(&hasty, idle, false).await;
    assert_eq!(hasty.requests().len(), before);
}

#[tokio::test]
async fn what_leads_nowhere_stands_in_the_log_pages_too() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let ask = async |method: &str, path: &str, origin: Option<&str>| {
        let mut request = client
            .http
            .request(method.parse().unwrap(), format!("{}{path}", client.base));
        if let Some(origin) = origin {
            request = request.header("Origin", origin);
        }
        request.send().await.unwrap().status().as_u16()
    };
    for (method, path, origin, status, verdict, reason) in [
        ("GET", "/", None, 404, "no_route", "no such path"),
        ("GET", "/b2b", None, 404, "no_route", "no such path"),
        (
            "GET",
            "/pages/nothing.js",
            None,
            404,
            "no_route",
            "no such path",
        ),
        (
            "GET",
            "/_sandbox/nothing",
            None,
            404,
            "no_route",
            "no such path",
        ),
        ("GET", "/b2b/nobody", None, 404, "no_route", "no such page"),
        ("POST", "/3ds/nobody", None, 404, "no_route", "no such page"),
        (
            "DELETE",
            "/b2b/nobody",
            None,
            405,
            "no_route",
            "methods: GET, HEAD, POST",
        ),
        (
            "POST",
            "/b2b/nobody",
            Some("https://evil.example"),
            403,
            "refused",
            "page of another origin",
        ),
    ] {
        assert_eq!(ask(method, path, origin).await, status, "{method} {path}");
        let told = last(&sandbox).await;
        assert_eq!(
            [
                &told["method"],
                &told["path"],
                &told["verdict"],
                &told["reason"]
            ],
            [
                &json!(method),
                &json!(path),
                &json!(verdict),
                &json!(reason)
            ]
        );
    }
    let before = sandbox.requests().len();
    let link = json!({"reff_no": "L-1", "payment_link_type": "total", "total_amount": 50_000});
    client
        .post("/api/v2.0/payment-link/{account}", link)
        .await
        .ok();
    for (method, path, status) in [
        ("GET", "/b2b/L-1", 200),
        ("GET", "/pages/style.css", 200),
        ("GET", "/_sandbox/console/nothing.js", 404),
        ("GET", "/_sandbox/objects/nothing", 404),
    ] {
        assert_eq!(ask(method, path, None).await, status, "{method} {path}");
    }
    assert_eq!(
        sandbox.requests().len(),
        before + 1,
        "looks at pages and the admin side are not in it"
    );
}

/// A query that could not be read is masked like any other.
#[tokio::test]
async fn a_head_that_cannot_be_read_tells_no_secret() {
    let sandbox = Sandbox::start().await.unwrap();
    let head = "GET /api/v1.0/accounts?access_token=canary-1 HTTP/1.1\r\nAuthorization: Bearer canary-2\r\nno header\r\n\r\n";
    say(&sandbox, head.as_bytes(), false).await;
    while sandbox.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    let told = last(&sandbox).await;
    assert_eq!(told["path"], "/api/v1.0/accounts");
    assert!(!told.to_string().contains("canary"), "{told}");
}
