//! `eksact delete component`: takes components away, and what was made for them alone.

use crate::cli::carry::{self, Job};
use crate::cli::component::Chosen;
use crate::cli::error::CommandError;
use crate::cli::reporting::Reporting;
use crate::cli::settings::{Accounts, Settings};
use crate::cli::source::{self, File};
use crate::cli::{Exit, Printer, make, prompt, run};
use crate::ops::{BALANCERS, Site, Subtraction, Within, component_subtraction};
use crate::view;
use crate::view::plan::Screen;
use crate::view::summary::End;

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

/// Which components are meant, and whose.
struct Meant {
    cluster: String,
    region: String,
    names: Vec<String>,
    accounts: Accounts,
    file: Option<File>,
    /// How they are named on a command line.
    argument: String,
}

pub(super) async fn run(args: &Args, settings: &Settings, printer: &Printer) -> Result<Exit, CommandError> {
    args.reporting.open(printer)?;
    let meant = meant(args, settings, printer).await?;
    let aws = run::connect_to(settings, &meant.cluster, &meant.region).await?;
    let holds = meant.names.iter().any(|name| name == BALANCERS);
    let within = if holds { Within::AllThatHolds } else { Within::Ours };
    let world = Site::new(aws, &meant.cluster, within);
    let whose = (meant.cluster.as_str(), meant.file.as_ref().map(|file| &file.cluster));
    let drawn = component_subtraction(&world, whose, &meant.names, &meant.accounts).await;
    let drawn = drawn.map_err(|error| CommandError::of(error, meant.file.as_ref().map(|it| &it.source)))?;
    let screen = screen(&meant, &drawn);
    if drawn.is_empty() {
        let text = || view::component::nothing_to_delete(&screen, &drawn);
        printer.answer(text, || view::json::summary(&meant.cluster, &Default::default()));
        return Ok(if drawn.plan.unread.is_empty() { Exit::Done } else { Exit::Partly });
    }
    make::tell_plan(&screen, printer);
    let text = view::component::deletion(&screen, &drawn);
    if args.dry_run {
        printer.screen(|| text, || view::json::deletion(&meant.cluster, &drawn.facts, &drawn.plan));
        return Ok(Exit::Done);
    }
    printer.show(&text);
    if !args.yes {
        let word = if let [name] = &drawn.gone[..] { name.as_str() } else { "yes" };
        prompt::confirm(printer, &format!("Type {word} to go on:"), word)?;
    }
    carry_out(&meant, &drawn, &world, (settings, printer)).await
}

async fn carry_out(
    meant: &Meant,
    drawn: &Subtraction,
    world: &Site,
    (settings, printer): (&Settings, &Printer),
) -> Result<Exit, CommandError> {
    let plan = &drawn.plan;
    let job = Job { cluster: &meant.cluster, facts: &drawn.facts, plan };
    let ended = carry::carry_out(&job, world, settings, printer).await?;
    let summary = &ended.summary;
    let again = format!("eksact delete component{}", meant.argument);
    let end = End {
        cluster: &meant.cluster,
        facts: &drawn.facts,
        plan,
        summary,
        doubtful: &ended.doubtful,
        inside: None,
        places: None,
        again: &again,
        file: &format!(" --name {} --region {}", meant.cluster, meant.region),
    };
    let text = match summary.is_complete() && summary.halted.is_none() {
        true => view::component::gone(&end, drawn, meant.file.as_ref().map(|it| it.source.name.as_str())),
        false => view::summary::failed(&end),
    };
    make::tell_end(&text, summary, printer);
    printer.screen(|| text, || view::json::summary(&meant.cluster, summary));
    Ok(carry::exit(plan, &ended))
}

async fn meant(args: &Args, settings: &Settings, printer: &Printer) -> Result<Meant, CommandError> {
    if let Some(path) = &args.chosen.file {
        let file = source::load(path, printer)?;
        return Ok(Meant {
            cluster: file.cluster.name().to_owned(),
            region: settings.region_of(file.cluster.region())?,
            names: args.chosen.of(&file)?,
            accounts: settings.accounts(Some(&file))?,
            argument: file.argument(),
            file: Some(file),
        });
    }
    let cluster = args.chosen.cluster.clone().unwrap_or_default();
    let name = args.chosen.one("delete")?;
    let region = run::region(settings).await?;
    let argument = format!(" {name} --cluster {cluster} --region {region}");
    let accounts = settings.accounts(None)?;
    Ok(Meant { cluster, region, names: vec![name.to_owned()], accounts, file: None, argument })
}

fn screen<'a>(meant: &'a Meant, drawn: &'a Subtraction) -> Screen<'a> {
    Screen {
        warnings: None,
        cluster: &meant.cluster,
        facts: &drawn.facts,
        graph: None,
        plan: &drawn.plan,
        source: None,
        snapshot: &drawn.snapshot,
        new: false,
        details: false,
    }
}
