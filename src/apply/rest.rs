//! Waiting: asking until AWS is no longer at it.

use std::time::Duration;

use super::{Failure, Run, What};
use crate::cluster::since;
use crate::resource::{Live, Standing, Timestamp};
use crate::world::{Progress, World};

/// Nothing is given up sooner; what usually takes long is given four times as long as that.
const PATIENCE: Duration = Duration::from_secs(600);
/// How long after a call a look may still show what was before it.
const LAG: Duration = Duration::from_secs(20);

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// That it can be used.
    Ready,
    /// That it is gone.
    Gone,
    /// That nothing is under way, whatever it has come to.
    Rest,
}

/// One wait.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wait {
    pub wanted: Wanted,
    /// How long that usually takes.
    pub usual: Duration,
    /// Nothing seen counts only once this has passed.
    pub out_of_sight: Duration,
}

/// How far a wait has come.
struct So {
    began: Timestamp,
    usual: Duration,
    /// AWS's word, as it was told last.
    status: String,
    /// Whether that has ever been another one.
    moved: bool,
}

impl<W: World> Run<'_, W> {
    /// Looks at once and then ever more rarely, until what is wanted is reached, and answers with
    /// the last look.
    pub(super) async fn rest(&self, index: usize, wait: Wait) -> Result<Vec<Live>, Failure> {
        let change = &self.changes[index];
        let mut so = self.begin(wait.usual);
        loop {
            let looked = {
                let _slot = self.calls.acquire().await;
                self.world.look(&change.key).await
            };
            match looked {
                Ok(found) => {
                    let own = change.own(&found);
                    // A tombstone of what was made here: it will not be seen in any other way.
                    let over = own.is_some() || self.made_and_gone(change, &found).is_some();
                    let elapsed = since(self.world.now(), so.began);
                    if self.is_reached(wait.wanted, own, &so) && (over || elapsed >= wait.out_of_sight) {
                        return Ok(found);
                    }
                    self.still(index, &mut so, own.map(|own| own.status.as_str()));
                }
                // One that is lost tells nothing of what there is.
                Err(error) if error.class.is_passing() => {}
                Err(error) => return Err(error.into()),
            }
            self.poll_later(&so).await?;
        }
    }

    /// Waits for an update that a call has set off: its resource does not always show that it failed.
    pub(super) async fn follow(&self, index: usize, id: &str, usual: Duration) -> Result<(), Failure> {
        let mut so = self.begin(usual);
        loop {
            let update = {
                let _slot = self.calls.acquire().await;
                self.world.update(&self.changes[index].key, Some(id)).await
            };
            match update.map(|update| update.map(|update| update.progress)) {
                Ok(Some(Progress::Successful)) => return Ok(()),
                Ok(Some(Progress::Failed(troubles))) => {
                    return Err(Failure::Broken { status: "Failed".to_owned(), troubles });
                }
                Ok(Some(Progress::InProgress) | None) => self.still(index, &mut so, Some("InProgress")),
                Err(error) if error.class.is_passing() => {}
                Err(error) => return Err(error.into()),
            }
            self.poll_later(&so).await?;
        }
    }

    fn is_reached(&self, wanted: Wanted, own: Option<&Live>, so: &So) -> bool {
        match own.map(Live::standing) {
            Some(Standing::Settling | Standing::Deleting | Standing::Unclear) => false,
            // Right after the call it may still look as before.
            Some(Standing::Ready) => wanted != Wanted::Gone,
            Some(Standing::Failed) if wanted == Wanted::Gone => {
                so.moved || since(self.world.now(), so.began) >= LAG
            }
            Some(Standing::Failed | Standing::Gone) | None => true,
        }
    }

    fn begin(&self, usual: Duration) -> So {
        So { began: self.world.now(), usual, status: String::new(), moved: false }
    }

    fn still(&self, index: usize, so: &mut So, status: Option<&str>) {
        if let Some(status) = status.filter(|status| *status != so.status) {
            so.moved |= !so.status.is_empty();
            so.status = status.to_owned();
            let (status, since, usual) = (so.status.clone(), so.began, so.usual);
            self.tell(index, What::Waiting { status, since, usual });
        }
    }

    /// Waits for the time of the next poll, if it is still worth while.
    async fn poll_later(&self, so: &So) -> Result<(), Failure> {
        let waited = since(self.world.now(), so.began);
        if waited >= PATIENCE.max(so.usual * 4) {
            return Err(Failure::Late { status: so.status.clone(), waited });
        }
        self.pause(interval(waited)).await
    }

    /// Waits, but not longer than until the run is stopped.
    pub(super) async fn pause(&self, duration: Duration) -> Result<(), Failure> {
        let began = self.world.now();
        let paused = tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(Failure::Stopped),
            () = self.world.wait(duration) => Ok(()),
        };
        *self.waited.lock().unwrap_or_else(std::sync::PoisonError::into_inner) +=
            since(self.world.now(), began);
        paused
    }
}

/// Twice as long each time at first, and then a hundredth of the time that has passed: so little is
/// lost at the end, and so few polls are made.
fn interval(elapsed: Duration) -> Duration {
    let (least, most) = (Duration::from_millis(250), Duration::from_secs(10));
    if elapsed < least { elapsed.max(Duration::from_millis(50)) } else { (elapsed / 100).clamp(least, most) }
}
