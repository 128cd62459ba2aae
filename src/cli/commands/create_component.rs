//! `eksact create component`: those of a file that are not there yet, or one from flags.

use serde_json::Value;

use crate::cli::adding::{self, Adding};
use crate::cli::component::Chosen;
use crate::cli::conflicts::Conflicts;
use crate::cli::error::CommandError;
use crate::cli::preflight::SkipPreflight;
use crate::cli::reporting::Reporting;
use crate::cli::settings::Settings;
use crate::cli::source::{self, File};
use crate::cli::{Exit, Printer, make, run};
use crate::config::ComponentFlags;
use crate::ops::{Draft, Within, component_addition};
use crate::view;
use crate::view::parts::Part;
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
            let drafted = run::drafted(&file, settings, within, SkipPreflight::ALWAYS).await?;
            (file, None, drafted)
        }
        None => {
            let (file, component, has_nodes) = from_flags(args, settings, printer).await?;
            let drafted = run::drafted_beside(&file, settings, within, has_nodes).await?;
            (file, Some(component), drafted)
        }
    };
    let asked = adding::asked(component.as_ref());
    let wanted = component_addition(draft, &args.chosen.of(&file)?, asked);
    let wanted = wanted.map_err(|error| adding::failed(error, &file))?;
    let (part, from_flags) = (Part::Component, component.as_ref());
    let adding = Adding { part, file: &file, from_flags, wanted: &wanted };
    if args.dry_run && !adding.is_there() {
        return Ok(show(&file, &wanted.draft, printer));
    }
    adding.run(&world, None, (settings, printer), args.skip).await
}

fn show(file: &File, draft: &Draft, printer: &Printer) -> Exit {
    let name = file.cluster.name();
    let screen = Screen::of(name, draft, &file.source, false);
    make::tell_plan(&screen, printer);
    printer.screen(|| view::plan::plan(&screen), || view::json::plan(name, draft));
    if draft.plan.changes().is_err() { Exit::Failed } else { Exit::Done }
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
    let habitat = adding::habitat(cluster, settings).await?;
    Ok((source::cluster(written.source(&habitat), printer)?, written.component(), habitat.has_nodes))
}
