//! `eksact create component`: those of a file that are not there yet, or one from flags.

use serde_json::Value;

use crate::cli::component::Chosen;
use crate::cli::conflicts::Conflicts;
use crate::cli::error::CommandError;
use crate::cli::make::{self, Making};
use crate::cli::preflight::SkipPreflight;
use crate::cli::reporting::Reporting;
use crate::cli::settings::Settings;
use crate::cli::source::{self, File};
use crate::cli::{Exit, Printer, run};
use crate::config::ComponentFlags;
use crate::ops::{Addition, Draft, OpsError, Site, Within, component_addition, habitat};
use crate::plan::Plan;
use crate::view;
use crate::view::plan::Screen;

/// Above the flags that stand for a file.
const WITHOUT_FILE: &str = "A component without a file";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    chosen: Chosen,
    /// Show the plan, and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    reporting: Reporting,
    #[command(flatten)]
    conflicts: Conflicts,
    #[command(flatten)]
    skip: SkipPreflight,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = WITHOUT_FILE)]
#[group(id = "flags", multiple = true, conflicts_with = "file")]
struct Flags {
    /// A version that is known here; the newest for the cluster's Kubernetes if left out
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// Pods of it
    #[arg(long, value_name = "NUMBER")]
    replicas: Option<u32>,
    /// How its pods get AWS's permissions: podIdentity, irsa or none
    #[arg(long, value_name = "WAY")]
    identity: Option<String>,
}

pub(super) async fn run(args: &Args, settings: &Settings, printer: &Printer) -> Result<Exit, CommandError> {
    args.reporting.open(printer)?;
    let within = if args.conflicts.take_over() { Within::TakenOver } else { Within::Ours };
    let (file, component, (world, draft)) = match &args.chosen.file {
        Some(path) => {
            let file = source::load(path, printer)?;
            args.chosen.of(&file)?;
            let drafted = run::drafted(&file, settings, within).await?;
            (file, None, drafted)
        }
        None => {
            let (file, component, has_nodes) = from_flags(args, settings, printer).await?;
            let drafted = run::drafted_beside(&file, settings, within, has_nodes).await?;
            (file, Some(component), drafted)
        }
    };
    let names = args.chosen.of(&file)?;
    let wanted = component_addition(draft, &names).map_err(|error| failed(error, &file))?;
    make(args, (&file, component.as_ref()), &wanted, &world, (settings, printer)).await
}

async fn make(
    args: &Args,
    (file, component): (&File, Option<&Value>),
    wanted: &Addition,
    world: &Site,
    (settings, printer): (&Settings, &Printer),
) -> Result<Exit, CommandError> {
    let (draft, name) = (&wanted.draft, file.cluster.name());
    let rest = view::nodegroup::rest(wanted, component.is_none().then_some(file.source.name.as_str()));
    let object = || view::json::plan(name, draft);
    if matches!(draft.plan.changes(), Ok([])) && draft.plan.unread.is_empty() {
        printer.answer(|| view::component::nothing_to_make(wanted) + &rest, object);
        return Ok(Exit::Done);
    }
    if args.dry_run {
        return Ok(show(file, draft, printer));
    }
    let again = match component {
        None => format!("eksact create component{}", file.argument()),
        Some(_) => "the same command".to_owned(),
    };
    let making = Making {
        file,
        draft,
        world,
        settings,
        printer,
        again: &again,
        agree: &|_: &Plan| Ok(()),
        inside: None,
        skip: args.skip,
    };
    let exit = making.run().await?;
    if let (Some(component), [made]) = (component, &wanted.made[..]) {
        printer.talk(&view::component::without_file(made, component));
    }
    if !rest.is_empty() {
        printer.talk(rest.trim_start());
    }
    Ok(exit)
}

fn show(file: &File, draft: &Draft, printer: &Printer) -> Exit {
    let name = file.cluster.name();
    let screen = Screen::of(name, draft, &file.source, false);
    make::tell_plan(&screen, printer);
    printer.screen(|| view::plan::plan(&screen), || view::json::plan(name, draft));
    if draft.plan.changes().is_err() { Exit::Failed } else { Exit::Done }
}

fn failed(error: OpsError, file: &File) -> CommandError {
    let lacks = matches!(error, OpsError::NotThere { .. });
    let rest = matches!(error, OpsError::Contradiction(_));
    let failed = CommandError::of(error, Some(&file.source));
    match () {
        () if lacks => failed.hint(format!("make it first: eksact create cluster{}", file.argument())),
        () if rest => failed.hint(format!("make that first: eksact apply{}", file.argument())),
        () => failed,
    }
}

/// The file that the flags stand for, of a cluster as it lives; the component in it; and whether there are nodes.
async fn from_flags(
    args: &Args,
    settings: &Settings,
    printer: &Printer,
) -> Result<(File, Value, bool), CommandError> {
    let cluster = args.chosen.cluster.as_deref().unwrap_or_default();
    let Flags { version, replicas, identity } = &args.flags;
    let written = ComponentFlags {
        name: args.chosen.one("create")?.to_owned(),
        version: version.clone(),
        replicas: *replicas,
        identity: identity.clone(),
    };
    let region = run::region(settings).await?;
    let world = run::connect_to(settings, cluster, &region).await?;
    run::check_account(&world, settings).await?;
    let habitat = habitat(&world, cluster, &region).await.map_err(|error| CommandError::of(error, None))?;
    Ok((source::cluster(written.source(&habitat), printer)?, written.component(), habitat.has_nodes))
}
