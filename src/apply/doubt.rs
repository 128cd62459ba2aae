//! What is done when an answer leaves doubt, or looks do not show what was answered.

use std::time::Duration;

use super::change::ANSWERED;
use super::{Failure, Run, What, Work};
use crate::cluster::since;
use crate::plan::Action;
use crate::resource::{Effect, Live, Manner, Operation, Timestamp, Until};
use crate::world::{Class, World, WorldError};

/// How often answers of one change may leave doubt.
const DOUBTS: u32 = 8;
/// How often IAM may not know yet of a role that it has made: that takes it half a minute at the longest.
const UNKNOWN: u32 = 6;
/// How often a name may be taken: looks have caught up by then, and it does not become free by itself.
const TAKEN: u32 = 5;
/// How long AWS may be busy with something else.
const BUSY: Duration = Duration::from_secs(600);
/// The longest pause while it is.
const PAUSE: Duration = Duration::from_secs(30);
/// How long something that was perhaps made is looked for.
const DOUBTED: Duration = Duration::from_secs(20);
/// How far AWS's clock and ours may be apart.
const SKEW: Duration = Duration::from_secs(60);

impl<W: World> Run<'_, W> {
    /// Gives AWS time after an answer that leaves doubt, as long as that may yet be cleared up. Answers with the id of the update that the
    /// call has set off all the same, if it is found: then the call is as good as answered.
    pub(super) async fn doubt(
        &self,
        work: &mut Work<'_>,
        manner: &Manner,
        sent: Timestamp,
        error: &WorldError,
    ) -> Result<Option<String>, Failure> {
        self.tell(work.index, What::Doubted(error.clone()));
        work.open |= error.class == Class::Ambiguous;
        let pause = work.next_pause(sent, error).ok_or_else(|| error.clone())?;
        self.pause(work, pause).await?;
        let updates = manner.effect == Effect::Updates && manner.until == Some(Until::Ready);
        if updates && error.class == Class::Ambiguous {
            work.lost.get_or_insert(sent);
        }
        self.lost_update(work).await
    }

    /// The newest update, if it can only be the one whose answer was lost.
    async fn lost_update(&self, work: &mut Work<'_>) -> Result<Option<String>, Failure> {
        let Some(lost) = work.lost else { return Ok(None) };
        let newest = self.update(work, None).await?;
        let since_then = |began: Timestamp| began + SKEW >= lost;
        let id = newest.filter(|it| it.began.is_some_and(since_then)).map(|it| it.id);
        Ok(id.filter(|id| !work.followed.contains(id)))
    }

    /// Looks what has become of a call whose answer leaves doubt.
    pub(super) async fn clear_up(
        &self,
        work: &mut Work<'_>,
        error: WorldError,
    ) -> Result<Vec<Live>, Failure> {
        let making =
            matches!(work.change.action, Action::Create | Action::Remake) && error.class != Class::Busy;
        let window = if making { DOUBTED } else { Duration::ZERO };
        let mut found = self.rest(work, self.until_rest(work, window)).await?;
        // By now it is known of, if there was one.
        if let Some(id) = self.lost_update(work).await? {
            let wait = self.until_rest(work, Duration::ZERO);
            self.follow(work, &id, wait.usual).await?;
            work.lost = None;
            found = self.rest(work, wait).await?;
        }
        // The name is taken, and not by anything of ours.
        let stranger = error.class == Class::Exists && self.own(work, &found).is_none();
        if stranger { Err(error.into()) } else { Ok(found) }
    }

    /// All calls were answered and what they set off is over, but looks may be behind: it is looked
    /// again until they show it, and nothing is sent a second time. Only where nothing is there is it
    /// made again: then AWS knew the client token, and has answered with what it made long ago.
    pub(super) async fn prove(
        &self,
        work: &mut Work<'_>,
        mut found: Vec<Live>,
    ) -> Result<Vec<Operation>, Failure> {
        let (began, idle) = (self.world.now(), work.track.idle);
        loop {
            let operations = self.again(work, &found)?;
            let elapsed = since(self.world.now(), began);
            work.track.idle = idle + elapsed;
            if operations.is_empty() || self.own(work, &found).is_none() {
                return Ok(operations);
            }
            if elapsed >= ANSWERED {
                return Err(work.unsteady());
            }
            self.wait((elapsed / 10).max(Duration::from_millis(250))).await?;
            found = self.rest(work, self.until_rest(work, Duration::ZERO)).await?;
        }
    }
}

impl Work<'_> {
    /// How long AWS is given after such an answer; nothing if it was given enough. Looks may be behind:
    /// each time there is doubt, they are given longer to catch up.
    fn next_pause(&mut self, sent: Timestamp, error: &WorldError) -> Option<Duration> {
        if error.class == Class::Busy {
            let elapsed = since(sent, *self.busy.get_or_insert(sent));
            return (elapsed < BUSY).then(|| elapsed.clamp(Duration::from_secs(1), PAUSE));
        }
        self.doubts += 1;
        let most = match error.class {
            Class::Exists => TAKEN,
            Class::NotFound if error.operation.starts_with("iam:") => UNKNOWN,
            _ => DOUBTS,
        };
        (self.doubts < most).then(|| Duration::from_secs(1 << (self.doubts - 1)))
    }
}
