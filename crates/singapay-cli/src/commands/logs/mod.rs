//! `singapay logs`: what a running sandbox was asked, and what it delivered.

mod line;
mod seen;

use std::{
    io::{Write as _, stdout},
    process::ExitCode,
    time::Duration,
};

use clap::Args;

use self::seen::Seen;
use crate::{
    admin::Admin,
    interrupt::asked_to_stop,
    output::Output,
    runtime,
    terminal::{self, Paint},
};

/// Tell what a running sandbox was asked, and what it delivered.
///
/// A line for each request (time in Jakarta on the sandbox's clock, number, operation, status, verdict, reason) and for each
/// attempt to deliver (time, number, kind, reference, attempt, status that was answered). Of a signature that was refused it
/// says what most likely differs. The sandbox masks card numbers, tokens, secrets and passwords.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct LogsArgs {
    /// Go on until Ctrl-C or SIGTERM, also over restarts of the sandbox.
    #[arg(long)]
    follow: bool,
    /// Requests alone.
    #[arg(long, conflicts_with = "deliveries")]
    requests: bool,
    /// Deliveries alone.
    #[arg(long)]
    deliveries: bool,
    /// Also show bodies, and the values of refused signatures.
    #[arg(long)]
    bodies: bool,
    /// Begin with the last so many requests and deliveries.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    last: u32,
    /// Address of the sandbox; SINGAPAY_BASE_URL, unless it is given.
    #[arg(long, value_name = "SANDBOX")]
    url: Option<String>,
}

const HELP: &str = "\
Examples:
  singapay logs
  singapay logs --requests --last 10 --bodies
  singapay logs --deliveries --json
  timeout 2 singapay logs --follow || test $? -eq 124

With --json each line is one object; log is request or delivery.

Exit status:
  0  told; with --follow, ended by Ctrl-C or SIGTERM
  2  no sandbox answers there";

/// Time between two looks.
const INTERVAL: Duration = Duration::from_millis(500);

/// Runs it.
pub(crate) fn run(args: &LogsArgs, json: bool) -> ExitCode {
    let end = match runtime::new() {
        Ok(runtime) => runtime.block_on(logs(args, json)).map_err(Output::unusable),
        Err(output) => Err(output),
    };
    match end {
        Ok(()) => ExitCode::SUCCESS,
        Err(output) => output.print(json),
    }
}

async fn logs(args: &LogsArgs, json: bool) -> Result<(), String> {
    let sandbox = Admin::at(args.url.as_deref())?;
    let stop = asked_to_stop();
    tokio::pin!(stop);
    let mut seen = Seen::new(args);
    let first = tokio::select! {
        lines = seen.look(&sandbox) => lines?,
        () = &mut stop => return Ok(()),
    };
    let mut is_open = print(&first, json);
    while args.follow && is_open {
        let next = async {
            tokio::time::sleep(INTERVAL).await;
            seen.look(&sandbox).await
        };
        let lines = tokio::select! {
            lines = next => lines,
            () = &mut stop => break,
        };
        match lines {
            Ok(lines) => {
                terminal::progress("");
                is_open = print(&lines, json);
            }
            // It may be starting again.
            Err(problem) => terminal::progress(&format!("{problem}; looking on …")),
        }
    }
    terminal::progress("");
    Ok(())
}

/// False when nobody reads any more.
fn print(lines: &[line::Line], json: bool) -> bool {
    let paint = Paint::of_stdout();
    let mut out = stdout().lock();
    let written = lines.iter().try_for_each(|line| match json {
        true => writeln!(out, "{}", line.value),
        false => writeln!(out, "{}", line.text(paint)),
    });
    written.and_then(|()| out.flush()).is_ok()
}
