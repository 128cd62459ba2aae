//! Waiting: asking until AWS is no longer at it.

use std::time::Duration;

use super::{Failure, Run, What, Work};
use crate::cluster::since;
use crate::resource::{Live, Standing, Timestamp, Trouble};
use crate::world::{Class, Progress, Update, World};

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
    /// When it began, if that was before this wait.
    pub since: Option<Timestamp>,
    /// Nothing seen counts only once this has passed.
    pub out_of_sight: Duration,
}

/// How far a wait has come.
struct So {
    began: Timestamp,
    /// When what is waited for began.
    since: Timestamp,
    usual: Duration,
    /// When AWS was last seen at it.
    at_it: Timestamp,
    /// AWS's word, as it was told last.
    status: String,
    /// What it was told with.
    troubles: Vec<Trouble>,
    /// Whether that has ever been another one.
    moved: bool,
}

impl<W: World> Run<'_, W> {
    /// Looks at once and then ever more rarely, until what is wanted is reached, and answers with
    /// the last look.
    pub(super) async fn rest(&self, work: &mut Work<'_>, wait: Wait) -> Result<Vec<Live>, Failure> {
        let mut so = self.wait_for(wait.usual);
        so.since = wait.since.unwrap_or(so.began);
        loop {
            if let Some(found) = self.look(work).await? {
                let own = self.own(work, &found);
                // A tombstone of what was made here: it will not be seen in any other way.
                let over = own.is_some() || self.made_and_gone(work, &found).is_some();
                let elapsed = since(self.world.now(), so.began);
                if self.is_reached(wait.wanted, own, &so) && (over || elapsed >= wait.out_of_sight) {
                    work.track.idle += since(self.world.now(), so.at_it);
                    return Ok(found);
                }
                self.still(work, &mut so, own.map(|own| (own.status.as_str(), &own.troubles[..])));
            }
            self.poll_later(&so).await?;
        }
    }

    /// Waits for an update that a call has set off: its resource does not always show that it failed.
    pub(super) async fn follow(&self, work: &mut Work<'_>, id: &str, usual: Duration) -> Result<(), Failure> {
        let mut so = self.wait_for(usual);
        loop {
            match self.update(work, Some(id)).await?.map(|update| update.progress) {
                Some(Progress::Successful) => break,
                Some(Progress::Failed(troubles)) => {
                    work.open = false;
                    return Err(Failure::Broken { status: "Failed".to_owned(), troubles });
                }
                Some(Progress::InProgress) => self.still(work, &mut so, Some(("InProgress", &[]))),
                // Its resource is gone, or it is too new to be known: what there is will tell.
                None if since(self.world.now(), so.began) >= LAG => break,
                None => {}
            }
            self.poll_later(&so).await?;
        }
        work.track.idle += since(self.world.now(), so.at_it);
        work.followed.push(id.to_owned());
        Ok(())
    }

    /// What there is, from the side from which the change sees it; nothing if the look was lost.
    async fn look(&self, work: &mut Work<'_>) -> Result<Option<Vec<Live>>, Failure> {
        let looked = {
            let _slot = self.slot(work).await?;
            self.world.look(&work.change.key).await
        };
        match looked {
            Ok(found) => Ok(Some(work.change.faced(&self.outputs(), found))),
            Err(error) if error.class.is_passing() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// An update, or the newest one; nothing if AWS knows of none, or the look was lost.
    pub(super) async fn update(
        &self,
        work: &mut Work<'_>,
        id: Option<&str>,
    ) -> Result<Option<Update>, Failure> {
        let update = {
            let _slot = self.slot(work).await?;
            self.world.update(&work.change.key, id).await
        };
        match update {
            Ok(update) => Ok(update),
            Err(error) if error.class.is_passing() || error.class == Class::NotFound => Ok(None),
            Err(error) => Err(error.into()),
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

    fn wait_for(&self, usual: Duration) -> So {
        let now = self.world.now();
        let (status, troubles) = (String::new(), Vec::new());
        So { began: now, since: now, usual, at_it: now, status, troubles, moved: false }
    }

    fn still(&self, work: &mut Work<'_>, so: &mut So, seen: Option<(&str, &[Trouble])>) {
        let Some((status, troubles)) = seen else { return };
        work.open = true;
        so.at_it = self.world.now();
        if (status, troubles) != (&so.status, &so.troubles) {
            so.moved |= !so.status.is_empty() && status != so.status;
            (so.status, so.troubles) = (status.to_owned(), troubles.to_vec());
            work.troubles = so.troubles.clone();
            let (status, troubles) = (so.status.clone(), so.troubles.clone());
            self.tell(work.index, What::Waiting { status, troubles, since: so.since, usual: so.usual });
        }
    }

    /// Waits for the time of the next poll, if it is still worth while.
    async fn poll_later(&self, so: &So) -> Result<(), Failure> {
        let waited = since(self.world.now(), so.began);
        if waited >= PATIENCE.max(so.usual * 4) {
            return Err(Failure::Late { status: so.status.clone(), troubles: so.troubles.clone(), waited });
        }
        self.wait(interval(waited)).await
    }
}

/// Twice as long each time at first, and then a hundredth of the time that has passed: so little is
/// lost at the end, and so few polls are made.
fn interval(elapsed: Duration) -> Duration {
    let (least, most) = (Duration::from_millis(250), Duration::from_secs(10));
    if elapsed < least { elapsed.max(Duration::from_millis(50)) } else { (elapsed / 100).clamp(least, most) }
}
