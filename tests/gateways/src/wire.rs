//! A server of raw bytes: does to each request what a test tells it, and writes down what it was sent.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};

/// Treatment of a request, and with it of its connection.
#[derive(Debug, Clone)]
pub enum Do {
    /// Answers with this token.
    Token(&'static str),
    /// Answers with this token, and nobody listens any more from then on.
    TokenThenGone(&'static str),
    /// Answers.
    Answer(Reply),
    /// Answers, and closes without having said so: the client believes the connection is kept.
    AnswerThenDrop(Reply),
    /// Writes these bytes and closes.
    Bytes(Vec<u8>),
    /// Resets as soon as something arrives, without reading it.
    ResetUnread,
    /// Reads the whole request, then resets.
    Reset,
    /// Reads the whole request, then closes without a word.
    Close,
    /// The same, and nobody listens any more from then on.
    CloseThenGone,
    /// Reads the whole request and never answers.
    Silence,
}

/// An answer.
#[derive(Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Method.
    pub method: String,
    /// Path and query; of a CONNECT host and port.
    pub target: String,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

/// The answer to a token request.
pub const TOKEN: &str = r#"{"success":true,"data":{"access_token":"t","expires_in":"3600"}}"#;

/// A running server. Stops when it is dropped.
#[derive(Debug)]
pub struct Wire {
    base_url: String,
    seen: Arc<Seen>,
    task: JoinHandle<()>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Debug, Default)]
struct Seen {
    requests: Mutex<Vec<Recorded>>,
    connections: Mutex<usize>,
    silent: Notify,
}

/// An answer with this body.
pub fn reply(status: u16, body: impl Into<Vec<u8>>) -> Reply {
    Reply {
        status,
        headers: Vec::new(),
        body: body.into(),
    }
}

/// An answer of the v2 envelope, without data.
pub fn code(status: u16, code: &str) -> Reply {
    let body = format!(r#"{{"response_code":"{code}","response_message":"x","data":null}}"#);
    reply(status, body)
}

impl Reply {
    /// With another header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn bytes(&self, connection: &str) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} X\r\nconnection: {connection}\r\n", self.status);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!("content-length: {}\r\n\r\n", self.body.len());
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = String::from_utf8_lossy(&self.body);
        let body: String = body.chars().take(200).collect();
        write!(f, "{} {body}", self.status)
    }
}

impl From<Reply> for Do {
    fn from(reply: Reply) -> Self {
        Self::Answer(reply)
    }
}

impl From<&Request<Bytes>> for Recorded {
    fn from(request: &Request<Bytes>) -> Self {
        Self {
            method: request.method().to_string(),
            target: request.uri().path_and_query().unwrap().to_string(),
            headers: request.headers().clone(),
            body: request.body().clone(),
        }
    }
}

impl Recorded {
    /// Method and target.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }

    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The query, if there is one.
    pub fn query(&self) -> Option<&str> {
        self.target.split_once('?').map(|(_, query)| query)
    }

    /// Value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body, read.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// True if it asks for a token.
    pub fn is_token_request(&self) -> bool {
        self.target.contains("/access-token/") || self.target.contains("/get-auth-token")
    }
}

impl Wire {
    /// Starts on a free port; connection number n gets step number n, and ends with it. When the
    /// steps have run out, further requests are written down and answered with 500.
    pub async fn start(steps: impl IntoIterator<Item = Do>) -> Self {
        let steps: Vec<Do> = steps.into_iter().collect();
        Self::serve(|listener, seen| tokio::spawn(scripted(listener, steps, seen))).await
    }

    /// Starts on a free port; every request meets the same, but those for tokens, which get `token`.
    /// Connections are kept as long as what they meet lets them live.
    pub async fn always(token: &'static str, step: Do) -> Self {
        Self::serve(|listener, seen| {
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    *lock(&seen.connections) += 1;
                    tokio::spawn(keep(stream, token, step.clone(), Arc::clone(&seen)));
                }
            })
        })
        .await
    }

    async fn serve(run: impl FnOnce(TcpListener, Arc<Seen>) -> JoinHandle<()>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Seen::default());
        let task = run(listener, Arc::clone(&seen));
        Self {
            base_url,
            seen,
            task,
        }
    }

    /// URL under which it is reached.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Every request that arrived whole.
    pub fn requests(&self) -> Vec<Recorded> {
        lock(&self.seen.requests).clone()
    }

    /// Requests that did not ask for a token.
    pub fn calls(&self) -> Vec<Recorded> {
        let mut requests = self.requests();
        requests.retain(|request| !request.is_token_request());
        requests
    }

    /// Connections that were made.
    pub fn connections(&self) -> usize {
        *lock(&self.seen.connections)
    }

    /// Waits until a request was read that is never answered.
    pub async fn is_silent(&self) {
        self.seen.silent.notified().await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn scripted(listener: TcpListener, steps: Vec<Do>, seen: Arc<Seen>) {
    let mut listener = Some(listener);
    let mut steps = steps.into_iter();
    let mut unanswered = Vec::new();
    while let Some(open) = &listener {
        let (mut stream, _) = open.accept().await.unwrap();
        *lock(&seen.connections) += 1;
        let step = steps.next().unwrap_or(Do::Answer(reply(500, "{}")));
        if matches!(step, Do::TokenThenGone(_) | Do::CloseThenGone) {
            listener = None;
        }
        if let Do::ResetUnread = step {
            let _ = stream.peek(&mut [0]).await;
            stream.set_zero_linger().unwrap();
            continue;
        }
        read(&mut stream, &seen).await;
        meet(&mut stream, &step, &seen, "close").await;
        let _ = match step {
            // The connection is still there while the server is.
            Do::Silence => {
                unanswered.push(stream);
                continue;
            }
            Do::Reset => continue,
            _ => stream.shutdown().await,
        };
    }
}

/// Whatever comes on one connection meets the same.
async fn keep(mut stream: TcpStream, token: &'static str, step: Do, seen: Arc<Seen>) {
    while let Some(request) = read(&mut stream, &seen).await {
        let step = match request.is_token_request() {
            // The identity host has no envelope around it.
            true if request.target.contains("/kyc/") => Do::Answer(reply(200, data(token))),
            true => Do::Token(token),
            false => step.clone(),
        };
        meet(&mut stream, &step, &seen, "keep-alive").await;
        match step {
            Do::Token(_) | Do::Answer(_) => {}
            Do::Silence => std::future::pending().await,
            _ => return,
        }
    }
}

/// Serves a request that was read, as its step says.
async fn meet(stream: &mut TcpStream, step: &Do, seen: &Seen, connection: &str) {
    let bytes = match step {
        Do::Token(value) | Do::TokenThenGone(value) => {
            let body = format!(r#"{{"status":200,"success":true,"data":{}}}"#, data(value));
            reply(200, body).bytes(connection)
        }
        Do::Answer(reply) => reply.bytes(connection),
        Do::AnswerThenDrop(reply) => reply.bytes("keep-alive"),
        Do::Bytes(bytes) => bytes.clone(),
        Do::Reset | Do::ResetUnread => return stream.set_zero_linger().unwrap(),
        Do::Close | Do::CloseThenGone => return,
        Do::Silence => return seen.silent.notify_one(),
    };
    let _ = stream.write_all(&bytes).await;
}

fn data(token: &str) -> String {
    format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":"3600"}}"#)
}

/// Reads one request and writes it down; a broken one is not.
async fn read(stream: &mut TcpStream, seen: &Seen) -> Option<Recorded> {
    let request = request(stream).await?;
    lock(&seen.requests).push(request.clone());
    Some(request)
}

/// Reads one whole request.
pub async fn request(stream: &mut (impl AsyncRead + Unpin)) -> Option<Recorded> {
    let mut bytes = Vec::new();
    loop {
        if let Some(request) = parse(&bytes) {
            return Some(request);
        }
        match stream.read_buf(&mut bytes).await {
            Ok(1..) => {}
            Ok(0) | Err(_) => return None,
        }
    }
}

fn parse(bytes: &[u8]) -> Option<Recorded> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let (method, target) = lines
        .next()?
        .trim_end_matches(" HTTP/1.1")
        .split_once(' ')?;
    let header = |line: &str| {
        let (name, value) = line.split_once(": ")?;
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        Some((name, HeaderValue::from_str(value).ok()?))
    };
    let mut recorded = Recorded {
        method: method.to_owned(),
        target: target.to_owned(),
        headers: lines.filter_map(header).collect(),
        body: Bytes::new(),
    };
    let length = recorded.header("content-length");
    let length: usize = length.map_or(0, |length| length.parse().unwrap());
    let body = bytes.get(end + 4..end + 4 + length)?;
    recorded.body = Bytes::copy_from_slice(body);
    Some(recorded)
}
