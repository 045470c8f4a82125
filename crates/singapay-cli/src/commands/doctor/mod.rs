//! `singapay doctor`: what is wrong with settings, network, clock, credentials, and what to do about it.

mod credentials;
mod finding;
mod network;
mod probe;
mod webhook;

use std::process::ExitCode;

use clap::Args;
use singapay::{Host, SingapayBuilder};

pub(crate) use self::credentials::{prefix, specific};
use self::{finding::Findings, network::Address};
use crate::{exit, output::Output, runtime, terminal};

/// Look for what is wrong: settings, network, clock, credentials, signature, webhook address.
///
/// Reads the same variables as every client, moves no money, and says of each thing that is not well what to
/// do. The signature is probed by a transfer without bank and amount, whose refusal shows which check failed.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct DoctorArgs {
    /// Address of the shop's webhooks, as it is registered; it gets one signed delivery of an unknown event, and one
    /// that nobody signed. SINGAPAY_WEBHOOK_URL, unless it is given.
    #[arg(long, value_name = "URL")]
    webhook_url: Option<String>,
    /// Send the probe of the signature also where money is real.
    #[arg(long)]
    probe_production: bool,
}

const HELP: &str = "\
Examples:
  singapay doctor
  singapay doctor --json

Exit status:
  0  all is well
  1  something is not; each such line has what to do about it
  2  the command line cannot be used";

/// Runs it.
pub(crate) fn run(args: &DoctorArgs, json: bool) -> ExitCode {
    let mut findings = Findings::default();
    match runtime::new() {
        Ok(runtime) => runtime.block_on(look(args, &mut findings)),
        Err(output) => return output.print(json),
    }
    let output = Output::both(findings.text(), findings.json());
    let status = if findings.are_good() {
        0
    } else {
        exit::REFUSED
    };
    output.with_status(status).print(json)
}

async fn look(args: &DoctorArgs, findings: &mut Findings) {
    let client = match SingapayBuilder::from_env().build() {
        Ok(client) => {
            let place = network::place(client.environment());
            findings.good("settings", format!("complete, for {place}"));
            Some(client)
        }
        Err(error) => {
            let text = error.to_string();
            let text = text
                .strip_prefix("invalid configuration: ")
                .unwrap_or(&text);
            for problem in text.split("; ") {
                findings.bad("settings", problem, remedy(problem));
            }
            None
        }
    };
    if let Some(client) = client {
        terminal::progress("looking at the network …");
        if Address::of(&client, Host::Payment).look(findings).await {
            terminal::progress("asking for tokens …");
            if credentials::look(&client, findings).await {
                terminal::progress("looking at accounts …");
                probe::accounts(&client, findings).await;
            }
        }
        terminal::progress("probing the signature …");
        probe_signature(&client, args, findings).await;
    }
    let url = args.webhook_url.clone();
    match url.or_else(|| std::env::var("SINGAPAY_WEBHOOK_URL").ok()) {
        Some(url) => {
            terminal::progress("sending to the webhook address …");
            webhook::look(&url, findings).await;
        }
        None => findings.skipped(
            "webhook",
            "no address is given: --webhook-url or SINGAPAY_WEBHOOK_URL",
        ),
    }
    terminal::progress("");
}

/// What to do about a problem with the settings.
fn remedy(problem: &str) -> &'static str {
    match () {
        () if problem.contains("root certificate") => {
            "install the platform's CA certificates, or let SSL_CERT_FILE name a file that can be read"
        }
        () if problem.starts_with("no environment") => {
            "set SINGAPAY_ENVIRONMENT to sandbox or production, or SINGAPAY_BASE_URL to the address of a sandbox of your own"
        }
        () if ["no credential", "_ID is not set", "_SECRET is not set"]
            .iter()
            .any(|words| problem.contains(words)) =>
        {
            "set SINGAPAY_PARTNER_ID, SINGAPAY_CLIENT_ID and SINGAPAY_CLIENT_SECRET, from the dashboard, or of a sandbox by `singapay sandbox --print-env`"
        }
        () if problem.contains("default account") => {
            "correct SINGAPAY_ACCOUNT_ID: the dashboard has the id of each account, `singapay sandbox --print-env` that of a sandbox"
        }
        () => {
            "set or correct the variable that is named; the documentation of SingapayBuilder::from_env has them all"
        }
    }
}

/// What is refused before that is told already; that money is real is always told.
async fn probe_signature(client: &singapay::Singapay, args: &DoctorArgs, findings: &mut Findings) {
    let is_ready = findings.are_good();
    let is_real = client.money_out(singapay::MoneyOutPolicy::new()).is_err();
    match is_ready || is_real && !args.probe_production {
        true => probe::signature(client, args.probe_production, findings).await,
        false => findings.skipped("signature", "what is not well above comes first"),
    }
}
