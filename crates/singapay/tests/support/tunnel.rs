//! Proxies that lead every name to one port of this machine, and keep what they were asked.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use super::wire;

/// The only user of a proxy, as it stands in an address.
pub(crate) const USER: &str = "shop:p%40canary";

/// Stops when it is dropped.
pub(crate) struct Tunnel {
    pub(crate) address: String,
    asked: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Protocol that a proxy speaks.
#[derive(Clone, Copy)]
enum Speaks {
    Http,
    Socks,
}

impl Tunnel {
    /// An HTTP proxy; it keeps the heads of CONNECT requests.
    pub(crate) async fn http(port: u16) -> Self {
        Self::start(Speaks::Http, port).await
    }

    /// A SOCKS5 proxy that wants [`USER`]; it keeps names and ports.
    pub(crate) async fn socks(port: u16) -> Self {
        Self::start(Speaks::Socks, port).await
    }

    async fn start(speaks: Speaks, port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&asked);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let kept = Arc::clone(&kept);
                tokio::spawn(async move {
                    match speaks {
                        Speaks::Http => http(stream, port, &kept).await,
                        Speaks::Socks => socks(stream, port, &kept).await,
                    }
                });
            }
        });
        Self {
            address,
            asked,
            task,
        }
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn http(mut stream: TcpStream, port: u16, asked: &Mutex<Vec<String>>) -> Option<()> {
    let head = wire::request(&mut stream).await?;
    asked.lock().unwrap().push(head);
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
    lead(stream, port).await
}

/// RFC 1928, with a user and a password (RFC 1929).
async fn socks(mut stream: TcpStream, port: u16, asked: &Mutex<Vec<String>>) -> Option<()> {
    assert_eq!(stream.read_u8().await.ok()?, 5);
    text(&mut stream).await?;
    stream.write_all(&[5, 2]).await.ok()?;
    assert_eq!(stream.read_u8().await.ok()?, 1);
    let (user, password) = (text(&mut stream).await?, text(&mut stream).await?);
    let known = (&*user, &*password) == ("shop", "p@canary");
    stream.write_all(&[1, u8::from(!known)]).await.ok()?;
    if !known {
        return None;
    }
    let mut connect = [0; 4];
    stream.read_exact(&mut connect).await.ok()?;
    assert_eq!(connect, [5, 1, 0, 3], "connect to a name");
    let name = text(&mut stream).await?;
    let asked_port = stream.read_u16().await.ok()?;
    asked.lock().unwrap().push(format!("{name}:{asked_port}"));
    let connected = [5, 0, 0, 1, 127, 0, 0, 1, 0, 0];
    stream.write_all(&connected).await.ok()?;
    lead(stream, port).await
}

/// A length in one byte, and as many bytes.
async fn text(stream: &mut TcpStream) -> Option<String> {
    let length = stream.read_u8().await.ok()?;
    let mut bytes = vec![0; length.into()];
    stream.read_exact(&mut bytes).await.ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

async fn lead(mut stream: TcpStream, port: u16) -> Option<()> {
    let mut target = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    copy_bidirectional(&mut stream, &mut target).await.ok()?;
    Some(())
}
