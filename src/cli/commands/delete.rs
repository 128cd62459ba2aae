//! `eksact delete cluster`: takes everything of it away, and proves it. It needs no file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use serde_json::{Value, json};

use crate::apply::Summary;
use crate::cli::carry::{self, Job};
use crate::cli::error::CommandError;
use crate::cli::receipt::Receipt;
use crate::cli::reporting::Reporting;
use crate::cli::settings::{Accounts, Settings};
use crate::cli::{Exit, Printer, kubeconfig, make, prompt, run, source};
use crate::cluster::Timestamp;
use crate::config::Source;
use crate::ops::{Proof, Removal, Site, Within, prove, removal};
use crate::view;
use crate::view::plan::Screen;
use crate::view::summary::End;

/// Delete a cluster and all that was made for it
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Delete a cluster and all that was made for it: VPC, roles, node groups, add-ons
    Cluster(Cluster),
    /// Delete a node group of a cluster, or those of a file, with what was made for them alone
    #[command(visible_alias = "ng")]
    Nodegroup(super::delete_nodegroup::Args),
    /// Delete a component of a cluster, or those of a file, with what was made for them alone
    Component(super::delete_component::Args),
}

#[derive(Debug, clap::Args)]
#[group(id = "which", required = true, multiple = false)]
struct Which {
    /// The cluster file, of which name, region and account are read; `-` for stdin
    #[arg(long, short = 'f', visible_alias = "config-file", value_name = "FILE")]
    file: Option<PathBuf>,
    /// Name of the cluster
    #[arg(value_name = "NAME")]
    positional: Option<String>,
    /// Name of the cluster
    #[arg(long, short = 'n', value_name = "NAME")]
    name: Option<String>,
}

#[derive(Debug, clap::Args)]
struct Cluster {
    #[command(flatten)]
    which: Which,
    /// Do not ask
    #[arg(long, short = 'y')]
    yes: bool,
    /// The kubeconfig in which the cluster has an entry
    #[arg(long, value_name = "FILE")]
    kubeconfig: Option<PathBuf>,
    /// Leave Kubernetes alone: what Ingresses and Services hold in AWS is not taken down first
    #[arg(long, env = "EKSACT_SKIP_KUBERNETES", value_parser = FalseyValueParser::new(), hide_env_values = true)]
    skip_kubernetes: bool,
    #[command(flatten)]
    receipt: Receipt,
    #[command(flatten)]
    reporting: Reporting,
}

/// Which cluster is meant.
struct Meant {
    name: String,
    region: String,
    accounts: Accounts,
    source: Option<Source>,
}

impl Meant {
    fn arn(&self, removal: &Removal) -> String {
        let (partition, account) = (removal.facts.partition(), &removal.facts.caller.account);
        format!("arn:{partition}:eks:{}:{account}:cluster/{}", self.region, self.name)
    }
}

pub(in crate::cli) async fn run(
    args: &Args,
    settings: &Settings,
    printer: &Printer,
) -> Result<Exit, CommandError> {
    match &args.what {
        What::Cluster(args) => cluster(args, settings, printer).await,
        What::Nodegroup(args) => super::delete_nodegroup::run(args, settings, printer).await,
        What::Component(args) => super::delete_component::run(args, settings, printer).await,
    }
}

async fn cluster(args: &Cluster, settings: &Settings, printer: &Printer) -> Result<Exit, CommandError> {
    args.reporting.open(printer)?;
    args.receipt.check()?;
    let meant = meant(&args.which, settings, printer).await?;
    let aws = run::connect_to(settings, &meant.name, &meant.region).await?;
    let within = if args.skip_kubernetes { Within::WholeOutside } else { Within::Whole };
    let world = Site::new(aws, &meant.name, within);
    let removal = removal(&world, &meant.name, &meant.accounts).await;
    let removal = removal.map_err(|error| CommandError::of(error, meant.source.as_ref()))?;
    if removal.is_empty() {
        kubeconfig::forget(args.kubeconfig.as_deref(), &meant.arn(&removal), printer).await;
        let stays = stays(&removal);
        let text = || view::summary::absent(&meant.name, &stays);
        printer.answer(text, || view::json::summary(&meant.name, &Default::default()));
        let proof = Proof::of(&removal.snapshot, removal.facts.now);
        let (summary, done) = (&Default::default(), &Default::default());
        let receipt = || receipt(&meant.name, &removal, (summary, done), Some(&proof), &stays);
        return Ok(args.receipt.write(receipt, printer));
    }
    let screen = Screen::of_removal(&meant.name, &removal);
    make::tell_plan(&screen, printer);
    printer.show(&view::plan::removal(&screen, &removal));
    if !args.yes {
        let question = format!("This cannot be undone. Type the cluster's name to go on, {}:", meant.name);
        prompt::confirm(printer, &question, &meant.name)?;
    }
    let exit = carry_out(&meant, &removal, &world, (settings, printer), &args.receipt).await?;
    if exit == Exit::Done {
        kubeconfig::forget(args.kubeconfig.as_deref(), &meant.arn(&removal), printer).await;
    }
    Ok(exit)
}

async fn meant(which: &Which, settings: &Settings, printer: &Printer) -> Result<Meant, CommandError> {
    if let Some(path) = &which.file {
        let file = source::load(path, printer)?;
        let accounts = settings.accounts(Some(&file))?;
        let region = settings.region_of(file.cluster.region())?;
        return Ok(Meant {
            name: file.cluster.name().to_owned(),
            region,
            accounts,
            source: Some(file.source),
        });
    }
    let name = which.name.clone().or_else(|| which.positional.clone());
    let name = name.ok_or_else(|| CommandError::usage("no cluster is named"))?;
    let accounts = settings.accounts(None)?;
    Ok(Meant { name, region: run::region(settings).await?, accounts, source: None })
}

async fn carry_out(
    meant: &Meant,
    removal: &Removal,
    world: &Site,
    (settings, printer): (&Settings, &Printer),
    into: &Receipt,
) -> Result<Exit, CommandError> {
    let plan = &removal.plan;
    let job = Job { cluster: &meant.name, facts: &removal.facts, plan };
    let ended = carry::carry_out(&job, world, settings, printer).await?;
    let summary = &ended.summary;
    let file = match &meant.source {
        Some(source) => format!(" -f {}", source.name),
        None => format!(" --name {} --region {}", meant.name, meant.region),
    };
    let again = format!("eksact delete cluster{file}");
    let end = End {
        cluster: &meant.name,
        facts: &removal.facts,
        plan,
        summary,
        doubtful: &ended.doubtful,
        inside: None,
        places: None,
        again: &again,
        file: &file,
    };
    let write = |proof: Option<&Proof>, stays: &[String]| {
        into.write(|| receipt(&meant.name, removal, (summary, &ended.done), proof, stays), printer)
    };
    if !summary.is_complete() || summary.halted.is_some() {
        let text = view::summary::failed(&end);
        make::tell_end(&text, summary, printer);
        printer.screen(|| text, || view::json::summary(&meant.name, summary));
        write(None, &[]);
        return Ok(carry::exit(plan, &ended));
    }
    let mut stays = stays(removal);
    let proof = match prove(world, &meant.name, plan).await {
        Ok(proof) => proof,
        Err(error) => {
            write(None, &stays);
            let why = error.to_string();
            let text = view::summary::unproven(&end, &why, &stays);
            make::tell_end(&text, summary, printer);
            printer.screen(
                || text,
                || {
                    let unknown = json!({ "gone": null, "why": why, "stays": stays });
                    view::json::joined(view::json::summary(&meant.name, summary), unknown)
                },
            );
            return Ok(Exit::Partly);
        }
    };
    let again = proof.made_again.iter().map(|group| format!("log group {group}, which EKS has made again"));
    stays.extend(again);
    let object = || {
        let mut object = view::json::summary(&meant.name, summary);
        object["gone"] = proof.is_clean().into();
        object["stays"] = stays.clone().into();
        object["left"] = proof.left.iter().map(ToString::to_string).collect::<Vec<_>>().into();
        object["notOurs"] = proof.guests.clone().into();
        object
    };
    let text = view::summary::gone(&end, &proof, &stays);
    make::tell_end(&text, summary, printer);
    printer.screen(|| text, object);
    let written = write(Some(&proof), &stays);
    Ok(if proof.is_clean() { written } else { Exit::Partly })
}

/// What AWS keeps, and goes on asking money for.
fn stays(removal: &Removal) -> Vec<String> {
    let group = removal.log_group().map(|group| format!("log group {group}"));
    group.into_iter().chain(view::volumes::stays(removal)).collect()
}

fn receipt(
    cluster: &str,
    removal: &Removal,
    (summary, done): (&Summary, &BTreeMap<usize, Timestamp>),
    proof: Option<&Proof>,
    stays: &[String],
) -> Value {
    view::receipt::object(&view::receipt::Receipt { cluster, removal, summary, done, proof, stays })
}
