//! `eksact plan`: what it would take; nothing is changed.

use std::path::PathBuf;

use crate::cli::error::CommandError;
use crate::cli::lockout::AllowLockout;
use crate::cli::settings::Settings;
use crate::cli::source::{self, File};
use crate::cli::{Exit, Printer, run};
use crate::ops::Draft;
use crate::view;
use crate::view::plan::Screen;

/// Show what `apply` would do; change nothing
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The cluster file; `-` for stdin
    #[arg(long, short = 'f', value_name = "FILE")]
    file: PathBuf,
    /// Every resource, property and call
    #[arg(long)]
    details: bool,
    /// Exit with 2 where there are changes
    #[arg(long)]
    detailed_exitcode: bool,
    #[command(flatten)]
    lockout: AllowLockout,
}

pub(in crate::cli) async fn run(
    args: &Args,
    settings: &Settings,
    printer: &Printer,
) -> Result<Exit, CommandError> {
    let file = source::load(&args.file, printer)?;
    let (_, draft) = run::drafted(&file, settings).await?;
    show(&file, &draft, args.details, printer);
    if let Err(error) = args.lockout.check(&draft, &file) {
        return Ok(printer.say(&error));
    }
    Ok(exit(&draft, args.detailed_exitcode))
}

fn show(file: &File, draft: &Draft, details: bool, printer: &Printer) {
    let name = file.cluster.name();
    let text = || view::plan::plan(&Screen::of(name, draft, &file.source, details));
    printer.screen(text, || view::json::plan(name, draft));
    if !file.weaker.is_empty() && draft.is_new() {
        printer.show(&format!(
            "{} warnings about defaults that scanners reject: eksact validate -f {}",
            file.weaker.len(),
            file.source.name
        ));
    }
}

fn exit(draft: &Draft, detailed: bool) -> Exit {
    match draft.plan.changes() {
        Err(_) => Exit::Failed,
        Ok(_) if !draft.plan.unread.is_empty() => Exit::Partly,
        Ok(changes) if detailed && !changes.is_empty() => Exit::Changes,
        Ok(_) => Exit::Done,
    }
}
