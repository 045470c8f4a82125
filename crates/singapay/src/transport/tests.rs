use std::{net::SocketAddr, sync::Arc};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use super::*;

/// Nothing is chosen, and only plain text is spoken.
pub(super) fn settings() -> TransportSettings {
    TransportSettings {
        origins: vec![Url::parse("http://127.0.0.1:1").unwrap()],
        connect_timeout: Duration::from_secs(60),
        user_agent: "test".to_owned(),
        tls: Tls::preferred(),
        https: false,
        roots: Vec::new(),
        proxy: None,
        local_address: None,
        #[cfg(feature = "http-client-hook")]
        hook: None,
    }
}

async fn send(
    settings: TransportSettings,
    request: http::Request<&'static str>,
    milliseconds: u64,
) -> Result<Answer, TransportError> {
    let transport = HttpTransport::new(settings).unwrap();
    let timeout = Duration::from_millis(milliseconds);
    transport.send(request.map(Bytes::from), timeout).await
}

fn get(uri: &str) -> http::Request<&'static str> {
    http::Request::get(uri).body("").unwrap()
}

/// Serves one connection.
async fn server<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
    serve: impl FnOnce(TcpStream) -> F + Send + 'static,
) -> (SocketAddr, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let task = tokio::spawn(async move { serve(listener.accept().await.unwrap().0).await });
    (address, task)
}

#[tokio::test]
async fn time_that_ran_out_while_connecting_is_proven_by_the_shorter_bound() {
    // A proxy that takes connections and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap();
    for (bound, timeout, kind) in [
        (30, 60_000, TransportErrorKind::ConnectTimeout),
        (60_000, 50, TransportErrorKind::Timeout),
        (60_000, 5, TransportErrorKind::Timeout),
    ] {
        let settings = TransportSettings {
            connect_timeout: Duration::from_millis(bound),
            proxy: Proxy::parse(&format!("socks5h://{address}")).ok(),
            ..settings()
        };
        let error = send(settings, get("https://gateway.example/api"), timeout).await;
        let error = error.unwrap_err();
        assert_eq!(error.kind(), kind, "{bound} {timeout} {error:?}");
        assert!(error.to_string().contains("gateway.example"), "{error}");
    }
}

/// The pipeline lets nobody ask for this.
#[tokio::test]
async fn plain_text_goes_to_this_machine_only() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = TransportSettings {
        proxy: Proxy::parse(&format!("http://{}", listener.local_addr().unwrap())).ok(),
        ..settings()
    };
    let error = send(settings, get("http://gateway.example/api"), 1_000).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::InvalidRequest);
    assert_eq!(error.delivery(), singapay_core::Delivery::NotSent);
}

/// A signature is over path and query as they are.
#[test]
fn what_a_url_parser_would_rewrite_is_not_sent() {
    let origins = settings().origins;
    for (path, sent) in [
        ("/", true),
        ("/a//b?c", true),
        ("/a?", true),
        ("/a%2E?b=c%20d&e", true),
        ("/a/../b", false),
        ("/a/./b", false),
        ("/%2e%2E/b", false),
        ("/a?b='c'", false),
    ] {
        for origins in [&origins[..], &[]] {
            let uri = format!("http://127.0.0.1:1{path}");
            let request = http::Request::get(&uri).body(Bytes::new()).unwrap();
            match convert(request, origins) {
                Ok(request) => assert_eq!(request.url().as_str(), uri),
                Err(error) => assert_eq!(error.kind(), TransportErrorKind::InvalidRequest),
            }
            let request = http::Request::get(&uri).body(Bytes::new()).unwrap();
            assert_eq!(convert(request, origins).is_ok(), sent, "{path}");
        }
    }
}

#[tokio::test]
async fn headers_and_body_are_sent_as_they_are() {
    const BODY: &str = "{\"b\": 1,\n \"a\":\"\u{e9}\\u00e9\"}";
    let (address, served) = server(async |mut stream| {
        let mut sent = Vec::new();
        while !sent.ends_with(BODY.as_bytes()) {
            let mut chunk = [0; 1024];
            let read = stream.read(&mut chunk).await.unwrap();
            assert_ne!(read, 0);
            sent.extend_from_slice(&chunk[..read]);
        }
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nx-b: 1\r\n\r\nok";
        stream.write_all(answer).await.unwrap();
        String::from_utf8(sent).unwrap()
    })
    .await;
    let request = http::Request::post(format!("http://{address}/a?b=c%20d"))
        .header("accept", "application/json")
        .header("content-type", "application/json")
        .header("x-signature", "s=+/")
        .body(BODY);
    let answer = send(settings(), request.unwrap(), 10_000).await.unwrap();
    assert_eq!((answer.status.as_u16(), &*answer.body), (200, &b"ok"[..]));
    assert_eq!(answer.headers["x-b"], "1");
    let sent = served.await.unwrap();
    let (head, body) = sent.split_once("\r\n\r\n").unwrap();
    assert_eq!(body, BODY);
    let mut lines: Vec<&str> = head.lines().collect();
    lines[1..].sort_unstable();
    let (length, host) = (
        format!("content-length: {}", BODY.len()),
        format!("host: {address}"),
    );
    assert_eq!(
        lines,
        [
            "POST /a?b=c%20d HTTP/1.1",
            "accept: application/json",
            &length,
            "content-type: application/json",
            &host,
            "user-agent: test",
            "x-signature: s=+/",
        ]
    );
}

#[tokio::test]
async fn an_answer_is_cut_while_it_is_received() {
    // Announces nothing, and never ends.
    let (address, served) = server(async |mut stream| {
        let mut sent = stream.read(&mut [0; 1024]).await.unwrap();
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        stream.write_all(head).await.unwrap();
        let chunk = [&b"10000\r\n"[..], &[b'x'; 0x10000], b"\r\n"].concat();
        while stream.write_all(&chunk).await.is_ok() {
            sent += chunk.len();
        }
        sent
    })
    .await;
    let error = send(settings(), get(&format!("http://{address}/")), 60_000).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::BodyTooLarge);
    assert_eq!(error.delivery(), singapay_core::Delivery::MaybeSent);
    // Contents of the sockets come on top.
    let bound = AnswerBound::LIST.bytes();
    assert!(served.await.unwrap() < bound + (32 << 20));
}

/// Each answer is the last one of its connection, which does not say so.
#[tokio::test]
async fn no_request_is_sent_twice_on_connections_that_close() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    let task = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                match stream.read_u8().await {
                    Ok(byte) => head.push(byte),
                    Err(_) => break,
                }
            }
            let head = String::from_utf8(head).unwrap();
            if let Some(line) = head.lines().next() {
                kept.lock().unwrap().push(line.to_owned());
            }
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
            let _ = stream.write_all(answer).await;
        }
    });
    let transport = HttpTransport::new(settings()).unwrap();
    let mut answered = 0;
    for number in 0..50 {
        let request = get(&format!("http://{address}/{number}")).map(Bytes::from);
        match transport.send(request, Duration::from_secs(10)).await {
            Ok(_) => answered += 1,
            Err(error) => assert_eq!(error.kind(), TransportErrorKind::Interrupted, "{error:?}"),
        }
    }
    task.abort();
    let seen = seen.lock().unwrap();
    let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len(), "{seen:?}");
    assert!(answered <= seen.len() && answered > 0);
}
