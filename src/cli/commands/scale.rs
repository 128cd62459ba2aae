//! `eksact scale nodegroup`: another size, until the file says otherwise.

use std::time::Duration;

use futures::future::join;

use crate::aws::Aws;
use crate::cli::error::CommandError;
use crate::cli::reporting::Events;
use crate::cli::settings::Settings;
use crate::cli::{Exit, Printer, inside, run};
use crate::cluster::{Caller, Timestamp};
use crate::ops::{Happened, Inside, OpsError, Scale, Scaled, Scaling, autoscaler, scaling};
use crate::view::live::{Board, Head};
use crate::view::scale::{self, Group};
use crate::world::{World, WorldError};

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
    let region = run::region(settings).await?;
    let world = run::connect_to(settings, &args.cluster, &region).await?;
    run::check_account(&world, settings).await?;
    let group = Group { cluster: &args.cluster, region: &region, name: args.name() };
    let looked = join(args.scaling(&world), world.caller());
    let (scaling, caller) = inside::heard(&world, printer, looked).await;
    let scaling = scaling.map_err(|error| CommandError::of(error, None))?;
    let mut seen = None;
    if !scaling.is_done() {
        begin(group, &scaling, caller, args.joining(&scaling.scaled), printer);
        let done = args.carry_out(&world, &scaling, settings, printer).await;
        printer.drawn(&[], world.now());
        seen = done?;
    }
    let text = || scale::text(group, &scaling.scaled, seen.as_ref());
    printer.answer(text, || scale::object(group, &scaling.scaled, seen.as_ref()));
    let is_short = seen.is_some_and(|it| !it.is_complete());
    Ok(if is_short { Exit::Partly } else { Exit::Done })
}

/// Shows what is about to be done.
fn begin(
    group: Group<'_>,
    scaling: &Scaling,
    caller: Result<Caller, WorldError>,
    joining: Option<Duration>,
    printer: &Printer,
) {
    // Whoever may scale need not be told who he is.
    let unknown = |error| Caller { arn: format!("caller not known: {error}"), ..Caller::default() };
    let caller = caller.unwrap_or_else(unknown);
    let about = scaling.usual() + joining.unwrap_or_default();
    printer.show(&scale::header(group, &caller, &scaling.scaled, about));
    let (cluster, region) = (group.cluster.to_owned(), group.region.to_owned());
    let head = Head { cluster, region, account: caller.account };
    let change = (scaling.key.clone(), Scaling::ACTION);
    printer.draw(Board::one(head, change, about, joining.is_some(), Timestamp::now()));
}

impl Nodegroup {
    fn name(&self) -> &str {
        self.name.as_ref().or(self.positional.as_ref()).map_or("", String::as_str)
    }

    /// What there is to do.
    async fn scaling(&self, world: &Aws) -> Result<Scaling, OpsError> {
        let left_to = self.left_to(world).await;
        let to = Scale { min: self.nodes_min, desired: self.nodes, max: self.nodes_max, left_to };
        scaling(world, (&self.cluster, world.region()), self.name(), to).await
    }

    /// What shows whose the number of nodes is to choose, where one is asked for.
    async fn left_to(&self, world: &Aws) -> Option<String> {
        if self.nodes.is_none() || self.despite_autoscaler || self.skip.skip_kubernetes {
            return None;
        }
        autoscaler(world, &self.cluster).await.map(|it| it.shown_by)
    }

    /// How long it usually takes until nodes that are added are Ready; those that go are not waited for. Nothing, where
    /// nobody looks.
    fn joining(&self, scaled: &Scaled) -> Option<Duration> {
        let usual = if scaled.after.1 > scaled.before.1 { JOINING } else { Duration::ZERO };
        (!self.skip.skip_kubernetes).then_some(usual)
    }

    /// Sets the size, and looks at the nodes.
    async fn carry_out(
        &self,
        world: &Aws,
        scaling: &Scaling,
        settings: &Settings,
        printer: &Printer,
    ) -> Result<Option<Inside>, CommandError> {
        let tell = |event| {
            printer.stops().change();
            printer.happened(&Happened::Change(event));
        };
        let set = inside::heard(world, printer, scaling.run(world, settings.left(), &tell)).await;
        set.map_err(|error| CommandError::of(error, None))?;
        let Some(usual) = self.joining(&scaling.scaled) else { return Ok(None) };
        let wanted = (self.cluster.as_str(), self.name(), scaling.scaled.after.1);
        Ok(Some(inside::nodes(world, wanted, (usual, settings.left()), printer).await))
    }
}
