//! The server that misbehaves, and the two halves of an exchange for servers that a test makes itself.

use singapay_test_gateways::wire;
pub(crate) use singapay_test_gateways::wire::{Do, TOKEN, Wire, reply};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

/// Reads one request with its body; the head is returned, in lower case.
pub(crate) async fn request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let request = wire::request(stream).await?;
    let headers = request.headers.iter();
    let headers: String = headers
        .map(|(name, value)| format!("{name}: {}\r\n", value.to_str().unwrap()))
        .collect();
    let head = format!("{} HTTP/1.1\r\n{headers}\r\n", request.line());
    Some(head.to_ascii_lowercase())
}

/// Writes an answer that announces so many bytes.
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
