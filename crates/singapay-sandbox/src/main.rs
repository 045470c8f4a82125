//! `singapay-sandbox`: the sandbox as a process.

use std::process::ExitCode;

use clap::Parser;
use singapay_sandbox::command::{self, Options};

/// The SingaPay gateway on this machine. No real money.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Print JSON instead of lines.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    options: Options,
}

fn main() -> ExitCode {
    let Arguments { json, options } = Arguments::parse();
    command::run(options, json)
}
