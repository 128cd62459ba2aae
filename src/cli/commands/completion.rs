//! `eksact completion`: for shells.

use clap_complete::Shell;

use crate::cli::error::CommandError;
use crate::cli::{Exit, Printer};

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(in crate::cli) fn run(args: &Args, printer: &Printer) -> Result<Exit, CommandError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::cli::command(), "eksact", &mut script);
    printer.out(String::from_utf8_lossy(&script).trim_end());
    Ok(Exit::Done)
}
