//! The clock of a sandbox in another process.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream, ToSocketAddrs},
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use http::Uri;
use serde_json::Value;
use singapay_auth::endpoint::is_loopback;
use singapay_core::{Clock, SystemClock, Timestamp};

use crate::error::{Error, ErrorKind};

/// Longest wait for the sandbox, which is on this machine.
const PATIENCE: Duration = Duration::from_secs(1);

/// Largest answer that is read.
const LONGEST: u64 = 64 << 10;

/// The clock of a sandbox in another process, so that its time can be moved while a program runs: for tests.
///
/// Every look at it asks the sandbox, over loopback and blocking: a fraction of a millisecond. Where the sandbox does
/// not answer, it goes on from what was last heard. A sandbox in the same process has its own
/// `Sandbox::clock()`, which asks nobody.
///
/// ```no_run
/// use singapay::{SandboxClock, SingapayBuilder};
///
/// # fn demo() -> Result<(), singapay::Error> {
/// let clock = SandboxClock::of("http://127.0.0.1:8420")?;
/// let singapay = SingapayBuilder::from_env().clock(clock).build()?;
/// # let _ = singapay;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct SandboxClock {
    host: String,
    port: u16,
    /// Milliseconds that the sandbox was ahead when it was last heard.
    ahead: AtomicI64,
}

impl SandboxClock {
    /// Follows the sandbox at this address, such as `http://127.0.0.1:8420`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if it is not a plain address of this machine, or no sandbox answers there.
    pub fn of(base_url: &str) -> Result<Self, Error> {
        let refused = || {
            let summary = "a sandbox's clock is on this machine, such as http://127.0.0.1:8420";
            Error::local(ErrorKind::Config, summary)
        };
        let uri: Uri = base_url.parse().map_err(|_| refused())?;
        let host = uri.host().filter(|host| is_loopback(host));
        let (Some("http"), Some(host)) = (uri.scheme_str(), host) else {
            return Err(refused());
        };
        let clock = Self {
            host: host.to_owned(),
            port: uri.port_u16().unwrap_or(80),
            ahead: AtomicI64::new(0),
        };
        match clock.ask() {
            Ok(_) => Ok(clock),
            Err(error) => {
                let summary = "no sandbox tells its time at this address";
                Err(Error::local(ErrorKind::Config, summary).with_source(error))
            }
        }
    }

    /// What the sandbox says now.
    fn ask(&self) -> io::Result<Timestamp> {
        let bare = self.host.trim_start_matches('[').trim_end_matches(']');
        let addresses = (bare, self.port).to_socket_addrs()?;
        let unreadable = || io::Error::from(io::ErrorKind::InvalidData);
        let mut stream = connect(addresses)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let request = format!(
            "GET /_sandbox/clock HTTP/1.1\r\nHost: {}:{}\r\nConnection: close\r\n\r\n",
            self.host, self.port
        );
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.take(LONGEST).read_to_string(&mut answer)?;
        let (_, body) = answer.split_once("\r\n\r\n").ok_or_else(unreadable)?;
        let body: Value = serde_json::from_str(body).map_err(|_| unreadable())?;
        let millis = body["now_millis"].as_i64().ok_or_else(unreadable)?;
        let ahead = millis - SystemClock.now().unix_millis();
        self.ahead.store(ahead, Ordering::Relaxed);
        Ok(Timestamp::from_unix_millis(millis))
    }
}

/// Connects to this machine only, also where a name that means it resolves to others.
fn connect(addresses: impl Iterator<Item = SocketAddr>) -> io::Result<TcpStream> {
    addresses
        .filter(|address| address.ip().is_loopback())
        .find_map(|address| TcpStream::connect_timeout(&address, PATIENCE).ok())
        .ok_or(io::ErrorKind::ConnectionRefused.into())
}

impl Clock for SandboxClock {
    fn now(&self) -> Timestamp {
        self.ask().unwrap_or_else(|_| {
            let ahead = self.ahead.load(Ordering::Relaxed);
            Timestamp::from_unix_millis(SystemClock.now().unix_millis() + ahead)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn what_a_name_resolves_to_is_spoken_to_on_this_machine_only() {
        // 0.0.0.0 reaches the listener, and is no address of loopback.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let near = listener.local_addr().unwrap();
        let other: SocketAddr = ([0, 0, 0, 0], near.port()).into();
        assert!(connect([other].into_iter()).is_err());
        let stream = connect([other, near].into_iter()).unwrap();
        assert_eq!(stream.peer_addr().unwrap(), near);
    }
}
