//! `singapay-sandbox`: the sandbox as a process.

use std::{net::IpAddr, process::ExitCode};

use clap::Parser;
use singapay_sandbox::{Sandbox, WebhookKind};

/// The SingaPay gateway on this machine. No real money.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 8420)]
    port: u16,
    /// Address to listen on. Anything but loopback opens the sandbox to others.
    #[arg(long, default_value = "127.0.0.1")]
    bind: IpAddr,
    /// Seed of credentials and identifiers.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Send webhooks of one kind there, as `transaction=http://127.0.0.1:3000/hooks`, or of every
    /// kind, as `all=...`. May be repeated.
    #[arg(long = "webhook", value_name = "KIND=URL", value_parser = webhook)]
    webhooks: Vec<(Vec<WebhookKind>, String)>,
}

fn webhook(text: &str) -> Result<(Vec<WebhookKind>, String), String> {
    let (kind, url) = text.split_once('=').ok_or("write it as KIND=URL")?;
    if kind == "all" {
        return Ok((WebhookKind::ALL.to_vec(), url.to_owned()));
    }
    match WebhookKind::from_field(kind) {
        Some(kind) => Ok((vec![kind], url.to_owned())),
        None => {
            let known: Vec<_> = WebhookKind::ALL
                .iter()
                .map(|kind| kind.field().trim_end_matches("_notif_url"))
                .collect();
            Err(format!("unknown kind; one of: all, {}", known.join(", ")))
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let mut builder = Sandbox::builder()
        .port(options.port)
        .bind(options.bind)
        .seed(options.seed);
    for (kinds, url) in options.webhooks {
        for kind in kinds {
            builder = builder.webhook_url(kind, &url);
        }
    }
    match builder.start().await {
        Ok(sandbox) => {
            banner(&sandbox, options.bind);
            let _ = tokio::signal::ctrl_c().await;
            sandbox.stop().await;
            ExitCode::SUCCESS
        }
        Err(error) => {
            fail(&error);
            ExitCode::FAILURE
        }
    }
}

fn banner(sandbox: &Sandbox, bind: IpAddr) {
    let credentials = sandbox.credentials();
    let reach = if bind.is_loopback() {
        "this machine only (loopback)"
    } else {
        "OTHER MACHINES TOO: anyone who reaches it can use it and move its clock"
    };
    println!("SingaPay sandbox, unofficial. No real money; nothing leaves but webhooks.");
    println!("  reached from   {reach}");
    println!("  base URL       {}", sandbox.base_url());
    println!("  partner id     {}", credentials.partner_id);
    println!("  client id      {}", credentials.client_id);
    println!("  client secret  {}", credentials.client_secret.expose());
    println!("  account id     {}", sandbox.account_id());
    println!("  admin          {}/_sandbox", sandbox.base_url());
}

/// The error and its causes; there is nobody else to tell.
#[allow(clippy::print_stderr)]
fn fail(error: &dyn std::error::Error) {
    eprintln!("singapay-sandbox: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("  because: {error}");
        cause = error.source();
    }
}
