//! `eksact delete nodegroup`: takes node groups away, and what was made for them alone.

use crate::cli::carry::{self, Job};
use crate::cli::chosen::Chosen;
use crate::cli::error::CommandError;
use crate::cli::reporting::Reporting;
use crate::cli::settings::{Accounts, Settings};
use crate::cli::{Exit, Printer, make, prompt, run, source};
use crate::config::Source;
use crate::ops::{Subtraction, subtraction};
use crate::view;
use crate::view::plan::Screen;
use crate::view::summary::End;

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

/// Which node groups are meant, and whose.
struct Meant {
    cluster: String,
    region: String,
    names: Vec<String>,
    accounts: Accounts,
    source: Option<Source>,
    /// How they are named on a command line.
    argument: String,
}

pub(super) async fn run(args: &Args, settings: &Settings, printer: &Printer) -> Result<Exit, CommandError> {
    args.reporting.open(printer)?;
    let meant = meant(args, settings, printer).await?;
    let world = run::connect_to(settings, &meant.cluster, &meant.region).await?;
    let drawn = subtraction(&world, &meant.cluster, &meant.names, &meant.accounts).await;
    let drawn = drawn.map_err(|error| CommandError::of(error, meant.source.as_ref()))?;
    let screen = screen(&meant, &drawn);
    if drawn.is_empty() {
        let text = || view::nodegroup::nothing_to_delete(&screen, &drawn);
        printer.answer(text, || view::json::summary(&meant.cluster, &Default::default()));
        return Ok(if drawn.plan.unread.is_empty() { Exit::Done } else { Exit::Partly });
    }
    make::tell_plan(&screen, printer);
    printer.show(&view::nodegroup::deletion(&screen, &drawn));
    if !args.yes {
        let word = if let [name] = &drawn.gone[..] { name.as_str() } else { "yes" };
        let question = format!("Their nodes are drained, and go. Type {word} to go on:");
        prompt::confirm(printer, &question, word)?;
    }
    let plan = &drawn.plan;
    let job = Job { cluster: &meant.cluster, facts: &drawn.facts, plan };
    let ended = carry::carry_out(&job, &world, settings, printer).await?;
    let summary = &ended.summary;
    let again = format!("eksact delete nodegroup{}", meant.argument);
    let end = End {
        cluster: &meant.cluster,
        facts: &drawn.facts,
        plan,
        summary,
        doubtful: &ended.doubtful,
        inside: None,
        places: None,
        again: &again,
        file: &meant.argument,
    };
    let text = match summary.is_complete() && summary.halted.is_none() {
        true => view::nodegroup::gone(&end, &drawn, meant.source.as_ref().map(|it| it.name.as_str())),
        false => view::summary::failed(&end),
    };
    make::tell_end(&text, summary, printer);
    printer.screen(|| text, || view::json::summary(&meant.cluster, summary));
    Ok(carry::exit(plan, &ended))
}

async fn meant(args: &Args, settings: &Settings, printer: &Printer) -> Result<Meant, CommandError> {
    if let Some(path) = &args.chosen.file {
        let file = source::load(path, printer)?;
        let accounts = settings.accounts(Some(&file))?;
        return Ok(Meant {
            cluster: file.cluster.name().to_owned(),
            region: settings.region_of(file.cluster.region())?,
            names: args.chosen.of(&file)?,
            accounts,
            argument: file.argument(),
            source: Some(file.source),
        });
    }
    let cluster = args.chosen.cluster.clone().unwrap_or_default();
    let name = args.name.as_ref().or(args.positional.as_ref());
    let name = name.ok_or_else(|| CommandError::usage("no node group is named"))?;
    let region = run::region(settings).await?;
    let argument = format!(" --cluster {cluster} --name {name} --region {region}");
    let accounts = settings.accounts(None)?;
    Ok(Meant { cluster, region, names: vec![name.clone()], accounts, source: None, argument })
}

fn screen<'a>(meant: &'a Meant, drawn: &'a Subtraction) -> Screen<'a> {
    Screen {
        cluster: &meant.cluster,
        facts: &drawn.facts,
        graph: None,
        plan: &drawn.plan,
        source: None,
        snapshot: &drawn.snapshot,
        new: false,
        details: false,
        warnings: None,
    }
}
