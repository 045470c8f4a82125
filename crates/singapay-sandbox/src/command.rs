//! The sandbox as a process: the command line of `singapay-sandbox` and of `singapay sandbox`.

use std::{error::Error, io::Write as _, net::IpAddr, path::PathBuf, process::ExitCode};

use clap::{Args, ValueEnum};

use crate::{Builder, Sandbox, Seed, WebhookKind};

/// The SingaPay gateway on this machine. No real money.
#[derive(Debug, Args)]
pub struct Options {
    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 8420)]
    port: u16,
    /// Address to listen on. Anything but loopback opens the sandbox to others.
    #[arg(long, default_value = "127.0.0.1")]
    bind: IpAddr,
    /// JSON file with accounts, credentials, webhook addresses, fees, delays and quirks.
    #[arg(long = "seed-file", value_name = "FILE")]
    seed_file: Option<PathBuf>,
    /// Seed of credentials and identifiers.
    #[arg(long)]
    seed: Option<u64>,
    /// Send webhooks of one kind there, as `transaction=http://127.0.0.1:3000/hooks`, or of every
    /// kind, as `all=...`. May be repeated.
    #[arg(long = "webhook", value_name = "KIND=URL", value_parser = webhook)]
    webhooks: Vec<(Vec<WebhookKind>, String)>,
    /// Keep the state in this SQLite file.
    #[cfg(feature = "sqlite")]
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Write one line per request to standard output.
    #[arg(long, value_enum, default_value_t = Log::None)]
    log: Log,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum Log {
    None,
    Json,
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

/// Serves until Ctrl-C or SIGTERM. Blocks; must not be called inside an asynchronous runtime.
/// What goes wrong is told on standard error.
pub fn run(options: Options) -> ExitCode {
    let result = tokio::runtime::Runtime::new()
        .map_err(Into::into)
        .and_then(|runtime| runtime.block_on(serve(options)));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            fail(&*error);
            ExitCode::FAILURE
        }
    }
}

async fn serve(options: Options) -> Result<(), Box<dyn Error>> {
    let bind = options.bind;
    let sandbox = builder(options)?.start().await?;
    banner(&sandbox, bind);
    asked_to_stop().await?;
    sandbox.stop().await;
    Ok(())
}

/// Returns on Ctrl-C, and on SIGTERM where there is such a thing.
async fn asked_to_stop() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            stop = tokio::signal::ctrl_c() => stop,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

fn builder(options: Options) -> Result<Builder, Box<dyn Error>> {
    let mut builder = Sandbox::builder().port(options.port).bind(options.bind);
    if let Some(path) = options.seed_file {
        let seed: Seed = serde_json::from_slice(&std::fs::read(path)?)?;
        builder = builder.with_seed(seed);
    }
    if let Some(seed) = options.seed {
        builder = builder.seed(seed);
    }
    for (kinds, url) in options.webhooks {
        for kind in kinds {
            builder = builder.webhook_url(kind, &url);
        }
    }
    #[cfg(feature = "sqlite")]
    if let Some(path) = options.state {
        builder = builder.state_file(path);
    }
    if options.log == Log::Json {
        builder = builder.on_request(|record| {
            if let Ok(line) = serde_json::to_string(record) {
                say(&line);
            }
        });
    }
    Ok(builder)
}

fn banner(sandbox: &Sandbox, bind: IpAddr) {
    let credentials = sandbox.credentials();
    let biller = sandbox.biller_credentials();
    let reach = if bind.is_loopback() {
        "this machine only (loopback)"
    } else {
        "OTHER MACHINES TOO: anyone who reaches it can use it and move its clock"
    };
    let base_url = sandbox.base_url();
    say(&format!(
        "SingaPay sandbox, unofficial. No real money; nothing leaves but webhooks.
  reached from   {reach}
  base URL       {base_url}
  partner id     {}
  client id      {}
  client secret  {}
  account id     {}
  biller partner id       {}
  biller client id        {}
  biller client secret    {}
  biller password         {}
  identity client id      {}
  identity client secret  {}
  admin          {base_url}/_sandbox",
        credentials.partner_id,
        credentials.client_id,
        credentials.client_secret.expose(),
        sandbox.account_id(),
        biller.partner_id,
        biller.client_id,
        biller.client_secret.expose(),
        biller.password.expose(),
        credentials.identity_client_id,
        credentials.identity_client_secret.expose(),
    ));
}

/// Standard output may have been closed by whoever started this; the sandbox goes on.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// The error and its causes; there is nobody else to tell.
#[allow(clippy::print_stderr)]
fn fail(error: &dyn Error) {
    eprintln!("singapay-sandbox: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("  because: {error}");
        cause = error.source();
    }
}
