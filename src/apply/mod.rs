//! Carries out a plan: each change as soon as what it needs has come far enough.

use std::pin::pin;
use std::sync::{Mutex as Guarded, MutexGuard, PoisonError};
use std::time::Duration;

use futures::StreamExt;
use futures::future::{Either, select};
use futures::stream::FuturesOrdered;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Mutex, Semaphore, SetOnce};
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

/// How a change has come to its milestones; or why it will not.
#[derive(Debug, Default)]
struct Reached {
    requested: SetOnce<Result<(), Cause>>,
    ready: SetOnce<Result<(), Cause>>,
}

impl Reached {
    fn of(&self, milestone: Milestone) -> &SetOnce<Result<(), Cause>> {
        match milestone {
            Milestone::Requested => &self.requested,
            Milestone::Ready => &self.ready,
        }
    }
}

/// One run of one plan.
struct Run<'a, W> {
    world: &'a W,
    changes: &'a [Change],
    reached: Vec<Reached>,
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
        reached: changes.iter().map(|_| Reached::default()).collect(),
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
        if matches!(&end, End::Failed(Failure::World(error)) if error.class == Class::Expired) {
            self.course.halt(Halt::Expired);
        }
        let come = match &end {
            End::Done(_) => Ok(()),
            End::Failed(_) => Err(Cause::Failed(work.change.key.clone())),
            End::Skipped(because) => Err(because.clone()),
        };
        if !matches!(end, End::Skipped(_)) {
            work.track.end(self.world.now());
        }
        // One that was requested before it failed stays so.
        _ = self.reached[index].requested.set(come.clone());
        _ = self.reached[index].ready.set(come);
        self.tell(index, end.clone().into());
        (end, work)
    }

    /// Waits for all that a change needs; or says why that will not come.
    async fn needed(&self, index: usize) -> Result<(), Cause> {
        for need in &self.changes[index].needs {
            let reached = &self.reached[need.change];
            tokio::select! {
                biased;
                halt = self.course.over() => return Err(Cause::Halted(halt)),
                come = reached.of(need.milestone).wait() => come.clone()?,
            }
        }
        self.course.halted().map_or(Ok(()), |halt| Err(Cause::Halted(halt)))
    }

    /// AWS has accepted every call for a change.
    fn request(&self, work: &mut Work<'_>) {
        work.track.request(self.world.now());
        _ = self.reached[work.index].requested.set(Ok(()));
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
