//! The command line.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Maintainers' commands")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Take over a published document as the vendored one.
    Vendor {
        /// payment, biller or identity.
        host: String,
        /// The document, as JSON.
        file: PathBuf,
    },
    /// Write all generated files.
    Generate {
        /// Compare instead of writing; fail if anything differs.
        #[arg(long)]
        check: bool,
    },
    /// Write the lowered documents and the lowering report only.
    Lower,
    /// Classify the difference between two documents.
    Diff {
        /// The document before.
        old: PathBuf,
        /// The document after.
        new: PathBuf,
    },
    /// Print how far each operation is covered and proven.
    Coverage,
}

/// Runs the command that the arguments name.
pub fn run() -> ExitCode {
    let _ = Cli::parse();
    ExitCode::SUCCESS
}
