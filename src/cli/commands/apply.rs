//! `eksact apply`: makes the cluster what its file says.

use std::path::PathBuf;

use crate::cli::error::CommandError;
use crate::cli::make::{Makes, Making};
use crate::cli::settings::Settings;
use crate::cli::source;
use crate::cli::{Exit, Printer, prompt, run};
use crate::plan::Plan;

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
    makes: Makes,
}

pub(in crate::cli) async fn run(
    args: &Args,
    settings: &Settings,
    printer: &Printer,
) -> Result<Exit, CommandError> {
    args.makes.reporting.open(printer)?;
    let file = source::load(&args.file, printer)?;
    args.makes.deny.check(&file)?;
    let (world, draft) = run::drafted(&file, settings, args.makes.within(), args.makes.skip).await?;
    let agree = |plan: &Plan| {
        args.makes.lockout.check(&draft, &file)?;
        match plan.destroys() && !args.yes {
            true => prompt::confirm(printer, "Something is deleted or replaced. Type yes to go on:", "yes"),
            false => Ok(()),
        }
    };
    let again = format!("eksact apply -f {}", file.source.name);
    let inside = args.makes.inside.all(settings, &draft, false, printer)?;
    let (again, agree) = (again.as_str(), &agree);
    let (file, draft, world, skip) = (&file, &draft, &world, args.makes.skip);
    Making { file, draft, world, settings, printer, again, agree, inside, skip }.run().await
}
