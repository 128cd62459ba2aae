//! Carrying out a plan: events become lines, signals stop it.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;

use super::error::CommandError;
use super::settings::Settings;
use super::source::File;
use super::{Exit, Printer};
use crate::apply::{Failure, Options, Summary, apply};
use crate::aws::{self, Aws};
use crate::plan::Plan;
use crate::view::event::Lines;
use crate::world::World;

/// Runs a command to its end.
pub(super) fn block_on(
    command: impl Future<Output = Result<Exit, CommandError>>,
) -> Result<Exit, CommandError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime =
        runtime.map_err(|error| CommandError::new(Exit::Failed, format!("cannot start: {error}")))?;
    let ended = runtime.block_on(command);
    // A read that nobody waits for any more must not hold the end up.
    runtime.shutdown_background();
    ended
}

/// Carries out a plan in which nothing is refused.
///
/// # Errors
/// Where signals cannot be listened for.
pub(super) async fn carry_out(
    plan: &Plan,
    world: &Aws,
    settings: &Settings,
    printer: &Printer,
) -> Result<(Summary, bool), CommandError> {
    let (events, mut received) = unbounded_channel();
    let stop = CancellationToken::new();
    let mut lines = Lines::new(settings.verbose > 0);
    let options = Options { timeout: Some(settings.timeout), ..Options::default() };
    let work = apply(plan, world, options, &stop, events);
    tokio::pin!(work);
    let listen = |kind| {
        signal(kind)
            .map_err(|error| CommandError::new(Exit::Failed, format!("cannot listen for signals: {error}")))
    };
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    let mut beat = tokio::time::interval(Duration::from_secs(5));
    let summary = loop {
        tokio::select! {
            biased;
            Some(event) = received.recv() => {
                lines.line(&event).iter().for_each(|line| printer.talk(line));
            }
            _ = interrupt.recv() => interrupted(&stop, printer),
            _ = terminate.recv() => interrupted(&stop, printer),
            _ = beat.tick() => lines.heartbeat(world.now()).iter().for_each(|line| printer.talk(line)),
            summary = &mut work => break summary,
        }
    };
    while let Ok(event) = received.try_recv() {
        lines.line(&event).iter().for_each(|line| printer.talk(line));
    }
    let refused = |_| CommandError::new(Exit::Failed, "the plan is refused: nothing was changed");
    Ok((summary.map_err(refused)?, stop.is_cancelled()))
}

/// The first time it stops in good order; the second time at once.
fn interrupted(stop: &CancellationToken, printer: &Printer) {
    if stop.is_cancelled() {
        printer
            .talk("stopped at once; what AWS is at goes on: run the same command again to go on from there");
        std::process::exit(Exit::Interrupted.code().into());
    }
    printer.talk("stopping: calls under way are finished, nothing new is begun (again: stop at once)");
    stop.cancel();
}

/// How a run ends.
pub(super) fn exit(plan: &Plan, summary: &Summary, interrupted: bool) -> Exit {
    if interrupted && !summary.is_complete() {
        return Exit::Interrupted;
    }
    if summary.is_complete() {
        return if plan.unread.is_empty() { Exit::Done } else { Exit::Partly };
    }
    let untouched = |failure: &Failure| matches!(failure, Failure::World(_) | Failure::Astray(_));
    let nothing = summary.done == 0 && summary.failed.iter().all(|(_, failure)| untouched(failure));
    if nothing { Exit::Failed } else { Exit::Partly }
}

/// The AWS that a file means.
///
/// # Errors
/// Where settings and file contradict each other, or the settings are not enough.
pub(super) async fn connect(settings: &Settings, file: &File) -> Result<Aws, CommandError> {
    let region = settings.region_of(file.cluster.region())?;
    connect_to(settings, file.cluster.name(), &region).await
}

/// The part of AWS that is one cluster's.
///
/// # Errors
/// Where the settings are not enough.
pub(super) async fn connect_to(
    settings: &Settings,
    cluster: &str,
    region: &str,
) -> Result<Aws, CommandError> {
    let settings = aws::Settings {
        region: Some(region.to_owned()),
        profile: settings.profile.clone(),
        ..aws::Settings::new(cluster)
    };
    Ok(Aws::connect(&settings).await?)
}

/// The region, where no file says it.
///
/// # Errors
/// Where none is said.
pub(super) async fn region(settings: &Settings) -> Result<String, CommandError> {
    if let Some(region) = &settings.region {
        return Ok(region.clone());
    }
    let found = aws::region(settings.profile.as_deref()).await;
    found.ok_or_else(|| {
        CommandError::usage("no region is said")
            .hint("add --region REGION, set AWS_REGION, or put it into your AWS profile")
    })
}

/// Whether the credentials are for the account that a flag names.
///
/// # Errors
/// Where they are not, or cannot be told.
pub(super) async fn check_account(world: &Aws, settings: &Settings) -> Result<(), CommandError> {
    let Some(account) = &settings.account else { return Ok(()) };
    crate::ops::pinned(world, account).await.map_err(|error| CommandError::of(error, None))
}
