//! Carries out a plan: each change as soon as what it needs has come far enough.

use std::pin::pin;
use std::sync::{Mutex as Guarded, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use futures::StreamExt;
use futures::future::{Either, select};
use futures::stream::FuturesOrdered;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Mutex, Semaphore, watch};
use tokio_util::sync::CancellationToken;

use crate::cluster::since;
use crate::plan::{Change, Plan, Refusal};
use crate::resource::{self, Milestone, Outputs};
use crate::world::{Class, World};

mod change;
mod doubt;
mod event;
mod halt;
mod rest;
mod send;
mod summary;
mod work;

pub use event::{Cause, Event, Failure, What};
use halt::Course;
pub use halt::Halt;
use summary::End;
pub use summary::Summary;
use work::Work;

/// How a plan is carried out.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many calls are under way at once. It is calls that AWS counts, not changes: most of the
    /// time of a change is waiting, and waits must not keep others from starting.
    pub calls: usize,
    /// How long the run may take; then it ends as if it were stopped. Each wait has a limit besides.
    pub timeout: Option<Duration>,
}

impl Default for Options {
    fn default() -> Self {
        Self { calls: 16, timeout: None }
    }
}

/// How far a change has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Progress {
    Begun,
    Requested,
    Ready,
    /// It will not come further.
    Ended,
}

/// One run of one plan.
struct Run<'a, W> {
    world: &'a W,
    changes: &'a [Change],
    progress: Vec<watch::Sender<Progress>>,
    /// Of the changes that will not come further: why those that need them are not begun.
    causes: Vec<OnceLock<Cause>>,
    outputs: Guarded<Outputs>,
    calls: Semaphore,
    cluster_update: Mutex<()>,
    course: Course,
    events: UnboundedSender<Event>,
}

/// Carries out a plan; or, if anything in it is refused, nothing of it.
pub async fn apply<'a, W: World>(
    plan: &'a Plan,
    world: &W,
    options: Options,
    stop: &CancellationToken,
    events: UnboundedSender<Event>,
) -> Result<Summary, &'a [Refusal]> {
    let changes = plan.changes()?;
    let began = world.now();
    let run = Run {
        world,
        changes,
        progress: changes.iter().map(|_| watch::Sender::new(Progress::Begun)).collect(),
        causes: changes.iter().map(|_| OnceLock::new()).collect(),
        outputs: Guarded::new(plan.outputs.clone()),
        calls: Semaphore::new(options.calls),
        cluster_update: Mutex::new(()),
        course: Course::new(stop),
        events,
    };
    // All begin at once, and each waits for what it needs: the order is in the edges alone.
    let ends: FuturesOrdered<_> = (0..changes.len()).map(|index| run.change(index)).collect();
    let ends = ends.collect::<Vec<_>>();
    let ends = match select(pin!(ends), pin!(run.time_out(options.timeout))).await {
        Either::Left((ends, _)) => ends,
        Either::Right((never, _)) => match never {},
    };
    let took = since(world.now(), began);
    let summary = Summary::of(changes, ends);
    let halted = run.course.halted().filter(|_| summary.done < changes.len());
    Ok(Summary { took, halted, ..summary })
}

impl<'a, W: World> Run<'a, W> {
    /// A change from its start to its one end, which is an event.
    async fn change(&self, index: usize) -> (End, Work<'a>) {
        let mut work = Work::new(index, &self.changes[index]);
        let end = match self.needed(index).await {
            Err(because) => End::Skipped(because),
            Ok(()) => {
                self.tell(index, What::Started);
                self.carry_out(&mut work).await.map_or_else(End::Failed, End::Done)
            }
        };
        let cause = match &end {
            End::Done(_) => None,
            End::Failed(_) => Some(Cause::Failed(work.change.key.clone())),
            End::Skipped(because) => Some(because.clone()),
        };
        if matches!(&end, End::Failed(Failure::World(error)) if error.class == Class::Expired) {
            self.course.halt(Halt::Expired);
        }
        let progress = if cause.is_some() { Progress::Ended } else { Progress::Ready };
        // Before it shows that it has ended: whoever sees that looks for the cause.
        cause.into_iter().for_each(|cause| _ = self.causes[index].set(cause));
        if !matches!(end, End::Skipped(_)) {
            work.track.end(self.world.now());
        }
        self.reach(&mut work, progress);
        self.tell(index, end.clone().into());
        (end, work)
    }

    /// Waits for all that a change needs; or says why that will not come.
    async fn needed(&self, index: usize) -> Result<(), Cause> {
        for need in &self.changes[index].needs {
            let enough = match need.milestone {
                Milestone::Requested => Progress::Requested,
                Milestone::Ready => Progress::Ready,
            };
            let mut progress = self.progress[need.change].subscribe();
            let come = tokio::select! {
                biased;
                halt = self.course.over() => return Err(Cause::Halted(halt)),
                come = progress.wait_for(|progress| *progress >= enough) => come.map(|progress| *progress),
            };
            if !matches!(come, Ok(Progress::Requested | Progress::Ready)) {
                let cause = self.causes[need.change].get().cloned();
                return Err(cause.unwrap_or_else(|| Cause::Failed(self.changes[need.change].key.clone())));
            }
        }
        self.course.halted().map_or(Ok(()), |halt| Err(Cause::Halted(halt)))
    }

    fn reach(&self, work: &mut Work<'_>, progress: Progress) {
        if progress == Progress::Requested {
            work.track.request(self.world.now());
        }
        self.progress[work.index].send_if_modified(|now| {
            let further = progress > *now;
            *now = progress.max(*now);
            further
        });
    }

    fn mutex(&self, mutex: resource::Mutex) -> &Mutex<()> {
        match mutex {
            resource::Mutex::ClusterUpdate => &self.cluster_update,
        }
    }

    /// Never held while anything is awaited; a panic elsewhere leaves it whole.
    fn outputs(&self) -> MutexGuard<'_, Outputs> {
        self.outputs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The receiver may be gone already, which is no reason to stop.
    fn tell(&self, index: usize, what: What) {
        let key = self.changes[index].key.clone();
        let event =
            Event { at: self.world.now(), change: index, key, action: self.changes[index].action, what };
        _ = self.events.send(event);
    }
}
