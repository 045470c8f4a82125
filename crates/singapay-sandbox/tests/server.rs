//! The server among callers who mean it no good, or just too much.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::Client;
use singapay_sandbox::Sandbox;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Connects and sends something; the rest is the server's move.
async fn say(sandbox: &Sandbox, text: &str) -> TcpStream {
    let address = sandbox.base_url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

/// Reads until the server closes the connection.
async fn rest(mut stream: TcpStream) -> String {
    let mut all = String::new();
    // A reset is an end too.
    let _ = stream.read_to_string(&mut all).await;
    all
}

#[tokio::test]
async fn who_keeps_the_server_waiting_is_cut_off() {
    let sandbox = Sandbox::builder()
        .read_timeout(Duration::from_millis(20))
        .start()
        .await
        .unwrap();
    for silent in ["", "G", "GET /api HTTP/1.1\r\nHost: a\r\nX: "] {
        assert_eq!(rest(say(&sandbox, silent).await).await, "", "{silent:?}");
    }
    for path in ["/api/v1.0/accounts", "/b2b/L-1", "/_sandbox/clock"] {
        let slow = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: 9\r\n\r\n{{"
        );
        let answer = rest(say(&sandbox, &slow).await).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{path}: {answer}");
    }
}

#[tokio::test]
async fn too_many_connections_wait_their_turn() {
    let sandbox = Sandbox::builder()
        .max_connections(2)
        .read_timeout(Duration::from_millis(20))
        .start()
        .await
        .unwrap();
    let mut crowd = Vec::new();
    for _ in 0..8 {
        crowd.push(say(&sandbox, "G").await);
    }
    // Served when those before it are cut off.
    Client::of(&sandbox)
        .await
        .get("/api/v1.0/accounts")
        .await
        .ok();
    let place = say(&sandbox, "").await;
    drop(crowd);
    assert_eq!(rest(place).await, "");
}

#[tokio::test]
async fn the_admin_side_answers_to_this_machine_only() {
    let sandbox = Sandbox::start().await.unwrap();
    let port = sandbox.base_url().rsplit(':').next().unwrap();
    let ask = async |head: &str| {
        let request = format!("{head}\r\nConnection: close\r\n\r\n");
        let answer = rest(say(&sandbox, &request).await).await;
        answer[9..12].parse::<u16>().unwrap()
    };
    for good in [
        format!("GET /_sandbox HTTP/1.1\r\nHost: localhost:{port}"),
        format!("GET /_sandbox HTTP/1.1\r\nHost: [::1]:{port}\r\nOrigin: http://localhost:3000"),
        format!("GET http://127.0.0.1:{port}/_sandbox HTTP/1.1\r\nHost: 127.0.0.1:{port}"),
    ] {
        assert_eq!(ask(&good).await, 200, "{good}");
    }
    for bad in [
        "GET /_sandbox HTTP/1.1\r\nHost: evil.example",
        "GET /_sandbox HTTP/1.1\r\nHost: 192.0.2.1",
        "GET /_sandbox HTTP/1.1",
        "GET /_sandbox HTTP/1.1\r\nHost: localhost\r\nHost: evil.example",
        "GET http://evil.example/_sandbox HTTP/1.1\r\nHost: localhost",
        "POST /_sandbox/deliveries/1/replay HTTP/1.1\r\nHost: localhost\r\nOrigin: null",
        "DELETE /_sandbox/faults HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example",
    ] {
        assert_eq!(ask(bad).await, 403, "{bad}");
    }
    // The gateway's own side is reached under any name, as through a tunnel.
    let foreign = "GET /api/v1.0/accounts HTTP/1.1\r\nHost: evil.example";
    assert_eq!(ask(foreign).await, 401);
}

/// Without a free descriptor the system refuses every accept at once.
#[cfg(target_os = "linux")]
#[test]
fn a_server_without_descriptors_rests() {
    use std::{
        io::{BufRead, BufReader, Read},
        net::TcpStream,
        process::{Command, Stdio},
    };

    let command = format!(
        "ulimit -n 64; exec {} --port 0 --json",
        env!("CARGO_BIN_EXE_singapay-sandbox")
    );
    let mut child = Command::new("sh")
        .args(["-c", &command])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    let said: serde_json::Value = serde_json::from_str(&line).unwrap();
    let address = said["base_url"].as_str().unwrap().replace("http://", "");
    let connections: Vec<TcpStream> = (0..120)
        .map(|_| TcpStream::connect(&address).unwrap())
        .collect();
    let stat = format!("/proc/{}/stat", child.id());
    let ticks = || -> u64 {
        let stat = std::fs::read_to_string(&stat).unwrap();
        let fields = stat.rsplit(')').next().unwrap().split_whitespace();
        fields
            .skip(11)
            .take(2)
            .map(|n| n.parse::<u64>().unwrap())
            .sum()
    };
    let before = ticks();
    let mut outside = connections.last().unwrap();
    outside
        .set_read_timeout(Some(Duration::from_millis(400)))
        .unwrap();
    assert!(outside.read(&mut [0]).is_err(), "nobody speaks to it");
    let spent = ticks() - before;
    child.kill().unwrap();
    child.wait().unwrap();
    // A loop that asks again at once spends all forty.
    assert!(
        spent < 10,
        "{spent} ticks of a hundredth of a second in 400 ms"
    );
}
