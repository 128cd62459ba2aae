//! `eksact apply`: makes the cluster what its file says.

use std::path::PathBuf;

use crate::apply::Summary;
use crate::cli::carry::{self, Job};
use crate::cli::error::CommandError;
use crate::cli::lockout::AllowLockout;
use crate::cli::reporting::Reporting;
use crate::cli::settings::Settings;
use crate::cli::source::{self, File};
use crate::cli::{Exit, Printer, prompt, run};
use crate::ops::Draft;
use crate::plan::Plan;
use crate::view;
use crate::view::plan::Screen;
use crate::view::summary::End;

/// Make a cluster what its file says: create, change, delete what left the file
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The cluster file; `-` for stdin
    #[arg(long, short = 'f', value_name = "FILE")]
    file: PathBuf,
    /// Do not ask before something is deleted or replaced
    #[arg(long, short = 'y')]
    yes: bool,
    #[command(flatten)]
    reporting: Reporting,
    #[command(flatten)]
    lockout: AllowLockout,
}

pub(in crate::cli) async fn run(
    args: &Args,
    settings: &Settings,
    printer: &Printer,
) -> Result<Exit, CommandError> {
    args.reporting.open(printer)?;
    let file = source::load(&args.file, printer)?;
    let (world, draft) = run::drafted(&file, settings).await?;
    let agree = |plan: &Plan| {
        args.lockout.check(&draft, &file)?;
        match plan.destroys() && !args.yes {
            true => prompt::confirm("Something is deleted or replaced. Type yes to go on:", "yes"),
            false => Ok(()),
        }
    };
    let again = format!("eksact apply -f {}", file.source.name);
    make(&file, &draft, &world, (settings, printer), (&again, &agree)).await
}

/// Whether a plan may be carried out.
pub(in crate::cli) type Agree<'a> = &'a dyn Fn(&Plan) -> Result<(), CommandError>;

/// Shows the plan, has it agreed to, carries it out, and says what came of it.
pub(in crate::cli) async fn make(
    file: &File,
    draft: &Draft,
    world: &crate::aws::Aws,
    (settings, printer): (&Settings, &Printer),
    (again, agree): (&str, Agree<'_>),
) -> Result<Exit, CommandError> {
    let (name, plan) = (file.cluster.name(), &draft.plan);
    let screen = view::plan::plan(&Screen::of(name, draft, &file.source, false));
    let changes = plan.changes().map(<[_]>::len);
    if !matches!(changes, Ok(1..)) {
        printer.screen(|| screen, || view::json::plan(name, draft));
        printer.conclude(view::json::summary(name, &Summary::default()));
        let nothing = if plan.unread.is_empty() { Exit::Done } else { Exit::Partly };
        return Ok(if changes.is_err() { Exit::Failed } else { nothing });
    }
    printer.show(&screen.replace(" Nothing has been changed.", ""));
    agree(plan)?;
    let job = Job { cluster: name, facts: &draft.facts, plan };
    let ended = carry::carry_out(&job, world, settings, printer).await?;
    let summary = &ended.summary;
    let end = End {
        cluster: name,
        region: &draft.facts.region,
        summary,
        doubtful: &ended.doubtful,
        inside: &ended.inside,
        floor: plan.floor(),
        places: Some((&draft.graph, &file.source)),
        again,
        file: &file.argument(),
    };
    let is = if draft.is_new() { "is ready" } else { "is as its file says" };
    let text = || match summary.is_complete() && summary.halted.is_none() {
        true => view::summary::ready(&end, is),
        false => view::summary::failed(&end),
    };
    printer.screen(text, || view::json::summary(name, summary));
    Ok(carry::exit(plan, &ended))
}
