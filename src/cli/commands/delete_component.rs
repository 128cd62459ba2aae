//! `eksact delete component`: takes components away, and what was made for them alone.

use crate::cli::component::Chosen;
use crate::cli::error::CommandError;
use crate::cli::reporting::Reporting;
use crate::cli::settings::Settings;
use crate::cli::taking::{Meant, Taking};
use crate::cli::{Exit, Printer, run, source};
use crate::ops::{BALANCERS, Site, Within, component_subtraction};
use crate::view::parts::Part;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    chosen: Chosen,
    /// Show what would go, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short = 'y')]
    yes: bool,
    #[command(flatten)]
    reporting: Reporting,
}

pub(super) async fn run(args: &Args, settings: &Settings, printer: &Printer) -> Result<Exit, CommandError> {
    args.reporting.open(printer)?;
    let meant = meant(args, settings, printer).await?;
    let aws = run::connect_to(settings, &meant.cluster, &meant.region).await?;
    let holds = meant.names.iter().any(|name| name == BALANCERS);
    let world = Site::new(aws, &meant.cluster, if holds { Within::AllThatHolds } else { Within::Ours });
    let whose = (meant.cluster.as_str(), meant.file.as_ref().map(|file| &file.cluster));
    let drawn = component_subtraction(&world, whose, &meant.names, &meant.accounts).await;
    let drawn = drawn.map_err(|error| CommandError::of(error, meant.file.as_ref().map(|it| &it.source)))?;
    let (part, dry_run, yes) = (Part::Component, args.dry_run, args.yes);
    let (meant, drawn, world) = (&meant, &drawn, &world);
    Taking { part, meant, drawn, world, settings, printer, warning: "", dry_run, yes }.run().await
}

async fn meant(args: &Args, settings: &Settings, printer: &Printer) -> Result<Meant, CommandError> {
    if let Some(path) = &args.chosen.file {
        let file = source::load(path, printer)?;
        let names = args.chosen.of(&file)?;
        return Meant::of_file(file, names, settings);
    }
    let name = args.chosen.one("delete")?;
    Meant::one(args.chosen.cluster.as_ref(), (name, name), settings).await
}
