//! A token for each credential, and what its answer tells: address, clock, whose credential it is.

use std::env::var;

use singapay::{Error, ErrorKind, Host, Reason, Secret, Singapay, SingapayBuilder, SystemClock};
use singapay_auth::scheme::{identity_signature, identity_timestamp};
use singapay_core::Clock;

use super::{finding::Findings, network::Address};
use crate::settings;

/// Offset of clocks, in seconds, from which on signatures are refused.
const WINDOW: i64 = 300;

/// Names of the Specific credentials.
pub(crate) fn specific() -> Vec<String> {
    let names = var("SINGAPAY_CREDENTIALS").unwrap_or_default();
    let names = names.split(',').map(str::trim);
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Start of the variables of a Specific credential.
pub(crate) fn prefix(name: &str) -> String {
    let upper = |c: char| match c.is_ascii_alphanumeric() {
        true => c.to_ascii_uppercase(),
        false => '_',
    };
    format!(
        "SINGAPAY_CREDENTIAL_{}",
        name.chars().map(upper).collect::<String>()
    )
}

/// True if all three hosts' credentials that are set got a token; the payment host decides what comes next.
pub(super) async fn look(client: &Singapay, findings: &mut Findings) -> bool {
    let mut is_usable = true;
    let payment = Address::of(client, Host::Payment);
    let mut seen = Seen::default();
    if var("SINGAPAY_PARTNER_ID").is_ok() {
        let answer = client.tokens().create().send().await;
        let answer = answer.map(|answer| answer.headers().clone());
        seen.note(&answer, findings);
        is_usable &= judge("SINGAPAY", "default", &payment, answer, &seen, findings).await;
    }
    for name in specific() {
        let answer = client.tokens().create().with_credential(&name).send().await;
        let answer = answer.map(|answer| answer.headers().clone());
        seen.note(&answer, findings);
        is_usable &= judge(&prefix(&name), &name, &payment, answer, &seen, findings).await;
    }
    if var("SINGAPAY_BILLER_PARTNER_ID").is_ok() {
        let address = Address::of(client, Host::Biller);
        if address == payment || address.look(findings).await {
            let answer = client.bills().create_token().send().await;
            let answer = answer.map(|answer| answer.headers().clone());
            judge(
                "SINGAPAY_BILLER",
                "biller",
                &address,
                answer,
                &seen,
                findings,
            )
            .await;
        }
    }
    if let (Ok(id), Ok(secret)) = (
        var("SINGAPAY_IDENTITY_CLIENT_ID"),
        var("SINGAPAY_IDENTITY_CLIENT_SECRET"),
    ) {
        let address = Address::of(client, Host::Identity);
        if address == payment || address.look(findings).await {
            let time = identity_timestamp(SystemClock.now());
            let proof = identity_signature(&id, &Secret::new(secret), &time);
            let call = client.identity().create_token().client_id(id);
            let answer = call.timestamp(time).signature(proof).send().await;
            let answer = answer.map(|answer| answer.headers().clone());
            judge(
                "SINGAPAY_IDENTITY",
                "identity",
                &address,
                answer,
                &seen,
                findings,
            )
            .await;
        }
    }
    is_usable
}

/// What the first answer told.
#[derive(Debug, Default)]
struct Seen {
    is_answered: bool,
    is_clock_off: bool,
}

impl Seen {
    /// Reads clock and address off the first answer that there is.
    fn note(&mut self, answer: &Result<http::HeaderMap, Error>, findings: &mut Findings) {
        let headers = match answer {
            Ok(headers) => Some(headers),
            Err(error) => error.headers(),
        };
        let Some(headers) = headers.filter(|_| !self.is_answered) else {
            return;
        };
        self.is_answered = true;
        match offset(headers) {
            None => findings.skipped("clock", "the answer has no date to compare with"),
            Some(seconds) if seconds.abs() >= WINDOW => {
                self.is_clock_off = true;
                findings.bad(
                    "clock",
                    format!(
                        "this machine's clock is {} off the gateway's",
                        words(seconds)
                    ),
                    match settings::moved_clock() {
                        Some(_) => "if the time of this sandbox was moved: --sandbox-clock of call and listen goes by it, SandboxClock in a program; else set the clock by NTP",
                        None => "set the clock by NTP: signatures are good for five minutes",
                    },
                );
            }
            Some(seconds) => {
                findings.good("clock", format!("{} off the gateway's", words(seconds)))
            }
        }
        let address = match answer {
            Err(error) if error.reason() == Some(Reason::IpNotRegistered) => error
                .ip_address()
                .map_or_else(|| "this address".to_owned(), |ip| ip.to_string()),
            _ => return findings.good("outbound address", "the gateway admits it"),
        };
        findings.bad(
            "outbound address",
            format!("calls come from {address}, which is not registered"),
            format!("register {address} among the merchant's IP addresses in the gateway's dashboard, or call from a registered one (SINGAPAY_LOCAL_ADDRESS, SINGAPAY_PROXY)"),
        );
    }
}

/// Seconds that this machine is ahead of an answer's date.
fn offset(headers: &http::HeaderMap) -> Option<i64> {
    let text = headers.get(http::header::DATE)?.to_str().ok()?;
    let date = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    Some(SystemClock.now().unix_seconds() - date.timestamp())
}

fn words(seconds: i64) -> String {
    format!("{} s", seconds.abs())
}

/// Says what a token's answer means, and whether there is one.
async fn judge(
    prefix: &str,
    name: &str,
    address: &Address,
    answer: Result<http::HeaderMap, Error>,
    seen: &Seen,
    findings: &mut Findings,
) -> bool {
    let check = format!("token ({name})");
    let error = match answer {
        Ok(_) => {
            if address.is_https() && name == "default" {
                findings.good("TLS", "certificate and name are good");
            }
            findings.good(check, "granted");
            return true;
        }
        Err(error) => error,
    };
    match (error.kind(), error.reason()) {
        (ErrorKind::Config, _) => findings.bad(
            "settings",
            error.to_string(),
            "correct what is named; for root certificates install those of the platform, or let SSL_CERT_FILE name a readable file",
        ),
        (ErrorKind::Connect | ErrorKind::Timeout, _) if error.status().is_none() => {
            address.explain_tls(&error.to_string(), findings).await;
        }
        // Told above.
        (_, Some(Reason::IpNotRegistered)) => findings.skipped(check, "the address comes first"),
        _ if seen.is_clock_off => findings.bad(
            check,
            error.to_string(),
            "correct the clock first: the proof of a token request holds the date",
        ),
        (ErrorKind::Credential, _) if prefix == "SINGAPAY" && is_billers().await => findings.bad(
            check,
            "this is a credential of the biller host, and the payment host refuses it",
            "put it into SINGAPAY_BILLER_PARTNER_ID, SINGAPAY_BILLER_CLIENT_ID and SINGAPAY_BILLER_CLIENT_SECRET, and the payment credential into SINGAPAY_PARTNER_ID, SINGAPAY_CLIENT_ID and SINGAPAY_CLIENT_SECRET",
        ),
        (ErrorKind::Credential, _) => {
            let partner = match name {
                "identity" => String::new(),
                _ => format!("{prefix}_PARTNER_ID (the dashboard's API Key), "),
            };
            findings.bad(
                check,
                format!("refused: {error}"),
                format!("one of {partner}{prefix}_CLIENT_ID and {prefix}_CLIENT_SECRET is wrong, or they belong to different credentials or to another environment; the gateway does not say which: copy them together"),
            );
        }
        _ => findings.bad(
            check,
            error.to_string(),
            format!("{} does not answer like SingaPay: correct the host in SINGAPAY_BASE_URL or SINGAPAY_ENVIRONMENT", address.url),
        ),
    }
    false
}

/// True if the Default credential opens the biller host.
async fn is_billers() -> bool {
    let settings = ["PARTNER_ID", "CLIENT_ID", "CLIENT_SECRET"];
    let [Ok(partner), Ok(id), Ok(secret)] = settings.map(|name| var(format!("SINGAPAY_{name}")))
    else {
        return false;
    };
    let as_biller = SingapayBuilder::from_lookup(|name| match name {
        "SINGAPAY_PARTNER_ID"
        | "SINGAPAY_CLIENT_ID"
        | "SINGAPAY_CLIENT_SECRET"
        | "SINGAPAY_CREDENTIALS" => None,
        "SINGAPAY_BILLER_PARTNER_ID" => Some(partner.clone()),
        "SINGAPAY_BILLER_CLIENT_ID" => Some(id.clone()),
        "SINGAPAY_BILLER_CLIENT_SECRET" => Some(secret.clone()),
        other => var(other).ok(),
    });
    match as_biller.build() {
        Ok(client) => client.bills().create_token().send().await.is_ok(),
        Err(_) => false,
    }
}
