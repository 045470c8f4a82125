//! `singapay completions` and `singapay man`, made from the arguments themselves.

use std::{io::Write as _, process::ExitCode};

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Args;

/// Writes the completions of a shell.
pub(crate) fn completions(shell: Shell) -> ExitCode {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "singapay", &mut text);
    written(&text)
}

/// Writes the manual: the command, then each of its commands.
pub(crate) fn man() -> ExitCode {
    let mut text = Vec::new();
    let mut command = Args::command();
    command.build();
    let pages = std::iter::once(&command).chain(command.get_subcommands());
    for page in pages {
        if clap_mangen::Man::new(page.clone())
            .render(&mut text)
            .is_err()
        {
            return ExitCode::FAILURE;
        }
    }
    written(&text)
}

fn written(text: &[u8]) -> ExitCode {
    // Nobody is left to tell, as when the reader of a pipe is gone.
    let _ = std::io::stdout().lock().write_all(text);
    ExitCode::SUCCESS
}
