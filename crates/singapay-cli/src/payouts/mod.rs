//! `singapay payouts`: payouts from a file, kept in a store, so that it can be killed and started again.

mod args;
mod check;
mod decide;
mod desk;
mod facts;
mod failure;
mod file;
mod follow;
mod place;
mod quote;
mod report;
mod run;
mod status;
mod store;

use std::{io::Write, process::ExitCode};

pub(crate) use args::Payouts;
use args::Verb;
use failure::Failure;

/// Runs a command to its exit status.
pub(crate) fn run(args: Payouts, json: bool) -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(_) => return ExitCode::from(2),
    };
    let result = runtime.block_on(async {
        match args.verb {
            Verb::Run(args) => run::run(args, json).await,
            Verb::Status(args) => status::status(args, json).await,
            Verb::Approve(args) => decide::approve(args, json).await,
            Verb::Abandon(args) => decide::abandon(args, json).await,
        }
    });
    match result {
        Ok(status) => ExitCode::from(status),
        Err(failure) => {
            // Nobody is left to tell, as when the reader of a pipe is gone.
            let _ = tell(&failure, json);
            ExitCode::from(failure.status())
        }
    }
}

fn tell(failure: &Failure, json: bool) -> std::io::Result<()> {
    match json {
        true => writeln!(std::io::stdout(), "{}", failure.json()),
        false => writeln!(std::io::stderr(), "singapay: {failure}"),
    }
}
