//! `eksact plan`: what it would take; nothing is changed.

use std::path::PathBuf;

use crate::cli::conflicts::Conflicts;
use crate::cli::deny::DenyWarnings;
use crate::cli::error::CommandError;
use crate::cli::inside::SkipKubernetes;
use crate::cli::lockout::AllowLockout;
use crate::cli::preflight::SkipPreflight;
use crate::cli::reporting::Step;
use crate::cli::settings::{Output, Settings};
use crate::cli::source::{self, File};
use crate::cli::{Exit, Printer, make, run};
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
    skip: SkipKubernetes,
    #[command(flatten)]
    conflicts: Conflicts,
    #[command(flatten)]
    lockout: AllowLockout,
    #[command(flatten)]
    deny: DenyWarnings,
    #[command(flatten)]
    step: Step,
}

pub(in crate::cli) async fn run(
    args: &Args,
    settings: &Settings,
    printer: &Printer,
) -> Result<Exit, CommandError> {
    args.step.open(printer)?;
    let file = source::load(&args.file, printer)?;
    args.deny.check(&file)?;
    let within = args.skip.within(args.conflicts);
    let (_, draft) = run::drafted(&file, settings, within, SkipPreflight::ASKING).await?;
    show(&file, &draft, args.details, (settings, printer));
    if let Err(error) = args.lockout.check(&draft, &file) {
        return Ok(printer.say(&error));
    }
    Ok(exit(&draft, args.detailed_exitcode))
}

fn show(file: &File, draft: &Draft, details: bool, (settings, printer): (&Settings, &Printer)) {
    let name = file.cluster.name();
    let screen = Screen::of(name, draft, &file.source, details).with(file.warnings());
    make::tell_plan(&screen, printer);
    if settings.output == Output::Markdown {
        printer.out(&view::markdown::plan(&screen));
    } else {
        printer.screen(|| view::plan::plan(&screen), || file.counted(view::json::plan(name, draft)));
    }
    view::component::installable(&file.cluster.installable()).iter().for_each(|hint| printer.show(hint));
}

fn exit(draft: &Draft, detailed: bool) -> Exit {
    match draft.plan.changes() {
        Err(_) => Exit::Failed,
        Ok(_) if !draft.plan.unread.is_empty() => Exit::Partly,
        Ok(changes) if detailed && !changes.is_empty() => Exit::Changes,
        Ok(_) => Exit::Done,
    }
}
