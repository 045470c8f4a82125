//! A server on this machine that does to connections what networks do.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What the server does with a call, once it has read it. Token requests are always answered.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// Closes without a word.
    Close,
    /// Resets the connection.
    Reset,
    /// Sends half a status line, then closes.
    HalfHead,
    /// Announces more body than it sends.
    HalfBody,
    /// Answers with this status and body.
    Answer(u16, &'static str),
    /// Redirects, with a Location at this very server.
    Redirect(u16),
    /// Says nothing.
    Silence,
}

/// The answer to a token request.
pub(crate) const TOKEN: &str =
    r#"{"success":true,"data":{"access_token":"t","expires_in":"3600"}}"#;

/// The server. Stops when it is dropped.
pub(crate) struct Faulty {
    pub(crate) url: String,
    calls: Arc<AtomicUsize>,
    heads: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Drop for Faulty {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Faulty {
    pub(crate) async fn start(fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let calls = Arc::new(AtomicUsize::new(0));
        let heads = Arc::new(Mutex::new(Vec::new()));
        let (counted, kept) = (Arc::clone(&calls), Arc::clone(&heads));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (counted, kept) = (Arc::clone(&counted), Arc::clone(&kept));
                tokio::spawn(serve(stream, fault, counted, kept));
            }
        });
        Self {
            url,
            calls,
            heads,
            task,
        }
    }

    /// Requests that arrived whole, without those for tokens.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// Request lines and headers of everything that arrived.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

async fn serve(
    mut stream: TcpStream,
    fault: Fault,
    calls: Arc<AtomicUsize>,
    heads: Arc<Mutex<Vec<String>>>,
) {
    while let Some(head) = request(&mut stream).await {
        let token = head.contains("/access-token/");
        heads.lock().unwrap().push(head);
        if token {
            write(&mut stream, 200, "", TOKEN, TOKEN.len()).await;
            continue;
        }
        calls.fetch_add(1, Ordering::SeqCst);
        match fault {
            Fault::Close => return,
            Fault::Reset => {
                stream.set_zero_linger().unwrap();
                return;
            }
            Fault::HalfHead => {
                let _ = stream.write_all(b"HTTP/1.1 20").await;
                return;
            }
            Fault::HalfBody => {
                write(&mut stream, 200, "", r#"{"success":tr"#, 500).await;
                return;
            }
            Fault::Answer(status, body) => write(&mut stream, status, "", body, body.len()).await,
            Fault::Redirect(status) => {
                let location = "location: /api/v1.0/elsewhere\r\n";
                write(&mut stream, status, location, "", 0).await;
            }
            Fault::Silence => tokio::time::sleep(Duration::from_secs(600)).await,
        }
    }
}

/// Reads one request with its body; the head is returned.
pub(crate) async fn request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).await.ok()?;
        if read == 0 {
            return None;
        }
        bytes.extend_from_slice(&chunk[..read]);
    };
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.trim().parse().unwrap());
    let mut missing = length - (bytes.len() - end).min(length);
    while missing > 0 {
        let mut chunk = vec![0; missing];
        let read = stream.read(&mut chunk).await.ok()?;
        if read == 0 {
            return None;
        }
        missing -= read;
    }
    Some(head)
}

pub(crate) async fn write(
    stream: &mut (impl AsyncWrite + Unpin),
    status: u16,
    headers: &str,
    body: &str,
    length: usize,
) {
    let answer = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{headers}content-length: {length}\r\n\r\n{body}"
    );
    let _ = stream.write_all(answer.as_bytes()).await;
}
