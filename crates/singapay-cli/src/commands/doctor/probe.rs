//! Account routing, and the signature: by a transfer that cannot be one.

use std::env::var;

use serde_json::json;
use singapay::{ErrorKind, MoneyOutPolicy, Outcome, Reason, Singapay, SystemClock};
use singapay_core::Clock;

use super::{
    credentials::{prefix, specific},
    finding::Findings,
};

/// Looks up each account's balance with the credential that would be used for it.
pub(super) async fn accounts(client: &Singapay, findings: &mut Findings) {
    let mut accounts: Vec<String> = client
        .account()
        .ok()
        .map(str::to_owned)
        .into_iter()
        .collect();
    for name in specific() {
        let of_credential = var(format!("{}_ACCOUNTS", prefix(&name))).unwrap_or_default();
        let of_credential = of_credential.split(',').map(str::trim);
        accounts.extend(of_credential.filter(|id| !id.is_empty()).map(str::to_owned));
    }
    if accounts.is_empty() {
        findings.skipped("account", "none is set: SINGAPAY_ACCOUNT_ID names one");
    }
    for account in accounts {
        let check = "account";
        let answer = client
            .balances()
            .account()
            .account_id(&account)
            .send()
            .await;
        let error = match answer {
            Ok(_) => {
                findings.good(check, format!("{account} can be used"));
                continue;
            }
            Err(error) => error,
        };
        if error.reason() != Some(Reason::AccountNeedsCredential) {
            findings.bad(
                check,
                format!("{account}: {error}"),
                "correct the account in SINGAPAY_ACCOUNT_ID; `singapay call accounts list` tells those of the credential",
            );
            continue;
        }
        let mut owner = None;
        for name in specific() {
            let call = client.balances().account().account_id(&account);
            if call.with_credential(&name).send().await.is_ok() {
                owner = Some(name);
            }
        }
        let remedy = match owner {
            Some(name) => format!("the credential {name} may use it: put {account} into {}_ACCOUNTS", prefix(&name)),
            None => "it belongs to a Specific credential: name that in SINGAPAY_CREDENTIALS, with its variables, and the account in its …_ACCOUNTS".to_owned(),
        };
        let what = format!("{account} is closed to the credential that is used for it");
        findings.bad(check, what, remedy);
    }
}

/// Sends a transfer without bank and amount, which no gateway can carry out: its refusal shows which check failed.
pub(super) async fn signature(client: &Singapay, in_production: bool, findings: &mut Findings) {
    let check = "signature";
    let policy = match in_production {
        true => MoneyOutPolicy::new().allow_production(),
        false => MoneyOutPolicy::new(),
    };
    let Ok(handle) = client.money_out(policy) else {
        return findings.bad(
            "real money",
            "these settings are for real money, and that was not allowed; the signature is not probed",
            "programs say MoneyOutPolicy::allow_production, `singapay call` --allow-production; `singapay doctor --probe-production` sends the probe, which moves nothing",
        );
    };
    let Ok(account) = client.account() else {
        return findings.skipped(check, "needs an account: SINGAPAY_ACCOUNT_ID");
    };
    let reference = format!("DOCTOR-{}", SystemClock.now().unix_millis());
    let body = json!({
        "account_id": account,
        "reference_number": reference,
        "bank_account_number": "0000000000",
    });
    let probe = handle
        .request("POST", "/api/v2.0/disbursement/transfer")
        .account_id(account)
        .reference(reference)
        .beneficiary("0000000000")
        .body(body);
    let outcome = match probe.send().await {
        Ok(outcome) => outcome,
        Err(error) => {
            return findings.bad(
                check,
                error.to_string(),
                "see what is said of the connection and the token",
            );
        }
    };
    let error = match &outcome {
        Outcome::Refused(error) => error,
        Outcome::Duplicate(open) | Outcome::Unknown(open) => open.error(),
        Outcome::Accepted(_) => {
            return findings.bad(
                check,
                "the gateway accepted a transfer without bank and amount",
                "tell the gateway's support; no money can have moved",
            );
        }
    };
    match (error.reason(), error.kind()) {
        (Some(Reason::Validation), _) => {
            findings.good(check, "accepted; the probe, a transfer without bank and amount, was refused for these");
        }
        (Some(Reason::SignatureRefused), _) => findings.bad(
            check,
            error.to_string(),
            "check the clock, then whether something between here and the gateway changes bodies or paths (a proxy, a gateway of one's own)",
        ),
        (Some(Reason::AccountNeedsCredential), _) => {
            findings.skipped(check, "the account comes first");
        }
        (_, ErrorKind::Credential) => findings.bad(check, error.to_string(), "correct the credential and the clock first"),
        _ => findings.bad(check, error.to_string(), "the gateway answered with something that says nothing of the signature: try again later"),
    }
}
