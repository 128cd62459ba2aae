//! `eksact validate`: the file alone; nothing is asked of AWS.

use std::path::PathBuf;

use crate::cli::deny::DenyWarnings;
use crate::cli::error::CommandError;
use crate::cli::{Exit, Printer, source};
use crate::config::read;
use crate::view::component::installable;
use crate::view::departures::list;
use crate::view::report::Report;
use crate::view::units::count;

/// Check a cluster file, without AWS
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The cluster file; `-` for stdin
    #[arg(long, short = 'f', value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    deny: DenyWarnings,
}

pub(in crate::cli) fn run(args: &Args, printer: &Printer) -> Result<Exit, CommandError> {
    let source = source::text(&args.file)?;
    let outcome = read(&source);
    let Some(cluster) = outcome.cluster else {
        return Err(CommandError::file(Exit::Usage, &source, outcome.diagnostics));
    };
    let (diagnostics, departures) = (outcome.diagnostics, outcome.departures);
    let report = Report { source, diagnostics, departures, denied: false };
    let warnings = report.warnings();
    let denied = args.deny.is_on() && warnings > 0;
    let text = || {
        let valid = format!("{} is valid.", report.source.name);
        let mut parts = vec![report.text(), valid, list(&report.source, &report.departures)];
        parts.retain(|part| !part.is_empty());
        parts.join("\n\n")
    };
    printer.answer(text, || Report { denied, ..report.clone() }.json());
    installable(&cluster.installable()).iter().for_each(|hint| printer.show(hint));
    if !denied {
        return Ok(Exit::Done);
    }
    let message = format!("{}, which --deny-warnings makes errors", count(warnings, "warning"));
    let hint = "write the lines that are listed there, or waive what is meant to be so by a comment: eksact explain checks";
    Ok(printer.say(&CommandError::usage(message).hint(hint)))
}
