//! One change: its calls, one after the other, and the wait for what they set off.
//!
//! There is no bookkeeping of calls made. What remains to be done is always asked of the pure
//! function that made the plan, with what there is now.

use std::time::Duration;

use super::rest::{Wait, Wanted};
use super::{Failure, Run, Work};
use crate::plan::{Action, Subject};
use crate::resource::{Incomplete, Live, Manner, Operation, Standing, Until};
use crate::world::{World, WorldError};

/// How often what a change has made may turn out not to be there.
const ROUNDS: u32 = 8;
/// How long something that was made for certain is looked for.
pub(super) const ANSWERED: Duration = Duration::from_secs(120);

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
    pub(super) async fn carry_out(&self, work: &mut Work<'_>) -> Result<String, Failure> {
        let (mut operations, mut rounds) = (self.begin(work).await?, 0);
        while rounds < ROUNDS {
            operations = match self.send_all(work, &operations).await? {
                Sent::Accepted => return Ok(self.id(work)?),
                Sent::Settled(found) => {
                    rounds += 1;
                    self.prove(work, found).await?
                }
                Sent::Doubt(error) => {
                    let found = self.clear_up(work, error).await?;
                    self.again(work, &found)?
                }
            };
            if operations.is_empty() {
                return Ok(self.id(work)?);
            }
        }
        Err(work.unsteady())
    }

    /// The calls to begin with: those of the plan, or of what there is by now. What AWS is at is
    /// waited for, and what may have gathered something since is looked at again.
    async fn begin(&self, work: &mut Work<'_>) -> Result<Vec<Operation>, Failure> {
        let change = work.change;
        let (live, gathers) = match &change.subject {
            Subject::Desired { live, .. } => (live.as_ref(), false),
            Subject::Doomed(live) => (Some(live), change.key.kind.gathers() && !change.needs.is_empty()),
        };
        let was = live.map(Live::standing);
        // Some are settling without end, and can be deleted all the same.
        let settling = was == Some(Standing::Settling) && !(work.dooms() && change.key.kind.lingers());
        work.open = settling || was == Some(Standing::Deleting);
        if !work.open && !gathers {
            return Ok(change.operations.clone());
        }
        if change.action == Action::Wait {
            self.request(work);
        }
        let since = change.settling().and(live).and_then(|live| live.made);
        let wait = Wait { since, ..self.until_rest(work, Duration::ZERO) };
        let found = self.rest(work, wait).await?;
        if work.dooms() && was != Some(Standing::Deleting) {
            work.open = false;
            // What goes may have failed to become ready.
            return Ok(change.again(&self.outputs(), &found, &[])?.operations);
        }
        self.again(work, &found)
    }

    async fn send_all(&self, work: &mut Work<'_>, operations: &[Operation]) -> Result<Sent, Failure> {
        let mut settled = None;
        for (at, operation) in operations.iter().enumerate() {
            let manner = operation.manner();
            // Held until what the call sets off is over.
            let _alone = match manner.mutex {
                Some(mutex) => Some(self.mutex(mutex).lock().await),
                None => None,
            };
            let sent = self.world.now();
            let update = match self.send(work, operation).await? {
                Ok(answer) => answer.update,
                Err(doubt) => match self.doubt(work, &manner, sent, &doubt).await? {
                    Some(update) => Some(update),
                    None => return Ok(Sent::Doubt(doubt)),
                },
            };
            if at + 1 == operations.len() {
                self.request(work);
            }
            settled = self.settle(work, &manner, update).await?;
        }
        Ok(settled.map_or(Sent::Accepted, Sent::Settled))
    }

    /// Waits for what a call that was accepted has set off, if that is waited for at all.
    async fn settle(
        &self,
        work: &mut Work<'_>,
        manner: &Manner,
        update: Option<String>,
    ) -> Result<Option<Vec<Live>>, Failure> {
        (work.lost, work.busy) = (None, None);
        let (wanted, out_of_sight) = match manner.until {
            Some(Until::Ready) => (Wanted::Ready, ANSWERED),
            Some(Until::Gone) => (Wanted::Gone, Duration::ZERO),
            None => return Ok(None),
        };
        work.open = true;
        if let Some(id) = update {
            self.follow(work, &id, manner.usual).await?;
        }
        let wait = Wait { wanted, usual: manner.usual, since: None, out_of_sight };
        let found = self.rest(work, wait).await?;
        work.open = false;
        Ok(Some(found))
    }

    /// What is still to be done, now that this is what there is.
    pub(super) fn again(&self, work: &mut Work<'_>, found: &[Live]) -> Result<Vec<Operation>, Failure> {
        let change = work.change;
        work.open = false;
        let own = self.own(work, found);
        let failed = own.filter(|live| live.standing() == Standing::Failed);
        if let Some(live) = failed.or_else(|| self.made_and_gone(work, found)) {
            return Err(Failure::Broken { status: live.status.clone(), troubles: live.troubles.clone() });
        }
        if own.is_none() {
            let known = self.answered(work).filter(|id| !work.dead.contains(id));
            work.dead.extend(known);
        }
        let decision = change.again(&self.outputs(), found, &work.dead)?;
        if !work.dooms() {
            self.outputs().learn(&change.key, decision.attributes);
        }
        work.differences = decision.differences;
        Ok(decision.operations)
    }

    /// What of its key is the business of a change: what its own calls have made, before what another run has.
    pub(super) fn own<'a>(&self, work: &Work<'_>, found: &'a [Live]) -> Option<&'a Live> {
        let answered = self.answered(work);
        let is_made = |live: &&Live| Some(&live.id) == answered.as_ref() && live.standing() != Standing::Gone;
        found.iter().find(is_made).or_else(|| work.change.own(found))
    }

    /// The tombstone of what this change has made: a NAT gateway that did not work out.
    pub(super) fn made_and_gone<'a>(&self, work: &Work<'_>, found: &'a [Live]) -> Option<&'a Live> {
        let id = self.answered(work)?;
        found.iter().find(|live| live.id == id && live.standing() == Standing::Gone)
    }

    /// The id that calls of this change were answered with, or that it had before.
    fn answered(&self, work: &Work<'_>) -> Option<String> {
        let key = &work.change.key;
        if work.dooms() { None } else { self.outputs().of(key).remove(key.kind.id()) }
    }

    fn id(&self, work: &Work<'_>) -> Result<String, Incomplete> {
        match &work.change.subject {
            Subject::Desired { .. } => {
                self.answered(work).ok_or(Incomplete::Lacks(work.change.key.kind.id()))
            }
            Subject::Doomed(live) => Ok(live.id.clone()),
        }
    }

    /// Until nothing is under way, for as long as the longest of its calls would give it.
    pub(super) fn until_rest(&self, work: &Work<'_>, out_of_sight: Duration) -> Wait {
        let change = work.change;
        let calls = || change.operations.iter().map(|call| call.manner().usual).max();
        // What goes while it is being made is waited for as whoever makes it would wait.
        let usual = change.settling().or_else(calls);
        Wait { wanted: Wanted::Rest, usual: usual.unwrap_or_default(), since: None, out_of_sight }
    }
}
