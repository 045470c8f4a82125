//! A gateway of raw bytes: does to each connection what a test tells it, and writes down what it
//! was sent.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

/// What happens to one connection. Every one ends with it: nothing is kept alive unless said.
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
    /// Method and target of the first line.
    pub line: String,
    headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// A running server.
#[derive(Debug)]
pub struct Wire {
    base_url: String,
    seen: Arc<Seen>,
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

impl Recorded {
    /// Value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Whether it asks for a token.
    pub fn is_token_request(&self) -> bool {
        self.line.contains("/access-token/") || self.line.contains("/get-auth-token")
    }
}

impl Wire {
    /// Starts on a free port; connection number n gets step number n. When the steps have run out,
    /// further requests are written down and answered with 500.
    pub async fn start(steps: impl IntoIterator<Item = Do>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Seen::default());
        let steps: Vec<Do> = steps.into_iter().collect();
        tokio::spawn(serve(listener, steps, Arc::clone(&seen)));
        Self { base_url, seen }
    }

    /// Where it is reached.
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

async fn serve(listener: TcpListener, steps: Vec<Do>, seen: Arc<Seen>) {
    let mut listener = Some(listener);
    let mut steps = steps.into_iter();
    let mut unanswered = Vec::new();
    while let Some(open) = &listener {
        let (mut stream, _) = open.accept().await.unwrap();
        *lock(&seen.connections) += 1;
        match steps.next().unwrap_or(Do::Answer(reply(500, "{}"))) {
            Do::Token(value) => answer(&mut stream, &seen, &token(value), "close").await,
            Do::TokenThenGone(value) => {
                listener = None;
                answer(&mut stream, &seen, &token(value), "close").await;
            }
            Do::Answer(reply) => answer(&mut stream, &seen, &reply, "close").await,
            Do::AnswerThenDrop(reply) => answer(&mut stream, &seen, &reply, "keep-alive").await,
            Do::Bytes(bytes) => {
                read(&mut stream, &seen).await;
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
            }
            Do::ResetUnread => {
                let _ = stream.peek(&mut [0]).await;
                stream.set_zero_linger().unwrap();
            }
            Do::Reset => {
                read(&mut stream, &seen).await;
                stream.set_zero_linger().unwrap();
            }
            Do::Close => {
                read(&mut stream, &seen).await;
                let _ = stream.shutdown().await;
            }
            Do::CloseThenGone => {
                listener = None;
                read(&mut stream, &seen).await;
                let _ = stream.shutdown().await;
            }
            Do::Silence => {
                read(&mut stream, &seen).await;
                seen.silent.notify_one();
                unanswered.push(stream);
            }
        }
    }
}

fn token(value: &str) -> Reply {
    let body = format!(
        r#"{{"status":200,"success":true,"data":{{"access_token":"{value}","token_type":"Bearer","expires_in":"3600"}}}}"#
    );
    reply(200, body)
}

async fn answer(stream: &mut TcpStream, seen: &Seen, reply: &Reply, connection: &str) {
    read(stream, seen).await;
    let _ = stream.write_all(&reply.bytes(connection)).await;
    let _ = stream.shutdown().await;
}

/// Reads one request and writes it down; a broken one is not.
async fn read(stream: &mut TcpStream, seen: &Seen) {
    let mut bytes = Vec::new();
    loop {
        if let Some(request) = parse(&bytes) {
            lock(&seen.requests).push(request);
            return;
        }
        match stream.read_buf(&mut bytes).await {
            Ok(1..) => {}
            Ok(0) | Err(_) => return,
        }
    }
}

fn parse(bytes: &[u8]) -> Option<Recorded> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let line = lines.next()?.trim_end_matches(" HTTP/1.1").to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut recorded = Recorded {
        line,
        headers,
        body: Vec::new(),
    };
    let length: usize = recorded
        .header("content-length")
        .map_or(0, |length| length.parse().unwrap());
    recorded.body = bytes.get(end + 4..end + 4 + length)?.to_vec();
    Some(recorded)
}
