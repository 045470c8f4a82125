//! `singapay`, the companion of the SDK: pays what files list, shows every step of a signature, and serves
//! the sandbox.
//!
//! Secrets and tokens come from environment variables that flags name, never from arguments, where
//! every user of the machine could read them. Exit status: 0 good, 1 refused or not valid, 2
//! unusable input; more where `--help` of a command says so.

#[cfg(feature = "call")]
mod admin;
#[cfg(feature = "call")]
mod amount;
mod args;
mod commands;
#[cfg(feature = "call")]
mod deliver;
#[cfg(any(feature = "call", feature = "payouts"))]
mod exit;
mod failure;
#[cfg(feature = "call")]
#[rustfmt::skip]
mod generated;
mod input;
#[cfg(any(feature = "call", feature = "payouts"))]
mod interrupt;
#[cfg(feature = "call")]
mod output;
#[cfg(feature = "payouts")]
mod payouts;
mod report;
#[cfg(feature = "call")]
mod runtime;
#[cfg(feature = "call")]
mod settings;
#[cfg(any(feature = "call", feature = "payouts"))]
#[cfg_attr(not(feature = "call"), allow(dead_code))]
mod terminal;

use std::{io::Write, process::ExitCode};

use clap::Parser;

use crate::{
    args::{Args, Command},
    failure::Failure,
    report::Report,
};

fn main() -> ExitCode {
    let args = Args::parse();
    let json = args.json;
    let result = match args.command {
        Command::Canonicalize(args) => commands::canonicalize(&args),
        Command::Sign(args) => commands::sign(&args),
        Command::Verify(args) => commands::verify(&args),
        #[cfg(feature = "call")]
        Command::Call(args) => return commands::call::run(&args, json),
        #[cfg(feature = "call")]
        Command::Doctor(args) => return commands::doctor::run(&args, json),
        #[cfg(feature = "call")]
        Command::Listen(args) => return commands::listen::run(&args, json),
        #[cfg(feature = "call")]
        Command::Logs(args) => return commands::logs::run(&args, json),
        #[cfg(feature = "call")]
        Command::Replay(args) => return commands::replay::run(&args, json),
        #[cfg(feature = "pages")]
        Command::Completions { shell } => return commands::help_pages::completions(shell),
        #[cfg(feature = "pages")]
        Command::Man => return commands::help_pages::man(),
        #[cfg(feature = "call")]
        Command::Trigger(args) => return commands::trigger::run(&args, json),
        #[cfg(feature = "payouts")]
        Command::Payouts(args) => return payouts::run(args, json),
        Command::Sandbox(options) => return singapay_sandbox::command::run(options, json),
    };
    match finish(result, json) {
        Ok(code) => code,
        // Nobody is left to tell, as when the reader of a pipe is gone.
        Err(_) => ExitCode::from(2),
    }
}

fn finish(result: Result<Report, Failure>, json: bool) -> std::io::Result<ExitCode> {
    match result {
        Ok(report) => {
            report.print(&mut std::io::stdout().lock(), json)?;
            Ok(ExitCode::from(u8::from(report.valid == Some(false))))
        }
        Err(failure) => {
            if json {
                let object = serde_json::json!({ "error": failure.to_string() });
                writeln!(std::io::stdout().lock(), "{object}")?;
            } else {
                writeln!(std::io::stderr().lock(), "singapay: {failure}")?;
            }
            Ok(ExitCode::from(failure.status()))
        }
    }
}
