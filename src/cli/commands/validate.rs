//! `eksact validate`: the file alone; nothing is asked of AWS.

use std::path::PathBuf;

use crate::cli::error::CommandError;
use crate::cli::{Exit, Printer, source};
use crate::config::read;
use crate::view::component::installable;
use crate::view::diagnostics::weaker;
use crate::view::report::Report;
use crate::view::units::count;

/// Check a cluster file, without AWS
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The cluster file; `-` for stdin
    #[arg(long, short = 'f', value_name = "FILE")]
    file: PathBuf,
}

pub(in crate::cli) fn run(args: &Args, printer: &Printer) -> Result<Exit, CommandError> {
    let source = source::text(&args.file)?;
    let outcome = read(&source);
    let Some(cluster) = outcome.cluster else {
        return Err(CommandError::file(Exit::Usage, &source, outcome.diagnostics));
    };
    let report = Report { source, diagnostics: outcome.diagnostics, weaker: outcome.weaker };
    let text = || {
        let mut parts = vec![report.text(), format!("{} is valid.", report.source.name)];
        if !report.weaker.is_empty() {
            parts.push(format!(
                "{} that scanners reject; for the safer value, write:\n{}",
                count(report.weaker.len(), "default"),
                weaker(&report.weaker)
            ));
        }
        parts.retain(|part| !part.is_empty());
        parts.join("\n\n")
    };
    printer.answer(text, || report.json());
    installable(&cluster.installable()).iter().for_each(|hint| printer.show(hint));
    Ok(Exit::Done)
}
