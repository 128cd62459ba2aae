//! `eksact scale nodegroup`: another size, until the file says otherwise.

use std::time::Duration;

use serde_json::{Value, json};

use crate::aws::Aws;
use crate::cli::error::CommandError;
use crate::cli::reporting::Events;
use crate::cli::settings::Settings;
use crate::cli::{Exit, Printer, inside, run};
use crate::ops::{Happened, Inside, Scale, Scaled, autoscaler, scale};
use crate::view::json::answer;
use crate::view::readiness;

/// How long it usually takes until a machine that Auto Scaling starts is a node that is Ready.
const JOINING: Duration = Duration::from_secs(110);

/// Scale a node group
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Scale a node group, by its name in the file
    #[command(visible_alias = "ng")]
    Nodegroup(Nodegroup),
}

#[derive(Debug, clap::Args)]
struct Nodegroup {
    /// Name of the cluster
    #[arg(long, short = 'c', value_name = "NAME")]
    cluster: String,
    /// Name of the node group in the file
    #[arg(long, short = 'n', value_name = "NAME", required_unless_present = "positional")]
    name: Option<String>,
    /// Name of the node group in the file
    #[arg(value_name = "NAME", conflicts_with = "name")]
    positional: Option<String>,
    /// Nodes
    #[arg(long, short = 'N', value_name = "NUMBER", required_unless_present_any = ["nodes_min", "nodes_max"])]
    nodes: Option<u32>,
    /// Fewest nodes
    #[arg(long, short = 'm', value_name = "NUMBER")]
    nodes_min: Option<u32>,
    /// Most nodes
    #[arg(long, short = 'M', value_name = "NUMBER")]
    nodes_max: Option<u32>,
    /// Set the number of nodes though cluster-autoscaler chooses it, and may choose another
    #[arg(long, requires = "nodes")]
    despite_autoscaler: bool,
    #[command(flatten)]
    skip: inside::SkipKubernetes,
    #[command(flatten)]
    events: Events,
}

pub(in crate::cli) async fn run(
    args: &Args,
    settings: &Settings,
    printer: &Printer,
) -> Result<Exit, CommandError> {
    let What::Nodegroup(args) = &args.what;
    args.events.open(printer)?;
    let name = args.name.as_ref().or(args.positional.as_ref()).map_or("", String::as_str);
    let region = run::region(settings).await?;
    let world = run::connect_to(settings, &args.cluster, &region).await?;
    run::check_account(&world, settings).await?;
    let left_to = args.left_to(&world).await;
    let to = Scale { min: args.nodes_min, desired: args.nodes, max: args.nodes_max, left_to };
    let tell = |event| {
        printer.stops().change();
        printer.happened(&Happened::Change(event));
    };
    let scaled = scale(&world, (&args.cluster, name), to, settings.left(), &tell);
    let scaled =
        inside::heard(&world, printer, scaled).await.map_err(|error| CommandError::of(error, None))?;
    let inside = match args.skip.skip_kubernetes || scaled.before == scaled.after {
        true => None,
        false => Some(
            inside::nodes(
                &world,
                (&args.cluster, name, scaled.after.1),
                (usual(&scaled), settings.left()),
                printer,
            )
            .await,
        ),
    };
    printer.answer(|| text(name, &scaled, inside.as_ref()), || object(args, name, &scaled, inside.as_ref()));
    let is_short = inside.is_some_and(|it| !it.is_complete());
    Ok(if is_short { Exit::Partly } else { Exit::Done })
}

impl Nodegroup {
    /// What shows whose the number of nodes is to choose, where one is asked for.
    async fn left_to(&self, world: &Aws) -> Option<String> {
        if self.nodes.is_none() || self.despite_autoscaler || self.skip.skip_kubernetes {
            return None;
        }
        autoscaler(world, &self.cluster).await.map(|it| it.shown_by)
    }
}

/// How long it usually takes until nodes that are added are Ready; those that go are not waited for.
fn usual(scaled: &Scaled) -> Duration {
    if scaled.after.1 > scaled.before.1 { JOINING } else { Duration::ZERO }
}

fn object(args: &Nodegroup, name: &str, scaled: &Scaled, inside: Option<&Inside>) -> Value {
    let sizes = |(min, desired, max): (u32, u32, u32)| json!({ "min": min, "desired": desired, "max": max });
    let rest = json!({
        "cluster": args.cluster, "nodegroup": name,
        "before": sizes(scaled.before), "after": sizes(scaled.after), "applied": scaled.applied,
        "leftToAutoscaler": scaled.left.as_ref().map(|(size, by)| json!({ "desired": size, "by": by })),
        "kubernetes": inside.map(readiness::object),
    });
    answer("Scaled", rest)
}

fn text(name: &str, scaled: &Scaled, inside: Option<&Inside>) -> String {
    let sizes = |(min, desired, max): (u32, u32, u32)| format!("{desired} nodes ({min} to {max})");
    if scaled.before == scaled.after {
        return format!("nodegroup {name} has {} already.", sizes(scaled.after));
    }
    let ready = inside.and_then(|it| readiness::nodes(&it.nodes)).map(|it| format!(" {it}."));
    let troubles: String =
        inside.map(readiness::troubles).unwrap_or_default().iter().map(|line| format!("\n{line}")).collect();
    format!(
        "nodegroup {name}: {} → {}.{}{}{troubles}",
        sizes(scaled.before),
        sizes(scaled.after),
        ready.unwrap_or_default(),
        next(scaled).map(|line| format!("\n{line}")).unwrap_or_default(),
    )
}

/// Who says how many nodes there are from now on, where it is not the file.
fn next(scaled: &Scaled) -> Option<String> {
    if let Some((size, by)) = &scaled.left {
        let why = format!("{size} nodes are not set: cluster-autoscaler ({by}) chooses how many there are");
        return Some(format!("{why}, and --despite-autoscaler sets them all the same."));
    }
    let applied = scaled.applied.filter(|applied| *applied != scaled.after.1)?;
    let file = format!("The file said {applied} when it was last applied");
    Some(format!("{file}: apply leaves this size alone until the file names another."))
}
