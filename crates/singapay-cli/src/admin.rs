//! The admin side of a sandbox on this machine.

use std::time::Duration;

use reqwest::Client;
use serde_json::Value;

use crate::deliver;

/// Access to `/_sandbox` of a sandbox.
#[derive(Debug, Clone)]
pub(crate) struct Admin {
    base_url: String,
    /// The address as it may be printed: no password, path or query.
    shown: String,
    client: Client,
}

impl Admin {
    /// Of the sandbox at this address, which has to be on this machine.
    pub(crate) fn of(base_url: &str) -> Result<Self, String> {
        let url = reqwest::Url::parse(base_url)
            .map_err(|_| "the sandbox's address is no URL".to_owned())?;
        let shown = url.origin().ascii_serialization();
        let host = url.host_str().unwrap_or_default();
        if !singapay_auth::endpoint::is_loopback(host) {
            return Err(format!(
                "{shown} is not on this machine: only a sandbox has an admin side"
            ));
        }
        let client = deliver::client().timeout(Duration::from_secs(30));
        Ok(Self {
            base_url: base_url.trim_end_matches('/').to_owned(),
            shown,
            client: client
                .build()
                .map_err(|_| "the HTTP client could not be set up".to_owned())?,
        })
    }

    /// Of the sandbox at this address, or else of the one that the settings name.
    pub(crate) fn at(base_url: Option<&str>) -> Result<Self, String> {
        base_url.map_or_else(Self::from_env, Self::of)
    }

    /// Of the sandbox that the settings name.
    pub(crate) fn from_env() -> Result<Self, String> {
        let base_url = std::env::var("SINGAPAY_BASE_URL");
        Self::of(&base_url.map_err(|_| "SINGAPAY_BASE_URL names no sandbox".to_owned())?)
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Value, String> {
        self.ask(self.client.get(self.url(path))).await
    }

    pub(crate) async fn post(&self, path: &str, order: &Value) -> Result<Value, String> {
        self.ask(self.client.post(self.url(path)).json(order)).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}/_sandbox{path}", self.base_url)
    }

    async fn ask(&self, request: reqwest::RequestBuilder) -> Result<Value, String> {
        let nobody = |_| format!("no sandbox answers at {}", self.shown);
        let answer = request.send().await.map_err(nobody)?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(nobody)?;
        let value: Value = serde_json::from_slice(&body)
            .map_err(|_| format!("what answers at {} is no sandbox", self.shown))?;
        match (status.is_success(), value["error"].as_str()) {
            (true, _) => Ok(value),
            (false, Some(text)) => Err(text.to_owned()),
            (false, None) => Err(format!("the sandbox answers HTTP {}", status.as_u16())),
        }
    }
}
