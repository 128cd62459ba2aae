//! `eksact create nodegroup`: those of a file that are not there yet, or one from flags as eksctl has them.

use serde_json::Value;

use super::create::pairs;
use crate::cli::adding::{self, Adding};
use crate::cli::chosen::Chosen;
use crate::cli::error::CommandError;
use crate::cli::preflight::SkipPreflight;
use crate::cli::reporting::Reporting;
use crate::cli::settings::Settings;
use crate::cli::sizes::Sizes;
use crate::cli::source::{self, File};
use crate::cli::{Exit, Printer, inside, run};
use crate::config::NodegroupFlags;
use crate::ops::{Within, addition};
use crate::view::parts::Part;

/// Above the flags that stand for a file.
const WITHOUT_FILE: &str = "A node group without a file";

#[derive(Debug, clap::Args)]
#[command(mut_group("Sizes", |sizes| sizes.conflicts_with("file")))]
pub(super) struct Args {
    #[command(flatten)]
    chosen: Chosen,
    #[command(flatten)]
    reporting: Reporting,
    #[command(flatten)]
    inside: inside::Kubernetes,
    #[command(flatten)]
    skip: SkipPreflight,
    // Their heading stands above all that follow.
    #[command(flatten)]
    flags: Flags,
    #[command(flatten)]
    sizes: Sizes,
}

#[derive(Debug, clap::Args)]
// A struct with another one in it would be a group without members, and conflict with nothing.
#[command(next_help_heading = WITHOUT_FILE)]
#[group(id = "flags", multiple = true, conflicts_with = "file")]
struct Flags {
    /// Name of the node group
    #[arg(long, short = 'n', value_name = "NAME")]
    name: Option<String>,
    /// Name of the node group
    #[arg(value_name = "NAME", conflicts_with = "name")]
    positional: Option<String>,
    /// Instance type of the nodes; m5.large if left out
    #[arg(long, short = 't', value_name = "TYPE")]
    node_type: Option<String>,
    /// Several instance types, for capacity or price
    #[arg(long, value_name = "TYPES", value_delimiter = ',')]
    instance_types: Vec<String>,
    /// Nodes on spare capacity
    #[arg(long)]
    spot: bool,
    /// Size of the root volume in GiB
    #[arg(long, value_name = "GIB")]
    node_volume_size: Option<u32>,
    /// Kind of the root volume
    #[arg(long, value_name = "TYPE")]
    node_volume_type: Option<String>,
    /// Labels of the nodes, as key=value,key=value
    #[arg(long, value_name = "LABELS", value_delimiter = ',')]
    node_labels: Vec<String>,
    /// Nodes without public addresses, in private subnets
    #[arg(long, short = 'P')]
    node_private_networking: bool,
    /// Only these zones
    #[arg(long, value_name = "ZONES", value_delimiter = ',')]
    node_zones: Vec<String>,
    /// Only these subnets
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    subnet_ids: Vec<String>,
    /// Family of images
    #[arg(long, value_name = "FAMILY")]
    node_ami_family: Option<String>,
    /// Pods do not reach the node's credentials
    #[arg(long)]
    disable_pod_imds: bool,
}

pub(super) async fn run(args: &Args, settings: &Settings, printer: &Printer) -> Result<Exit, CommandError> {
    args.reporting.open(printer)?;
    let (file, group) = match &args.chosen.file {
        Some(path) => (source::load(path, printer)?, None),
        None => {
            let (file, group) = from_flags(args, settings, printer).await?;
            (file, Some(group))
        }
    };
    let names = args.chosen.of(&file)?;
    let (world, draft) = run::drafted(&file, settings, Within::LeftOut, SkipPreflight::ALWAYS).await?;
    let asked = adding::asked(group.as_ref());
    let wanted = addition(draft, &names, asked).map_err(|error| adding::failed(error, &file))?;
    let adding = Adding { part: Part::Nodegroup, file: &file, from_flags: group.as_ref(), wanted: &wanted };
    let inside =
        if adding.is_there() { None } else { args.inside.changed(settings, &wanted.draft, printer)? };
    adding.run(&world, inside, (settings, printer), args.skip).await
}

/// The file that the flags stand for, of a cluster as it lives, and the node group in it.
async fn from_flags(
    args: &Args,
    settings: &Settings,
    printer: &Printer,
) -> Result<(File, Value), CommandError> {
    let (cluster, flags) = (args.chosen.cluster.as_deref().unwrap_or_default(), &args.flags);
    let name = flags.name.clone().or_else(|| flags.positional.clone()).ok_or_else(|| {
        CommandError::usage("the node group has no name")
            .hint("eksact create nodegroup --cluster CLUSTER --name NAME, or -f FILE")
    })?;
    let written = NodegroupFlags {
        name,
        ami_family: flags.node_ami_family.clone(),
        node_type: flags.node_type.clone(),
        instance_types: flags.instance_types.clone(),
        spot: flags.spot,
        nodes: args.sizes.nodes,
        nodes_min: args.sizes.nodes_min,
        nodes_max: args.sizes.nodes_max,
        volume_size: flags.node_volume_size,
        volume_type: flags.node_volume_type.clone(),
        labels: pairs("--node-labels", &flags.node_labels)?,
        private_networking: flags.node_private_networking,
        zones: flags.node_zones.clone(),
        subnets: flags.subnet_ids.clone(),
        disable_pod_imds: flags.disable_pod_imds,
    };
    let habitat = adding::habitat(cluster, settings).await?;
    if habitat.given.is_some() && written.subnets.is_empty() {
        return Err(CommandError::usage(format!("cluster {cluster} lies in a network that was given"))
            .hint("name the subnets of the nodes: --subnet-ids"));
    }
    Ok((source::cluster(written.source(&habitat), printer)?, written.group()))
}
