//! Sends a delivery to a shop once, as the gateway does.

use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use reqwest::{Client, ClientBuilder, Url, redirect::Policy};

/// Most of an answer that is read.
const ANSWER_LIMIT: usize = 64 << 10;

/// Address of a shop.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    url: Url,
    /// Path and query, which are signed.
    pub(crate) path: String,
}

impl Target {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let problem =
            || "must be an address such as http://127.0.0.1:3000/hooks/singapay".to_owned();
        let url = Url::parse(text).map_err(|_| problem())?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(problem());
        }
        let query = url
            .query()
            .map_or(String::new(), |query| format!("?{query}"));
        Ok(Self {
            path: format!("{}{query}", url.path()),
            url,
        })
    }
}

impl Target {
    /// True if what is sent there could be read on its way.
    pub(crate) fn is_readable_on_its_way(&self) -> bool {
        let host = self.url.host_str().unwrap_or_default();
        self.url.scheme() == "http" && !singapay_auth::endpoint::is_loopback(host)
    }
}

/// A client without redirects, repetitions and proxy, for which `localhost` is this machine whatever a resolver says.
pub(crate) fn client() -> ClientBuilder {
    let here = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    Client::builder()
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        // The port is the address's own.
        .resolve_to_addrs("localhost", &here.map(|ip| SocketAddr::new(ip, 0)))
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// As far as it is read.
    pub(crate) body: String,
}

/// Sends it. No redirects, no repetitions, no proxy.
pub(crate) async fn send(
    target: &Target,
    headers: &http::HeaderMap,
    body: &[u8],
    patience: Duration,
) -> Result<Answer, String> {
    let client = client()
        .timeout(patience)
        .build()
        .map_err(|_| "the HTTP client could not be set up".to_owned())?;
    let request = client
        .post(target.url.clone())
        .headers(headers.clone())
        .body(body.to_vec());
    let mut response = request.send().await.map_err(|error| why(&error))?;
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while body.len() < ANSWER_LIMIT {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) => return Err(why(&error)),
        }
    }
    body.truncate(ANSWER_LIMIT);
    Ok(Answer {
        status,
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}

fn why(error: &reqwest::Error) -> String {
    let what = match () {
        () if error.is_timeout() => "no answer in time",
        () if error.is_connect() => "nothing takes connections there",
        () => "the connection broke",
    };
    what.to_owned()
}
