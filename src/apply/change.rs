//! One change: its calls, and what is done when the answer to one leaves doubt.
//!
//! There is no bookkeeping of calls made. What remains to be done is always asked of the pure
//! function that made the plan, with what there is now.

use std::time::Duration;

use super::rest::{Wait, Wanted};
use super::{Failure, Progress, Run, What};
use crate::cluster::since;
use crate::plan::{Action, Change, Subject};
use crate::resource::{Incomplete, Live, Operation, Standing, Until};
use crate::world::{Class, World, WorldError};

/// How often doubt may come up in one change.
const ROUNDS: u32 = 8;
/// How long something that was perhaps made is looked for.
const DOUBTED: Duration = Duration::from_secs(20);
/// How long something that was made for certain is looked for.
const ANSWERED: Duration = Duration::from_secs(120);

/// How a list of calls ended.
enum Sent {
    /// All accepted, and nothing to wait for.
    Accepted,
    /// All accepted, waited for, and this was there then.
    Settled(Vec<Live>),
    /// Not all accepted, or not known to be.
    Doubt(WorldError),
}

impl<W: World> Run<'_, W> {
    /// From the first call to the last; answers with the id of what it was about.
    pub(super) async fn carry_out(&self, index: usize) -> Result<String, Failure> {
        let change = &self.changes[index];
        let (mut operations, mut dead) = (change.operations.clone(), Vec::new());
        if under_way(change) {
            if change.action == Action::Wait {
                self.reach(index, Progress::Requested);
            }
            let found = self.rest(index, self.wait(change, Duration::ZERO)).await?;
            operations = self.again(change, &found, &mut dead)?;
        }
        for round in 0..ROUNDS {
            operations = match self.send_all(index, &operations).await? {
                Sent::Accepted => return Ok(self.id(change)?),
                Sent::Settled(found) => self.prove(index, found, &mut dead).await?,
                Sent::Doubt(error) if round + 1 == ROUNDS => return Err(error.into()),
                Sent::Doubt(error) => {
                    let found = self.clear_up(index, round, error).await?;
                    self.again(change, &found, &mut dead)?
                }
            };
            if operations.is_empty() {
                return Ok(self.id(change)?);
            }
        }
        Err(Failure::Unsteady)
    }

    /// Looks what has become of a call whose answer leaves doubt.
    async fn clear_up(&self, index: usize, round: u32, error: WorldError) -> Result<Vec<Live>, Failure> {
        self.tell(index, What::Doubted(error.clone()));
        // Looks may be behind: each time there is doubt, they are given longer to catch up.
        self.pause(Duration::from_secs(1 << round)).await?;
        let change = &self.changes[index];
        let making = matches!(change.action, Action::Create | Action::Remake) && error.class != Class::Busy;
        let window = if making { DOUBTED } else { Duration::ZERO };
        let found = self.rest(index, self.wait(change, window)).await?;
        // The name is taken, and not by anything of ours.
        let stranger = error.class == Class::Exists && change.own(&found).is_none();
        if stranger { Err(error.into()) } else { Ok(found) }
    }

    /// All calls were answered and what they set off is over, but looks may be behind: it is looked
    /// again until they show it, and nothing is sent a second time. Only where nothing is there is it
    /// made again: then AWS knew the client token, and has answered with what it made long ago.
    async fn prove(
        &self,
        index: usize,
        mut found: Vec<Live>,
        dead: &mut Vec<String>,
    ) -> Result<Vec<Operation>, Failure> {
        let (change, began) = (&self.changes[index], self.world.now());
        loop {
            let operations = self.again(change, &found, dead)?;
            if operations.is_empty() || change.own(&found).is_none() {
                return Ok(operations);
            }
            let elapsed = since(self.world.now(), began);
            if elapsed >= ANSWERED {
                return Err(Failure::Unsteady);
            }
            self.pause((elapsed / 10).max(Duration::from_millis(250))).await?;
            found = self.rest(index, self.wait(change, Duration::ZERO)).await?;
        }
    }

    async fn send_all(&self, index: usize, operations: &[Operation]) -> Result<Sent, Failure> {
        let mut settled = None;
        for (at, operation) in operations.iter().enumerate() {
            let manner = operation.manner();
            // Held until what the call sets off is over.
            let _alone = match manner.mutex {
                Some(mutex) => Some(self.mutex(mutex).lock().await),
                None => None,
            };
            let update = match self.send(index, operation).await? {
                Ok(answer) => answer.update,
                Err(doubt) => return Ok(Sent::Doubt(doubt)),
            };
            if at + 1 == operations.len() {
                self.reach(index, Progress::Requested);
            }
            if let Some(id) = update {
                self.follow(index, &id, manner.usual).await?;
            }
            let wait = |wanted, out_of_sight| Wait { wanted, usual: manner.usual, out_of_sight };
            settled = match manner.until {
                Some(Until::Ready) => Some(self.rest(index, wait(Wanted::Ready, ANSWERED)).await?),
                Some(Until::Gone) => Some(self.rest(index, wait(Wanted::Gone, Duration::ZERO)).await?),
                None => None,
            };
        }
        Ok(settled.map_or(Sent::Accepted, Sent::Settled))
    }

    /// What is still to be done, now that this is what there is.
    fn again(
        &self,
        change: &Change,
        found: &[Live],
        dead: &mut Vec<String>,
    ) -> Result<Vec<Operation>, Failure> {
        let own = change.own(found);
        let failed = own.filter(|live| live.standing() == Standing::Failed);
        if let Some(live) = failed.or_else(|| self.made_and_gone(change, found)) {
            return Err(Failure::Broken { status: live.status.clone(), troubles: live.troubles.clone() });
        }
        if own.is_none() {
            dead.extend(self.answered(change).filter(|id| !dead.contains(id)));
        }
        let decision = change.again(&self.outputs(), found, dead)?;
        if matches!(change.subject, Subject::Desired { .. }) {
            self.outputs().learn(&change.key, decision.attributes);
        }
        Ok(decision.operations)
    }

    /// The tombstone of what this change has made: a NAT gateway that did not work out.
    pub(super) fn made_and_gone<'a>(&self, change: &Change, found: &'a [Live]) -> Option<&'a Live> {
        let id = self.answered(change)?;
        found.iter().find(|live| live.id == id && live.standing() == Standing::Gone)
    }

    /// The id that calls of this change were answered with, or that it had before.
    fn answered(&self, change: &Change) -> Option<String> {
        match &change.subject {
            Subject::Desired { .. } => self.outputs().of(&change.key).remove(change.key.kind.id()),
            Subject::Doomed(_) => None,
        }
    }

    fn id(&self, change: &Change) -> Result<String, Incomplete> {
        match &change.subject {
            Subject::Desired { .. } => self.answered(change).ok_or(Incomplete::Lacks(change.key.kind.id())),
            Subject::Doomed(live) => Ok(live.id.clone()),
        }
    }

    /// Until nothing is under way, for as long as the longest of its calls would give it.
    fn wait(&self, change: &Change, out_of_sight: Duration) -> Wait {
        let usual = change.operations.iter().map(|operation| operation.manner().usual).max();
        Wait { wanted: Wanted::Rest, usual: usual.unwrap_or_default(), out_of_sight }
    }
}

/// Whether AWS was at it already when the plan was made.
fn under_way(change: &Change) -> bool {
    let live = match &change.subject {
        Subject::Desired { live, .. } => live.as_ref(),
        Subject::Doomed(live) => Some(live),
    };
    live.is_some_and(|live| matches!(live.standing(), Standing::Settling | Standing::Deleting))
}
