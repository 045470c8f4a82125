//! The address that deliveries go to: is it there, does it believe what is signed, and nothing else?

use std::{env::var, time::Duration};

use singapay::{Secret, SystemClock, webhook::sign_delivery};
use singapay_core::Clock;

use super::finding::Findings;
use crate::deliver::{self, Target};

/// An event that nobody has a handler for; a shop acknowledges what it does not know.
const EVENT: &str = r#"{"event":"singapay-doctor","data":{}}"#;

pub(super) async fn look(url: &str, findings: &mut Findings) {
    let check = "webhook";
    let target = match Target::parse(url) {
        Ok(target) => target,
        Err(problem) => {
            return findings.bad(
                check,
                problem,
                "write it as it is registered in the dashboard",
            );
        }
    };
    let settings = ["PARTNER_ID", "CLIENT_SECRET"].map(|name| var(format!("SINGAPAY_{name}")));
    let [Ok(partner), Ok(secret)] = settings else {
        return findings.skipped(check, "needs the Default credential to sign with");
    };
    let now = SystemClock.now();
    let Ok(signed) = sign_delivery(&Secret::new(secret), &partner, &target.path, EVENT, now) else {
        return findings.skipped(check, "could not be signed");
    };
    let mut unsigned = http::HeaderMap::new();
    let json = http::HeaderValue::from_static("application/json");
    unsigned.insert(http::header::CONTENT_TYPE, json);
    let patience = Duration::from_secs(10);
    let path = &target.path;
    match deliver::send(&target, &signed.headers, &signed.body, patience).await {
        Err(problem) => {
            return findings.bad(
                check,
                format!("cannot be reached: {problem}"),
                "start the shop, open its firewall, or correct host and port of the address",
            );
        }
        Ok(answer) => match answer.status {
            200..=299 => findings.good(check, format!("takes a signed delivery ({})", answer.status)),
            404 | 405 => findings.bad(
                check,
                format!("nothing takes POST at {path} (HTTP {})", answer.status),
                "correct the path of the address, in the dashboard and here: it must be that of the shop's handler",
            ),
            400 | 401 | 403 => findings.bad(
                check,
                format!("a signed delivery is refused (HTTP {})", answer.status),
                format!("the shop verifies with another path than {path} (path and query as registered are signed), or with another secret than SINGAPAY_CLIENT_SECRET"),
            ),
            status => findings.bad(
                check,
                format!("answers HTTP {status}"),
                "see the shop's own log; the gateway sends again after what is not 2xx",
            ),
        },
    }
    match deliver::send(&target, &unsigned, EVENT.as_bytes(), patience).await {
        Ok(answer) if (200..300).contains(&answer.status) => findings.bad(
            "webhook, forged",
            "a delivery that nobody signed is taken",
            "verify deliveries before anything else (Singapay::webhook_receiver)",
        ),
        Ok(answer) => findings.good("webhook, forged", format!("refused ({})", answer.status)),
        Err(problem) => findings.skipped("webhook, forged", problem),
    }
}
