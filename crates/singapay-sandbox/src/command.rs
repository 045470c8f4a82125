//! The sandbox as a process: the command line of `singapay-sandbox` and of `singapay sandbox`.
//!
//! In the book: `docs/book/src/start.md#the-command`.

mod banner;
mod env;

use std::{
    error::Error,
    io::{ErrorKind, Write as _},
    net::IpAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, ValueEnum};
use serde::de::DeserializeOwned;

use crate::{Builder, Sandbox, Scenario, Seed, StartError, WebhookKind};

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
    /// JSON file with what has happened before the start: accounts, payment links, virtual accounts, QR codes, wallet
    /// payments and payouts in given states.
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// Seed of credentials and identifiers.
    #[arg(long)]
    seed: Option<u64>,
    /// Send webhooks of one kind there, as `transaction=http://127.0.0.1:3000/hooks`, or of every
    /// kind, as `all=...`. May be repeated.
    #[arg(long = "webhook", value_name = "KIND=URL", value_parser = webhook)]
    webhooks: Vec<(Vec<WebhookKind>, String)>,
    /// Keep the state in this SQLite file, which only its owner can read.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Print variables for a client in any language, seeded credentials included, instead of the banner; the sandbox
    /// serves on. What reads standard output to its end waits for that.
    #[arg(long, value_enum, value_name = "FORMAT")]
    print_env: Option<env::Format>,
    /// Write one line per request to standard output, without bodies.
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
/// Standard output gets what a caller needs, for people or, with `json`, as one JSON object; what
/// goes wrong is told on standard error, with `json` on standard output.
pub fn run(options: Options, json: bool) -> ExitCode {
    let result = tokio::runtime::Runtime::new()
        .map_err(Into::into)
        .and_then(|runtime| runtime.block_on(serve(options, json)));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            fail(&*error, json);
            status(&*error)
        }
    }
}

/// 2 for files and addresses that cannot be used, 1 for what the machine refuses.
fn status(error: &(dyn Error + 'static)) -> ExitCode {
    use StartError::{Listen, WebhookClient};
    match error.downcast_ref() {
        Some(Listen { .. } | WebhookClient { .. }) => ExitCode::FAILURE,
        None if error.is::<std::io::Error>() => ExitCode::FAILURE,
        _ => ExitCode::from(2),
    }
}

async fn serve(options: Options, json: bool) -> Result<(), Box<dyn Error>> {
    let (bind, print_env) = (options.bind, options.print_env);
    let sandbox = builder(options)?.start().await?;
    say(&match print_env {
        Some(format) => format.write(&sandbox),
        None if json => banner::json(&sandbox).to_string(),
        None => banner::text(&sandbox, bind),
    });
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
        builder = builder.with_seed(read::<Seed>(&path)?);
    }
    if let Some(path) = options.scenario {
        builder = builder.scenario(read::<Scenario>(&path)?);
    }
    if let Some(seed) = options.seed {
        builder = builder.seed(seed);
    }
    for (kinds, url) in options.webhooks {
        for kind in kinds {
            builder = builder.webhook_url(kind, &url);
        }
    }
    if let Some(path) = options.state {
        #[cfg(feature = "sqlite")]
        {
            builder = builder.state_file(path);
        }
        #[cfg(not(feature = "sqlite"))]
        return Err(format!("{}: built without the feature `sqlite`", path.display()).into());
    }
    if options.log == Log::Json {
        builder = builder.on_request(|record| {
            // A log in a file is no place for bodies.
            let mut record = record.clone();
            (record.request_body, record.answer_body) = (None, None);
            if let Ok(line) = serde_json::to_string(&record) {
                say(&line);
            }
        });
    }
    Ok(builder)
}

/// A file of JSON; what is wrong with it is told with its name.
fn read<T: DeserializeOwned>(path: &Path) -> Result<T, String> {
    let named = |error: &dyn Error| format!("{}: {error}", path.display());
    let text = std::fs::read(path).map_err(|error| named(&error))?;
    serde_json::from_slice(&text).map_err(|error| named(&error))
}

/// Standard output may have been closed by whoever started this; the sandbox goes on.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// The error and its causes; there is nobody else to tell.
#[allow(clippy::print_stderr)]
fn fail(error: &(dyn Error + 'static), json: bool) {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    let text = match error.downcast_ref() {
        Some(StartError::Listen { source, .. }) if source.kind() == ErrorKind::AddrInUse => {
            format!("{error}; --port takes another port, and --port 0 a free one")
        }
        _ => error.to_string(),
    };
    if json {
        let because: Vec<String> = causes.map(ToString::to_string).collect();
        say(&serde_json::json!({"error": text, "because": because}).to_string());
        return;
    }
    eprintln!("{}: {text}", name());
    for cause in causes {
        eprintln!("  because: {cause}");
    }
}

/// The command as it was called: a program of its own, or a part of `singapay`.
fn name() -> &'static str {
    let program = std::env::args_os().next().map(PathBuf::from);
    let stem = program.as_deref().and_then(Path::file_stem);
    match stem.is_some_and(|stem| stem == "singapay-sandbox") {
        true => "singapay-sandbox",
        false => "singapay sandbox",
    }
}
