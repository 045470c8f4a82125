//! Measures the two budgets of the sandbox: time to start, and authenticated balance reads per
//! second over 64 connections, load generator included. Run it with `--release`.

use std::{
    error::Error,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use base64::Engine as _;
use singapay_sandbox::Sandbox;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const CONNECTIONS: usize = 64;
const SECONDS: u64 = 3;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Sends a request and reads one whole answer into `buffer`; tells where its body begins.
async fn exchange(stream: &mut TcpStream, request: &[u8], buffer: &mut Vec<u8>) -> Outcome<usize> {
    stream.write_all(request).await?;
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err("connection closed".into());
        }
        let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let head = std::str::from_utf8(&buffer[..end])?;
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .ok_or("no content-length")?;
        if buffer.len() >= end + 4 + length.parse::<usize>()? {
            return Ok(end + 4);
        }
    }
}

#[tokio::main(worker_threads = 2)]
async fn main() -> Outcome<()> {
    let started = Instant::now();
    let sandbox = Sandbox::start().await?;
    println!("start: {:.1} ms", started.elapsed().as_secs_f64() * 1e3);

    let credentials = sandbox.credentials();
    let host = sandbox.base_url().trim_start_matches("http://").to_owned();
    let basic = base64::engine::general_purpose::STANDARD.encode(format!(
        "{}:{}",
        credentials.client_id,
        credentials.client_secret.expose()
    ));
    let body = r#"{"grant_type":"client_credentials"}"#;
    let login = format!(
        "POST /api/v1.0/access-token/b2b HTTP/1.1\r\nHost: {host}\r\nX-PARTNER-ID: {}\r\n\
         Authorization: Basic {basic}\r\nContent-Length: {}\r\n\r\n{body}",
        credentials.partner_id,
        body.len()
    );
    let mut stream = TcpStream::connect(&host).await?;
    let mut buffer = Vec::new();
    let at = exchange(&mut stream, login.as_bytes(), &mut buffer).await?;
    let answer: serde_json::Value = serde_json::from_slice(&buffer[at..])?;
    let token = answer["data"]["access_token"].as_str().ok_or("no token")?;
    let request = Arc::new(format!(
        "GET /api/v1.0/balance-inquiry/{} HTTP/1.1\r\nHost: {host}\r\nX-PARTNER-ID: {}\r\n\
         Authorization: Bearer {token}\r\nAccept: application/json\r\n\r\n",
        sandbox.account_id(),
        credentials.partner_id,
    ));

    let reads = Arc::new(AtomicU64::new(0));
    let until = Instant::now() + Duration::from_secs(SECONDS);
    let mut lanes = tokio::task::JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (host, request, reads) = (host.clone(), Arc::clone(&request), Arc::clone(&reads));
        lanes.spawn(async move {
            let mut stream = TcpStream::connect(host).await?;
            let mut buffer = Vec::new();
            while Instant::now() < until {
                exchange(&mut stream, request.as_bytes(), &mut buffer).await?;
                if !buffer.starts_with(b"HTTP/1.1 200") {
                    return Err("a balance was refused".into());
                }
                reads.fetch_add(1, Ordering::Relaxed);
            }
            Outcome::Ok(())
        });
    }
    while let Some(lane) = lanes.join_next().await {
        lane??;
    }
    let reads = reads.load(Ordering::Relaxed) / SECONDS;
    println!("{reads} balance reads/s over {CONNECTIONS} connections");
    Ok(())
}
