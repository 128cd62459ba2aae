//! `eksact create cluster`: from a file, or from flags as eksctl has them.

use std::path::PathBuf;

use crate::cli::component::Versioned;
use crate::cli::error::CommandError;
use crate::cli::make::{Makes, Making};
use crate::cli::settings::Settings;
use crate::cli::sizes::Sizes;
use crate::cli::source::{self, File};
use crate::cli::{Exit, Printer, run};
use crate::config::{ComponentFlags, Flags};
use crate::plan::Plan;
use crate::view::json::to_yaml;

/// Create a cluster
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Create a cluster from a file or from flags; one that exists is left to `apply` where more than
    /// additions would be made
    Cluster(Box<Cluster>),
    /// Create the node groups of a file that are not there yet and change nothing else; or one from flags
    #[command(visible_alias = "ng")]
    Nodegroup(Box<super::create_nodegroup::Args>),
    /// Install the components of a file that are not there yet and change nothing else; or one from flags
    Component(Box<super::create_component::Args>),
}

#[derive(Debug, clap::Args)]
struct Cluster {
    /// The cluster file; `-` for stdin
    #[arg(long, short = 'f', visible_alias = "config-file", value_name = "FILE", conflicts_with_all = FLAGS)]
    file: Option<PathBuf>,
    /// Name of the cluster
    #[arg(value_name = "NAME", conflicts_with = "name")]
    positional: Option<String>,
    /// Name of the cluster
    #[arg(long, short = 'n', value_name = "NAME")]
    name: Option<String>,
    /// Kubernetes version, such as 1.34; AWS's default if left out
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    #[command(flatten)]
    sizes: Sizes,
    /// Instance type of the nodes
    #[arg(long, short = 't', value_name = "TYPE")]
    node_type: Option<String>,
    /// Name of the node group; made of the cluster's if left out
    #[arg(long, value_name = "NAME")]
    nodegroup_name: Option<String>,
    /// Nodes on spare capacity
    #[arg(long)]
    spot: bool,
    /// Availability zones, two at least
    #[arg(long, value_name = "ZONES", value_delimiter = ',')]
    zones: Vec<String>,
    /// Addresses of the VPC
    #[arg(long, value_name = "CIDR")]
    vpc_cidr: Option<String>,
    /// NAT gateways: Single, HighlyAvailable or Disable
    #[arg(long, value_name = "MODE")]
    vpc_nat_mode: Option<String>,
    /// Tags of everything, as key=value,key=value
    #[arg(long, value_name = "TAGS", value_delimiter = ',')]
    tags: Vec<String>,
    /// Components to install, as NAME[@VERSION],NAME[@VERSION]
    #[arg(long, value_name = "COMPONENTS", value_delimiter = ',', value_parser = Versioned)]
    with: Vec<ComponentFlags>,
    /// Make nothing: print the file with every default, the zones, the version and the add-ons in it
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    makes: Makes,
}

const FLAGS: [&str; 14] = [
    "positional",
    "name",
    "version",
    "nodes",
    "nodes_min",
    "nodes_max",
    "node_type",
    "nodegroup_name",
    "spot",
    "zones",
    "vpc_cidr",
    "vpc_nat_mode",
    "tags",
    "with",
];

pub(in crate::cli) async fn run(
    args: &Args,
    settings: &Settings,
    printer: &Printer,
) -> Result<Exit, CommandError> {
    match &args.what {
        What::Cluster(args) => cluster(args, settings, printer).await,
        What::Nodegroup(args) => super::create_nodegroup::run(args, settings, printer).await,
        What::Component(args) => super::create_component::run(args, settings, printer).await,
    }
}

async fn cluster(args: &Cluster, settings: &Settings, printer: &Printer) -> Result<Exit, CommandError> {
    args.makes.reporting.open(printer)?;
    let file = match &args.file {
        Some(path) => source::load(path, printer)?,
        None => from_flags(args, settings, printer).await?,
    };
    args.makes.deny.check(&file)?;
    let (world, draft) = run::drafted(&file, settings, args.makes.within(), args.makes.skip).await?;
    if args.dry_run {
        let filled = file.cluster.filled(&draft.choices());
        printer.answer(|| to_yaml(&filled).trim_end().to_owned(), || filled.clone());
        return Ok(Exit::Done);
    }
    let agree = |plan: &Plan| {
        args.makes.lockout.check(&draft, &file)?;
        match plan.destroys() {
            true => Err(CommandError::new(
                Exit::Failed,
                "the cluster exists, and something of it would be deleted or replaced",
            )
            .hint(format!("nothing was changed; to do it: eksact apply{}", file.argument()))),
            false => Ok(()),
        }
    };
    let again = match &args.file {
        Some(path) => format!("eksact create cluster -f {}", path.display()),
        None => "the same command".to_owned(),
    };
    let inside = args.makes.inside.all(settings, &draft, true, printer)?;
    let (again, agree) = (again.as_str(), &agree);
    let (file, draft, world, skip) = (&file, &draft, &world, args.makes.skip);
    Making { file, draft, world, settings, printer, again, agree, inside, skip }.run().await
}

/// The file that the flags stand for. A name is not invented: typed again, the same command must mean
/// the same cluster.
async fn from_flags(args: &Cluster, settings: &Settings, printer: &Printer) -> Result<File, CommandError> {
    let name = args.name.clone().or_else(|| args.positional.clone()).ok_or_else(|| {
        CommandError::usage("the cluster has no name").hint("eksact create cluster --name NAME, or -f FILE")
    })?;
    let region = run::region(settings).await?;
    let flags = Flags {
        nodegroup_name: args.nodegroup_name.clone(),
        name,
        region,
        version: args.version.clone(),
        nodes: args.sizes.nodes,
        nodes_min: args.sizes.nodes_min,
        nodes_max: args.sizes.nodes_max,
        node_type: args.node_type.clone(),
        spot: args.spot,
        zones: args.zones.clone(),
        vpc_cidr: args.vpc_cidr.clone(),
        vpc_nat_mode: args.vpc_nat_mode.clone(),
        tags: pairs("--tags", &args.tags)?,
        components: args.with.clone(),
    };
    source::cluster(flags.source(), printer)
}

/// Pairs as a flag takes them.
///
/// # Errors
/// Where one is none.
pub(super) fn pairs(flag: &str, written: &[String]) -> Result<Vec<(String, String)>, CommandError> {
    let pair = |pair: &String| match pair.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err(CommandError::usage(format!("{flag} takes key=value, not `{pair}`"))
            .hint(format!("such as {flag} team=payments; several are divided by commas"))),
    };
    written.iter().map(pair).collect()
}
