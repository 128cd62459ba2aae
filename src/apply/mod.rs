//! Carries out a plan: each change as soon as what it needs has come far enough.

use std::sync::{Mutex as Guarded, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use futures::future::join_all;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Mutex, Semaphore, watch};
use tokio_util::sync::CancellationToken;

use crate::cluster::since;
use crate::plan::{Change, Plan, Refusal};
use crate::resource::{self, Milestone, Outputs};
use crate::world::World;

mod change;
mod event;
mod rest;
mod send;
mod summary;

pub use event::{Cause, Event, Failure, What};
use summary::End;
pub use summary::Summary;

/// How many calls are under way at once. It is calls that AWS counts, not changes: most of the
/// time of a change is waiting, and waits must not keep others from starting.
pub const CALLS: usize = 16;

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
    waited: Guarded<Duration>,
    outputs: Guarded<Outputs>,
    calls: Semaphore,
    cluster_update: Mutex<()>,
    stop: &'a CancellationToken,
    events: UnboundedSender<Event>,
}

/// Carries out a plan; or, if anything in it is refused, nothing of it.
pub async fn apply<'a, W: World>(
    plan: &'a Plan,
    world: &W,
    calls: usize,
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
        waited: Guarded::default(),
        outputs: Guarded::new(plan.outputs.clone()),
        calls: Semaphore::new(calls),
        cluster_update: Mutex::new(()),
        stop,
        events,
    };
    // All begin at once, and each waits for what it needs: the order is in the edges alone.
    let ends = join_all((0..changes.len()).map(|index| run.change(index))).await;
    let waited = *run.waited.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(Summary { took: since(world.now(), began), waited, ..Summary::of(changes, ends) })
}

impl<W: World> Run<'_, W> {
    /// A change from its start to its one end, which is an event.
    async fn change(&self, index: usize) -> End {
        let end = match self.needed(index).await {
            Err(because) => End::Skipped(because),
            Ok(()) => {
                self.tell(index, What::Started);
                self.carry_out(index).await.map_or_else(End::Failed, End::Done)
            }
        };
        let cause = match &end {
            End::Done(_) => None,
            End::Failed(_) => Some(Cause::Failed(self.changes[index].key.clone())),
            End::Skipped(because) => Some(because.clone()),
        };
        let progress = if cause.is_some() { Progress::Ended } else { Progress::Ready };
        // Before it shows that it has ended: whoever sees that looks for the cause.
        cause.into_iter().for_each(|cause| _ = self.causes[index].set(cause));
        self.reach(index, progress);
        self.tell(index, end.clone().into());
        end
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
                () = self.stop.cancelled() => return Err(Cause::Stopped),
                come = progress.wait_for(|progress| *progress >= enough) => come.map(|progress| *progress),
            };
            if !matches!(come, Ok(Progress::Requested | Progress::Ready)) {
                return Err(self.causes[need.change].get().cloned().unwrap_or(Cause::Stopped));
            }
        }
        if self.stop.is_cancelled() { Err(Cause::Stopped) } else { Ok(()) }
    }

    fn reach(&self, index: usize, progress: Progress) {
        self.progress[index].send_if_modified(|now| {
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
