//! A delivery out of the log of a running sandbox, with the secret that it should be signed with.

use std::env::var;

use serde_json::Value;
use singapay_core::Secret;

use super::doctor::{prefix, specific};
use crate::{
    admin::Admin,
    args::Source,
    failure::Failure,
    input::{self, Delivered},
    runtime,
};

/// The delivery of this number.
pub(crate) fn of_sandbox(source: &Source, number: u64) -> Result<Delivered, Failure> {
    let sandbox = Admin::at(source.url.as_deref()).map_err(Failure::Sandbox)?;
    let runtime = runtime::new().map_err(|_| Failure::Sandbox("no runtime".to_owned()))?;
    let path = format!("/deliveries/{number}");
    let delivery = runtime
        .block_on(sandbox.get(&path))
        .map_err(Failure::Sandbox)?;
    let text = |value: &Value| value.as_str().map(str::to_owned).unwrap_or_default();
    let headers = &delivery["headers"];
    let token = text(&headers["Authorization"]);
    let Some(token) = token.strip_prefix("Bearer ") else {
        let problem = format!(
            "delivery {number} has no signature: it has not been tried yet, or is of the test button"
        );
        return Err(Failure::Sandbox(problem));
    };
    let secret = match &source.secret_env {
        Some(name) => name.clone(),
        None => secret_of(&text(&headers["X-PARTNER-ID"])),
    };
    Ok(Delivered {
        path: text(&delivery["endpoint"]),
        signature: text(&headers["X-Signature"]),
        timestamp: text(&headers["X-Timestamp"]),
        secret: input::variable(&secret)?,
        token: Secret::new(token),
        body: text(&delivery["body"]).into_bytes(),
    })
}

/// Name of the variable with the secret of the credential that has this partner id; of the default one if none has it.
fn secret_of(partner: &str) -> String {
    let prefixes = specific().into_iter().map(|name| prefix(&name));
    let found = prefixes
        .chain(["SINGAPAY".to_owned()])
        .find(|prefix| var(format!("{prefix}_PARTNER_ID")).is_ok_and(|id| id == partner));
    format!("{}_CLIENT_SECRET", found.as_deref().unwrap_or("SINGAPAY"))
}
