//! `eksact version`.

use serde_json::json;

use crate::cli::error::CommandError;
use crate::cli::{Exit, Printer};
use crate::view::json::answer;

/// Print the version
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {}

pub(in crate::cli) fn run(_: &Args, printer: &Printer) -> Result<Exit, CommandError> {
    let version = env!("CARGO_PKG_VERSION");
    printer.answer(|| format!("eksact {version}"), || answer("Version", json!({ "version": version })));
    Ok(Exit::Done)
}
