//! `eksact get`: what there is.

use futures::future::{join, try_join_all};

use crate::aws::{Aws, ClusterSummary};
use crate::cli::component::Name;
use crate::cli::error::CommandError;
use crate::cli::inside::SkipKubernetes;
use crate::cli::settings::Settings;
use crate::cli::{Exit, Printer, run};
use crate::ops::{self, OpsError, Released, Site, Within, ready_nodes};
use crate::resource::{Key, Live, Standing};
use crate::view::get;
use crate::world::{Class, World, WorldError};

/// List clusters, node groups, components or add-ons
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// List the clusters of a region, or one of them
    #[command(visible_alias = "clusters")]
    Cluster(Cluster),
    /// List the add-ons of a cluster, or one of them
    #[command(visible_alias = "addons")]
    Addon(Addon),
    /// List the node groups of a cluster that eksact has made, or one of them
    #[command(visible_aliases = ["nodegroups", "ng"])]
    Nodegroup(Nodegroup),
    /// List the components of a cluster, or one of them
    #[command(visible_alias = "components")]
    Component(Component),
}

#[derive(Debug, clap::Args)]
struct Cluster {
    /// Name of the cluster; all if left out
    #[arg(long, short = 'n', value_name = "NAME")]
    name: Option<String>,
    /// Name of the cluster
    #[arg(value_name = "NAME", conflicts_with = "name")]
    positional: Option<String>,
}

#[derive(Debug, clap::Args)]
struct Addon {
    /// Name of the cluster
    #[arg(long, short = 'c', value_name = "NAME")]
    cluster: String,
    /// Name of the add-on; all if left out
    #[arg(long, short = 'n', value_name = "NAME")]
    name: Option<String>,
    /// Name of the add-on
    #[arg(value_name = "NAME", conflicts_with = "name")]
    positional: Option<String>,
}

#[derive(Debug, clap::Args)]
struct Nodegroup {
    /// Name of the cluster
    #[arg(long, short = 'c', value_name = "NAME")]
    cluster: String,
    /// Name of the node group in the file; all if left out
    #[arg(long, short = 'n', value_name = "NAME")]
    name: Option<String>,
    /// Name of the node group in the file
    #[arg(value_name = "NAME", conflicts_with = "name")]
    positional: Option<String>,
    #[command(flatten)]
    skip: SkipKubernetes,
}

#[derive(Debug, clap::Args)]
struct Component {
    /// Name of the cluster
    #[arg(long, short = 'c', value_name = "NAME")]
    cluster: String,
    #[command(flatten)]
    name: Name,
}

pub(in crate::cli) async fn run(
    args: &Args,
    settings: &Settings,
    printer: &Printer,
) -> Result<Exit, CommandError> {
    let region = run::region(settings).await?;
    match &args.what {
        What::Cluster(args) => {
            let name = args.name.as_ref().or(args.positional.as_ref());
            clusters(name, &region, settings, printer).await
        }
        What::Addon(args) => {
            let name = args.name.as_ref().or(args.positional.as_ref());
            addons(&args.cluster, name, &region, (settings, printer)).await
        }
        What::Nodegroup(args) => nodegroups(args, &region, settings, printer).await,
        What::Component(args) => components(args, &region, settings, printer).await,
    }
}

async fn clusters(
    name: Option<&String>,
    region: &str,
    settings: &Settings,
    printer: &Printer,
) -> Result<Exit, CommandError> {
    let world = run::connect_to(settings, name.map_or("", String::as_str), region).await?;
    run::check_account(&world, settings).await?;
    let rows = rows(&world, name).await?;
    if let (Some(name), true) = (name, rows.is_empty()) {
        return Err(OpsError::no_cluster(name, region).into());
    }
    printer.answer(|| get::clusters(region, &rows, world.now()), || get::clusters_json(region, &rows));
    Ok(Exit::Done)
}

async fn rows(world: &Aws, name: Option<&String>) -> Result<Vec<ClusterSummary>, CommandError> {
    let names = match name {
        Some(name) => vec![name.clone()],
        None => world.cluster_names().await?,
    };
    let told = try_join_all(names.iter().map(|name| world.cluster_summary(name))).await?;
    Ok(told.into_iter().flatten().collect())
}

async fn addons(
    cluster: &str,
    name: Option<&String>,
    region: &str,
    (settings, printer): (&Settings, &Printer),
) -> Result<Exit, CommandError> {
    let world = run::connect_to(settings, cluster, region).await?;
    run::check_account(&world, settings).await?;
    let Some(rows) = world.addons(name.map(String::as_str)).await? else {
        return Err(OpsError::no_cluster(cluster, region).into());
    };
    if let (Some(name), true) = (name, rows.is_empty()) {
        return Err(OpsError::no_part("addon", name, (cluster, region)).into());
    }
    printer.answer(|| get::addons(&rows, world.now()), || get::addons_json(cluster, &rows));
    Ok(Exit::Done)
}

async fn nodegroups(
    args: &Nodegroup,
    region: &str,
    settings: &Settings,
    printer: &Printer,
) -> Result<Exit, CommandError> {
    let (cluster, name) = (&args.cluster, args.name.as_ref().or(args.positional.as_ref()));
    let world = run::connect_to(settings, cluster, region).await?;
    run::check_account(&world, settings).await?;
    let glance = async { if args.skip.skip_kubernetes { None } else { ready_nodes(&world).await } };
    let (listed, ready) = join(listed(&world, name), glance).await;
    let Some((groups, released)) = listed? else {
        return Err(OpsError::no_cluster(cluster, region).into());
    };
    if let Err(error) = &released
        && error.class == Class::Denied
    {
        printer.show(&get::releases_denied(error));
    }
    let released = released.unwrap_or_default();
    let row = |(key, live)| {
        let (ready, behind) = (get::ready(ready.as_ref(), live), released.behind(live));
        get::Row { key, live, ready, behind }
    };
    let rows: Vec<get::Row<'_>> = groups.iter().map(|(key, live)| row((key, live))).collect();
    if let (Some(name), true) = (name, rows.is_empty()) {
        return Err(OpsError::no_part("nodegroup", name, (cluster, region)).into());
    }
    printer.answer(|| get::nodegroups(&rows, world.now()), || get::nodegroups_json(cluster, &rows));
    Ok(Exit::Done)
}

/// Node groups, and what AWS has released for them.
type Listed = (Vec<(Key, Live)>, Result<Released, WorldError>);

/// The node groups of a cluster, or the one of a name; nothing, if there is no such cluster.
async fn listed(world: &Aws, name: Option<&String>) -> Result<Option<Listed>, WorldError> {
    let Some(mut groups) = world.nodegroups().await? else { return Ok(None) };
    groups
        .retain(|(key, live)| name.is_none_or(|name| key.name == *name) && live.standing() != Standing::Gone);
    let released = Released::read(world, &groups).await;
    Ok(Some((groups, released)))
}

async fn components(
    args: &Component,
    region: &str,
    settings: &Settings,
    printer: &Printer,
) -> Result<Exit, CommandError> {
    let cluster = &args.cluster;
    let aws = run::connect_to(settings, cluster, region).await?;
    run::check_account(&aws, settings).await?;
    let world = Site::new(aws, cluster, Within::Ours);
    let rows = ops::components(&world, cluster).await.map_err(|error| CommandError::of(error, None))?;
    let rows: Vec<_> =
        rows.into_iter().filter(|row| args.name.said().is_none_or(|name| row.name == name)).collect();
    if let (Some(name), true) = (args.name.said(), rows.is_empty()) {
        return Err(OpsError::no_part("component", name, (cluster, region)).into());
    }
    printer.answer(|| get::components(&rows, world.now()), || get::components_json(cluster, &rows));
    Ok(Exit::Done)
}
