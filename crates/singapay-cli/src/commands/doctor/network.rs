//! From this machine to a host of the gateway: proxy, name, port, TLS.

use std::time::Duration;

use singapay::{Environment, Host, Singapay};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, lookup_host},
    time::timeout,
};

use super::finding::Findings;

const PATIENCE: Duration = Duration::from_secs(5);

/// Where a host is, as far as it matters for connecting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) url: String,
    host: String,
    port: u16,
    is_https: bool,
}

impl Address {
    pub(super) fn of(client: &Singapay, host: Host) -> Self {
        Self::parse(&client.environment().endpoints().get(host).base_url())
    }

    /// Of `scheme://[user@]host[:port]`.
    fn parse(url: &str) -> Self {
        let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
        let authority = rest.rsplit('@').next().unwrap_or_default();
        let authority = authority.split('/').next().unwrap_or_default();
        let is_https = scheme == "https";
        let port = authority
            .rsplit_once(':')
            .and_then(|(host, port)| Some((host, port.parse().ok()?)));
        let (host, port) = port.unwrap_or((authority, if is_https { 443 } else { 80 }));
        Self {
            url: url.to_owned(),
            host: host
                .trim_start_matches('[')
                .trim_end_matches(']')
                .to_owned(),
            port,
            is_https,
        }
    }

    /// True if a proxy that is set has to do with it.
    fn is_elsewhere(&self) -> bool {
        !self.host.eq_ignore_ascii_case("localhost")
            && !self
                .host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|ip| ip.is_loopback())
    }

    async fn connect(&self) -> std::io::Result<TcpStream> {
        let connecting = TcpStream::connect((self.host.as_str(), self.port));
        match timeout(PATIENCE, connecting).await {
            Ok(result) => result,
            Err(_) => Err(std::io::ErrorKind::TimedOut.into()),
        }
    }

    /// True if there is a connection to be had, as far as can be seen from here.
    pub(super) async fn look(&self, findings: &mut Findings) -> bool {
        let proxy = std::env::var("SINGAPAY_PROXY")
            .ok()
            .filter(|_| self.is_elsewhere());
        match proxy.as_deref() {
            None => self.look_directly(findings).await,
            // Of the environment's proxy the connection itself tells.
            Some("environment") => true,
            Some(proxy) => {
                let proxy = Self::parse(proxy);
                let name = format!("{}:{}", proxy.host, proxy.port);
                match proxy.connect().await {
                    Ok(_) => {
                        findings.good("proxy", format!("{name} takes connections"));
                        true
                    }
                    Err(error) => {
                        findings.bad(
                            "proxy",
                            format!("the proxy {name} cannot be reached: {}", error.kind()),
                            "start the proxy, correct SINGAPAY_PROXY, or unset it to connect directly",
                        );
                        false
                    }
                }
            }
        }
    }

    async fn look_directly(&self, findings: &mut Findings) -> bool {
        let name = format!("{}:{}", self.host, self.port);
        let found = timeout(PATIENCE, lookup_host((self.host.as_str(), self.port))).await;
        let count = match found {
            Ok(Ok(addresses)) => addresses.count(),
            _ => 0,
        };
        if count == 0 {
            findings.bad(
                "DNS",
                format!("the name {} cannot be looked up", self.host),
                "correct the host in SINGAPAY_BASE_URL (or SINGAPAY_ENVIRONMENT), or this machine's name server; behind a proxy set SINGAPAY_PROXY",
            );
            return false;
        }
        let addresses = match count {
            1 => "one address".to_owned(),
            _ => format!("{count} addresses"),
        };
        findings.good("DNS", format!("{} has {addresses}", self.host));
        match self.connect().await {
            Ok(stream) => {
                let local = stream.local_addr().map(|local| local.ip().to_string());
                let from = local.map_or(String::new(), |local| format!(" from {local}"));
                findings.good("connection", format!("{name} takes connections{from}"));
                true
            }
            Err(error) => {
                findings.bad(
                    "connection",
                    format!("{name} cannot be reached: {}", error.kind()),
                    match self.is_elsewhere() {
                        true => "correct host and port in SINGAPAY_BASE_URL, open the firewall for it, or set SINGAPAY_PROXY",
                        false => "start a sandbox there (`singapay sandbox --port` with this port), or correct SINGAPAY_BASE_URL",
                    },
                );
                false
            }
        }
    }

    /// What a failed TLS handshake was about.
    pub(super) async fn explain_tls(&self, why: &str, findings: &mut Findings) {
        let remedy = match self.is_https && self.speaks_plain_text().await {
            true => {
                "the port speaks plain HTTP: use the port that speaks TLS (443 unless told otherwise), or http:// for a sandbox on this machine, in SINGAPAY_BASE_URL"
            }
            false => {
                "if a proxy or firewall breaks TLS open, its root certificate has to be trusted on this machine; else bring CA certificates and clock up to date"
            }
        };
        findings.bad("TLS", why, remedy);
    }

    async fn speaks_plain_text(&self) -> bool {
        let ask = async {
            let mut stream = self.connect().await.ok()?;
            let request = format!(
                "HEAD / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
                self.host
            );
            stream.write_all(request.as_bytes()).await.ok()?;
            let mut start = [0; 5];
            stream.read_exact(&mut start).await.ok()?;
            Some(start)
        };
        timeout(PATIENCE, ask).await.ok().flatten() == Some(*b"HTTP/")
    }

    pub(super) fn is_https(&self) -> bool {
        self.is_https
    }
}

/// What the settings are for.
pub(super) fn place(environment: &Environment) -> String {
    match environment {
        Environment::Sandbox => "the gateway's sandbox".to_owned(),
        Environment::Production => "production".to_owned(),
        other => other.endpoints().get(Host::Payment).base_url(),
    }
}
