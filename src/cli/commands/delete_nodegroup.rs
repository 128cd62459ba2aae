//! `eksact delete nodegroup`: takes node groups away, and what was made for them alone.

use crate::cli::chosen::Chosen;
use crate::cli::error::CommandError;
use crate::cli::reporting::Reporting;
use crate::cli::settings::Settings;
use crate::cli::taking::{Meant, Taking};
use crate::cli::{Exit, Printer, run, source};
use crate::ops::subtraction;
use crate::view::parts::Part;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    chosen: Chosen,
    /// Name of the node group in the file
    #[arg(long, short = 'n', value_name = "NAME", conflicts_with = "file")]
    name: Option<String>,
    /// Name of the node group in the file
    #[arg(value_name = "NAME", conflicts_with_all = ["name", "file"])]
    positional: Option<String>,
    /// Do not ask
    #[arg(long, short = 'y')]
    yes: bool,
    #[command(flatten)]
    reporting: Reporting,
}

pub(super) async fn run(args: &Args, settings: &Settings, printer: &Printer) -> Result<Exit, CommandError> {
    args.reporting.open(printer)?;
    let meant = meant(args, settings, printer).await?;
    let world = run::connect_to(settings, &meant.cluster, &meant.region).await?;
    let drawn = subtraction(&world, &meant.cluster, &meant.names, &meant.accounts).await;
    let drawn = drawn.map_err(|error| CommandError::of(error, meant.file.as_ref().map(|it| &it.source)))?;
    let (part, warning, yes) = (Part::Nodegroup, "Their nodes are drained, and go. ", args.yes);
    let (meant, drawn, world) = (&meant, &drawn, &world);
    Taking { part, meant, drawn, world, settings, printer, warning, dry_run: false, yes }.run().await
}

async fn meant(args: &Args, settings: &Settings, printer: &Printer) -> Result<Meant, CommandError> {
    if let Some(path) = &args.chosen.file {
        let file = source::load(path, printer)?;
        let names = args.chosen.of(&file)?;
        return Meant::of_file(file, names, settings);
    }
    let name = args.name.as_deref().or(args.positional.as_deref());
    let name = name.ok_or_else(|| {
        CommandError::usage("no node group is named")
            .hint("eksact delete nodegroup NAME --cluster CLUSTER, or -f FILE")
    })?;
    Meant::one(args.chosen.cluster.as_ref(), (name, &format!("--name {name}")), settings).await
}
