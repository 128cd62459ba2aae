//! Carrying out a plan: events become lines, signals stop it.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;

use super::error::CommandError;
use super::settings::Settings;
use super::source::File;
use super::{Exit, Printer};
use crate::apply::{Event, Failure, Halt, Options, Summary, What, apply};
use crate::aws::{self, Aws};
use crate::ops::{Draft, draft};
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

/// What came of a run.
#[derive(Debug)]
pub(super) struct Ended {
    pub summary: Summary,
    /// Whether anything has been changed, or may have been.
    pub touched: bool,
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
) -> Result<Ended, CommandError> {
    let (events, mut received) = unbounded_channel();
    let stop = CancellationToken::new();
    let (mut lines, mut touch) = (Lines::new(settings.verbose > 0), Touch::default());
    let mut tell = |event: Event, lines: &mut Lines| {
        touch.see(&event);
        lines.line(&event).iter().for_each(|line| printer.talk(line));
    };
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
            Some(event) = received.recv() => tell(event, &mut lines),
            _ = interrupt.recv() => interrupted(&stop, printer),
            _ = terminate.recv() => interrupted(&stop, printer),
            _ = beat.tick() => lines.heartbeat(world.now()).iter().for_each(|line| printer.talk(line)),
            summary = &mut work => break summary,
        }
    };
    while let Ok(event) = received.try_recv() {
        tell(event, &mut lines);
    }
    let refused = |_| CommandError::new(Exit::Failed, "the plan is refused: nothing was changed");
    Ok(Ended { summary: summary.map_err(refused)?, touched: touch.touched })
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
pub(super) fn exit(plan: &Plan, ended: &Ended) -> Exit {
    let summary = &ended.summary;
    if summary.is_complete() {
        return if plan.unread.is_empty() { Exit::Done } else { Exit::Partly };
    }
    match summary.halted {
        Some(Halt::Stopped) => Exit::Interrupted,
        _ if ended.touched => Exit::Partly,
        _ => Exit::Failed,
    }
}

/// Whether a run has changed anything, or may have: told by its events.
#[derive(Debug, Default)]
struct Touch {
    calls: BTreeMap<usize, usize>,
    touched: bool,
}

impl Touch {
    fn see(&mut self, event: &Event) {
        let calls = self.calls.entry(event.change).or_default();
        match &event.what {
            What::Calling(_) => {
                // The one before has been accepted, or left doubt.
                self.touched |= *calls > 0;
                *calls += 1;
            }
            // A call that fails for good has no effect; all else that fails does so after it.
            What::Failed(Failure::World(_)) => {}
            What::Done { .. } | What::Doubted(_) | What::Waiting { .. } | What::Failed(_) => {
                self.touched |= *calls > 0;
            }
            What::Started | What::Postponed { .. } | What::Skipped { .. } => {}
        }
    }
}

/// The AWS that a file means.
///
/// # Errors
/// Where settings and file contradict each other, or the settings are not enough.
async fn connect(settings: &Settings, file: &File) -> Result<Aws, CommandError> {
    settings.check_account(file)?;
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

/// The AWS that a file means, and the plan for it.
///
/// # Errors
/// As of [`connect`], and where the plan cannot be drawn up.
pub(super) async fn drafted(file: &File, settings: &Settings) -> Result<(Aws, Draft), CommandError> {
    let world = connect(settings, file).await?;
    let draft = draft(&world, &file.cluster, settings.account.as_deref()).await;
    let draft = draft.map_err(|error| CommandError::of(error, Some(&file.source)))?;
    Ok((world, draft))
}
